"""What may be known of results, by whom, and what each look leaves behind."""

import dataclasses
import datetime as dt

import pytest

from xinqiao.care.alerts.models import Attention
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.coverage import campaign_coverage, coverage_of_schools
from xinqiao.care.screening.selectors.distribution import distribution_of, score_choices
from xinqiao.care.screening.selectors.results import (
    first_to_talk_to,
    levels_of_class,
    pupil_result,
    sheets_of_campaign,
    sheets_to_repeat,
)
from xinqiao.care.screening.services.campaigns import open_make_up_round
from xinqiao.care.screening.services.pupils import excuse_pupil
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.models import Student

ON = MONDAY_10.date()
LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}
FLAGGED = {"phq-9": [2, 2, 2, 2, 2, 2, 1, 0, 0], "gad-7": [1] * 7}
CRITICAL = {"phq-9": [1, 1, 0, 0, 0, 0, 0, 0, 2], "gad-7": [0] * 7}


@pytest.fixture
def answered(school):
    """A campaign: one low, one flagged, one critical, one too fast."""
    campaign = school.launched()
    for student, answers in zip(school.students, (LOW, FLAGGED, CRITICAL), strict=False):
        hand_in(campaign, student, answers)
    hand_in(campaign, school.students[3], LOW, deciseconds=5)
    return campaign


def test_the_psychology_teacher_sees_everything_of_a_pupil_and_leaves_one_event(school, answered):
    before = AuditEvent.objects.filter(event="screening.result.read").count()
    found = pupil_result(school.actor("psych"), school.students[1].id, ON)
    assert found is not None
    phq = next(sheet for sheet in found.latest if sheet.scale_code == "phq-9")
    (total,) = phq.scores
    assert (total.value, total.step, total.steps) == ("13", 3, 5)
    assert [flag.false_alarms for flag in phq.flags] == [83]
    assert [item.answer for item in phq.items][:2] == ["超过一半的日子", "超过一半的日子"]
    assert phq.items[8].text
    events = AuditEvent.objects.filter(event="screening.result.read")
    assert events.count() == before + 1
    assert events.latest("at").subject_id == school.students[1].id


def test_critical_items_are_marked_and_carelessness_is_said_in_codes(school, answered):
    psych = school.actor("psych")
    critical = pupil_result(psych, school.students[2].id, ON)
    phq = next(sheet for sheet in critical.latest if sheet.scale_code == "phq-9")
    assert phq.critical == (9,)
    assert [item.number for item in phq.items if item.is_critical] == [9]
    fast = pupil_result(psych, school.students[3].id, ON)
    assert {sign for sheet in fast.latest for sign in sheet.care_signs} == {"too_fast"}
    assert all(sheet.should_repeat for sheet in fast.latest)


@pytest.mark.parametrize("login", ["teacher", "head", "lead", "grade", "officer", "other_psych"])
def test_nobody_else_reads_a_pupils_result(school, answered, login):
    assert pupil_result(school.actor(login), school.students[1].id, ON) is None
    assert sheets_of_campaign(school.actor(login), answered) == []
    assert first_to_talk_to(school.actor(login), answered, ON) == []


def test_whom_to_talk_to_first_is_ordered_by_urgency_then_evidence(school, answered):
    rows = first_to_talk_to(school.actor("psych"), answered, ON)
    assert [row.student_id for row in rows] == [school.students[2].id, school.students[1].id]
    assert rows[0].urgency == "red"
    assert rows[0].reasons[0].code == "critical_item"


def test_doubtful_sheets_are_listed_and_a_later_round_settles_them(school, answered):
    psych = school.actor("psych")
    rows = sheets_to_repeat(sheets_of_campaign(psych, answered), ON)
    assert [row.student_id for row in rows] == [school.students[3].id]
    open_make_up_round(
        answered, actor=psych, opens_at=MONDAY_10, closes_at=MONDAY_10 + dt.timedelta(days=1), with_missing=False,
        again=[school.students[3].id],
    )  # fmt: skip
    hand_in(answered, school.students[3], LOW)
    assert sheets_to_repeat(sheets_of_campaign(psych, answered), ON) == []


def test_the_class_teacher_sees_level_and_advice_and_nothing_from_the_sheet(school, answered):
    teacher = school.actor("teacher")
    flagged = school.students[1]
    before = {row.student_id: row.face for row in levels_of_class(teacher, answered, school.class_b)}
    assert before[flagged.id] == before[school.students[0].id]
    Attention(
        county_id=flagged.county_id, place=flagged.place, student=flagged, key_id=flagged.key_id, level="yellow",
        advice="课间多聊两句", basis_kind="interview", set_by=school.world.id_of("psych"), set_at=clock.now(),
    ).save(force_insert=True)  # fmt: skip
    after = {row.student_id: row.face for row in levels_of_class(teacher, answered, school.class_b)}
    assert (after[flagged.id].level, after[flagged.id].advice) == ("yellow", "课间多聊两句")
    fields = {f.name for row in levels_of_class(teacher, answered, school.class_b) for f in dataclasses.fields(row)}
    assert fields == {"student_id", "name", "number", "face"}
    assert levels_of_class(teacher, answered, school.class_a) == []


def test_a_distribution_counts_every_sheet_once(school, answered):
    sheets = sheets_of_campaign(school.actor("psych"), answered)
    assert [choice.key for choice in score_choices(sheets)] == ["phq-9.total", "gad-7.total"]
    shown = distribution_of(sheets, classes_of(answered), "phq-9.total", ON)
    assert shown is not None
    assert shown.pupils == 4
    codes = [code for code, _title in shown.bands]
    (grade,) = shown.by_grade
    assert dict(zip(codes, grade[1], strict=True)) == {
        "minimal": 3, "mild": 0, "moderate": 1, "moderately_severe": 0, "severe": 0,
    }  # fmt: skip
    assert (shown.void, shown.ungraded) == (0, 0)
    assert sum(sum(counts) for _label, counts in shown.by_class) == 4
    assert distribution_of([], classes_of(answered), "", ON) is None


def test_coverage_puts_every_pupil_into_exactly_one_column(school, answered):
    psych = school.actor("psych")
    excuse_pupil(answered, actor=psych, student_id=school.students[4].id, excuse="unwell")
    with clock.frozen(MONDAY_10 + dt.timedelta(minutes=1)) as later:
        school.consent(school.students[5:6], "refused")
        fill_campaign(answered, later)
    total = campaign_coverage(answered, ON).total
    assert (total.eligible, total.sat, total.excused, total.refused) == (7, 4, 1, 1)
    assert total.sat + total.refused + total.unanswered + total.excused + total.missing + total.unseated == 7
    assert total.share == 57


def test_the_schools_coverage_is_held_against_what_asks_for_it(school, answered):
    rows, requirement = coverage_of_schools(school.actor("officer"), ON)
    assert [(row.name, row.eligible, row.campaigns) for row in rows] == [("学校1", 10, 1)]
    assert rows[0].answered.code == "fewer"
    assert requirement is not None
    assert {"S1-07c", "S2a-3.1a", "S0-T06.2", "S0-E-A5-B15-1"} <= set(requirement.ids)
    assert requirement.share is None  # 40 % of 10 would say what the cell beside it does not
    assert coverage_of_schools(school.actor("teacher"), ON)[0] == []


def test_a_pupil_who_left_is_no_longer_eligible(school, answered):
    Student.objects.for_system(reason="test").filter(pk=school.students[6].pk).update(status="left")
    assert campaign_coverage(answered, ON).total.eligible == 6
