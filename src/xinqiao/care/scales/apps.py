"""App registration: the events of scales and their door."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ScalesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.scales"
    label = "scales"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.ui.doors import register_door

        declare_events(
            {
                "scales.version.published": _("{actor} published scale {code}, version {version}"),
                "scales.draft.started": _("{actor} began form {code} as a draft"),
                "scales.draft.changed": _("{actor} changed the draft of form {code}"),
                "scales.draft.discarded": _("{actor} threw the draft of form {code} away"),
                "scales.wording.imported": _("{actor} imported the licensed wording of scale {code}"),
                "scales.parameters.loaded": _("{actor} loaded item parameters of scale {code}, from {sheets} sheets"),
                "scales.norm.published": _(
                    "{actor} published a local norm of scale {code} ({year}), of {sheets} pupils"
                ),
                "scales.norm.retired": _("{actor} took a local norm of scale {code} ({year}) out of force"),
            }
        )
        declare_events(
            {
                "scales.norm.drafted": _(
                    "{actor} let a norm of scale {code} ({year}) be computed from {sheets} sheets; none was shown"
                ),
            },
            reading=True,
        )
        register_door("scales", label=_("Scales"), url_name="scales:index", icon="file", order=40, is_open=_may_read)


def _may_read(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.SCALE_READ)
