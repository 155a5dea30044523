"""Who has not handed in, by name: the make-up list, and what is closed with a reason."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.population import note_members
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.models import Student

_REASON = "who is missing in a campaign whose school the actor was checked for"
MOST_NAMED = 500  # more pupils than this are closed class by class: one page could not be sent


@dataclass(frozen=True)
class MissingPupil:
    """One pupil who may answer and has not."""

    student_id: UUID
    class_name: str
    name: str
    number: str
    has_begun: bool


def missing_pupils(actor: Actor, campaign: Campaign) -> list[MissingPupil]:
    """Return who has not handed in, by class and number. Empty where more are missing than one page can hold."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    handed_in = sittings.filter(student_id=OuterRef("student_id"), state=SittingState.SUBMITTED)
    waiting = sittings.filter(~Exists(handed_in), state__in=(SittingState.WAITING, SittingState.STARTED))
    begun = dict(waiting.values_list("student_id", "state"))
    if len(begun) > MOST_NAMED:
        return []
    students = list(Student.objects.visible_to(actor, Permission.STUDENT_LIST).filter(pk__in=begun))
    classes = {unit.path: (order, name_on(unit, today())) for order, unit in enumerate(classes_of(campaign))}
    note_members(actor, campaign, len(students))
    rows = [
        (classes.get(student.place, (len(classes), ""))[0], _row(student, words, classes, begun[student.id]))
        for student, words in zip(students, open_sealed(students, "name", "number"), strict=True)
    ]
    return [row for _order, row in sorted(rows, key=lambda each: (each[0], each[1].number, each[1].name))]


def _row(
    student: Student, words: dict[str, str | None], classes: dict[str, tuple[int, str]], state: str
) -> MissingPupil:
    return MissingPupil(
        student_id=student.id, class_name=classes.get(student.place, (0, ""))[1], name=words["name"] or "",
        number=words["number"] or "", has_begun=state == SittingState.STARTED,
    )  # fmt: skip
