"""Pupils who hand in, as the intake writes it: sheets scored and sealed, the sitting moved, the signal raised."""

import datetime as dt
import secrets
from array import array
from collections.abc import Mapping, Sequence

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import plan_for, scale_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.care.sheets.scoring import result_text, score_sheet
from xinqiao.care.sheets.states import SittingState
from xinqiao.engines.scoring import pack_answers
from xinqiao.engines.triage import finding_from, judge
from xinqiao.foundation.core import clock
from xinqiao.register.people.models import Student

SLOW = 50  # deciseconds an item: read in earnest


def sitting_of(campaign: Campaign, student: Student) -> Sitting:
    """Return a pupil's latest sitting."""
    sittings = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id, student=student)
    return sittings.order_by("-round")[0]


def hand_in(
    campaign: Campaign, student: Student, answers: Mapping[str, Sequence[int | None]], *, deciseconds: int = SLOW,
    at: dt.datetime | None = None,
) -> Sitting:  # fmt: skip
    """Hand in one pupil's sheets, by scale code."""
    sitting, moment, findings = sitting_of(campaign, student), at or clock.now(), []
    for code, given in answers.items():
        version = ScaleVersion.objects.get(code=code, retired_at=None)
        packed = pack_answers(given)
        scored = score_sheet(plan_for(version.id), packed, [deciseconds] * len(given), grade=7, age=13)
        findings.append(finding_from(scale_of(version), scored.result))
        AnswerSheet(
            county_id=sitting.county_id, place=sitting.place, sitting=sitting, student=student, key_id=student.key_id,
            origin_id=sitting.origin_id, scale_code=code, scale_id=version.id,
            answers=packed, seconds=array("H", [deciseconds] * len(given)).tobytes(), result=result_text(scored),
            submitted_at=moment,
        ).save(force_insert=True)  # fmt: skip
    _submit(sitting, moment)
    _raise(sitting, student, judge(findings), moment)
    return sitting


def _submit(sitting: Sitting, at: dt.datetime) -> None:
    Sitting.objects.for_system(reason="test").filter(pk=sitting.pk).update(
        state=SittingState.SUBMITTED, submitted_at=at, receipt=secrets.token_hex(4), key="k"
    )


def _raise(sitting: Sitting, student: Student, judgement, at: dt.datetime) -> Signal | None:
    if judgement is None:
        return None
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="screening", urgency=judgement.urgency, evidence=judgement.evidence, basis=judgement.reasons,
        origin_kind="sitting", origin_id=sitting.id, once=f"screening:{sitting.id}", at=at,
    )  # fmt: skip
    signal.save(force_insert=True)
    return signal
