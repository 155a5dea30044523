"""What the rules ask about a watch, read for bodies of commands and for pages that have already found it."""

from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.crisis.models import Watch
from xinqiao.care.crisis.watch import rules
from xinqiao.care.crisis.watch.states import OVER, WatchState
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


def end_facts(watch: Watch) -> rules.EndFacts:
    """Return what an end of the watch is held against today."""
    level = every_attention().filter(student_id=watch.student_id, ended_at__isnull=True).first()
    return rules.EndFacts(
        is_over=watch.state in OVER, is_signalled=watch.state == WatchState.SIGNALLED, calm=watch.calm,
        calm_at_least=parameters_for(watch.student.place, today()).clean_looks_to_end,
        is_overdue=watch.look_on is not None and watch.look_on < today(), level=level.level if level else "",
        has_left=watch.student.status != StudentStatus.ACTIVE,
    )  # fmt: skip
