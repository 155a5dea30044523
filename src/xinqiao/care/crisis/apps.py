"""App registration: the events of cases, and what it listens to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrisisConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.crisis"
    label = "crisis"

    def ready(self) -> None:
        from xinqiao.care.alerts.settling import signals_settled
        from xinqiao.care.crisis.following import open_cases
        from xinqiao.foundation.audit.events import declare_events

        declare_events({"crisis.case.opened": _("{actor} opened a case")}, care_facts=())
        declare_events({"crisis.limbo.proved": _("It was proved whether anything waits unseen: {faults} faults")})
        signals_settled.connect(open_cases)
