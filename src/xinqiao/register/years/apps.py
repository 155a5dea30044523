"""App registration: events, the door, and what the clock does here."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class YearsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.years"
    label = "years"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.foundation.ui.doors import register_door
        from xinqiao.register.years.jobs.turns import begin_due_turns
        from xinqiao.register.years.states import StepKind

        declare_events(EVENTS)
        declare_events(READINGS, reading=True)
        declare_words("years.step.written", kind=dict(StepKind.choices))
        declare_words("years.turn.planned", section=SECTIONS)
        register_job(Job("years.begin_due_turns", run=begin_due_turns, every_seconds=60))
        register_door(
            "years", label=_("New school year"), url_name="years:turns", icon="calendar", order=73, is_open=_may_view
        )


SECTIONS = {
    "day": _("the first day"),
    "cohorts": _("which grades graduate"),
    "entry": _("how many classes enter"),
    "kept_back": _("who is kept back"),
    "teachers": _("class teachers"),
}
EVENTS = {
    "years.turn.drafted": _("{actor} began to plan the school year {year}"),
    "years.turn.planned": _("{actor} changed the plan of a school year ({section})"),
    "years.turn.accepted": _(
        "{actor} accepted the plan of the school year {year}: {pupils} pupils graduate, {kept_back} are kept back, "
        "{classes} classes open"
    ),
    "years.turn.taken_back": _("{actor} took an accepted plan of a school year back before its day"),
    "years.turn.dropped": _("{actor} discarded the plan of a school year"),
    "years.turn.begun": _("A school year began to be turned ({steps} steps)"),
    "years.step.written": _("A step of a school year was written ({kind}: {pupils} pupils, {skipped} left out)"),
    "years.turn.finished": _("The school year {year} was turned: {pupils} pupils moved or left, {skipped} left out"),
}
READINGS = {
    "years.doubts.read": _("{actor} read what to look at before a school year turns ({pupils} pupils named)"),
}


def _may_view(request: HttpRequest) -> bool:
    from xinqiao.foundation.access.permissions import Permission

    actor = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(Permission.YEAR_VIEW)
