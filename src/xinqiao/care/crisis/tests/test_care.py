"""A case from its opening to its end: what is dated, what climbs, what is refused, and who learns of it."""

import datetime as dt
import json
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Signal
from xinqiao.care.alerts.services import raising, telling
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.levels import Basis, CannotSetLevel, set_attention
from xinqiao.care.crisis import following, rules
from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.evidence import evidence_from
from xinqiao.care.crisis.facts import end_facts
from xinqiao.care.crisis.models import CarePlan, Case, Judgement
from xinqiao.care.crisis.rows import every_case, every_follow_up, every_judgement, every_plan
from xinqiao.care.crisis.services.closing import close_case
from xinqiao.care.crisis.services.opening import hand_over_case, open_case
from xinqiao.care.crisis.services.referrals import withdraw_referral
from xinqiao.care.crisis.tests.conftest import ADVICE, GOALS, REASONS, SEEN, WHY, fresh
from xinqiao.care.crisis.tests.referring import build_referring
from xinqiao.care.crisis.turning import cases_to_hand_over
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.events import event_kind
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.hooks import Left, staff_left
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.selectors import running_clocks
from xinqiao.register.people.services.students import end_enrolment, move_student
from xinqiao.register.years.doubts import Question

DAY = dt.timedelta(days=1)


def refused(act) -> tuple[str, ...]:
    with pytest.raises(CannotCare) as error:
        act()
    return error.value.codes


def days_of(case) -> dict[str, dt.date]:
    from django.utils import timezone

    clocks = running_clocks([case.id], clock.now()).get(case.id, [])
    return {row.kind: timezone.localtime(row.due_at).date() for row in clocks}


def later(days: int):
    return clock.frozen(clock.now() + days * DAY)


# Opening


def test_a_talk_that_finds_need_opens_a_case_with_a_day_for_the_first_conference(world, raise_signal_for):
    signal = raise_signal_for(world.students[0])
    talk = Talk(
        clock.now(), True, "yes", "some", "谈过", "case", "red", ADVICE, clock.today() + 7 * DAY,
    )  # fmt: skip
    record_interview(signal, actor=world.actor("psych"), talk=talk)
    case = every_case().get()
    assert (case.state, case.owner, case.urgency) == ("open", world.id_of("psych"), "red")
    assert days_of(case) == {"judgement": clock.today() + DAY}


@pytest.mark.parametrize(
    ("outcome", "level", "days"), [("known", "red", 1), ("case", "red", 1), ("known", "yellow", 14)]
)
def test_a_talk_that_raises_the_level_of_a_pupil_in_care_brings_people_together_sooner(
    care, world, raise_signal_for, outcome, level, days
):
    case = care.judged("orange")
    signal = raise_signal_for(world.students[0], "yellow")
    talk = Talk(clock.now(), True, "yes", "some", "谈过", outcome, level, ADVICE, clock.today() + 7 * DAY)
    record_interview(signal, actor=world.actor("psych"), talk=talk)
    case = fresh(case)
    assert case.judge_by == days_of(case)["judgement"] == clock.today() + days * DAY
    assert end_facts(case).level == ("red" if level == "red" else "orange"), "the more serious of the two stands"


def test_a_case_is_opened_by_hand_once_and_with_a_reason(care, world):
    pupil, psych = world.students[0], care.psych
    assert refused(lambda: open_case(pupil, actor=psych, urgency="yellow", why="  短 ")) == (rules.NO_REASONS,)
    case = care.open(urgency="yellow")
    assert days_of(case) == {"judgement": clock.today() + 7 * DAY}
    assert refused(lambda: care.open(pupil)) == (rules.OPEN_ALREADY,)
    for login in ("teacher", "head", "helper", "other_psych", "officer"):
        with pytest.raises(Forbidden):
            open_case(world.students[1], actor=world.actor(login), urgency="red", why=WHY)


