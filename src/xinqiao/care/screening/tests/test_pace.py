"""The pace by class: what a plan brings, the days of the classes, and that everything about a sitting follows them."""

import datetime as dt

import pytest
from django.utils import timezone

from xinqiao.care.screening.jobs import filling
from xinqiao.care.screening.jobs.filling import complete_sittings, fill_campaign
from xinqiao.care.screening.models import ClassDay
from xinqiao.care.screening.selectors.class_days import class_windows, remaining_days
from xinqiao.care.screening.selectors.outlook import outlook_of
from xinqiao.care.screening.selectors.pacing import days_for, proposal_of
from xinqiao.care.screening.selectors.planning import preparation_of
from xinqiao.care.screening.selectors.progress import progress_of
from xinqiao.care.screening.selectors.workload import workload_of
from xinqiao.care.screening.services import campaigns as campaign_services
from xinqiao.care.screening.services import pace as pace_services
from xinqiao.care.screening.services.campaigns import (
    CannotRun,
    change_campaign,
    close_campaign,
    create_campaign,
    discard_campaign,
    extend_campaign,
    launch_campaign,
    open_make_up_round,
)
from xinqiao.care.screening.services.pace import drop_class_days, move_remaining_classes, set_class_days
from xinqiao.care.screening.tests.conftest import CLOSES
from xinqiao.care.screening.tests.handing_in import hand_in, sitting_of
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}
FLAGGED = {"phq-9": [2, 2, 2, 2, 2, 2, 1, 0, 0], "gad-7": [1] * 7}
MONDAY = dt.date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + dt.timedelta(days=n) for n in range(1, 5))
A_CLASS = 30


@pytest.fixture
def crowded(school):
    """The same school with thirty pupils in each class of grade 7, all with consent, and one psychology teacher."""
    Membership.objects.filter(user=school.world.users["psych2"]).delete()
    for unit, number in ((school.class_a, 1), (school.class_b, 3)):
        present = Student.objects.for_system(reason="test").filter(place=unit.path).count()
        drafts = [StudentDraft(f"新生{n}", unit, f"2026{number}9{n:02d}") for n in range(A_CLASS - present)]
        more = register_students(school.unit, drafts, clock.today())
        school.consent(more)
        school.students.extend(more)
    return school


def planned(school, **changes):
    return create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft(**changes))


def outlook(school, campaign, at=MONDAY_10):
    return outlook_of(campaign, school.unit, preparation_of(campaign, at).pupils_by_class, at)


def proposal(school, campaign, at=MONDAY_10):
    return proposal_of(campaign, outlook(school, campaign, at), days_for(campaign, school.unit, at))


def paced(school, days=(MONDAY, WEDNESDAY), **changes):
    """Return a running campaign whose two classes sit on these days."""
    campaign = planned(school, **changes)
    actor = school.actor("psych")
    campaign = set_class_days(
        campaign, actor=actor, days=dict(zip((school.class_a.id, school.class_b.id), days, strict=True))
    )
    campaign = launch_campaign(campaign, actor=actor)
    fill_campaign(campaign, clock.now())
    return campaign


def days_of(campaign) -> list[dt.date]:
    return [timezone.localtime(window.opens_at).date() for window in class_windows(campaign).values()]


def on_day(sitting) -> dt.date:
    return timezone.localtime(sitting.opens_at).date()


def in_class(school, unit, nth=0):
    return [s for s in school.students if s.place == unit.path][nth]


def guard_next_week(school):
    for ahead in range(7, 14):
        start = timezone.localtime(MONDAY_10).replace(hour=7) + dt.timedelta(days=ahead)
        DutyShift(
            county_id=school.unit.shard_id, place=school.unit.path, staff_id=school.world.id_of("psych"),
            role="psychology", start_at=start, end_at=start + dt.timedelta(hours=12),
        ).save(force_insert=True)  # fmt: skip


def why(caught) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


# ---- what a plan brings


