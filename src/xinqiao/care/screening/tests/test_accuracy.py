"""How good a screening was: every figure again from raw rows, by code that shares nothing with the ledger."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from django.conf import settings as django_settings

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Interview, Signal
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.screening.models import LotDraw
from xinqiao.care.screening.selectors import accuracy
from xinqiao.care.screening.selectors.accuracy import accuracy_ledger
from xinqiao.care.screening.selectors.lots import draws_of, local_accuracy
from xinqiao.care.screening.services import lots
from xinqiao.care.screening.services.campaigns import CannotRun, close_campaign
from xinqiao.care.screening.services.lots import draw_lot, record_lot_talk
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

pytestmark = pytest.mark.django_db
OVER = {"phq-9": [2] * 8 + [0], "gad-7": [0] * 7}  # 16: over the line of 11
UNDER = {"phq-9": [1] * 8 + [0], "gad-7": [0] * 7}
WORRIED = {"phq-9": [0] * 9, "gad-7": [2] * 7}  # flagged by the other scale


def every_signal():
    return list(Signal.objects.for_system(reason="test").select_related("student").order_by("raised_at", "id"))


def settle(school, signal, outcome):
    level = {"case": "orange", "watch": "yellow"}.get(outcome, "")
    talk = Talk(
        held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
        note="看错了题目，以为问的是电影", outcome=outcome, level=level, advice="多留意" if level else "",
        review_on=clock.today().replace(month=12) if level else None,
    )  # fmt: skip
    record_interview(signal, actor=school.actor("psych"), talk=talk)


@pytest.fixture
def campaign(school):
    """Six over the line, of whom five were talked to: case, watch, known, and two with nothing to it; one waits."""
    found = school.launched()
    pupils = school.students
    assert len(pupils) >= 7
    for pupil in pupils[:6]:
        hand_in(found, pupil, OVER)
    hand_in(found, pupils[6], WORRIED)
    tell_new_signals(clock.now())
    signals = {signal.student_id: signal for signal in every_signal()}
    for pupil, outcome in zip(pupils, ("case", "watch", "known", "nothing", "nothing"), strict=False):
        settle(school, signals[pupil.id], outcome)
    return found


def by_hand(campaign, scale, flag):
    """Flagged, talked to, needed: from opened sheets and closed signals, row by row."""
    sheets = list(AnswerSheet.objects.for_system(reason="test").filter(origin_id=campaign.id, scale_code=scale))
    flagged = {
        sheet.student_id
        for sheet, plain in zip(sheets, open_sealed(sheets, "result"), strict=True)
        if flag in json.loads(plain["result"])["flags"]
    }
    closed = {s.student_id: s.outcome for s in every_signal() if s.state == "closed"}
    talked = [closed[pupil] for pupil in flagged if pupil in closed]
    return len(flagged), len(talked), sum(outcome != "nothing" for outcome in talked)


def row_of(school, campaign, scale="phq-9"):
    return next(row for row in accuracy_ledger(school.actor("psych"), campaign) if row.scale == scale)


def test_every_number_again_from_raw_rows(school, campaign):
    row = row_of(school, campaign)
    flagged, talked, needed = by_hand(campaign, "phq-9", row.flag)
    assert (flagged, talked, needed) == (6, 5, 3)
    assert (row.flagged, row.talked_to, row.needed) == (flagged, talked, needed)
    assert Fraction(row.ppv.value).limit_denominator(100) == Fraction(needed, talked)
    assert (round(row.ppv.low, 3), round(row.ppv.high, 3)) == (0.231, 0.882), "Wilson of 3 in 5, by a table"


def test_control_counting_those_who_wait_would_be_found(school, campaign, monkeypatch):
    monkeypatch.setattr(accuracy, "SignalState", type("Any", (), {"CLOSED": "open"}))
    row = row_of(school, campaign)
    assert (row.talked_to, row.needed) != by_hand(campaign, "phq-9", row.flag)[1:]


def test_what_counts_as_need_is_the_packs(school, campaign, tmp_path, settings):
    assert row_of(school, campaign).needed == 3
    part = {"accuracy": {"need_outcomes": {"value": ["case"], "source": ["ours"]}}}
    put_in_force(tmp_path, settings, local_pack("stricter", school.unit.code, **part))
    assert row_of(school, campaign).needed == 1


def few_talks_say_nothing(school, campaign):
    row = row_of(school, campaign, "gad-7")
    assert (row.flagged, row.talked_to) == (1, 0)
    assert row.ppv is None
    settle(school, next(s for s in every_signal() if s.state != "closed" and s.student == school.students[6]), "case")
    assert row_of(school, campaign, "gad-7").ppv is None, "one talk is no figure"


def test_few_talks_say_nothing(school, campaign):
    few_talks_say_nothing(school, campaign)


def test_control_without_the_smallest_cell_one_talk_would_be_a_figure(school, campaign, monkeypatch):
    monkeypatch.setattr(accuracy, "SMALLEST_CELL", 1)
    with pytest.raises(AssertionError, match="one talk is no figure"):
        few_talks_say_nothing(school, campaign)


def test_reading_it_leaves_one_event_and_is_the_psychology_teachers(client, school, campaign):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    pages = {}
    for login in ("psych", "head", "teacher"):
        client.force_login(school.world.users[login], backend=django_settings.AUTHENTICATION_BACKENDS[0])
        pages[login] = client.get(f"/screening/{campaign.id}/accuracy/")
    assert {login: page.status_code for login, page in pages.items()} == {"psych": 200, "head": 403, "teacher": 403}
    text = pages["psych"].content.decode()
    assert "60%（23%–88%）" in text
    assert "访谈不足 5 人" in text
    assert AuditEvent.objects.filter(event="screening.accuracy.read").count() == 1


def test_a_pupil_with_several_signals_counts_once_and_openly():
    assert accuracy.together([True, None]) is True
    assert accuracy.together([False, None]) is None
    assert accuracy.together([False, False]) is False
    assert accuracy.together([None, True]) is True


# ---- drawn by lot


def drawn(campaign):
    rows = LotDraw.objects.for_system(reason="test").select_related("student", "lot").order_by("position")
    return list(rows.filter(lot__campaign=campaign))


def lot_talk(outcome):
    level = "orange" if outcome == "case" else ""
    return Talk(
        held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
        note="聊了近况，一切如常", outcome=outcome, level=level, advice="多留意" if level else "", kind="lot",
        asked=("mood",), standing="steady", review_on=clock.today().replace(month=12) if level else None,
    )  # fmt: skip


@pytest.fixture
def big(school):
    """Twenty-six pupils: six flagged and talked to (three in need), twenty without a flag."""
    more = [
        StudentDraft(f"同学{n}", school.world.class_a, f"202602{n:02}", birth_on=dt.date(2014, 2, 1))
        for n in range(26 - len(school.students))
    ]
    pupils = [*school.students, *register_students(school.unit, more, clock.today())]
    school.consent(pupils[len(school.students) :])
    found = school.launched(scale_ids=(school.versions["phq-9"].id,))
    for pupil in pupils[:6]:
        hand_in(found, pupil, {"phq-9": OVER["phq-9"]})
    for pupil in pupils[6:]:
        hand_in(found, pupil, {"phq-9": UNDER["phq-9"]})
    tell_new_signals(clock.now())
    for signal, outcome in zip(every_signal(), ("case", "watch", "known", *["nothing"] * 3), strict=True):
        settle(school, signal, outcome)
    return close_campaign(found, actor=school.actor("psych"))


def test_a_lot_is_drawn_once_recorded_and_can_be_repeated(school, big):
    psych = school.actor("psych")
    lot = draw_lot(big, actor=psych)
    names = [str(pupil) for pupil in lots.pupils_without_signal(big)]
    assert (len(names), lot.pupils) == (20, 20)
    again = sorted(names, key=lambda name: hashlib.sha256(f"{lot.seed}:{name}".encode()).hexdigest())[:10]
    assert [str(row.student_id) for row in drawn(big)] == again, "ten at least, by the recorded seed"
    assert isinstance(draw_lot(big, actor=psych), Unchanged)
    assert len(drawn(big)) == 10
    (event,) = AuditEvent.objects.filter(event="screening.lot.drawn")
    assert lot.seed in event.facts


def test_nobody_flagged_is_drawn(school, big):
    draw_lot(big, actor=school.actor("psych"))
    assert not {row.student_id for row in drawn(big)} & {signal.student_id for signal in every_signal()}


def test_control_without_the_exclusion_a_flagged_pupil_could_be_drawn(school, big, monkeypatch):
    monkeypatch.setattr(lots, "pupils_without_signal", lambda _: [s.student_id for s in every_signal()])
    draw_lot(big, actor=school.actor("psych"))
    with pytest.raises(AssertionError):
        assert not {row.student_id for row in drawn(big)} & {signal.student_id for signal in every_signal()}


def test_before_the_end_there_is_no_lot(school):
    with pytest.raises(CannotRun, match="not_ended"):
        draw_lot(school.launched(), actor=school.actor("psych"))


@pytest.mark.parametrize("login", ["teacher", "head"])
def test_the_lot_is_the_psychology_teachers(school, big, login):
    with pytest.raises(Forbidden):
        draw_lot(big, actor=school.actor(login))
    draw_lot(big, actor=school.actor("psych"))
    with pytest.raises(Forbidden):
        record_lot_talk(drawn(big)[0], actor=school.actor(login), talk=lot_talk("nothing"))
    assert draws_of(school.actor(login), big, clock.today()) == []


def test_figures_with_a_lot_again_from_raw_rows(school, big):
    psych = school.actor("psych")
    assert row_of(school, big).sensitivity is None, "nobody was drawn yet"
    draw_lot(big, actor=psych)
    for row, outcome in zip(drawn(big), ["case", *["nothing"] * 9], strict=True):
        record_lot_talk(row, actor=psych, talk=lot_talk(outcome))
    interviews = Interview.objects.for_system(reason="test").filter(kind="lot")
    by_lot = [outcome != "nothing" for outcome in interviews.values_list("outcome", flat=True)]
    flagged, talked, needed = by_hand(big, "phq-9", "adolescent_positive")
    found, missed = Fraction(flagged * needed, talked), Fraction(20 * sum(by_lot), len(by_lot))
    well, wrong = Fraction(20 * (len(by_lot) - sum(by_lot)), len(by_lot)), Fraction(flagged * (talked - needed), talked)
    row = row_of(school, big)
    assert row.sensitivity.value == pytest.approx(float(found / (found + missed)))  # 3 of 3 + 2
    assert row.specificity.value == pytest.approx(float(well / (well + wrong)))
    assert row.sensitivity.low < row.sensitivity.value < row.sensitivity.high
    local = local_accuracy(school.unit, "phq-9")
    assert (local.flag, local.talked_to) == ("adolescent_positive", 16)
    assert (local.sensitivity, local.specificity) == (row.sensitivity.value, row.specificity.value)
    assert local_accuracy(school.unit, "gad-7") is None


def test_control_without_weights_the_figure_would_differ(school, big, monkeypatch):
    real = accuracy.sensitivity
    bare = lambda strata: real([replace(s, pupils=s.talked_to) for s in strata])  # noqa: E731 - one expression
    monkeypatch.setattr(accuracy, "sensitivity", bare)
    with pytest.raises(AssertionError):
        test_figures_with_a_lot_again_from_raw_rows(school, big)


def test_few_talks_by_lot_say_nothing(school, big):
    psych = school.actor("psych")
    draw_lot(big, actor=psych)
    for row in drawn(big)[:4]:
        record_lot_talk(row, actor=psych, talk=lot_talk("nothing"))
    assert row_of(school, big).specificity is None
    assert local_accuracy(school.unit, "phq-9") is None


def test_a_talk_by_lot_is_written_once_and_judged_like_any(school, big):
    psych = school.actor("psych")
    draw_lot(big, actor=psych)
    first = drawn(big)[0]
    with pytest.raises(CannotRecord, match="acute_needs_care"):
        record_lot_talk(first, actor=psych, talk=replace(lot_talk("nothing"), risk_found="acute"))
    record_lot_talk(first, actor=psych, talk=lot_talk("case"))
    assert Attention.objects.for_system(reason="test").filter(student=first.student, level="orange").exists()
    with pytest.raises(CannotRecord, match="already_closed"):
        record_lot_talk(first, actor=psych, talk=lot_talk("nothing"))
    assert Interview.objects.for_system(reason="test").filter(kind="lot").count() == 1


def test_the_page_draws_lists_blindly_and_takes_the_talk(client, school, big):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(school.world.users["psych"], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page = f"/screening/{big.id}/accuracy/"
    assert "随机抽取" in client.get(page).content.decode()
    assert client.post(f"/screening/{big.id}/lot/").status_code == 302
    first = drawn(big)[0]
    form = client.get(f"/screening/lots/{first.id}/talk/").content.decode()
    assert "PHQ" not in form
    assert client.post(f"/screening/lots/{first.id}/talk/", {"asked": ["mood"]}).status_code == 422
    said = {
        "held_at": "2026-11-23T10:00", "is_face_to_face": "in_person", "asked": ["mood"], "asked_about_suicide": "yes",
        "risk_found": "none", "standing": "steady", "note": "聊了近况，一切如常", "outcome": "nothing",
    }  # fmt: skip
    assert client.post(f"/screening/lots/{first.id}/talk/", said).status_code == 302
    assert drawn(big)[0].outcome == "nothing"
    assert client.get(page).content.decode().count("/talk/") == len(drawn(big)) - 1, "one is done"
    assert AuditEvent.objects.filter(event="screening.lot.read", subject_kind="campaign").count() == 1
    assert AuditEvent.objects.filter(event="screening.lot.read", subject_id=first.student_id).count() == 3