def test_the_database_keeps_one_open_case_a_pupil_and_lets_none_end_without_a_reason(care):
    case = care.judged()
    wrong = [
        {"state": "closed", "level": "green"},
        {"follow_up_on": None},
        {"judge_by": None},
        {"level": ""},
        {"state": "closed", "closed_at": clock.now(), "closed_by": case.owner, "end_reason": "better"},
        {"state": "closed", "closed_at": clock.now(), "closed_by": case.owner, "end_reason": "better", "level": ""},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            every_case().filter(pk=case.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case(
            county_id=case.county_id, place=case.place, student=case.student, key_id=case.key_id, owner=case.owner,
            opened_at=clock.now(), opened_by=case.owner,
        ).save(force_insert=True)  # fmt: skip


def test_control_a_case_that_keeps_its_days_and_reason_is_taken(care):
    case = care.judged("yellow")
    fields = {"state": "closed", "closed_at": clock.now(), "closed_by": case.owner, "end_reason": "better"}
    assert every_case().filter(pk=case.pk).update(**fields) == 1


# Judging


def test_a_conference_sets_the_level_the_days_and_both_clocks(care, world):
    case = care.judged("red")
    assert (case.state, case.level) == ("judged", "red")
    assert days_of(case) == {"judgement": clock.today() + 14 * DAY, "follow_up": clock.today() + 3 * DAY}
    row = Attention.objects.for_system(reason="test").get(ended_at=None)
    assert (row.level, row.basis_kind) == ("red", "judgement")
    assert open_sealed([row], "advice")[0]["advice"] == ADVICE
    judgement = every_judgement().get()
    assert json.loads(judgement.present) == sorted([str(world.id_of("psych")), str(world.id_of("teacher"))])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present": ()}, rules.TOO_FEW_PEOPLE),
        ({"reasons": "短"}, rules.NO_REASONS),
        ({"advice": " "}, rules.NO_ADVICE),
        ({"review_on": dt.date(2026, 11, 23)}, rules.REVIEW_NOT_AHEAD),
        ({"review_on": dt.date(2027, 3, 1)}, rules.REVIEW_TOO_LATE),
        ({"held_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}, rules.HELD_IN_FUTURE),
        ({"held_at": dt.datetime(2026, 11, 20, tzinfo=dt.UTC)}, rules.HELD_BEFORE_CASE),
        ({"level": "yellow"}, ""),
    ],
)
def test_a_faulty_conference_is_refused_with_its_reason(care, change, code):
    case = care.open()
    act = lambda: care.judge(case, **{"level": "orange", **change})  # noqa: E731
    if code:
        assert refused(act) == (code,)
        assert not every_judgement().exists()
    else:
        assert act().level == "yellow", "the control: one that stands is taken"


@pytest.mark.parametrize(("level", "days"), [("red", 14), ("orange", 28), ("yellow", 60), ("green", 60)])
def test_without_a_day_it_is_judged_again_on_the_latest_that_the_rules_allow(care, level, days):
    assert care.judge(care.open(), level, review_on=None).judge_by == clock.today() + days * DAY


def test_one_person_may_say_yellow_and_a_guest_counts_as_one_who_sat(care, world):
    alone = (world.id_of("psych"),)
    assert care.judge(care.open(), "yellow", present=alone).level == "yellow"
    case = care.open(world.students[1])
    assert refused(lambda: care.judge(case, "red", present=alone)) == (rules.TOO_FEW_PEOPLE,)
    assert care.judge(case, "red", present=alone, others="校医").level == "red"


def test_of_two_at_once_the_second_is_shown_the_first_and_confirms(care):
    case = care.open()
    care.judge(case)
    assert refused(lambda: care.judge(case, "red")) == (rules.JUDGED_MEANWHILE,)
    assert care.judge(case, "red", after=1).level == "red"
    first = every_judgement().get(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement(
            county_id=case.county_id, place=case.place, case=case, key_id=case.key_id, number=first.number,
            held_at=clock.now(), recorded_at=clock.now(), recorded_by=case.owner, present="[]", evidence="[]",
            has_static=False, has_dynamic=False, level="red", reasons="x", review_on=clock.today(),
        ).save(force_insert=True)  # fmt: skip


def test_whoever_was_quicker_by_a_moment_wins(care, monkeypatch):
    case = care.open()
    care.judge(case)
    monkeypatch.setattr(type(every_judgement()), "last", lambda self: None)
    assert refused(lambda: care.judge(case, "red")) == (rules.JUDGED_MEANWHILE,)
    monkeypatch.undo()
    assert [row.level for row in every_judgement()] == ["orange"]


def test_static_and_dynamic_are_told_apart(care):
    keys = ["sheet:1", "said_family:", "weird:7"]
    assert evidence_from(keys) == (("sheet", "1"), ("said_family", ""))
    care.judge(care.open(), evidence=evidence_from(keys))
    row = every_judgement().get()
    assert (row.has_static, row.has_dynamic) == (True, True)


def test_the_way_down_needs_a_calm_look_since_and_no_red_signal(care, world, raise_signal_for):
    case = care.judged("orange")
    assert refused(lambda: care.judge(case, "yellow", after=1)) == (rules.NO_CALM_LOOK,)
    with later(1):
        case = care.follow(case, "same")
        assert refused(lambda: care.judge(case, "yellow", after=1)) == (rules.NO_CALM_LOOK,)
        case = care.follow(case, "none")
        signal = raise_signal_for(world.students[0])
        assert refused(lambda: care.judge(case, "yellow", after=1)) == (rules.OPEN_RED,)
        alone = (world.id_of("psych"),)
        Signal.objects.for_system(reason="test").filter(pk=signal.pk).update(
            state="closed", closed_at=clock.now(), outcome="known"
        )
        assert refused(lambda: care.judge(case, "yellow", after=1, present=alone)) == (rules.TOO_FEW_PEOPLE,)
        assert care.judge(case, "yellow", after=1).level == "yellow"


def test_a_level_is_lowered_in_the_case_alone_and_raised_anywhere(care, world):
    care.judged("orange")
    pupil, review = world.students[0], clock.today() + 7 * DAY
    with pytest.raises(CannotSetLevel) as error:
        set_attention(pupil, actor=care.psych, level="green", advice="", basis=Basis("review"), review_on=None)
    assert error.value.code == "kept_in_case"
    set_attention(pupil, actor=care.psych, level="red", advice=ADVICE, basis=Basis("review"), review_on=review)
    other = world.students[1]
    for level in ("red", "yellow"):
        set_attention(other, actor=care.psych, level=level, advice=ADVICE, basis=Basis("review"), review_on=review)


# Planning


def test_a_plan_names_one_helper_and_keeps_its_versions(care, world):
    case = care.judged()
    care.plan(case)
    assert refused(lambda: care.plan(case)) == (rules.PLANNED_MEANWHILE,)
    care.plan(case, after=1, helper=world.id_of("teacher"))
    assert [(row.number, row.is_current) for row in every_plan().order_by("number")] == [(1, False), (2, True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        every_plan().update(is_current=True)
    for change, code in (
        ({"goals": " "}, rules.NO_GOALS),
        ({"measures": ()}, rules.NO_MEASURE),
        ({"for_helper": " "}, rules.NO_WORDS_FOR_HELPER),
        ({"helper": world.id_of("other_psych")}, rules.NOT_OF_THE_SCHOOL),
        ({"review_on": clock.today()}, rules.REVIEW_NOT_AHEAD),
    ):
        assert refused(lambda change=change: care.plan(case, after=2, **change)) == (code,)


# Following up


def test_follow_ups_keep_the_rhythm_of_the_level(care):
    case = care.judged("red")
    assert days_of(case)["follow_up"] == case.follow_up_on == clock.today() + 3 * DAY
    with later(3):
        case = care.follow(case)
    with later(3):
        assert case.follow_up_on == clock.today() + 14 * DAY
        with later(14):
            case = care.follow(case)
            assert case.follow_up_on == clock.today() + 7 * DAY
            with later(7):
                assert care.follow(case).follow_up_on == clock.today() + 7 * DAY


@pytest.mark.parametrize(("level", "days"), [("orange", 14), ("yellow", 30)])
def test_each_level_has_its_own_rhythm_and_green_none(care, world, level, days):
    assert care.judged(level).follow_up_on == clock.today() + days * DAY
    assert care.judged("green", world.students[1]).follow_up_on is None


def test_a_faulty_follow_up_is_refused_with_its_reason(care):
    case = care.judged()
    for change, code in (
        ({"words": " "}, rules.NO_WORDS),
        ({"finding": ""}, rules.NO_FINDING),
        ({"next_on": clock.today()}, rules.NEXT_NOT_AHEAD),
        ({"next_on": clock.today() + 15 * DAY}, rules.NEXT_TOO_LATE),
        ({"held_at": clock.now() + DAY}, rules.HELD_IN_FUTURE),
        ({"held_at": clock.now() - 3 * DAY}, rules.HELD_BEFORE_CASE),
    ):
        assert refused(lambda change=change: care.follow(case, **change)) == (code,)
    assert care.follow(case, next_on=clock.today() + 14 * DAY).follow_up_on == clock.today() + 14 * DAY, "the control"


def test_a_talk_with_guardians_leaves_the_day_of_the_next_follow_up(care):
    case = care.judged()
    with later(1):
        assert care.follow(case, finding="", whom="guardian").follow_up_on == case.follow_up_on
        assert days_of(case)["follow_up"] == case.follow_up_on


def test_acute_danger_is_a_red_signal_at_once_and_brings_people_together(care, world):
    case = care.follow(care.judged("yellow"), "acute")
    signal = Signal.objects.for_system(reason="test").get()
    assert (signal.urgency, signal.source, signal.student_id) == ("red", "counsellor", world.students[0].id)
    assert case.judge_by == days_of(case)["judgement"] == clock.today() + DAY
    other = care.follow(care.judged("yellow", world.students[1]), "none")
    assert Signal.objects.for_system(reason="test").count() == 1, "the control: no danger, no signal"
    assert other.judge_by == clock.today() + 14 * DAY


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])
def test_where_nobody_can_be_told_of_danger_the_follow_up_and_its_signal_stand(care, monkeypatch, is_kept):
    def nobody(_signals, *, at):
        raise telling.NobodyToTell

    case = care.judged("yellow")
    monkeypatch.setattr(telling, "tell", nobody)
    if not is_kept:
        monkeypatch.setattr(raising, "tell_if_anybody", lambda signal, *, at: telling.tell([signal], at=at))

    def check():
        with suppress(telling.NobodyToTell):
            care.follow(case, "acute")
        assert every_follow_up().filter(case=case).count() == 1
        assert Signal.objects.for_system(reason="test").get().told_at is None, "the job of telling tries on"
        assert fresh(case).judge_by == clock.today() + DAY

    if is_kept:
        check()
        monkeypatch.undo()
        assert tell_new_signals(clock.now()) == 1
    else:
        with pytest.raises(AssertionError):
            check()


@pytest.mark.parametrize(("days", "kinds"), [(13, set()), (15, {"follow_up", "judgement"})])
def test_what_nobody_does_climbs_and_is_told_in_neutral_words(care, world, days, kinds):
    case = care.judged("orange")
    with later(days):
        told = {climb.kind for climb in climb_due(clock.now()) if climb.subject_id == case.id}
        assert told == kinds
        mails = OutboxMessage.objects.for_system(reason="test").filter(about_kind="case")
        assert mails.exists() is bool(kinds)
        events = AuditEvent.objects.filter(event="crisis.case.overdue").count()
    assert events == len(kinds)
    for mail in mails:
        assert not any(word in mail.subject + mail.body for word in ("欧阳", "橙", "研判", "会诊", "回访", "orange"))


# Closing


def ready_to_close(care) -> tuple[Case, dt.datetime]:
    """Orange, one calm look, yellow; the moment after."""
    case = care.judged("orange")
    with later(1):
        case = care.follow(case)
        return care.judge(case, "yellow", after=1), clock.now()


def close(care, case, reason="better", words="持续平稳，家长同意"):
    return close_case(fresh(case), actor=care.psych, reason=reason, words=words)


def test_a_case_ends_after_calm_looks_and_the_time_of_observation(care):
    case, stepped_at = ready_to_close(care)
    assert set(refused(lambda: close(care, case))) == {rules.NOT_CALM_YET, rules.STILL_OBSERVED}
    with clock.frozen(stepped_at + 14 * DAY):
        case = care.judge(care.follow(care.follow(case)), "yellow", after=2, review_on=clock.today() + 30 * DAY)
        assert refused(lambda: close(care, case)) == (rules.STILL_OBSERVED,)
    with clock.frozen(stepped_at + 28 * DAY):
        assert end_facts(case).calm == 3
        assert refused(lambda: close(care, case, words="短")) == (rules.NO_END_REASON,)
        assert refused(lambda: close(care, case, reason="weird")) == (rules.NO_END_REASON,)
        closed = close(care, case)
        assert (closed.state, closed.end_reason, closed.judge_by) == ("closed", "better", None)
        assert days_of(closed) == {}
        assert refused(lambda: close(care, closed)) == (rules.CASE_CLOSED,)
        again = care.open()
        assert again.former_id == closed.id, "a later case names the one before it"


def test_an_unsettled_sign_of_danger_starts_the_counting_anew(care):
    case, stepped_at = ready_to_close(care)
    with clock.frozen(stepped_at + 14 * DAY):
        case = care.follow(care.follow(case), "worse")
    with clock.frozen(stepped_at + 28 * DAY):
        assert {rules.NOT_CALM_YET, rules.OVERDUE} == set(refused(lambda: close(care, case)))


def test_nothing_is_closed_at_red_or_orange_unjudged_or_under_a_signal(care, world, raise_signal_for):
    case = care.open()
    assert refused(lambda: close(care, case)) == (rules.NOT_JUDGED,)
    case = care.judge(case)
    assert rules.NOT_STEPPED_DOWN in refused(lambda: close(care, case))
    assert refused(lambda: close(care, case, "mistake")) == (rules.JUDGED_ALREADY, rules.NOT_STEPPED_DOWN)
    other = care.judged("yellow", world.students[1])
    for urgency, code in (("red", rules.OPEN_RED), ("yellow", rules.OPEN_SIGNAL)):
        signal = raise_signal_for(world.students[1], urgency)
        assert refused(lambda: close(care, other)) == (code,)
        Signal.objects.for_system(reason="test").filter(pk=signal.pk).update(
            state="closed", closed_at=clock.now(), outcome="known"
        )
    assert close(care, other).state == "closed", "the control: yellow from the first, nothing open"


def test_a_mistake_is_closed_before_anybody_judged_it_and_ends_the_level(care, world):
    case = care.open()
    pupil = world.students[0]
    review = clock.today() + 7 * DAY
    set_attention(pupil, actor=care.psych, level="yellow", advice=ADVICE, basis=Basis("review"), review_on=review)
    assert close(care, case, "mistake", "同名学生，开错了").state == "closed"
    assert not Attention.objects.for_system(reason="test").filter(ended_at=None).exists()


def test_what_another_room_knows_stands_against_the_end(care, monkeypatch):
    from xinqiao.care.crisis import obstacles

    case = care.judged("yellow")
    monkeypatch.setitem(obstacles._asked, "open_referral", (lambda _case: "open_referral", "还有转介"))
    assert refused(lambda: close(care, case)) == ("open_referral",)
    monkeypatch.delitem(obstacles._asked, "open_referral")
    assert close(care, case).state == "closed"


def test_a_referral_on_its_way_stands_against_the_end(care, world):
    refer = build_referring(world)
    case = care.judged("yellow")
    sent = refer.sent()
    assert sent.student_id == case.student_id
    assert "open_referral" in refused(lambda: close(care, case))
    withdraw_referral(sent, actor=care.psych, reason="elsewhere")
    assert close(care, fresh(case)).state == "closed"


# People who come and go


def test_a_case_is_handed_to_a_named_colleague(care, world):
    case = care.open()
    assert isinstance(hand_over_case(case, actor=care.psych, to=world.id_of("psych")), Unchanged)
    assert refused(lambda: hand_over_case(case, actor=care.psych, to=world.id_of("teacher"))) == (
        rules.NOT_OF_THE_SCHOOL,
    )
    hand_over_case(case, actor=care.psych, to=world.id_of("psych2"))
    assert fresh(case).owner == world.id_of("psych2")


def test_open_cases_go_to_the_heir_of_whoever_leaves(care, world):
    case = care.open()
    heirs = Left(world.id_of("psych"), None, world.id_of("psych2"), None, world.school.path, clock.today())
    from xinqiao.foundation.access.actors import system_actor
    from xinqiao.foundation.audit.recording import recording

    with recording(system_actor("test")):
        staff_left.send([heirs])
    assert fresh(case).owner == world.id_of("psych2")


def test_control_without_the_receiver_the_case_stays_with_whoever_left(care, world, monkeypatch):
    case = care.open()
    receivers = [each for each in staff_left._receivers if each is not following.hand_over_cases]
    monkeypatch.setattr(staff_left, "_receivers", receivers)
    staff_left.send([Left(world.id_of("psych"), None, world.id_of("psych2"), None, world.school.path, clock.today())])
    assert fresh(case).owner == world.id_of("psych")


def test_a_case_follows_into_another_class_and_waits_for_a_person_when_the_pupil_leaves(care, world):
    case, pupil = care.judged("orange"), world.students[0]
    move_student(pupil, actor=care.psych, class_unit=world.class_a, on=clock.today())
    assert fresh(case).place == world.class_a.path
    assert rules.STILL_HERE in refused(lambda: close(care, case, "left"))
    end_enrolment(pupil, actor=care.psych, on=clock.today())
    assert fresh(case).state == "judged", "nothing closes it by itself"
    closed = close(care, case, "left", "已与接收学校心理教师当面交接")
    assert (closed.state, closed.level) == ("closed", "orange")
    assert not Attention.objects.for_system(reason="test").filter(ended_at=None).exists()


def test_the_turn_of_a_year_names_who_would_graduate_in_care_to_psychology_teachers_alone(care, world):
    case = care.open()
    leaving = frozenset({case.student_id})
    asked = lambda login: Question(world.school, world.actor(login), leaving, clock.today())  # noqa: E731
    (doubt,) = cases_to_hand_over(asked("psych"))
    assert (doubt.tone, [each.student_id for each in doubt.pupils]) == ("red", [case.student_id])
    for login in ("head", "teacher", "other_psych"):
        assert cases_to_hand_over(asked(login)) == ()


# Secrets


def test_words_of_a_case_lie_sealed_and_stay_out_of_the_audit(care):
    case = care.judged()
    care.plan(case)
    care.follow(case)
    tables = {
        "crisis_case": "opened_for", "crisis_judgement": "reasons", "crisis_careplan": "goals",
        "crisis_followup": "seen_words",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table, column in tables.items():
            cursor.execute(f"SELECT {column} FROM {table}")
            stored = bytes(cursor.fetchone()[0])
            assert not any(words.encode() in stored for words in (WHY, REASONS, GOALS, SEEN)), table
    assert open_sealed(list(every_follow_up()), "seen_words")[0]["seen_words"] == SEEN, "the control: it is in there"
    assert open_sealed(list(CarePlan.objects.for_system(reason="test")), "goals")[0]["goals"] == GOALS
    facts = " ".join(AuditEvent.objects.filter(event__startswith="crisis.").values_list("facts", flat=True))
    assert not any(words in json.dumps(facts, ensure_ascii=False) for words in (WHY, REASONS, GOALS, SEEN))
    assert "level" in event_kind("crisis.case.judged").care_facts, "the auditor is not told which"
