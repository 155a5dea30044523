"""What guardians and class teachers tell about pupils, in the demo city's running screening."""

import random
from collections.abc import Sequence
from uuid import UUID

from xinqiao.care.scales.selectors import best_version
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import cohorts_of
from xinqiao.care.screening.selectors.informants import forms_of
from xinqiao.care.screening.services.informants import open_own_form, plan_form, refuse_form
from xinqiao.care.sheets.intake.bodies import FormBody, SubmitBody
from xinqiao.care.sheets.intake.papers import Papers
from xinqiao.care.sheets.intake.store import Store
from xinqiao.care.sheets.intake.tickets import read_ticket
from xinqiao.care.sheets.intake.work import Batch, Desk, FormEntry, Submission
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import Informant, SittingState
from xinqiao.doors.demo.answers import answers_to
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed

SCALES = {Informant.PARENT: "xq-guardian", Informant.TEACHER: "xq-teacher"}
OF_GUARDIANS = 3  # forms handed in; one more guardian does not want to
OF_TEACHERS = 3
SYSTEM = "the demo city is being built"


def ask_others(campaign: Campaign, actor: Actor) -> None:
    """Plan a form for guardians and one for class teachers, about the pupils of the screening."""
    for informant, code in SCALES.items():
        version = best_version(code, campaign.place)
        if version is not None:
            cohorts = cohorts_of(campaign)
            plan_form(campaign, actor=actor, informant=informant, scale_ids=[version.id], cohorts=cohorts)


class Others:
    """Guardians and class teachers at their forms; everything goes through the intake, as in a browser."""

    def __init__(self, store: Store, desk: Desk, actors: Sequence[Actor], burden: dict[UUID, float]) -> None:
        self.store, self.desk, self.actors, self.burden = store, desk, actors, burden
        self.papers, self.draw = Papers(), random.Random(17)

    def answer(self, campaign: Campaign, notes: Sequence[str]) -> None:
        """Of one class that has a class teacher some forms are handed in; one guardian refuses."""
        for form in forms_of(campaign):
            waiting = self._waiting(form.id)
            teacher, own = self._teacher_and_class(waiting)
            if teacher is None:
                continue
            count = OF_GUARDIANS if form.informant == Informant.PARENT else OF_TEACHERS
            for order, sitting in enumerate(own[:count]):
                self._hand_in(sitting, teacher, notes[order] if order < len(notes) else "")
            if form.informant == Informant.PARENT and len(own) > count:
                refuse_form(own[count], actor=teacher)

    def _waiting(self, form_id: UUID) -> list[Sitting]:
        rows = Sitting.objects.for_system(reason=SYSTEM).filter(origin_id=form_id, state=SittingState.WAITING)
        return list(rows.order_by("place", "id"))

    def _teacher_and_class(self, waiting: Sequence[Sitting]) -> tuple[Actor | None, list[Sitting]]:
        for sitting in waiting:
            may = (actor for actor in self.actors if actor.can(Permission.OBSERVATION_WRITE, sitting.place))
            if (teacher := next(may, None)) is not None:
                return teacher, [each for each in waiting if each.class_id == sitting.class_id]
        return None, []

    def _hand_in(self, sitting: Sitting, teacher: Actor, note: str) -> None:
        is_teacher = sitting.informant == Informant.TEACHER
        code = open_own_form(sitting, actor=teacher) if is_teacher else open_sealed([sitting], "code")[0]["code"]
        entered = self._commit(FormEntry(FormBody(code=code)))
        ticket = read_ticket(self.desk.tickets_secret, entered["ticket"], clock.now())
        battery = self.papers.by_id(self.store, sitting.paper_id)
        assert battery is not None
        burden = self.burden[sitting.student_id]
        answers: dict[str, list[int | None]] = {
            part.code: list(answers_to(part.plan.scale, burden, self.draw, critical=False)) for part in battery.parts
        }
        body = SubmitBody(key=f"demo-{sitting.id.hex}", answers=answers, note="" if is_teacher else note)
        self._commit(Submission(ticket, body))

    def _commit(self, work: FormEntry | Submission) -> dict[str, str]:
        (reply,) = commit(Batch(self.store, self.desk, at=clock.now(), clock_seconds=0.0), [work])
        assert reply.status == 200, reply
        return reply.body
