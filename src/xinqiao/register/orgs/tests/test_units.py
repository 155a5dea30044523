"""Adding, changing and closing units, and the pages that do it."""

import pytest
from django.urls import reverse

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs import hooks
from xinqiao.register.orgs.browsing import parts_of, path_to
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.rules import KINDS_BELOW, may_hang
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.orgs.services.units import (
    CannotAddUnit,
    CannotCloseUnit,
    add_class,
    add_unit,
    change_school,
    close_unit,
    rename_unit,
)
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.orgs.tests.conftest import ON

pytestmark = pytest.mark.django_db


def test_every_kind_of_the_rules_is_a_kind():
    kinds = set(UnitKind.values)
    assert set(KINDS_BELOW) <= kinds
    assert all(set(below) <= kinds for below in KINDS_BELOW.values())
    assert may_hang("school", "city")  # a city runs schools directly
    assert not may_hang("class", "school")  # classes come with their cohort


def test_a_unit_is_added_below_and_recorded(tree):
    unit = add_unit(
        tree.school, actor=tree.actor(Role.PRINCIPAL, "school"), kind="dormitory", code="sh-d1", name="一号楼"
    )
    assert unit.path.startswith(tree.school.path)
    assert unit.county_id == tree.county.id
    assert AuditEvent.objects.get(event="orgs.unit.added").place == unit.path


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [("county", "x1", "bad_parent"), ("dormitory", "sh-two", "code_taken"), ("class", "x2", "bad_parent")],
)
def test_what_does_not_fit_is_refused(tree, kind, code, refusal):
    with pytest.raises(CannotAddUnit, match=refusal):
        add_unit(tree.school, actor=tree.actor(Role.PRINCIPAL, "school"), kind=kind, code=code, name="x")


def test_a_principal_adds_nothing_elsewhere(tree):
    for unit in (tree.other, tree.county):
        with pytest.raises(Forbidden):
            add_unit(unit, actor=tree.actor(Role.PRINCIPAL, "school"), kind="station", code="x3", name="x")


def test_a_class_comes_with_its_grade_and_is_called_after_its_cohort(tree):
    actor = tree.actor(Role.PRINCIPAL, "school")
    unit = add_class(tree.school, actor=actor, stage="junior", entry_year=2025, number=2)
    assert unit.parent.kind == "grade"
    assert name_on(unit, ON) == "八年级(2)班"
    assert unit.window_code
    with pytest.raises(CannotAddUnit, match="class_exists"):
        add_class(tree.school, actor=actor, stage="junior", entry_year=2025, number=2)
    with pytest.raises(CannotAddUnit, match="bad_parent"):
        add_class(tree.school, actor=actor, stage="senior", entry_year=2025, number=2)


def test_five_primary_years_hold_for_all_classes(tree):
    actor = tree.actor(Role.PRINCIPAL, "school")
    changed = change_school(
        tree.school, actor=actor, name="sh-one", stages=["primary", "junior"], primary_years=5, has_boarders=True
    )
    assert changed.has_boarders
    tree.group.refresh_from_db()
    assert name_on(tree.group, ON) == "六年级(3)班"
    again = change_school(
        tree.school, actor=actor, name="sh-one", stages=["primary", "junior"], primary_years=5, has_boarders=True
    )
    assert isinstance(again, Unchanged)


def test_a_unit_in_use_is_not_closed(tree):
    county = tree.actor(Role.COUNTY_OFFICER, "county")
    with pytest.raises(CannotCloseUnit, match="has_parts"):
        close_unit(tree.school, actor=county)
    assert close_unit(tree.other, actor=county).is_closed
    assert isinstance(close_unit(tree.other, actor=county), Unchanged)
    with pytest.raises(CannotAddUnit, match="parent_closed"):
        add_unit(tree.other, actor=county, kind="dormitory", code="x4", name="x")


def test_a_principal_closes_a_class_and_not_the_own_school(tree):
    with pytest.raises(Forbidden):
        close_unit(tree.other, actor=tree.actor(Role.PRINCIPAL, "other"))
    assert close_unit(tree.group, actor=tree.actor(Role.PRINCIPAL, "school")).is_closed


