"""The second paper: opened by itself for who waits, read when handed in; a person settles, the clock never does."""

import copy
import datetime as dt
import json

import pytest
from django.conf import settings as django_settings

from xinqiao.care.alerts import rules
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Interview, Notice, Signal
from xinqiao.care.alerts.selectors import at_the_gate, queue
from xinqiao.care.alerts.services import gates, interviewing
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.screening.jobs import second_papers
from xinqiao.care.screening.jobs.filling import complete_sittings, waiting_students
from xinqiao.care.screening.jobs.second_papers import keep_second_papers
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import refusals_of_second_paper
from xinqiao.care.screening.selectors import results
from xinqiao.care.screening.selectors.accuracy import findings_of
from xinqiao.care.screening.selectors.progress import progress_of
from xinqiao.care.screening.selectors.results import pupil_result
from xinqiao.care.screening.selectors.second_papers import slips_of
from xinqiao.care.screening.services.campaigns import CannotRun
from xinqiao.care.screening.tests import handing_in
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import MONDAY_10

pytestmark = pytest.mark.django_db
HIGH = {"phq-9": [2] * 8 + [0], "gad-7": [0] * 7}
DUE = dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MINUTE = dt.timedelta(minutes=1)


def fresh(signal):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal.pk)


def second_sittings(campaign):
    return Sitting.objects.for_system(reason="test").filter(origin_id=campaign.gate_origin_id)


def answer_again(campaign, student, answers, monkeypatch):
    """Hand in the second paper as the intake does, then let the clock's jobs run."""
    sitting = second_sittings(campaign).get(student=student)
    with monkeypatch.context() as patch:
        patch.setattr(handing_in, "sitting_of", lambda *_: sitting)
        hand_in(campaign, student, answers, at=clock.now() + MINUTE)
    tell_new_signals(clock.now())
    keep_second_papers(clock.now())


@pytest.fixture
def campaign(school):
    found = school.launched(
        scale_ids=(school.versions["phq-9"].id, school.versions["gad-7"].id), gate="paper",
        gate_scale_ids=(school.versions["gad-7"].id,),
    )  # fmt: skip
    return Campaign.objects.for_system(reason="test").get(pk=found.pk)


@pytest.fixture
def waiting(school, campaign):
    sitting = hand_in(campaign, school.students[0], HIGH)
    tell_new_signals(clock.now())
    keep_second_papers(clock.now())
    return Signal.objects.for_system(reason="test").select_related("student").get(origin_id=sitting.id)


def test_a_sitting_opens_by_itself_once_until_the_clock_is_due(school, campaign, waiting):
    (sitting,) = second_sittings(campaign)
    assert (sitting.student_id, sitting.state, sitting.opens_at, sitting.closes_at) == (
        waiting.student_id, "waiting", MONDAY_10, DUE,
    )  # fmt: skip
    assert sitting.paper_id == campaign.gate_paper_id != campaign.paper_id
    assert keep_second_papers(MONDAY_10 + MINUTE) == 0
    assert AuditEvent.objects.filter(event="screening.second_paper.opened").count() == 1


def test_the_paper_says_nothing_of_a_gate(campaign):
    content = Paper.objects.for_system(reason="test").get(pk=campaign.gate_paper_id).content
    assert not any(word in content for word in ("复筛", "复测", "超线", "second", "gate", "flag", "GAD"))


def test_it_is_none_of_the_campaigns_own_sittings(school, campaign, waiting):
    """Else seat lists, progress and make-up rounds would show whom the second paper asks."""
    complete_sittings(MONDAY_10 + MINUTE)
    rows = progress_of(campaign, [school.class_a, school.class_b], clock.today())
    own = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id)
    assert own.count() == len(school.students)
    assert [sum(row.answered for row in rows), sum(row.asked_again for row in rows)] == [1, 0]


def test_no_pin_opens_it_so_that_nobody_finds_out_by_trying_pins(campaign, waiting):
    assert all(sitting.is_code_only for sitting in second_sittings(campaign))
    first = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id)
    assert not any(sitting.is_code_only for sitting in first)


def test_it_does_not_show_by_a_missing_seat_in_the_next_screening(school, campaign, waiting):
    """Who has a second paper open is seated in another screening like everybody else."""
    others = waiting_students(Campaign(id=new_id()), [school.class_a.path, school.class_b.path], MONDAY_10 + MINUTE)
    Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id).update(state="excused")
    assert waiting.student_id in set(others.values_list("pk", flat=True))
    second_sittings(campaign).update(is_code_only=False)  # the control: as an ordinary sitting it would keep them out
    assert waiting.student_id not in set(others.values_list("pk", flat=True))


