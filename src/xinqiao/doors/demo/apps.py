"""App registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.doors.demo"
    label = "demo"

    def ready(self) -> None:
        from xinqiao.doors.demo.loading import LOADED
        from xinqiao.foundation.audit.events import declare_events

        declare_events({LOADED: _("{actor} finished loading the demo city")})