def test_whoever_keeps_pupils_there_can_say_no(tree, monkeypatch):
    def refuse(units):
        raise CannotCloseUnit("has_people")

    monkeypatch.setattr(hooks.units_closing, "_receivers", [refuse])
    with pytest.raises(CannotCloseUnit, match="has_people"):
        close_unit(tree.group, actor=tree.actor(Role.PRINCIPAL, "school"))
    tree.group.refresh_from_db()
    assert not tree.group.is_closed


def test_renaming_keeps_the_place(tree):
    place = tree.school.path
    rename_unit(tree.school, actor=tree.actor(Role.COUNTY_OFFICER, "county"), name="新名")
    assert Unit.objects.get(path=place).name == "新名"


def test_the_way_down_shows_names_and_links_only_what_may_be_seen(tree):
    steps = path_to(tree.actor(Role.PRINCIPAL, "school"), tree.group, ON)
    assert [step.name for step in steps][:4] == ["yl", "lx", "sh", "sh-one"]
    assert [step.id is not None for step in steps] == [False, False, False, True, True]


def test_parts_cost_the_same_for_few_and_many(tree, django_assert_num_queries):
    actor = tree.actor(Role.PRINCIPAL, "school")
    with django_assert_num_queries(1):
        assert len(parts_of(tree.school, ON)) == 1
    for year in range(2018, 2026):
        add_class(tree.school, actor=actor, stage="primary", entry_year=year, number=1)
    with django_assert_num_queries(1):
        rows = parts_of(tree.school, ON)
    assert len(rows) == 9


def test_the_pages_add_a_class_and_keep_what_was_typed(tree, browse):
    client = browse(Role.PRINCIPAL, "school")
    text = client.get(reverse("orgs:tree")).content.decode()
    assert "七年级" in text
    url = reverse("orgs:class-add", args=[tree.school.id])
    faulty = client.post(url, {"stage": "junior", "entry_year": "1899", "number": "7"})
    assert faulty.status_code == 422
    assert "1899" in faulty.content.decode()
    done = client.post(url, {"stage": "junior", "entry_year": "2026", "number": "7"})
    assert done.status_code == 302
    assert "七年级(7)班" in client.get(done.headers["Location"]).content.decode()


def test_a_school_added_by_the_county_needs_a_stage(tree, browse):
    client = browse(Role.COUNTY_OFFICER, "county")
    url = reverse("orgs:unit-add", args=[tree.county.id])
    form = {"kind": "school", "name": "三中", "code": "sh-three"}
    assert client.post(url, form).status_code == 422
    assert client.post(url, form | {"stages": ["junior"]}).status_code == 302
    assert Unit.objects.get(code="sh-three").stage_list == ["junior"]


def test_what_is_not_ones_own_is_not_found_and_classes_are_not_renamed(tree, browse):
    client = browse(Role.PRINCIPAL, "school")
    assert client.get(reverse("orgs:tree"), {"unit": str(tree.other.id)}).status_code == 404
    assert client.get(reverse("orgs:unit-edit", args=[tree.other.id])).status_code == 404
    assert client.get(reverse("orgs:unit-edit", args=[tree.group.id])).status_code == 404
    assert (
        client.post(
            reverse("orgs:unit-edit", args=[tree.school.id]),
            {"name": "改名", "stages": ["junior"], "primary_years": "6"},
        ).status_code
        == 302
    )
    tree.school.refresh_from_db()
    assert (tree.school.name, tree.school.stages) == ("改名", "junior")


def test_a_class_teacher_sees_and_changes_nothing(tree, browse):
    client = browse(Role.CLASS_TEACHER, "group")
    assert client.get(reverse("orgs:tree")).status_code == 200
    assert client.get(reverse("orgs:class-add", args=[tree.school.id])).status_code == 403


def test_closing_on_the_page_says_why_not(tree, browse):
    client = browse(Role.COUNTY_OFFICER, "county")
    client.post(reverse("orgs:unit-close", args=[tree.school.id]))
    text = client.get(reverse("orgs:tree"), {"unit": str(tree.school.id)}).content.decode()
    assert "请先停用它们" in text
    assert client.post(reverse("orgs:unit-close", args=[tree.other.id])).status_code == 302
    tree.other.refresh_from_db()
    assert tree.other.is_closed