def test_a_settled_signal_ends_what_was_not_answered_yet(school, campaign, waiting):
    Signal.objects.for_system(reason="test").filter(pk=waiting.pk).update(
        state="closed", outcome="nothing", closed_at=MONDAY_10
    )
    keep_second_papers(MONDAY_10 + MINUTE)
    assert set(second_sittings(campaign).values_list("state", "excuse")) == {("excused", "other")}
    assert slips_of(school.actor("psych"), campaign, MONDAY_10 + MINUTE) == []


def test_a_consent_taken_back_ends_it_also_when_nobody_waits(school, campaign, waiting):
    Signal.objects.for_system(reason="test").filter(pk=waiting.pk).update(gate_state="passed")
    keep_second_papers(MONDAY_10 + MINUTE)
    assert set(second_sittings(campaign).values_list("state", flat=True)) == {"excused"}


def test_the_first_signal_is_not_forgotten_over_a_second_paper_without_a_flag(school, campaign, waiting, monkeypatch):
    answer_again(campaign, waiting.student, {"gad-7": [0, 1, 0, 1, 0, 1, 0]}, monkeypatch)
    shown = pupil_result(school.actor("psych"), waiting.student_id, clock.today())
    assert shown.signal_id == waiting.id
    monkeypatch.setattr(results, "_sittings_of_latest", lambda faces, _second: {faces[0].sitting_id})  # the control
    assert pupil_result(school.actor("psych"), waiting.student_id, clock.today()).signal_id is None


def test_who_was_not_flagged_or_cried_is_not_asked_again(school, campaign, waiting):
    hand_in(campaign, school.students[1], {"phq-9": [0] * 9, "gad-7": [0] * 7})
    hand_in(campaign, school.students[2], {"phq-9": [2] * 9, "gad-7": [0] * 7})
    tell_new_signals(clock.now())
    keep_second_papers(clock.now())
    assert set(second_sittings(campaign).values_list("student_id", flat=True)) == {waiting.student_id}


def test_flagged_again_passes_to_a_higher_place(school, campaign, waiting, monkeypatch):
    answer_again(campaign, waiting.student, {"gad-7": [2] * 7}, monkeypatch)
    signal = fresh(waiting)
    assert (signal.gate_state, signal.urgency, signal.state) == ("passed", "orange", "open")
    assert set(open_clocks().filter(subject_id=signal.id).values_list("kind", flat=True)) == {"seen"}
    (row,) = queue(school.actor("psych"), MONDAY_10)
    assert (row.urgency, row.signals) == ("orange", 2)
    shown = pupil_result(school.actor("psych"), waiting.student_id, clock.today())
    assert {sheet.scale_code for sheet in shown.latest} == {"phq-9", "gad-7"}
    assert len(shown.latest) == 3, "the second paper stands beside both sheets of the first"


def nobody_is_closed(waiting):
    signal = fresh(waiting)
    assert (signal.gate_state, signal.state, signal.outcome) == ("cleared", "open", "")
    assert open_clocks().filter(subject_id=signal.id, kind="gate").exists(), "its clock runs on"


@pytest.mark.parametrize("confirmed", ["orange", "yellow"])
def test_flagged_again_is_told_anew_also_where_it_became_no_more_urgent(campaign, waiting, monkeypatch, confirmed):
    """Nobody is called while a signal waits at the gate; when it passes, the clock of the interview runs."""
    Signal.objects.for_system(reason="test").filter(pk=waiting.pk).update(urgency=confirmed)
    assert not calling(waiting).exists()
    answer_again(campaign, waiting.student, FLAGGED, monkeypatch)
    assert fresh(waiting).gate_state == "passed"
    assert calling(waiting).exists()
    at_once = OutboxMessage.objects.for_system(reason="test").filter(about_kind="signal", about_id=waiting.id)
    assert at_once.exists() == (fresh(waiting).urgency == "orange")


def calling(signal):
    """The notices of a signal that call on somebody."""
    return Notice.objects.for_system(reason="test").filter(signal_id=signal.id, ended_at__isnull=True)


def test_control_told_only_when_more_urgent_it_would_call_on_nobody(campaign, waiting, monkeypatch):
    monkeypatch.setattr(second_papers, "call_again", lambda signal, *, at: None)
    with pytest.raises(AssertionError):
        test_flagged_again_is_told_anew_also_where_it_became_no_more_urgent(campaign, waiting, monkeypatch, "orange")


