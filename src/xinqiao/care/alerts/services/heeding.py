"""Saying "I know" to a warning: whoever keeps an eye on the pupil, or answers for the school."""

from xinqiao.care.alerts.models import LevelWarning
from xinqiao.care.alerts.rows import every_warning
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now


@command(Permission.WARNING_VIEW)
def heed_warning(warning: LevelWarning, *, actor: Actor) -> LevelWarning | Unchanged:
    """Acknowledge a warning of one's own. The signal's clocks run on: only who may talk to the pupil takes it."""
    return _heed(warning, actor)


@command(Permission.WARNING_BEYOND)
def heed_from_beyond(warning: LevelWarning, *, actor: Actor) -> LevelWarning | Unchanged:
    """The bureau has heard that a school left a warning untaken, and asks the school."""
    return _heed(warning, actor)


def _heed(warning: LevelWarning, actor: Actor) -> LevelWarning | Unchanged:
    at = now()
    own = every_warning().filter(pk=warning.pk, staff_id=actor.person_id, acknowledged_at__isnull=True)
    if not own.update(acknowledged_at=at):
        return Unchanged("already_acknowledged")
    record(
        "alerts.warning.acknowledged", subject_kind="signal", subject_id=warning.signal_id, place=warning.place,
        county_id=warning.county_id,
        facts={"level": warning.level, "minutes": int((at - warning.created_at).total_seconds() // 60)},
    )  # fmt: skip
    return warning