def test_by_published_figures_each_class_brings_its_flags_hours_and_days(crowded):
    found = outlook(crowded, planned(crowded))
    share = 0.05 * 0.895 + 0.95 * 0.225
    assert [(row.pupils, round(row.flags, 6)) for row in found.rows] == [(A_CLASS, round(A_CLASS * share, 6))] * 2
    assert (found.counsellors, found.talks_a_day, found.waves) == (1, 6, ())
    assert found.hours == pytest.approx(found.flags * 40 / 60)
    assert found.days == 3, "15.5 talks, six a day"
    assert found.accuracy.source == "Richardson 2010"


def test_who_said_no_is_not_counted_and_who_has_not_answered_is(crowded):
    crowded.consent([in_class(crowded, crowded.class_a)], "refused")
    crowded.consent([in_class(crowded, crowded.class_b)], "withdrawn")
    unanswered = register_students(crowded.unit, [StudentDraft("新来的", crowded.class_b, "2026999")], clock.today())
    assert len(unanswered) == 1
    assert [row.pupils for row in outlook(crowded, planned(crowded)).rows] == [A_CLASS - 1, A_CLASS]


def wave(school, *, flagged: int, answered: int = 60, scales=("phq-9", "gad-7")):
    """A week ago the same grade was screened."""
    at = MONDAY_10 - dt.timedelta(days=7)
    with clock.frozen(at):
        DutyShift(
            county_id=school.unit.shard_id, place=school.unit.path, staff_id=school.world.id_of("psych"),
            role="psychology", start_at=at - dt.timedelta(hours=4), end_at=at + dt.timedelta(days=4),
        ).save(force_insert=True)  # fmt: skip
        campaign = school.launched(
            name="上次", opens_at=at, closes_at=at + dt.timedelta(days=2),
            scale_ids=tuple(school.versions[code].id for code in scales),
        )  # fmt: skip
        for number, student in enumerate(school.students[:answered]):
            given = FLAGGED if number < flagged else LOW
            hand_in(campaign, student, {code: given[code] for code in scales})
        close_campaign(campaign, actor=school.actor("psych"))


def test_the_last_screening_of_the_grade_with_the_same_scales_goes_before_published_figures(crowded):
    wave(crowded, flagged=12)
    found = outlook(crowded, planned(crowded))
    assert (found.waves, found.accuracy) == (("上次",), None)
    assert [row.flags for row in found.rows] == [pytest.approx(A_CLASS * 12 / 60)] * 2


@pytest.mark.parametrize("changes", [{"answered": 29, "flagged": 9}, {"flagged": 12, "scales": ("gad-7",)}])
def test_control_too_few_answers_or_other_scales_do_not(crowded, changes):
    wave(crowded, **changes)
    found = outlook(crowded, planned(crowded))
    assert (found.waves, found.accuracy is not None) == ((), True)


def test_an_earlier_handful_is_counted_as_five_so_that_nobody_reads_it_off(crowded):
    wave(crowded, flagged=2)
    assert [row.flags for row in outlook(crowded, planned(crowded)).rows] == [pytest.approx(A_CLASS * 5 / 60)] * 2


def test_nothing_is_foretold_for_few_pupils_or_without_figures(school, crowded):
    assert outlook(crowded, planned(crowded, cohorts=(("junior", 2025),))).flags is None
    found = outlook(crowded, planned(crowded, scale_ids=(crowded.versions["gad-7"].id,)))
    assert (found.flags, found.is_small) == (None, False)
    assert proposal(crowded, planned(crowded, scale_ids=(crowded.versions["gad-7"].id,))) is None


