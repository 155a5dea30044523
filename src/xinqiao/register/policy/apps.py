"""App registration: the door to what is in force."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.policy"
    label = "policy"

    def ready(self) -> None:
        from xinqiao.foundation.ui.doors import register_door

        register_door(
            "policy", label=_("Rules in force"), url_name="policy:index", icon="book", order=75, is_open=may_read
        )


def may_read(request: HttpRequest) -> bool:
    """Does this reader hold the right to see what is in force?"""
    from xinqiao.foundation.access.pages import actor_of
    from xinqiao.foundation.access.permissions import Permission

    return actor_of(request).can_somewhere(Permission.POLICY_VIEW)
