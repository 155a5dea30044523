"""Private bodies that write one line: the person, the sign-in, the roles."""

import json
from typing import Any
from uuid import UUID

from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.granting import CannotGrant, grant_one
from xinqiao.register.accounts.models import User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Staff
from xinqiao.register.people.registering import index_of, register_staff
from xinqiao.register.staffing.models import StaffLine, StaffRun
from xinqiao.register.staffing.rules import NEW, SKIP
from xinqiao.register.staffing.states import Match

_WHY = "written by an accepted staff list"
_FIELDS = ("number", "phone", "mail", "post", "employment", "qualification")


def body_of(line: StaffLine) -> dict[str, Any]:
    """Return what a line says."""
    (opened,) = open_sealed([line], "body")
    found: dict[str, Any] = json.loads(opened["body"] or "{}")
    return found


def is_written_later(line: StaffLine) -> bool:
    """Is this line one that an accepted list writes?"""
    return line.match != Match.REFUSED and line.decision != SKIP


def write_person(run: StaffRun, line: StaffLine) -> Staff | None:
    """Register or complete the person a line means, with a sign-in that nobody can use until an invitation is drawn.

    What the file leaves empty stays as it is.
    """
    unit, said = Unit.objects.get(pk=run.unit_id), body_of(line)
    staff = _meant(line)
    if staff is None:
        staff = register_staff(unit, said["name"], phone=said["phone"], mail=said["mail"], title=said["post"])
        _complete(staff, said)
        staff.save()
        record("accounts.staff.added", subject_kind="staff", subject_id=staff.id, place=staff.place,
               county_id=staff.county_id, key_id=staff.key_id, labels={"name": said["name"]},
               facts={"login": _sign_in(staff, unit)})  # fmt: skip
        return staff
    if _complete(staff, said):
        staff.save()
        record("accounts.staff.changed", subject_kind="staff", subject_id=staff.id, place=staff.place,
               county_id=staff.county_id, facts={"changed": [name for name in _FIELDS if said[name]]})  # fmt: skip
    if not User.objects.filter(staff_id=staff.id).exists():
        record("accounts.login.added", subject_kind="staff", subject_id=staff.id, place=staff.place,
               county_id=staff.county_id, facts={"login": _sign_in(staff, unit)})  # fmt: skip
    return staff


def _meant(line: StaffLine) -> Staff | None:
    wanted = line.decision or (line.candidates[0] if line.match == Match.KNOWN else NEW)
    if wanted == NEW:
        return None
    found: Staff = Staff.objects.for_system(reason=_WHY).get(pk=UUID(wanted))
    return found


def _complete(staff: Staff, said: dict[str, Any]) -> bool:
    """Set what the file says and the register does not have so; return whether anything changed."""
    (old,) = open_sealed([staff], "number", "phone", "mail")
    before = {**old, "post": staff.title, "employment": staff.employment, "qualification": staff.qualification}
    changed = {name: said[name] for name in _FIELDS if said[name] and said[name] != (before[name] or "")}
    if "number" in changed:
        staff.number, staff.number_index = said["number"], index_of("staff_number", said["number"])
    if "phone" in changed:
        staff.phone, staff.phone_index = said["phone"], index_of("phone", said["phone"])
    staff.mail = changed.get("mail", staff.mail)
    staff.title = changed.get("post", staff.title)
    staff.employment = changed.get("employment", staff.employment)
    staff.qualification = changed.get("qualification", staff.qualification)
    return bool(changed)


def _sign_in(staff: Staff, unit: Unit) -> str:
    """Make a sign-in named after the school, with no password: the first invitation draws one."""
    stem = f"{unit.code[:30]}.t"
    number = User.objects.filter(username__startswith=stem).count() + 1
    while User.objects.filter(username=f"{stem}{number:03d}").exists():
        number += 1
    user = User.objects.create_user(f"{stem}{number:03d}", None, staff_id=staff.id, must_change_password=True)
    return user.username


def write_roles(run: StaffRun, line: StaffLine, staff: Staff) -> dict[str, str]:
    """Grant what a line asks for, in the name of who said yes; return role and place → why not."""
    granter = actor_for(User.objects.get(pk=run.roles_by or SYSTEM_ID), today())
    refused: dict[str, str] = {}
    for role, unit in wanted_roles(Unit.objects.get(pk=run.unit_id), body_of(line)):
        if unit is None:
            refused[role] = "no_such_class"
            continue
        try:
            grant_one(unit, staff, Role(role), today(), granter=granter)
        except CannotGrant as cannot:
            if cannot.code != "held_already":
                refused[f"{role} {unit.id}"] = cannot.code
    return refused


def wanted_roles(school: Unit, said: dict[str, Any]) -> list[tuple[str, Unit | None]]:
    """Return each role of a line with the unit over which it is asked for; None where the school has no such class."""
    cohorts = [tuple(one) for one in said.get("cohorts", [])]
    some = units_below(school.path, UnitKind.CLASS, UnitKind.GRADE) if cohorts else []
    by_cohort = {(one.stage, one.entry_year, one.number or 0): one for one in some}
    found: list[tuple[str, Unit | None]] = []
    for role in said.get("roles", []):
        if role == Role.CLASS_TEACHER:
            found += [(role, by_cohort.get(one)) for one in cohorts if one[2]]
        elif role == Role.GRADE_HEAD:
            found += [(role, by_cohort.get((stage, year, 0))) for stage, year in {(c[0], c[1]) for c in cohorts}]
        else:
            found.append((role, school))
    return found
