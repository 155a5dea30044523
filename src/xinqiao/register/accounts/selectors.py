"""Staff, their sign-ins and roles, for whoever may see them."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.granting import needed_now, refusal_to_help_now
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.accounts.rules import Held
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, school_of, units_below, units_by_path
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.people.models import Staff
from xinqiao.register.people.sorting import is_found, sound_order

COHORTS = (UnitKind.GRADE, UnitKind.CLASS)
INNER_KINDS = (*COHORTS, UnitKind.CAMPUS, UnitKind.DEPARTMENT, UnitKind.DORMITORY)


@dataclass(frozen=True)
class RoleRow:
    """A role that someone holds or held: what it is called, where, for which days."""

    id: UUID
    label: str | Promise
    unit: str
    start_on: dt.date
    end_on: dt.date | None
    is_open: bool
    place: str


@dataclass(frozen=True)
class StaffRow:
    """A member of staff as listed; names opened."""

    id: UUID
    name: str
    title: str
    login: str
    roles: tuple[RoleRow, ...]
    last_login: dt.datetime | None
    has_factor: bool
    must_change_password: bool
    left_on: dt.date | None


@dataclass(frozen=True)
class StaffPage:
    """A member of staff on a page of their own."""

    row: StaffRow
    phone: str
    mail: str
    unit: str
    past_roles: tuple[RoleRow, ...]
    number: str = ""


def staff_at(actor: Actor, unit: Unit, *, has_left: bool = False) -> QuerySet[Staff]:
    """Return the staff of a school with all its parts, or of exactly this bureau or institute."""
    at = within([unit.path]) if unit.kind in SCHOOL_KINDS else Q(place=unit.path)
    found: QuerySet[Staff] = Staff.objects.visible_to(actor, Permission.STAFF_VIEW).filter(at)
    return found.filter(left_on__isnull=not has_left)


def staff_rows(rows: Sequence[Staff], on: dt.date) -> list[StaffRow]:
    """Return staff as rows, by the sound of their names; the number of queries does not grow with them."""
    users = {user.staff_id: user for user in User.objects.filter(staff_id__in=[row.id for row in rows])}
    roles = roles_by_user([user.id for user in users.values()], on)
    secured = set(Authenticator.objects.filter(user_id__in=roles, type="totp").values_list("user_id", flat=True))
    found = []
    for row, opened in zip(rows, open_sealed(rows, "name"), strict=True):
        user = users.get(row.id)
        found.append(
            StaffRow(
                id=row.id, name=opened["name"] or "", title=row.title, login=user.username if user else "",
                roles=tuple(each for each in roles[user.id] if each.is_open) if user else (),
                last_login=user.last_login if user else None, has_factor=bool(user and user.id in secured),
                must_change_password=bool(user and user.must_change_password), left_on=row.left_on,
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (sound_order(each.name), each.login))


def roles_by_user(user_ids: Iterable[UUID], on: dt.date) -> dict[UUID, list[RoleRow]]:
    """Return every role that each user holds or held, the newest first."""
    found: dict[UUID, list[RoleRow]] = {user_id: [] for user_id in user_ids}
    held = list(Membership.objects.filter(user_id__in=found).order_by("-start_on", "-id"))
    names = names_of_places({row.place for row in held}, on)
    for row in held:
        is_open = row.end_on is None or row.end_on > on  # one that begins later counts as open: it can be ended
        found[row.user_id].append(
            RoleRow(row.id, ROLE_LABELS[Role(row.role)], names.get(row.place, ""), row.start_on, row.end_on,
                    is_open, row.place)
        )  # fmt: skip
    return found


def names_of_places(places: set[str], on: dt.date) -> dict[str, str]:
    """Return what units at these places are called today."""
    return {place: name_on(unit, on) for place, unit in units_by_path(places).items()}


def matching(rows: Iterable[StaffRow], query: str) -> list[StaffRow]:
    """Return rows found by name (also by its sound), post or sign-in name; searched here, never in the database."""
    words = query.strip().lower()
    return [row for row in rows if is_found(row.name, words) or words in f"{row.title} {row.login}".lower()]


def staff_page(staff: Staff, on: dt.date) -> StaffPage:
    """Return everything about one member of staff who was fetched for an actor."""
    (row,) = staff_rows([staff], on)
    (opened,) = open_sealed([staff], "phone", "mail", "number")
    user = User.objects.filter(staff_id=staff.id).first()
    past = [each for each in roles_by_user([user.id], on)[user.id] if not each.is_open] if user else []
    unit = names_of_places({staff.place}, on).get(staff.place, "")
    return StaffPage(row, opened["phone"] or "", opened["mail"] or "", unit, tuple(past), opened["number"] or "")


def may_help(actor: Actor, staff: Staff, on: dt.date, soon: Collection[Held] = ()) -> bool:
    """May the actor draw a first password for this person, and reset a lost second factor?

    See granting.needed_now; `soon` are roles that are asked for and not granted yet.
    """
    user = User.objects.filter(staff_id=staff.id).first()
    if user is None or refusal_to_help_now(staff, user, actor):
        return False
    return all(actor.can(each.permission, each.place) for each in needed_now(staff, user, on, soon))


def waiting_for_a_password(staff_ids: Iterable[UUID]) -> QuerySet[User]:
    """Return whom of these nobody has seen sign in yet, or whose password ended with a role that opens more."""
    waiting = Q(last_login=None) | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return User.objects.filter(waiting, staff_id__in=staff_ids, must_change_password=True, is_active=True)


def units_with_staff(actor: Actor, unit: Unit) -> list[Unit]:
    """Return the units right below that have staff lists of their own and that the actor may look into."""
    if unit.kind in SCHOOL_KINDS:
        return []
    found = Unit.objects.filter(parent=unit, is_closed=False).exclude(kind__in=INNER_KINDS).order_by("kind", "name")
    return [each for each in found if actor.can(Permission.STAFF_VIEW, each.path)]


def units_to_grant(actor: Actor, staff: Staff) -> list[Unit]:
    """Return the units over which this person could be granted something by this actor.

    Whoever works at a school: the school and its parts. Whoever works above: the own unit and those right below.
    """
    school = school_of(staff.place)
    if school is not None:
        found = units_below(school.path)
    else:
        own = Unit.objects.filter(path=staff.place)
        found = [*own, *Unit.objects.filter(parent__path=staff.place, is_closed=False).order_by("kind", "name")]
    kinds = UnitKind.values  # a school comes before its grades, classes and dormitories
    found.sort(key=lambda unit: 0 if unit.kind in SCHOOL_KINDS else 1 + kinds.index(unit.kind))
    return [unit for unit in found if actor.can(Permission.GRANT_EDIT, unit.path)]


def colleagues(actor: Actor, staff: Staff) -> list[StaffRow]:
    """Return who else works at the same place and could take over."""
    found = Staff.objects.visible_to(actor, Permission.STAFF_VIEW).filter(place=staff.place, left_on=None)
    rows = list(found.exclude(pk=staff.pk))
    names = open_sealed(rows, "name")
    return [
        StaffRow(row.id, opened["name"] or "", row.title, "", (), None, has_factor=False,
                 must_change_password=False, left_on=None)
        for row, opened in zip(rows, names, strict=True)
    ]  # fmt: skip


def all_logins(unit: Unit | None) -> list[tuple[str, bool, list[str]]]:
    """Return every sign-in with its open roles, for the command line: no names, only codes."""
    held = Membership.objects.filter(end_on=None)
    if unit is not None:
        held = held.filter(within([unit.path]))
    roles: dict[UUID, list[str]] = {}
    codes = {unit.path: unit.code for unit in units_by_path({row.place for row in held}).values()}
    for row in held:
        roles.setdefault(row.user_id, []).append(f"{row.role}@{codes.get(row.place, '?')}")
    users = User.objects.order_by("username")
    if unit is not None:
        users = users.filter(pk__in=roles)
    return [(user.username, user.is_active, sorted(roles.get(user.id, []))) for user in users]