def test_the_pack_in_force_sets_minutes_hours_and_prevalence(crowded, tmp_path, settings):
    rules = {
        "talk_minutes": {"value": 60, "source": ["ours"]}, "talk_hours_a_day": {"value": 2, "source": ["ours"]},
        "prevalence_percent": {"value": 10, "source": ["ours"]}, "fewest_pupils": {"value": 10, "source": ["ours"]},
    }  # fmt: skip
    wave(crowded, flagged=12)
    campaign = planned(crowded)
    put_in_force(tmp_path, settings, local_pack("of-school", "s1", screening={"capacity": rules}))
    found = outlook(crowded, campaign)
    assert (found.talks_a_day, found.rules.prevalence, found.rules.fewest_pupils) == (2, 0.1, 10)


# ---- the proposal


def test_one_psychology_teacher_is_told_monday_and_wednesday(crowded):
    found = proposal(crowded, planned(crowded))
    assert list(found.days.values()) == [MONDAY, WEDNESDAY], "7.8 expected on Monday, six talks a day"
    assert (found.is_whole, found.is_longer, found.clear_on) == (True, False, THURSDAY)


def test_two_psychology_teachers_need_a_day_less(crowded):
    Membership.objects.create(
        user=crowded.world.users["psych2"], role="psych_teacher", place=crowded.unit.path, start_on=dt.date(2026, 9, 1)
    )
    assert list(proposal(crowded, planned(crowded)).days.values()) == [MONDAY, TUESDAY]


def test_a_day_without_duty_is_left_out_where_a_scale_asks_about_suicide(crowded):
    wednesday = DutyShift.objects.for_system(reason="test").filter(start_at__date=WEDNESDAY)
    assert wednesday.update(cancelled_at=MONDAY_10) == 1
    assert list(proposal(crowded, planned(crowded)).days.values()) == [MONDAY, THURSDAY]


def test_a_window_too_short_is_said_until_when_and_taking_the_pace_lengthens_it(crowded):
    campaign = planned(crowded, closes_at=MONDAY_10 + dt.timedelta(days=1))
    found = proposal(crowded, campaign)
    assert (found.is_longer, timezone.localtime(found.closes_at).date()) == (True, WEDNESDAY)
    taken = set_class_days(campaign, actor=crowded.actor("psych"), days=found.days)
    assert timezone.localtime(taken.closes_at).isoformat() == "2026-11-25T17:00:00+08:00"
    assert launch_campaign(taken, actor=crowded.actor("psych")).state == "open"


def test_too_few_days_with_duty_are_named_and_the_proposal_is_not_whole(crowded):
    shifts = DutyShift.objects.for_system(reason="test").exclude(start_at__date=MONDAY)
    shifts.update(cancelled_at=MONDAY_10)
    found = proposal(crowded, planned(crowded))
    assert (found.is_whole, found.bare_days) == (False, (WEDNESDAY,))


def test_beyond_the_term_no_class_finds_a_day(crowded):
    from xinqiao.register.orgs.models import Term

    Term.objects.update(end_on=TUESDAY)
    found = proposal(crowded, planned(crowded, closes_at=MONDAY_10 + dt.timedelta(hours=5)))
    assert (found.is_whole, len(found.days), len(found.pace.left)) == (False, 1, 1)


# ---- setting the days


def test_classes_answer_on_their_own_days_and_only_then(crowded):
    campaign = paced(crowded)
    first, second = sitting_of(campaign, in_class(crowded, crowded.class_a)), sitting_of(campaign, crowded.students[0])
    assert [on_day(first), on_day(second)] == [MONDAY, WEDNESDAY]
    assert [timezone.localtime(at).hour for at in (first.opens_at, first.closes_at)] == [10, 17], "it began at ten"
    assert [timezone.localtime(at).hour for at in (second.opens_at, second.closes_at)] == [8, 17]
    rows = progress_of(campaign, [crowded.class_a, crowded.class_b], MONDAY)
    assert [timezone.localtime(row.window.opens_at).date() for row in rows] == [MONDAY, WEDNESDAY]
    assert AuditEvent.objects.filter(event="screening.pace.set").count() == 1


def test_control_without_days_all_sit_in_the_whole_window(crowded):
    campaign = crowded.launched()
    assert {sitting_of(campaign, s).closes_at for s in crowded.students} == {CLOSES}


