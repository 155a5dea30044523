"""Who may be granted what, and who may be ended: the rules alone."""

import dataclasses
import datetime as dt

import pytest

from xinqiao.foundation.access.permissions import Role
from xinqiao.register.accounts.rules import (
    KEEPERS,
    NEVER_ANSWERS,
    ROLE_UNITS,
    Held,
    Wish,
    is_joint,
    leads_and_types,
    may_keep,
    needs_care_at_sign_in,
    refusal_to_end_staff,
    refusal_to_grant,
    roles_at,
)

ON = dt.date(2026, 11, 23)
SCHOOL, OTHER, CLASS = "c/s1/", "c/s2/", "c/s1/g/k/"


def wish(**changes) -> Wish:
    allowed = Wish(
        role=Role.PSYCH_TEACHER, place=SCHOOL, unit_kind="school", start_on=ON, end_on=None, staff_place=SCHOOL,
        held=(),
        granter_roles=frozenset({Role.SECURITY_OFFICER}),
    )  # fmt: skip
    return dataclasses.replace(allowed, **changes)


def held(role: Role = Role.PSYCH_TEACHER, place: str = SCHOOL, start: int = -30, end: int | None = None) -> Held:
    return Held(role, place, ON + dt.timedelta(days=start), None if end is None else ON + dt.timedelta(days=end))


def test_control_the_plain_wish_is_allowed():
    assert refusal_to_grant(wish()) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_own": True}, "own"),
        ({"has_left": True}, "has_left"),
        ({"unit_kind": "class"}, "wrong_unit"),
        ({"role": Role.STUDENT}, "wrong_unit"),
        ({"staff_place": OTHER}, "other_unit"),
        ({"staff_place": "c/s10/"}, "other_unit"),
        ({"end_on": ON}, "bad_interval"),
        ({"held": (held(),)}, "held_already"),
        ({"granter_roles": frozenset({Role.SECURITY_OFFICER, Role.PSYCH_TEACHER})}, "granter_has_care"),
        (
            {"role": Role.AUDITOR, "unit_kind": "county", "place": "c/", "held": (held(Role.SYSTEM_ADMIN, "c/"),)},
            "keepers_apart",
        ),
    ],
)
def test_what_is_refused(changes, code):
    assert refusal_to_grant(wish(**changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"held": (held(end=0),)},  # ended today: granted anew from today
        {"held": (held(place=OTHER),)},
        {"staff_place": "c/"},  # a bureau's travelling teacher
        {"role": Role.CLASS_TEACHER, "place": CLASS, "unit_kind": "class"},
        {"role": Role.AUDITOR, "unit_kind": "county", "place": "c/", "held": (held(Role.SYSTEM_ADMIN, end=0),)},
        {"role": Role.MENTOR, "granter_roles": frozenset({Role.SECURITY_OFFICER, Role.PSYCH_TEACHER})},
    ],
)
def test_what_is_allowed(changes):
    assert refusal_to_grant(wish(**changes)) == ""


@pytest.mark.parametrize("role", sorted(NEVER_ANSWERS))
def test_nobody_leads_and_types(role):
    assert leads_and_types({role, Role.PAPER_TYPIST})
    assert leads_and_types({role, Role.PAPER_TYPIST}, role)
    assert not leads_and_types({role, Role.PAPER_TYPIST, Role.MENTOR}, Role.MENTOR), "another role is another matter"
    assert not leads_and_types({role, Role.PSYCH_TEACHER})


@pytest.mark.parametrize(("has", "wants"), [(Role.GRADE_HEAD, Role.PAPER_TYPIST), (Role.PAPER_TYPIST, Role.PRINCIPAL)])
def test_who_leads_is_not_made_a_typist_nor_the_other_way_round(has, wants):
    wanted = wish(role=wants, held=(held(has),))
    assert refusal_to_grant(wanted) == "leads_and_types"
    assert refusal_to_grant(dataclasses.replace(wanted, held=())) == ""


def test_keepers_are_apart_above_schools_and_the_auditor_always():
    for role in KEEPERS:
        for other in KEEPERS:
            expected = role == other
            assert may_keep(role, "county", [other]) is expected
            in_school = expected or Role.AUDITOR not in (role, other)
            assert may_keep(role, "school", [other]) is in_school


def test_three_offices_in_one_hand_never():
    assert not may_keep(Role.AUDITOR, "school", [Role.SECURITY_OFFICER, Role.SYSTEM_ADMIN])
    assert is_joint(Role.SYSTEM_ADMIN, [Role.SECURITY_OFFICER])
    assert not is_joint(Role.SYSTEM_ADMIN, [Role.MENTOR])


def test_every_role_but_the_rosters_can_be_held_somewhere():
    assert set(Role) - set(ROLE_UNITS) == {Role.STUDENT, Role.GUARDIAN, Role.COMMITTEE_MEMBER}
    assert roles_at("class") == [Role.CLASS_TEACHER, Role.SUBJECT_TEACHER, Role.MENTOR]


@pytest.mark.parametrize(
    ("role", "needs"),
    [(Role.CLASS_TEACHER, True), (Role.PSYCH_TEACHER, True), (Role.PRINCIPAL, True), (Role.SECURITY_OFFICER, True),
     (Role.AUDITOR, True), (Role.LEADING_GROUP, True), (Role.SUBJECT_TEACHER, True), (Role.COUNTY_OFFICER, False)],
)  # fmt: skip
def test_who_needs_the_second_factor(role, needs):
    assert needs_care_at_sign_in([role]) is needs


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "heir_needed"),
        ({"heir": "here"}, ""),
        ({"heir": "left"}, "heir_has_left"),
        ({"heir": "same"}, "heir_is_same"),
        ({"has_work": False}, ""),
        ({"has_colleagues": False}, ""),
        ({"is_own": True}, "own"),
        ({"has_left": True}, "has_left"),
    ],
)
def test_who_may_be_ended(facts, code):
    plain = {"is_own": False, "has_left": False, "has_work": True, "has_colleagues": True, "heir": ""}
    assert refusal_to_end_staff(**{**plain, **facts}) == code
