"""A school that answered: many pupils of grade 7 with invented answers, all written at once."""

import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import plan_for, scale_of
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.models import Campaign
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.care.sheets.scoring import result_text, score_sheet
from xinqiao.care.sheets.states import SittingState
from xinqiao.engines.scoring import pack_answers
from xinqiao.foundation.core import clock
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students

SLOW, FAST = 50, 5  # deciseconds an item


def enrol(school, count: int, *, first: int = 0) -> list[Student]:
    """Put so many pupils with consent into a class of grade 7, half of them boys."""
    drafts = [
        StudentDraft(f"新生{n}", school.class_b, f"20270{n:04d}", sex="male" if n % 2 else "female")
        for n in range(first, first + count)
    ]
    students = register_students(school.unit, drafts, clock.today())
    school.consent(students)
    return students


def invented(version: ScaleVersion, students: Sequence[Student], seed: int) -> dict[UUID, list[int]]:
    """One sheet a pupil: each answer follows a burden of the pupil's; reversed items turn it round."""
    dice, scale = np.random.default_rng(seed), scale_of(version)
    burdens = np.random.default_rng(99).normal(size=len(students))
    sheets = {}
    for student, burden in zip(students, burdens, strict=True):
        codes = []
        for item in scale.items:
            low, high = item.codes[0], item.codes[-1]
            code = round(float(np.clip(low + 1 + 0.8 * burden + 0.8 * dice.normal(), low, high)))
            codes.append(low + high - code if item.reversed else code)
        sheets[student.id] = codes
    return sheets


def hand_in_all(
    campaign: Campaign, version: ScaleVersion, sheets: Mapping[UUID, Sequence[int | None]], *,
    fast: Sequence[UUID] = (),
) -> None:  # fmt: skip
    """Hand in one scale of many pupils; those in `fast` answered without reading."""
    fill_campaign(campaign, clock.now())
    plan, rows, codes = plan_for(version.id), [], version.code
    sittings = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id, student_id__in=sheets)
    for sitting in sittings:
        packed = pack_answers(sheets[sitting.student_id])
        pace = FAST if sitting.student_id in fast else SLOW
        scored = score_sheet(plan, packed, [pace] * len(packed), grade=7, age=13)
        rows.append(
            AnswerSheet(
                county_id=sitting.county_id, place=sitting.place, sitting=sitting, student_id=sitting.student_id,
                key_id=sitting.key_id, origin_id=campaign.id, scale_code=codes, scale_id=version.id, answers=packed,
                result=result_text(scored), submitted_at=clock.now(),
            )
        )  # fmt: skip
    AnswerSheet.objects.bulk_create(rows, batch_size=500)
    for sitting in sittings:
        Sitting.objects.for_system(reason="test").filter(pk=sitting.pk, state=SittingState.WAITING).update(
            state=SittingState.SUBMITTED, submitted_at=clock.now(), receipt=secrets.token_hex(4), key="k"
        )
