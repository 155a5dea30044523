"""Where a pupil's scores stand among the pupils of the school, county or city: an addition, which decides nothing."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norm_selectors import local_standing, norms_in_force
from xinqiao.care.screening.selectors.norm_sheets import stage_and_grade
from xinqiao.care.screening.selectors.sheets import SheetFace
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_id
from xinqiao.register.people.models import Student


def with_local(student: Student, rows: Sequence[AnswerSheet], faces: Sequence[SheetFace]) -> list[SheetFace]:
    """Return sheets with what a local norm says of each score; a void or unscored one says nothing.

    The norm is that of the nearest unit which has a group for the pupil's sex and the grade on the day of the sheet.
    """
    classes = units_by_id({row.sitting.class_id for row in rows})
    groups = {row.sitting_id: classes.get(row.sitting.class_id) for row in rows}
    norms = {version_id: norms_in_force(version_id, student.place) for version_id in {face.scale_id for face in faces}}
    return [
        _placed(student, face, groups.get(face.sitting_id), norms[face.scale_id])
        if face.is_valid and not face.faults and norms[face.scale_id]
        else face
        for face in faces
    ]


def _placed(student: Student, face: SheetFace, group: Unit | None, norms: Sequence[LocalNorm]) -> SheetFace:
    stage, grade = stage_and_grade(group, timezone.localtime(face.submitted_at).date())
    scores = [
        replace(
            line,
            local=local_standing(norms, line.id, float(line.value), sex=student.sex, stage=stage, grade=grade),
        )
        for line in face.scores
    ]
    return replace(face, scores=tuple(scores))


def norms_used(faces: Sequence[SheetFace]) -> list[LocalNorm]:
    """Return the norms that some sheets are held against, each once."""
    return list({line.local.norm.id: line.local.norm for face in faces for line in face.scores if line.local}.values())
