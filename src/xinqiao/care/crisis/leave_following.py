"""What leaves listen to: their own clocks, when the next step does not come, and pupils who leave the school."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.crisis.leave.states import ENDED, LeaveState, LeaveStepKind, sources_of
from xinqiao.care.crisis.leave_rows import SUBJECT, every_leave, record_leave, write_leave_step
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.services.clocks import cancel_deadlines


def tell_of_leaves(climbs: Sequence[Climb]) -> None:
    """Tell those on the rung that a leave's clock climbed to, besides the psychology teachers; connected to
    `clock_climbed`, in its transaction."""
    for climb in climbs:
        if climb.subject_kind == SUBJECT:
            _tell_of_one(climb)


def _tell_of_one(climb: Climb) -> None:
    leave = every_leave().select_related("student").filter(pk=climb.subject_id).first()
    if leave is None or leave.state in ENDED:
        return
    sent = send_neutral_word(
        ("psychology_teachers", *climb.recipients), (), leave.student.place, about_kind=SUBJECT, about_id=leave.id,
        at=climb.at,
    )  # fmt: skip
    write_leave_step(leave, LeaveStepKind.OVERDUE, at=climb.at, by=None, day=timezone.localtime(climb.at).date())
    record_leave(leave, "crisis.leave.overdue", clock=climb.kind, rung=climb.rung, sent=sent)


def end_leaves_of(student_ids: Sequence[UUID]) -> None:
    """End the leaves of pupils who left the school: nobody comes back to it. Cases and watches stay with people."""
    at = now()
    for leave in every_leave().filter(student_id__in=list(student_ids)).exclude(state__in=ENDED):
        rows = every_leave().filter(pk=leave.pk, state__in=sources_of(LeaveState.LEFT))
        if rows.update(state=LeaveState.LEFT, ended_at=at, look_on=None):
            cancel_deadlines(leave.id, at=at, reason="left_school")
            write_leave_step(leave, LeaveStepKind.LEFT, at=at, by=None, day=timezone.localtime(at).date())
            record_leave(leave, "crisis.leave.left")
