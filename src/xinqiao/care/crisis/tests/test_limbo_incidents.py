"""What waits in an incident is proved to be seen, and every planted breakage is found by its name."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from xinqiao.care.crisis.limbo import proving
from xinqiao.care.crisis.limbo.counted import due_by_the_pack
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.tests.test_limbo import rows, unconstrained
from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.services.doing import add_action
from xinqiao.care.incidents.services.opening import open_incident
from xinqiao.care.incidents.tests.conftest import SAID, People, draft
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Lived:
    """An incident with a step that climbed, one done, a reviewed action, a worry, a pupil who waits, a report sent."""

    def __init__(self, world) -> None:
        made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
        self.people = People(world, made)
        self.people.settle(self.people.line("guardians"))
        self.people.settle(self.people.line(kind="review"), people="全体", words="巡查不足")
        self.action = add_action(
            made, actor=world.actor("head"), once=ids.new_id(), words="装护栏", owner=world.id_of("psych"),
            until=clock.today() + 7 * DAY,
        )  # fmt: skip
        self.worry, self.waits = self.people.expose(*world.students[:2])
        self.people.care(self.worry, finding="worry", words=SAID)
        self.people.send("first")
        self.now = made.opened_at + 5 * MINUTE
        with clock.frozen(self.now):
            assert climb_due(self.now)

    def codes(self):
        return {fault.code for fault in prove(self.now).faults}


@pytest.fixture
def lived(world):
    return Lived(world)


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    proof = prove(lived.now)
    assert proof.faults == ()
    assert proof.looked_at["incidents"] == 1


def clocks(lived, code):
    return rows(Deadline).filter(subject_id=lived.people.line(code).id)


PLANTED: dict[str, Callable[[Lived], object]] = {
    "incident_without_clock": lambda it: rows(Deadline).filter(subject_id=it.waits.id).delete(),
    "incident_led_by_nobody": lambda _it: rows(Incident).update(leader=ids.new_id()),
    "action_of_nobody": lambda it: rows(IncidentLine).filter(pk=it.action.pk).update(owner=ids.new_id()),
    "waits_in_a_closed_incident": lambda _it: unconstrained(lambda: rows(Incident).update(state="closed")),
    "worry_without_signal": lambda it: rows(Exposure).filter(pk=it.worry.pk).update(signal_id=ids.new_id()),
    "clock_after_the_end": lambda it: clocks(it, "guardians").update(met_at=None, next_climb_at=it.now + DAY),
    "clock_without_subject": lambda it: clocks(it, "hospital").update(subject_id=ids.new_id()),
    "due_at_the_wrong_minute": lambda it: clocks(it, "hospital").update(
        original_due_at=it.now + DAY, due_at=it.now + DAY
    ),
    "never_climbed": lambda it: clocks(it, "hospital").update(due_at=it.now - 5 * MINUTE),
    "incident_without_its_plan": lambda _it: rows(IncidentLine).filter(code="hospital").update(code="elsewhere"),
    "incident_due_put_off": lambda it: rows(IncidentLine).filter(code="hospital").update(due_at=it.now + DAY),
    "rung_without_climb": lambda it: clocks(it, "safety").update(rung=2),
}


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in lived.codes()
    PLANTED[code](lived)
    assert code in lived.codes()


@pytest.mark.parametrize("form", ["follow-up", "final"])
def test_a_report_without_a_clock_is_found(lived, form):
    rows(Deadline).filter(subject_id=lived.people.report(form).id).delete()
    assert "incident_without_clock" in lived.codes()


def put_off(it, subject_id):
    """A clock longer than the pack has it, and everything that the product keeps beside it says so, too."""
    for clock_row in rows(Deadline).filter(subject_id=subject_id, met_at=None):
        kept = json.loads(clock_row.parameters)
        kept["within"]["amount"] *= 2
        due = clock_row.original_due_at + (clock_row.original_due_at - clock_row.began_at)
        rows(Deadline).filter(pk=clock_row.pk).update(
            parameters=json.dumps(kept), original_due_at=due, due_at=due, next_climb_at=due
        )
        for model in (Exposure, IncidentLine, IncidentReport):
            rows(model).filter(pk=subject_id).update(due_at=due)


@pytest.mark.parametrize("what", ["line", "report", "exposure"])
def test_a_clock_longer_than_the_pack_has_it_is_found_though_all_rows_agree(lived, what):
    subject = {
        "line": lived.people.line("facts"), "report": lived.people.report("follow-up"), "exposure": lived.waits,
    }[what]  # fmt: skip
    put_off(lived, subject.id)
    assert "due_against_the_pack" in lived.codes()


def test_a_clock_of_a_pack_that_says_something_else_since_is_judged_by_what_it_kept(lived):
    put_off(lived, lived.people.line("facts").id)
    rows(Deadline).update(pack_revision="national-default@0#as-it-was")
    rows(IncidentLine).filter(code="hospital").update(code="elsewhere")
    assert not {"due_against_the_pack", "incident_without_its_plan"} & lived.codes()


def test_control_without_the_second_count_nobody_would_see_it(lived, monkeypatch):
    monkeypatch.setattr(proving, "CHECKS", tuple(each for each in proving.CHECKS if each is not due_by_the_pack))
    with pytest.raises(AssertionError):
        test_a_clock_longer_than_the_pack_has_it_is_found_though_all_rows_agree(lived, "line")


def test_a_climb_of_which_nobody_was_told_is_found(world, monkeypatch):
    assert "incident_climb_to_nobody" not in Lived(world).codes()
    monkeypatch.setattr("xinqiao.care.incidents.following._tell", lambda *_args: None)
    with clock.frozen(clock.now() + DAY):
        assert "incident_climb_to_nobody" in Lived(world).codes()