def looked_at(monkeypatch, runs: int = 1) -> list:
    """Which campaigns are opened for writing in some runs."""
    seen = []
    with monkeypatch.context() as patch:
        patch.setattr(second_papers, "keep_second_paper", lambda campaign, _now: seen.append(campaign.pk) or 0)
        for _run in range(runs):
            keep_second_papers(clock.now())
    return seen


def test_a_campaign_whose_second_papers_are_settled_is_left_alone(campaign, waiting, monkeypatch):
    assert looked_at(monkeypatch) == [campaign.pk]
    Signal.objects.for_system(reason="test").filter(pk=waiting.pk).update(gate_state="passed")
    assert looked_at(monkeypatch) == [campaign.pk], "control: a paper that is not handed in is taken back"
    keep_second_papers(clock.now())
    assert looked_at(monkeypatch) == []


def test_a_run_looks_at_a_few_and_the_next_goes_on_after_them(campaign, waiting, monkeypatch):
    others = [new_id() for _each in range(4)]
    for pk in others:
        Sitting.objects.for_system(reason="test").bulk_create([copy_of(second_sittings(campaign).get(), origin_id=pk)])
        Campaign.objects.for_system(reason="test").bulk_create(
            [copy_of(campaign, pk=pk, gate_origin_id=pk)])  # fmt: skip
    monkeypatch.setattr(second_papers, "CAMPAIGNS_A_RUN", 2)
    seen = looked_at(monkeypatch, runs=3)
    assert len(seen) == 6
    assert set(seen) == {campaign.pk, *others}


def copy_of(row, **changes):
    found = copy.copy(row)
    found.pk = found.id = new_id()
    for name, value in changes.items():
        setattr(found, name, value)
    return found


FLAGGED, CLEAR = {"gad-7": [2] * 7}, {"gad-7": [0, 1, 0, 1, 0, 1, 0]}


def told_to_the_auditor(campaign, school, monkeypatch, answers) -> list:
    """What the audit holds of the gate after a second paper, but for times and ids."""
    sitting = hand_in(campaign, school.students[0], HIGH)
    tell_new_signals(clock.now())
    keep_second_papers(clock.now())
    answer_again(campaign, sitting.student, answers, monkeypatch)
    states = Signal.objects.for_system(reason="test").filter(origin_id=sitting.id).values_list("gate_state", flat=True)
    found = AuditEvent.objects.filter(event__startswith="alerts.gate.", subject_id=sitting.student_id)
    return [list(states), [(event.event, sorted(json.loads(event.facts))) for event in found]]


@pytest.mark.parametrize(("answers", "state"), [(FLAGGED, "passed"), (CLEAR, "cleared")])
def test_the_audit_does_not_say_how_the_second_paper_went(school, campaign, monkeypatch, answers, state):
    """The event stands beside the pupil's id: whoever keeps the audit must not learn who was flagged again."""
    assert told_to_the_auditor(campaign, school, monkeypatch, answers) == [
        [state], [("alerts.gate.moved", ["signal"])],
    ]  # fmt: skip


def test_control_a_fact_that_says_how_would_be_caught(school, campaign, monkeypatch):
    def tell_how(event, *, facts, **about):
        return record(event, facts={**facts, "how": "cleared"}, **about)

    monkeypatch.setattr(gates, "record", tell_how)
    with pytest.raises(AssertionError):
        test_the_audit_does_not_say_how_the_second_paper_went(school, campaign, monkeypatch, CLEAR, "cleared")


def test_not_flagged_is_put_before_a_person_and_not_closed(school, campaign, waiting, monkeypatch):
    answer_again(campaign, waiting.student, {"gad-7": [0, 1, 0, 1, 0, 1, 0]}, monkeypatch)
    nobody_is_closed(waiting)
    (row,) = at_the_gate(school.actor("psych"), MONDAY_10)
    assert row.gate_state == "cleared"
    with clock.frozen(DUE):
        assert [climb.kind for climb in climb_due(DUE)] == ["gate"]
    nobody_is_closed(waiting)


def test_control_a_job_that_closed_would_be_caught(campaign, waiting, monkeypatch):
    def close(signal, *, at):
        rows = Signal.objects.for_system(reason="test").filter(pk=signal.pk)
        return rows.update(state="closed", outcome="nothing", closed_at=at, gate_state="cleared")

    monkeypatch.setattr(second_papers, "clear_at_gate", close)
    answer_again(campaign, waiting.student, {"gad-7": [0, 1, 0, 1, 0, 1, 0]}, monkeypatch)
    with pytest.raises(AssertionError):
        nobody_is_closed(waiting)


