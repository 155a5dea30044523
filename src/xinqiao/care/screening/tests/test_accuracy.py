"""How good a screening was: every figure again from raw rows, by code that shares nothing with the ledger."""

import json
from fractions import Fraction

import pytest
from django.conf import settings as django_settings

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.screening.selectors import accuracy
from xinqiao.care.screening.selectors.accuracy import accuracy_ledger
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
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
