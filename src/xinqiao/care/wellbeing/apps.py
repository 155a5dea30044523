"""App registration: the one event, the door, and what happens when somebody leaves."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WellbeingConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.wellbeing"
    label = "wellbeing"

    def ready(self) -> None:
        from xinqiao.care.wellbeing.leaving import destroy_notebooks
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.register.accounts.hooks import staff_left

        declare_events({"wellbeing.notebook.changed": _("Somebody changed a notebook that only they can read")})
        staff_left.connect(destroy_notebooks)
        register_door(
            "my-wellbeing", label=_("My own wellbeing"), url_name="wellbeing:index", icon="heart", order=97,
            is_open=_may_use,
        )  # fmt: skip


def _may_use(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.WELLBEING_OWN)