def test_the_same_days_again_change_nothing(crowded):
    campaign, actor = planned(crowded), crowded.actor("psych")
    set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY})
    assert set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY}) == Unchanged("same_days")
    set_class_days(campaign, actor=actor, days={crowded.class_a.id: FRIDAY})
    assert days_of(campaign) == [FRIDAY]


@pytest.mark.parametrize(
    ("day", "code"),
    [(MONDAY - dt.timedelta(days=3), "day_not_able"), (dt.date(2026, 11, 28), "day_not_able"),
     (dt.date(2026, 12, 1), "nobody_on_duty"), (dt.date(2027, 2, 1), "day_not_able")],
)  # fmt: skip
def test_a_day_on_which_no_class_can_sit_is_refused(crowded, day, code):
    campaign = planned(crowded)
    with pytest.raises(CannotRun) as caught:
        set_class_days(campaign, actor=crowded.actor("psych"), days={crowded.class_a.id: day})
    assert why(caught) == {code}
    assert days_of(campaign) == []


def test_control_a_scale_that_does_not_ask_about_suicide_needs_no_duty(crowded):
    campaign = planned(crowded, scale_ids=(crowded.versions["gad-7"].id,))
    set_class_days(campaign, actor=crowded.actor("psych"), days={crowded.class_a.id: dt.date(2026, 12, 1)})
    assert days_of(campaign) == [dt.date(2026, 12, 1)]


def test_a_class_that_is_not_asked_has_no_day(crowded):
    with pytest.raises(CannotRun) as caught:
        set_class_days(planned(crowded), actor=crowded.actor("psych"), days={crowded.class_8.id: TUESDAY})
    assert why(caught) == {"class_elsewhere"}


@pytest.mark.parametrize("login", ["head", "teacher", "lead", "officer", "other_psych"])
def test_only_the_schools_psychology_teacher_sets_moves_and_drops(crowded, login):
    campaign, actor = planned(crowded), crowded.actor(login)
    for act in (
        lambda: set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY}),
        lambda: move_remaining_classes(campaign, actor=actor, later=1),
        lambda: drop_class_days(campaign, actor=actor),
    ):
        with pytest.raises(Forbidden):
            act()


# ---- the launch


def test_a_class_without_a_day_stops_the_launch_by_its_name(crowded):
    campaign, actor = planned(crowded), crowded.actor("psych")
    set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY})
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    (reason,) = caught.value.reasons
    assert (reason.code, reason.details) == ("class_without_day", ("七年级(3)班",))
    drop_class_days(campaign, actor=actor)
    assert drop_class_days(campaign, actor=actor) == Unchanged("no_pace")
    assert launch_campaign(campaign, actor=actor).state == "open"


def test_duty_is_asked_for_on_the_days_of_the_classes_only(crowded):
    actor, campaign = crowded.actor("psych"), planned(crowded)
    set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY, crowded.class_b.id: THURSDAY})
    shifts = DutyShift.objects.for_system(reason="test")
    shifts.exclude(start_at__date__in=(TUESDAY, THURSDAY)).update(cancelled_at=MONDAY_10)
    thursday = shifts.filter(start_at__date=THURSDAY)
    thursday.update(cancelled_at=MONDAY_10)
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    (reason,) = caught.value.reasons
    assert (reason.code, reason.details) == ("nobody_on_duty", (THURSDAY.isoformat(),))
    thursday.update(cancelled_at=None)
    assert launch_campaign(campaign, actor=actor).state == "open"


