"""App registration."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.orgs"
    label = "orgs"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.register.orgs.states import UnitKind

        declare_events(
            {
                "orgs.unit.added": _("{actor} added a unit ({kind} {code})"),
                "orgs.unit.renamed": _("{actor} renamed a unit"),
                "orgs.unit.closed": _("{actor} closed a unit"),
                "orgs.unit.moved": _("{actor} hung a unit elsewhere ({rows} rows followed)"),
                "orgs.unit.changed": _("{actor} changed what a school teaches"),
                "orgs.calendar.year_set": _("{actor} set the school year {year}"),
                "orgs.calendar.day_changed": _("{actor} changed {day} in the working calendar"),
                "orgs.calendar.day_dropped": _("{actor} took back the change of {day} in the working calendar"),
            }
        )
        declare_words("orgs.unit.added", kind=dict(UnitKind.choices))
        register_door("units", label=_("Units"), url_name="orgs:tree", icon="school", order=70, is_open=_may_view)
        register_door(
            "calendar", label=_("School calendar"), url_name="orgs:calendar", icon="calendar", order=72,
            is_open=_may_view,
        )  # fmt: skip


def _may_view(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.UNIT_VIEW)
