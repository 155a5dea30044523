"""App registration: the events of clocks, and what the ticker runs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.jobs.climb import climb_job
        from xinqiao.register.deadlines.jobs.redate import redate_open

        declare_events(
            {
                "deadlines.clock.climbed": _("A clock ({kind}, {urgency}) was not met and climbed to rung {rung}"),
                "deadlines.clock.redated": _("A running clock ({kind}) was brought forward from {from} to {to}"),
            },
            care_facts=("urgency",),
        )
        register_job(Job("deadlines.climb_due", run=climb_job, every_seconds=1))
        register_job(Job("deadlines.redate_open", run=redate_open, every_seconds=3600))