def test_a_changed_plan_says_which_days_no_longer_fit(crowded):
    actor, campaign = crowded.actor("psych"), planned(crowded, cohorts=(("junior", 2026), ("junior", 2025)))
    days = {crowded.class_a.id: MONDAY, crowded.class_b.id: FRIDAY, crowded.class_8.id: FRIDAY}
    set_class_days(campaign, actor=actor, days=days)
    change_campaign(campaign, actor=actor, draft=crowded.draft(closes_at=MONDAY_10 + dt.timedelta(days=2)))
    assert set(class_windows(campaign)) == {crowded.class_a.id, crowded.class_b.id}
    with pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    assert [(r.code, r.details) for r in caught.value.reasons] == [("class_day_outside", ("七年级(3)班",))]
    with clock.frozen(MONDAY_10 + dt.timedelta(days=1)), pytest.raises(CannotRun) as caught:
        launch_campaign(campaign, actor=actor)
    assert ("class_day_over", ("七年级(1)班",)) in [(r.code, r.details) for r in caught.value.reasons]


def test_a_discarded_plan_takes_its_days_along(crowded):
    campaign, actor = planned(crowded), crowded.actor("psych")
    set_class_days(campaign, actor=actor, days={crowded.class_a.id: TUESDAY})
    discard_campaign(campaign, actor=actor)
    assert not ClassDay.objects.for_system(reason="test").exists()


# ---- while it runs


def test_who_joins_or_consents_after_the_class_sat_may_answer_until_the_end(crowded):
    late = register_students(crowded.unit, [StudentDraft("晚同意", crowded.class_a, "2026777")], clock.today())
    campaign = paced(crowded)
    assert sitting_of(campaign, late[0]).excuse == "no_consent"
    with clock.frozen(MONDAY_10 + dt.timedelta(days=1)) as tuesday:
        crowded.consent(late)
        joined = register_students(crowded.unit, [StudentDraft("插班生", crowded.class_a, "2026778")], clock.today())
        crowded.consent(joined)
        complete_sittings(tuesday)
        for student in (*late, *joined):
            sitting = sitting_of(campaign, student)
            assert (sitting.state, sitting.closes_at) == ("waiting", CLOSES)
            assert sitting.opens_at <= tuesday
    assert sitting_of(campaign, in_class(crowded, crowded.class_a)).closes_at < tuesday, "the others had their day"


def test_control_without_that_rule_a_late_consent_lets_nobody_in(crowded, monkeypatch):
    late = register_students(crowded.unit, [StudentDraft("晚同意", crowded.class_a, "2026777")], clock.today())
    campaign = paced(crowded)
    with clock.frozen(MONDAY_10 + dt.timedelta(days=1)) as tuesday:
        crowded.consent(late)
        change = filling._change

        def without(campaign, ids, event, **fields):
            fields.pop("closes_at", None)
            return change(campaign, ids, event, **fields)

        monkeypatch.setattr(filling, "_change", without)
        complete_sittings(tuesday)
        assert sitting_of(campaign, late[0]).closes_at < tuesday


def test_who_changes_class_sits_with_the_new_class(crowded):
    campaign, pupil = paced(crowded), in_class(crowded, crowded.class_a)
    Student.objects.for_system(reason="test").filter(pk=pupil.pk).update(place=crowded.class_b.path)
    fill_campaign(campaign, MONDAY_10)
    assert on_day(sitting_of(campaign, pupil)) == WEDNESDAY
    back = in_class(crowded, crowded.class_b)
    Student.objects.for_system(reason="test").filter(pk=back.pk).update(place=crowded.class_a.path)
    fill_campaign(campaign, MONDAY_10 + dt.timedelta(days=1))
    assert on_day(sitting_of(campaign, back)) == WEDNESDAY, "the new class has sat, so the own day stays"


def test_extending_lets_classes_keep_their_days(crowded):
    campaign = paced(crowded, scale_ids=(crowded.versions["gad-7"].id,))
    until = CLOSES + dt.timedelta(days=4)
    extend_campaign(campaign, actor=crowded.actor("psych"), until=until)
    assert on_day(sitting_of(campaign, crowded.students[0])) == WEDNESDAY
    assert sitting_of(campaign, crowded.students[0]).closes_at < CLOSES