def test_a_sheet_answered_without_reading_clears_nobody(campaign, waiting, monkeypatch):
    monkeypatch.setattr(handing_in, "SLOW", 1)
    sitting = second_sittings(campaign).get(student=waiting.student)
    with monkeypatch.context() as patch:
        patch.setattr(handing_in, "sitting_of", lambda *_: sitting)
        hand_in(campaign, waiting.student, {"gad-7": [0] * 7}, deciseconds=1)
    keep_second_papers(clock.now())
    assert fresh(waiting).gate_state == "waiting"


def test_without_consent_nobody_is_asked_again(school, campaign, waiting):
    school.consent([waiting.student], "withdrawn")
    keep_second_papers(MONDAY_10 + MINUTE)
    assert second_sittings(campaign).get().excuse == "no_consent"
    assert fresh(waiting).gate_state == "waiting", "a person still looks"


def test_a_person_settles_it_without_a_talk_and_it_counts_as_none(school, campaign, waiting, monkeypatch, client):
    answer_again(campaign, waiting.student, {"gad-7": [0, 1, 0, 1, 0, 1, 0]}, monkeypatch)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(school.world.users["psych"], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/alerts/{waiting.id}/gate/").content.decode()
    assert "简短复测各项未超线" in page
    short = client.post(f"/alerts/{waiting.id}/gate/close/", {"note": "没事"})
    assert short.status_code == 422
    assert fresh(waiting).state == "open"
    done = client.post(f"/alerts/{waiting.id}/gate/close/", {"note": "简短复测各项未超线，也没有其他情况"})
    assert done.status_code == 302
    signal = fresh(waiting)
    assert (signal.state, signal.outcome, signal.closed_by) == ("closed", "nothing", school.world.id_of("psych"))
    assert Interview.objects.for_system(reason="test").get().kind == "paper"
    assert findings_of(campaign) == {waiting.student_id: None}, "nobody was talked to: no finding about the flag"


def paper_alone():
    return Talk(
        held_at=clock.now(), is_face_to_face=False, asked_about_suicide="no", risk_found=rules.NOT_TALKED,
        note="简短复测各项未超线，也没有其他情况", outcome="nothing", kind="paper",
    )  # fmt: skip


def test_what_the_second_paper_did_not_clear_is_not_settled_by_it(school, waiting):
    with pytest.raises(CannotRecord, match=rules.NOT_CLEARED):
        record_interview(waiting, actor=school.actor("psych"), talk=paper_alone())


def test_control_without_the_rule_an_unanswered_paper_would_settle(school, waiting, monkeypatch):
    monkeypatch.setattr(interviewing, "refusal_after_paper", lambda **_: None)
    record_interview(waiting, actor=school.actor("psych"), talk=paper_alone())
    assert fresh(waiting).state == "closed"


def test_slips_are_the_psychology_teachers_and_leave_an_event(school, campaign, waiting, client):
    (slip,) = slips_of(school.actor("psych"), campaign, MONDAY_10)
    assert len(slip.code) == 8
    assert AuditEvent.objects.filter(event="screening.slips.read").count() == 1
    assert slips_of(school.actor("teacher"), campaign, MONDAY_10) == []
    assert slips_of(school.actor("psych"), campaign, DUE) == [], "a code shows only while it opens something"
    client.force_login(school.world.users["teacher"], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(f"/screening/{campaign.id}/slips/").status_code == 403


def test_a_second_paper_needs_a_scale(school):
    assert [why.code for why in refusals_of_second_paper(())] == ["no_gate_scales"]
    with pytest.raises(CannotRun, match="no_gate_scales"):
        school.launched(gate="paper")


def test_the_form_asks_for_its_scale(school, client):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(school.world.users["psych"], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    plan = {
        "name": "秋季", "grades": ["junior:2026"], "scales": [str(school.versions["phq-9"].id)], "gate": "paper",
        "opens_at": "2026-11-24T08:00", "closes_at": "2026-11-27T17:00", "form": str(school.form.id),
    }  # fmt: skip
    refused = client.post("/screening/new/", plan)
    assert refused.status_code == 422
    assert "复测卷还没有选量表" in refused.content.decode()
    made = client.post("/screening/new/", {**plan, "gate_scales": [str(school.versions["gad-7"].id)]})
    assert made.status_code == 302
    planned = Campaign.objects.for_system(reason="test").get()
    assert (planned.gate, planned.gate_scale_ids) == ("paper", f'["{school.versions["gad-7"].id}"]')
