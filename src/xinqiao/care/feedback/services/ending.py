"""Letting a feedback go that is owed on a pupil who is not flagged any more: a person's act, with a reason."""

from xinqiao.care.feedback import rules
from xinqiao.care.feedback.models import Feedback
from xinqiao.care.feedback.owing import end_feedback, is_flagged, record_feedback
from xinqiao.care.feedback.states import RUNNING, FeedbackState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows


@command(Permission.FEEDBACK_EDIT)
def let_go(feedback: Feedback, *, actor: Actor, reason: str) -> Feedback:
    """End a feedback that nobody needs any more, since the pupil has neither a case nor a level. Raises CannotDo."""
    rules.demand(
        rules.STILL_FLAGGED if is_flagged(feedback.student_id) else "",
        rules.NO_WORDS if len(reason.strip()) < rules.SHORTEST else "",
    )
    feedback.reason = reason.strip()
    seal_rows([feedback])
    is_mine = feedback.state in RUNNING and end_feedback(
        feedback, FeedbackState.DROPPED, at=now(), by=actor.person_id, reason=feedback.reason
    )
    rules.demand("" if is_mine else rules.NOT_RUNNING)
    record_feedback(feedback, "feedback.owed.let_go")
    return feedback