def test_extending_takes_those_along_whose_day_is_over(crowded):
    campaign = paced(crowded)
    tuesday, until = MONDAY_10 + dt.timedelta(days=1), CLOSES + dt.timedelta(hours=2)
    with clock.frozen(tuesday):
        extend_campaign(campaign, actor=crowded.actor("psych"), until=until)
        complete_sittings(tuesday)
    absent, to_come = in_class(crowded, crowded.class_a), in_class(crowded, crowded.class_b)
    assert sitting_of(campaign, absent).closes_at == until
    assert on_day(sitting_of(campaign, to_come)) == WEDNESDAY
    assert sitting_of(campaign, to_come).closes_at < CLOSES


def test_control_if_no_day_counted_as_over_they_would_be_left_out(crowded, monkeypatch):
    monkeypatch.setattr(campaign_services, "now", lambda: MONDAY_10)
    with pytest.raises(AssertionError):
        test_extending_takes_those_along_whose_day_is_over(crowded)


def test_a_make_up_round_takes_those_whose_day_is_over_and_leaves_the_others_their_day(crowded):
    campaign = paced(crowded)
    tuesday = MONDAY_10 + dt.timedelta(days=1)
    with clock.frozen(tuesday):
        open_make_up_round(
            campaign, actor=crowded.actor("psych"), opens_at=tuesday, closes_at=tuesday + dt.timedelta(hours=5)
        )
    absent, to_come = in_class(crowded, crowded.class_a), in_class(crowded, crowded.class_b)
    assert (sitting_of(campaign, absent).round, on_day(sitting_of(campaign, absent))) == (2, TUESDAY)
    assert (sitting_of(campaign, to_come).round, on_day(sitting_of(campaign, to_come))) == (1, WEDNESDAY)


def test_classes_that_have_not_begun_move_and_those_that_have_stay(crowded):
    campaign, actor = paced(crowded), crowded.actor("psych")
    hand_in(campaign, in_class(crowded, crowded.class_a), {"phq-9": [0] * 9, "gad-7": [0] * 7})
    moved = move_remaining_classes(campaign, actor=actor, later=2)
    assert days_of(moved) == [MONDAY, FRIDAY]
    assert on_day(sitting_of(campaign, crowded.students[0])) == FRIDAY
    event = AuditEvent.objects.get(event="screening.pace.moved")
    assert '"classes": 1' in event.facts
    with pytest.raises(CannotRun) as caught:
        set_class_days(campaign, actor=actor, days={crowded.class_a.id: THURSDAY})
    assert why(caught) == {"class_begun"}


def test_control_if_nobody_looked_who_has_begun_that_class_would_move_too(crowded, monkeypatch):
    campaign = paced(crowded)
    hand_in(campaign, in_class(crowded, crowded.class_a), {"phq-9": [0] * 9, "gad-7": [0] * 7})
    monkeypatch.setattr(pace_services, "begun_classes", lambda campaign: set())
    monkeypatch.setattr("xinqiao.care.screening.selectors.class_days.begun_classes", lambda campaign: set())
    assert days_of(move_remaining_classes(campaign, actor=crowded.actor("psych"), later=1)) == [TUESDAY, THURSDAY]


def test_moving_beyond_the_window_lengthens_it_and_beyond_the_days_with_duty_is_refused(crowded):
    campaign, actor = paced(crowded), crowded.actor("psych")
    with pytest.raises(CannotRun) as caught:
        move_remaining_classes(campaign, actor=actor, later=5)
    assert why(caught) == {"no_later_day"}
    guard_next_week(crowded)
    moved = move_remaining_classes(campaign, actor=actor, later=5)
    assert days_of(moved) == [MONDAY + dt.timedelta(days=7), WEDNESDAY + dt.timedelta(days=7)]
    assert timezone.localtime(moved.closes_at).date() == WEDNESDAY + dt.timedelta(days=7)
    for count in (0, -1):
        with pytest.raises(CannotRun):
            move_remaining_classes(campaign, actor=actor, later=count)


