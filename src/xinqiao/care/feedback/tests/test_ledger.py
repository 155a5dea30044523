"""The ledger of all warnings and the four mechanisms: what each reader may see, filters, paper, registry."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.alerts import mechanisms as registry
from xinqiao.care.alerts.mechanisms import Mechanism, Stands, register_in_force, register_use
from xinqiao.care.alerts.states import Source
from xinqiao.care.feedback.selectors.ledger import Filters, warnings_ledger
from xinqiao.care.feedback.selectors.mechanisms import boxes_for, schools_of
from xinqiao.care.feedback.tests.conftest import NOTE
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock

pytestmark = pytest.mark.django_db
NAME = "欧阳思源"


def text(response):
    return response.content.decode()


@pytest.fixture
def warned(house):
    """One pupil in care, one kept in view, and one whose signal nobody has taken."""
    house.settle(outcome="case", level="orange")
    house.settle(house.signal(house.world.students[1], "yellow"))
    house.signal(house.world.students[2], "red")
    return house


def test_every_warning_has_source_level_owner_next_look_and_outcome(warned):
    found = {row.name: row for row in warnings_ledger(warned.psych, Filters(2026)).rows}
    case, watch, fresh = found[NAME], found["㛃䶮"], found["张伟"]
    assert (case.level, case.owner, case.outcome) == ("orange", "林若溪", "需要持续关护")
    assert case.source
    assert case.next_on is not None
    assert (watch.level, watch.next_on) == ("yellow", clock.today() + dt.timedelta(days=14))
    assert (fresh.level, fresh.owner, fresh.is_open) == ("none", "", True)


def test_filters_leave_what_they_say(warned):
    def names(**more):
        return {row.name for row in warnings_ledger(warned.psych, Filters(**{"year": 2026, **more})).rows}

    assert names(urgency="red") == {"张伟"}
    assert names(stands="ended") == {NAME, "㛃䶮"}
    assert names(year=2025) == set()
    with clock.frozen(clock.now() + dt.timedelta(days=400)):
        assert warnings_ledger(warned.psych, Filters(2026)).years == (2027, 2026)


def tells_no_source(house, sign_in):
    page = text(sign_in("head").get(reverse("feedback:ledger")))
    assert NAME in page
    assert NOTE not in page
    assert "线索来源" not in page
    assert str(Source.SCREENING.label) not in page


def test_the_head_reads_it_without_sources_and_notes(warned, sign_in):
    tells_no_source(warned, sign_in)
    assert AuditEvent.objects.filter(event="feedback.ledger.read").count() == 1


def test_control_if_the_head_might_know_the_same_check_would_fail(warned, sign_in, monkeypatch):
    from xinqiao.care.feedback.views import ledger as view

    real = view.warnings_ledger
    monkeypatch.setattr(view, "warnings_ledger", lambda _actor, filters: real(warned.psych, filters))
    monkeypatch.setattr(view, "render", lambda request, name, parts: _render(request, name, parts))
    with pytest.raises(AssertionError):
        tells_no_source(warned, sign_in)


def _render(request, name, parts):
    from django.shortcuts import render

    return render(request, name, {**parts, "may_know": True})


@pytest.mark.parametrize("query", ["?year=abcd", "?year=9999&urgency=purple", "?stands=never", "?year=0000"])
def test_a_filter_that_means_nothing_is_left_out(warned, sign_in, query):
    assert sign_in("psych").get(reverse("feedback:ledger") + query).status_code == 200


def test_the_paper_is_a_pdf_and_class_teachers_and_county_have_neither(warned, sign_in):
    assert sign_in("psych").get(reverse("feedback:ledger-pdf")).content.startswith(b"%PDF")
    for login in ("teacher", "officer"):
        assert sign_in(login).get(reverse("feedback:ledger")).status_code == 403
        assert sign_in(login).get(reverse("feedback:ledger-pdf")).status_code == 403


def test_the_ledger_costs_the_same_for_one_and_for_three(house):
    costs = []
    for number, student in enumerate(house.world.students):
        house.settle(house.signal(student), outcome="case", level="orange")
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                warnings_ledger(house.psych, Filters(2026))
            costs.append(len(queries))
    assert costs[0] == costs[1]


def test_head_and_county_see_what_is_in_force_since_when_and_last_used(warned, sign_in):
    page = text(sign_in("head").get(reverse("feedback:mechanisms")))
    for words in ("预防", "预警", "应急", "跟踪", "2021年11月1日", "2026年11月23日"):
        assert words in page
    county = text(sign_in("officer").get(reverse("feedback:mechanisms")))
    assert "学校1" in county
    assert NAME not in county
    assert sign_in("teacher").get(reverse("feedback:mechanisms")).status_code == 403


def test_a_school_of_another_county_is_not_shown(warned, sign_in):
    page = text(sign_in("officer").get(reverse("feedback:mechanisms") + "?school=s2"))
    assert "学校2" not in page


def test_another_app_registers_what_it_keeps_without_being_imported(warned, monkeypatch):
    monkeypatch.setattr(registry, "_uses", dict(registry._uses))
    monkeypatch.setattr(registry, "_in_force", dict(registry._in_force))
    school, day = warned.world.school, dt.date(2026, 10, 9)
    register_use("drill", Mechanism.EMERGENCY, "Last drill", lambda _places: {school.path: clock.now()})
    register_in_force("plan", Mechanism.EMERGENCY, lambda _place, _on: [Stands("Emergency plan", since=day)])
    (found,) = boxes_for(schools_of(warned.world.actor("head")), clock.today())
    box = next(each for each in found.boxes if each.code == "emergency")
    assert "Last drill" in [use.label for use in box.uses]
    assert box.last_on == clock.today()
    assert Stands("Emergency plan", since=day) in box.stands
