"""App registration: the front door, and who is reading."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.doors.home"
    label = "home"

    def ready(self) -> None:
        from xinqiao.doors.home.identity import identity, is_signed_in, may_see_operation
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.foundation.ui.shell import register_identity

        register_door(
            "home",
            label=_("Today"),
            url_name="home:index",
            icon="home",
            order=10,
            is_open=is_signed_in,
        )
        register_door(
            "operation",
            label=_("Operation"),
            url_name="home:operation",
            icon="gear",
            order=90,
            is_open=may_see_operation,
        )
        register_identity(identity)
