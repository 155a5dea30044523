"""App registration: the events this floor declares, and the ear for refusals at a child."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from xinqiao.foundation.access.pages import refused_at_a_child
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.audit.refusals import record_refusals

        declare_events(
            {
                "access.refused": _("{actor} was refused at a pupil's page ({route}, {status})"),
                "audit.verified": _("{actor} verified the audit: {findings} findings in {events} events"),
                "audit.read": _("{actor} read the audit"),
            }
        )
        refused_at_a_child.connect(record_refusals)
