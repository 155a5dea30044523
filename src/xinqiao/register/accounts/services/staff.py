"""Staff who come, change and leave."""

from dataclasses import dataclass

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import roles_of
from xinqiao.register.accounts.first_passwords import FirstPassword, create_login
from xinqiao.register.accounts.granting import end_one, end_sessions_of
from xinqiao.register.accounts.hooks import Left, staff_left
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import has_attention, refusal_to_end_staff
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff
from xinqiao.register.people.registering import index_of, register_staff


class CannotEndStaff(ValueError):
    """The person may not be ended yet; `code` is one of rules.refusal_to_end_staff."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class StaffDraft:
    """What is known of a member of staff; empty where it is not known."""

    name: str
    title: str = ""
    phone: str = ""
    mail: str = ""


@command(Permission.STAFF_EDIT)
def add_staff(unit: Unit, *, actor: Actor, draft: StaffDraft, login: str) -> FirstPassword:
    """Register someone at a unit and hand out a sign-in; what they may do is granted apart. Raise CannotGiveLogin."""
    staff = register_staff(unit, draft.name, phone=draft.phone, mail=draft.mail, title=draft.title)
    given = create_login(staff, login, by=actor.id)
    record("accounts.staff.added", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, key_id=staff.key_id, labels={"name": draft.name},
           facts={"login": given.login})  # fmt: skip
    return given


@command(Permission.STAFF_EDIT)
def change_staff(staff: Staff, *, actor: Actor, draft: StaffDraft) -> Staff | Unchanged:
    """Change name, title, phone or mail; the event says which, never what."""
    del actor
    (opened,) = open_sealed([staff], "name", "phone", "mail")
    before = StaffDraft(opened["name"] or "", staff.title, opened["phone"] or "", opened["mail"] or "")
    changed = [name for name in ("name", "title", "phone", "mail") if getattr(before, name) != getattr(draft, name)]
    if not changed:
        return Unchanged("same")
    staff.name, staff.title = draft.name, draft.title
    staff.phone, staff.phone_index = draft.phone or None, index_of("phone", draft.phone)
    staff.mail = draft.mail or None
    staff.save()
    record("accounts.staff.changed", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"changed": changed})  # fmt: skip
    return staff


@command(Permission.STAFF_EDIT)
def end_staff(staff: Staff, *, actor: Actor, heir: Staff | None = None) -> Staff:
    """Someone leaves: sessions and grants end at once, open work goes to the heir. Raise CannotEndStaff."""
    on, user = today(), User.objects.filter(staff_id=staff.id).first()
    code = refusal_to_end_staff(
        is_own=user is not None and user.id == actor.id,
        has_left=staff.left_on is not None,
        has_work=user is not None and has_attention(roles_of(user, on)),
        has_colleagues=_has_colleagues(staff),
        heir=_state_of_heir(staff, heir),
    )
    if code:
        raise CannotEndStaff(code)
    staff.left_on = on
    staff.save(update_fields=["left_on"])
    ended = _close_account(user) if user else 0
    heir_user = User.objects.filter(staff_id=heir.id).first() if heir else None
    staff_left.send([Left(staff.id, user.id if user else None, heir.id if heir else None,
                          heir_user.id if heir_user else None, staff.place, on)])  # fmt: skip
    record("accounts.staff.left", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"ended": ended, "heir": heir.id if heir else None})  # fmt: skip
    return staff


def _close_account(user: User) -> int:
    on, ended = today(), 0
    for membership in Membership.objects.filter(user=user).select_related("user"):
        if membership.end_on is None or membership.end_on > on:
            end_one(membership, on)
            ended += 1
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions_of([user.id])
    return ended


def _has_colleagues(staff: Staff) -> bool:
    found = Staff.objects.for_system(reason="whether anyone is left to take over").filter(place=staff.place)
    return bool(found.filter(left_on=None).exclude(pk=staff.pk).exists())


def _state_of_heir(staff: Staff, heir: Staff | None) -> str:
    if heir is None:
        return ""
    if heir.pk == staff.pk:
        return "same"
    return "left" if heir.left_on is not None else "here"
