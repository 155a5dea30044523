"""App registration: events, the door, and what the clock does here."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffingConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.staffing"
    label = "staffing"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.register.staffing.jobs.lists import resume_lists

        declare_events(EVENTS)
        register_job(Job("staffing.resume_lists", run=resume_lists, every_seconds=60))
        register_door(
            "staff-lists", label=_("Import staff"), url_name="staffing:lists", icon="upload", order=75,
            is_open=_may_import,
        )  # fmt: skip


EVENTS = {
    "staffing.list.compared": _("{actor} compared a staff list ({people} people, {refused} cells refused)"),
    "staffing.list.decided": _("{actor} said whom {lines} rows of a staff list mean"),
    "staffing.list.accepted": _("{actor} accepted a staff list ({people} people)"),
    "staffing.roles.accepted": _("{actor} accepted the roles of a staff list"),
    "staffing.list.cancelled": _("{actor} gave up a staff list; nothing was written"),
    "staffing.line.written": _("Row {row} of a staff list was written"),
    "staffing.list.finished": _("A staff list was written ({people} people)"),
}


def _may_import(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.STAFF_EDIT)