def test_a_make_up_sitting_does_not_move_with_its_class(crowded):
    campaign, actor = paced(crowded, days=(MONDAY, TUESDAY)), crowded.actor("psych")
    tuesday = MONDAY_10 + dt.timedelta(days=1)
    with clock.frozen(tuesday):
        open_make_up_round(campaign, actor=actor, opens_at=tuesday, closes_at=tuesday + dt.timedelta(hours=5))
        absent = in_class(crowded, crowded.class_a)
        before = sitting_of(campaign, absent).closes_at
        move_remaining_classes(campaign, actor=actor, later=1)
        assert sitting_of(campaign, absent).closes_at == before
        assert on_day(sitting_of(campaign, in_class(crowded, crowded.class_b))) == WEDNESDAY


def test_a_plan_and_an_ended_screening_have_nothing_to_move(crowded):
    actor, campaign = crowded.actor("psych"), planned(crowded)
    with pytest.raises(CannotRun) as caught:
        move_remaining_classes(campaign, actor=actor, later=1)
    assert why(caught) == {"not_open"}
    running = paced(crowded)
    with pytest.raises(CannotRun) as caught:
        drop_class_days(running, actor=actor)
    assert why(caught) == {"not_draft"}
    close_campaign(running, actor=actor)
    with pytest.raises(CannotRun) as caught:
        set_class_days(running, actor=actor, days={crowded.class_a.id: FRIDAY})
    assert why(caught) == {"not_open"}


# ---- the live picture


def settled(campaign, count: int) -> None:
    from xinqiao.care.alerts.models import Signal

    rows = Signal.objects.for_system(reason="test").order_by("id")[:count]
    Signal.objects.for_system(reason="test").filter(pk__in=[row.pk for row in rows]).update(
        state="closed", outcome="nothing", closed_at=MONDAY_10
    )


def test_the_live_picture_counts_flags_talks_and_days_by_class(crowded):
    campaign = paced(crowded)
    for n in range(10):
        hand_in(campaign, in_class(crowded, crowded.class_a, n), FLAGGED)
    settled(campaign, 2)
    found = workload_of(campaign, crowded.unit, MONDAY_10)
    first, second = found.rows
    assert (first.answered, first.flagged, first.talked, first.waiting) == (10, 10, 2, 8)
    assert (second.answered, second.flagged, second.waiting) == (0, 0, 0)
    assert (found.flagged, found.waiting, found.elsewhere, found.days) == (10, 8, 0, 2)
    assert found.expected == pytest.approx(first.expected * 10 / 30)
    assert (found.next_day, found.later) == (WEDNESDAY, 0), "twelve talks until Wednesday, eight wait"


def test_the_live_picture_warns_when_the_queue_outgrows_the_talks_and_says_by_how_much(crowded):
    campaign = paced(crowded)
    for n in range(20):
        hand_in(campaign, in_class(crowded, crowded.class_a, n), FLAGGED)
    found = workload_of(campaign, crowded.unit, MONDAY_10)
    assert (found.waiting, found.next_day, found.later) == (20, WEDNESDAY, 2), "by Friday all twenty are talked to"
    move_remaining_classes(campaign, actor=crowded.actor("psych"), later=found.later)
    assert workload_of(campaign, crowded.unit, MONDAY_10).later == 0
    assert remaining_days(campaign, MONDAY_10) == {crowded.class_b.id: FRIDAY}


def test_who_waits_for_another_reason_takes_part_of_the_same_hours(crowded):
    other = crowded.launched(cohorts=(("junior", 2025),), name="八年级")
    crowded.consent(crowded.elders)
    complete_sittings(MONDAY_10)
    campaign = paced(crowded)
    hand_in(campaign, in_class(crowded, crowded.class_a), FLAGGED)
    for elder in crowded.elders:
        hand_in(other, elder, FLAGGED)
    found = workload_of(campaign, crowded.unit, MONDAY_10)
    assert (found.waiting, found.elsewhere) == (1, 3)
