"""Whose sign-in needs care, why a role may not be granted, why a member of staff may not be ended.

Pure: plain facts in, a code out, "" for allowed. D3 is attention (level, advice), D4 and deeper are answers, scores and
care notes (domain paper, data classes).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role

D4_AND_DEEPER = frozenset(
    {
        Permission.RESULT_FULL, Permission.RESULT_EXPORT, Permission.QUEUE_VIEW, Permission.INTERVIEW_WRITE,
        Permission.ATTENTION_SET, Permission.PAPER_TYPE,
        Permission.REGISTER_VIEW, Permission.REGISTER_EDIT, Permission.COUNSEL_WRITE, Permission.MAIL_ANSWER,
    }
)  # fmt: skip
D3_AND_DEEPER = D4_AND_DEEPER | {
    Permission.NOTICE_VIEW, Permission.NOTICE_ACKNOWLEDGE, Permission.ATTENTION_VIEW, Permission.RESULT_LEVEL,
}  # fmt: skip
MENTORING = frozenset({Permission.MENTEE_OWN})  # level and advice of the own mentees, and nothing that needs an heir
# Who learns what pupils need, or decides for them, and never what they answered (domain paper, "sees at most").
NEVER_ANSWERS = frozenset(
    {
        Role.GRADE_HEAD, Role.PRINCIPAL, Role.LEADING_GROUP, Role.COUNTY_OFFICER, Role.CITY_OFFICER,
        Role.PROVINCE_OFFICER,
    }
)  # fmt: skip
KEEPING = frozenset({Permission.GRANT_EDIT, Permission.KEYS_EDIT, Permission.OPERATION_VIEW, Permission.AUDIT_READ})
KEEPERS = (Role.SECURITY_OFFICER, Role.SYSTEM_ADMIN, Role.AUDITOR)


def _hold(roles: Collection[Role], permissions: frozenset[Permission]) -> bool:
    return any(permissions & ROLE_PERMISSIONS[role] for role in roles)


def has_care(roles: Collection[Role]) -> bool:
    """Do these roles read answers, scores or care notes (D4 or deeper)?"""
    return _hold(roles, D4_AND_DEEPER)


def has_attention(roles: Collection[Role]) -> bool:
    """Do these roles read attention levels or deeper (D3 or deeper)?"""
    return _hold(roles, D3_AND_DEEPER)


def has_keeping(roles: Collection[Role]) -> bool:
    """Do these roles keep the system itself: grants, keys, operation, audit?"""
    return _hold(roles, KEEPING)


def needs_care_at_sign_in(roles: Collection[Role]) -> bool:
    """Must the holder sign in with a second factor, and again after half an hour away?

    The leading group decides about children (domain paper: sees D3 and decisions), whatever pages it has so far.
    """
    return has_attention(roles) or has_keeping(roles) or _hold(roles, MENTORING) or Role.LEADING_GROUP in roles


SCHOOLS = frozenset({"school", "university", "kindergarten"})
PARTS_OF_SCHOOL = SCHOOLS | {"campus", "department"}
BUREAUS = frozenset({"province", "city", "county"})
RESEARCH = frozenset({"institute", "teacher_college"})

# Where a role can be held: our reading of the domain paper's "who uses it, for what". Pupils' and guardians' own roles
# come from the roster, never from a grant.
ROLE_UNITS: dict[Role, frozenset[str]] = {
    Role.CLASS_TEACHER: frozenset({"class"}),
    Role.GRADE_HEAD: frozenset({"grade", "department"}),
    Role.SUBJECT_TEACHER: PARTS_OF_SCHOOL | {"grade", "class"},
    Role.MENTOR: PARTS_OF_SCHOOL | {"grade", "class"},
    Role.DORM_KEEPER: SCHOOLS | {"dormitory"},
    Role.PSYCH_TEACHER: PARTS_OF_SCHOOL,
    Role.PAPER_TYPIST: PARTS_OF_SCHOOL,
    Role.PRINCIPAL: SCHOOLS | {"campus"},
    Role.LEADING_GROUP: SCHOOLS | {"campus"},
    Role.COUNTY_OFFICER: frozenset({"county"}),
    Role.CITY_OFFICER: frozenset({"city"}),
    Role.PROVINCE_OFFICER: frozenset({"province"}),
    Role.RESEARCHER: RESEARCH | BUREAUS,
    Role.SUPERVISOR: RESEARCH | BUREAUS | {"station"},
    Role.STATION_COUNSELLOR: frozenset({"station", "county"}),
    Role.HOSPITAL_LIAISON: frozenset({"hospital"}),
    Role.SECURITY_OFFICER: BUREAUS | SCHOOLS,
    Role.SYSTEM_ADMIN: BUREAUS | SCHOOLS,
    Role.AUDITOR: BUREAUS | SCHOOLS,
}


@dataclass(frozen=True)
class Held:
    """A membership as the rules see it: [start_on, end_on)."""

    role: Role
    place: str
    start_on: dt.date
    end_on: dt.date | None

    def meets(self, start_on: dt.date, end_on: dt.date | None) -> bool:
        """Do the two intervals share a day?"""
        return (end_on is None or self.start_on < end_on) and (self.end_on is None or start_on < self.end_on)


@dataclass(frozen=True)
class Wish:
    """A role that someone asks to be granted: to whom, where, for which days, and who grants it."""

    role: Role
    place: str
    unit_kind: str
    start_on: dt.date
    end_on: dt.date | None
    staff_place: str
    held: tuple[Held, ...]
    is_own: bool = False
    has_left: bool = False
    granter_roles: frozenset[Role] = frozenset()


def roles_at(unit_kind: str) -> list[Role]:
    """Return the roles that can be held at a unit of this kind, in the order of the domain paper."""
    return [role for role in Role if unit_kind in ROLE_UNITS.get(role, ())]


def refusal_to_grant(wish: Wish) -> str:
    """Return why a role may not be granted.

    own: nobody grants to himself. has_left. wrong_unit: the role is not held at such a unit. other_unit: the person
    belongs to another branch of the tree. bad_interval. held_already. granter_has_care: whoever reads about children
    does not say who else may. keepers_apart: security officer, system administrator and auditor are separate people.
    leads_and_types: whoever types printed sheets reads answers, and who leads a grade or a school does not.
    """
    overlapping = [each for each in wish.held if each.meets(wish.start_on, wish.end_on)]
    checks = (
        ("own", wish.is_own),
        ("has_left", wish.has_left),
        ("wrong_unit", wish.unit_kind not in ROLE_UNITS.get(wish.role, ())),
        ("other_unit", not _is_one_branch(wish.staff_place, wish.place)),
        ("bad_interval", wish.end_on is not None and wish.end_on <= wish.start_on),
        ("held_already", any(e.role == wish.role and e.place == wish.place for e in overlapping)),
        ("granter_has_care", has_care([wish.role]) and has_care(wish.granter_roles)),
        ("keepers_apart", not may_keep(wish.role, wish.unit_kind, [e.role for e in overlapping])),
        ("leads_and_types", leads_and_types({wish.role, *(e.role for e in overlapping)}, wish.role)),
    )
    return next((code for code, is_refused in checks if is_refused), "")


def may_keep(role: Role, unit_kind: str, held: Collection[Role]) -> bool:
    """May someone with these roles also keep the system in this one?

    Three separate people; in a single school two may do, but the auditor never audits himself (domain paper).
    """
    others = {each for each in held if each in KEEPERS and each != role}
    if role not in KEEPERS or not others:
        return True
    return unit_kind in SCHOOLS and Role.AUDITOR not in others | {role}


def leads_and_types(roles: Collection[Role], anew: Role | None = None) -> bool:
    """Do these roles type printed sheets and also lead, by whichever of them is new? None: any two of them."""
    is_both = Role.PAPER_TYPIST in roles and bool(NEVER_ANSWERS & set(roles))
    return is_both and (anew is None or anew == Role.PAPER_TYPIST or anew in NEVER_ANSWERS)


def is_joint(role: Role, held: Collection[Role]) -> bool:
    """Is this the second of two offices in one hand, as a single school may have it?"""
    return role in KEEPERS and any(each in KEEPERS and each != role for each in held)


def _is_one_branch(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)  # places end in a slash


@dataclass(frozen=True, slots=True)
class Needed:
    """A permission that somebody must hold at a place."""

    permission: Permission
    place: str


def needed_to_help(staff_place: str, held: Collection[Held]) -> tuple[Needed, ...]:
    """Return what whoever gives out a new password, or takes a lost second factor off, must hold.

    `held` are the memberships that hold now or will later. Whose sign-in opens answers and notes, or keeps the system,
    is helped by a security officer: otherwise a principal could sign in as the psychology teacher. Everybody else is
    helped by whoever keeps the staff. Either is asked for everywhere the sign-in opens something, never only in a part.
    """
    roles = {each.role for each in held}
    permission = Permission.GRANT_EDIT if has_care(roles) or has_keeping(roles) else Permission.STAFF_EDIT
    return tuple(Needed(permission, place) for place in (staff_place, *(each.place for each in held)))


def refusal_to_help(*, has_login: bool, is_own: bool, has_left: bool) -> str:
    """Return why nobody draws a password for this person, or takes the second factor off."""
    checks = (("no_login", not has_login), ("own", is_own), ("has_left", has_left))
    return next((code for code, is_refused in checks if is_refused), "")


def needed_anew(before: Collection[Needed], after: Collection[Needed]) -> tuple[Needed, ...]:
    """Return what must be held after a grant that was not asked for before it, there or further up."""
    return tuple(
        each for each in after
        if not any(each.permission == old.permission and each.place.startswith(old.place) for old in before)
    )  # fmt: skip


def refusal_to_end_staff(*, is_own: bool, has_left: bool, has_work: bool, has_colleagues: bool, heir: str) -> str:
    """Return why a member of staff may not be ended; `heir` is "", "here", "left" or "same".

    Whoever looks after children leaves nothing orphaned: a named colleague takes over what is open.
    """
    checks = (
        ("own", is_own),
        ("has_left", has_left),
        ("heir_has_left", heir == "left"),
        ("heir_is_same", heir == "same"),
        ("heir_needed", has_work and has_colleagues and not heir),
    )
    return next((code for code, is_refused in checks if is_refused), "")
