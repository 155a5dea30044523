"""App registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.orgs"
    label = "orgs"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events

        declare_events(
            {
                "orgs.unit.added": _("{actor} added a unit ({kind} {code})"),
                "orgs.unit.renamed": _("{actor} renamed a unit"),
                "orgs.unit.closed": _("{actor} closed a unit"),
            }
        )
