"""App registration: the events this floor declares, its door, its jobs, and the ears for what lower floors tell."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from xinqiao.foundation.access.pages import refused_at_a_child
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.audit.jobs import register_jobs
        from xinqiao.foundation.audit.refusals import record_refusals
        from xinqiao.foundation.audit.rotations import record_rotations
        from xinqiao.foundation.keys.rotation import keys_rotated
        from xinqiao.foundation.ui.doors import register_door

        declare_events(
            {
                "access.refused": _("{actor} was refused at a pupil's page ({route}, {status})"),
                "audit.verified": _("{actor} verified the audit: {findings} findings in {events} events"),
                "keys.rotated": _("{actor} changed the master key ({act}, {master}, {keys} keys)"),
            }
        )
        declare_events({"audit.read": _("{actor} read {rows} events of the audit")}, reading=True)
        refused_at_a_child.connect(record_refusals)
        keys_rotated.connect(record_rotations)
        register_jobs()
        register_door("audit", label=_("Audit"), url_name="audit:index", icon="shield", order=92, is_open=_may_read)


def _may_read(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.AUDIT_READ)
