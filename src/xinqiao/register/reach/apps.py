"""App registration: the doors."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ReachConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.reach"
    label = "reach"

    def ready(self) -> None:
        from xinqiao.foundation.ui.doors import register_door

        register_door(
            "channels", label=_("Channels"), url_name="reach:channels", icon="letter", order=92, is_open=_may_set_up
        )
        register_door("my-channels", label=_("My channels"), url_name="reach:mine", icon="bell", order=97,
                      is_open=_is_staff)  # fmt: skip


def _may_set_up(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.CHANNEL_EDIT)


def _is_staff(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.staff_id is not None and actor.can_somewhere(Permission.HOME_VIEW)
