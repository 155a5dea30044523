"""What leaves listen to: their own clocks, when the next step does not come."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.crisis.leave.states import ENDED, LeaveStepKind
from xinqiao.care.crisis.leave_rows import SUBJECT, every_leave, record_leave, write_leave_step
from xinqiao.register.deadlines.climbing import Climb


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
