"""The proof knows what is owed, and finds every planted breakage by its name."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from xinqiao.care.crisis.limbo import rooms
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.rows import every_case
from xinqiao.care.crisis.tests.test_limbo import unconstrained
from xinqiao.care.filings import following, limbo
from xinqiao.care.filings.models import Edition, Filing
from xinqiao.care.filings.owing import owe_for_case
from xinqiao.care.filings.services.writing import lapse_filing
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.hooks import Moved
from xinqiao.register.people.models import Student

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


class Lived:
    """One case whose filing is owed, one whose filing was sent, one that is confirmed and one that was dropped."""

    def __init__(self, care, desk) -> None:
        self.world = care.world
        a, b, c = care.world.students
        self.cases = [care.judged("red", each) for each in (a, b, c)]
        self.owed = desk.of(self.cases[0])[0]
        self.sent = desk.sent(self.cases[1])
        self.confirmed = desk.sent(self.cases[2])
        desk.acknowledge(self.confirmed)


@pytest.fixture
def lived(care, desk):
    return Lived(care, desk)


def codes():
    return {fault.code for fault in prove(clock.now()).faults}


def rows(model):
    return model.objects.for_system(reason="planted")


def clocks(filing, kind):
    return rows(Deadline).filter(subject_id=filing.id, kind=kind)


def test_what_was_lived_as_it_should_be_has_no_fault(lived, care, desk):
    proof = prove(clock.now())
    assert proof.faults == ()
    assert proof.looked_at["filings"] == 5, "three first ones, and two about the visits that follow"
    every_case().filter(pk=lived.cases[0].pk).update(level="yellow")
    lapse_filing(desk.fresh(lived.owed), actor=care.world.actor("head"), words="会后查明为误报，家长已知")
    assert not codes() & {"filing_dropped_by_nobody", "case_never_filed", "clock_after_the_filing"}


def wipe(it):
    rows(Deadline).filter(subject_id=it.owed.id).delete()
    rows(Filing).filter(pk=it.owed.id).delete()


def visits_gone(it):
    visits = rows(Filing).filter(case=it.cases[1], kind="visit")
    rows(Deadline).filter(subject_id__in=list(visits.values_list("id", flat=True))).delete()
    visits.delete()


PLANTED: dict[str, Callable[[Lived], object]] = {
    "case_never_filed": wipe,
    "visits_never_owed": visits_gone,
    "filing_without_clock": lambda it: clocks(it.owed, "filing").delete(),
    "filing_due_put_off": lambda it: clocks(it.owed, "filing").update(due_at=it.owed.due_at + DAY),
    "clock_without_filing": lambda it: clocks(it.sent, "filing_seen").update(subject_id=ids.new_id()),
    "clock_after_the_filing": lambda it: clocks(it.confirmed, "filing_seen").update(met_at=None),
    "filing_due_too_late": lambda it: rows(Filing).filter(pk=it.owed.id).update(due_at=it.owed.due_at + DAY),
    "filing_sent_without_words": lambda it: rows(Edition).filter(filing=it.sent).delete(),
    "filing_state_without_version": lambda it: rows(Filing).filter(pk=it.sent.id).update(version=2),
    "filing_dropped_by_nobody": lambda it: unconstrained(
        lambda: rows(Filing).filter(pk=it.owed.id).update(state="lapsed", lapsed_by=None)
    ),
}


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in codes()
    PLANTED[code](lived)
    assert code in codes()


def put_off(filing, kind):
    """Both the clock and what the filing keeps."""
    due = clocks(filing, kind).get().due_at + DAY
    clocks(filing, kind).update(due_at=due, original_due_at=due, next_climb_at=due)
    rows(Filing).filter(pk=filing.pk).update(due_at=due)


def finds_what_is_put_off(lived, which):
    second = rows(Filing).get(case=lived.cases[1], kind="visit")
    filing, kind = {
        "first": (lived.owed, "filing"), "visits": (second, "filing"), "bureau": (lived.sent, "filing_seen"),
    }[which]  # fmt: skip
    put_off(filing, kind)
    assert "filing_clock_wrong" in codes()


@pytest.mark.parametrize("which", ["first", "visits", "bureau"])
def test_a_clock_that_is_not_due_when_the_order_says_is_found(lived, which):
    finds_what_is_put_off(lived, which)


def test_control_without_the_second_count_a_late_visit_would_not_be_found(lived, monkeypatch):
    kept = tuple(each for each in limbo.CHECKS if each is not limbo.clocks_right)
    monkeypatch.setitem(rooms._rooms, "filings", dataclasses.replace(limbo.ROOM, checks=kept))
    with pytest.raises(AssertionError):
        finds_what_is_put_off(lived, "visits")


def moves_with_its_day(lived):
    """A next filing that a rising level made sooner goes along to another school, due as before."""
    visit = rows(Filing).get(case=lived.cases[1], kind="visit")
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        rows(Filing).filter(pk=visit.pk).update(level="orange")
        every_case().filter(pk=lived.cases[1].pk).update(level="red")
        case, there = every_case().select_related("student").get(pk=lived.cases[1].pk), lived.world.other_student
        rows(Student).filter(pk=visit.student_id).update(place=there.place, school_place=there.school_place)
        with recording(system_actor("test")):
            owe_for_case(case, before="orange", at=clock.now())
            following.follow_pupils(
                [Moved(visit.student_id, there.county_id, visit.place, there.place, True, clock.today())]
            )
        kept = rows(Filing).get(pk=visit.pk)
        assert (kept.place, kept.due_at < visit.due_at) == (there.school_place, True)
        assert "filing_clock_wrong" not in codes()


def test_one_that_was_made_sooner_and_went_to_another_school_is_right(lived):
    moves_with_its_day(lived)


def test_control_if_moving_put_it_off_the_same_check_would_fail(lived, monkeypatch):
    start = following.start_sending
    monkeypatch.setattr(
        following, "start_sending", lambda row, due_at, at: start(row, due_at=due_at + DAY, at=at)
    )  # fmt: skip
    with pytest.raises(AssertionError):
        moves_with_its_day(lived)


def misses(lived):
    """Let the clock of what is owed run out; the bureau's runs on as long."""
    at = clocks(lived.owed, "filing").get().due_at
    with clock.frozen(at):
        assert climb_due(at)
        assert "filing_climb_to_nobody" not in codes()


def test_a_miss_is_told_on_its_rung(lived):
    misses(lived)


def test_control_a_miss_of_which_nobody_is_told_is_found(lived, monkeypatch):
    monkeypatch.setattr("xinqiao.care.filings.following._tell", lambda _climb: None)
    with pytest.raises(AssertionError):
        misses(lived)


def test_control_without_the_checks_of_filings_none_is_found(lived, monkeypatch):
    monkeypatch.setattr(rooms, "_rooms", {})
    wipe(lived)
    with pytest.raises(AssertionError):
        assert "case_never_filed" in codes()
