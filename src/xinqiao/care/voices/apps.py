"""App registration: the events of voices, what the ticker runs, what it listens to, and its doors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoicesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.voices"
    label = "voices"

    def ready(self) -> None:
        from xinqiao.care.alerts.states import Urgency
        from xinqiao.care.voices.doors import open_doors
        from xinqiao.care.voices.following import end_seats
        from xinqiao.care.voices.jobs.tell import tell_new_voices, tell_of_climbs
        from xinqiao.care.voices.wording import register_reasons
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare_events(
            {
                "voices.call.made": _("A pupil called for someone"),
                "voices.entry.locked": _("A pupil's entry was locked after {failures} wrong tries"),
                "voices.report.made": _("A committee member reported how the class was"),
                "voices.report.told": _("A class report came in; {sent} messages left for the class teacher"),
                "voices.worry.told": _("A worry about a classmate waits to be named; {sent} messages left"),
                "voices.worry.climbed": _(
                    "A worry about a classmate was not named in time; {sent} messages left for rung {rung}"
                ),
                "voices.worry.named": _("{actor} found out whom a committee member means ({urgency})"),
                "voices.worry.set_aside": _("{actor} set a worry about a classmate aside with a reason"),
                "voices.seat.given": _("{actor} made a pupil committee member of the class"),
                "voices.seat.ended": _("{actor} ended a pupil's time on the class's committee"),
                "voices.seat.left": _("A pupil's time on the class's committee ended: moved out of the class"),
            },
            care_facts=("urgency",),
        )
        declare_events(
            {
                "voices.classes.read": _("{actor} read who sits on the committees of {count} classes"),
                "voices.reports.read": _("{actor} read {count} reports of a class"),
                "voices.worries.read": _("{actor} read which worries about classmates are open ({count})"),
                "voices.worry.read": _("{actor} read what a committee member said of a classmate"),
            },
            reading=True,
        )
        declare_words("voices.worry.named", urgency=dict(Urgency.choices))
        register_reasons()
        register_job(Job("voices.tell", run=tell_new_voices, every_seconds=2))
        clock_climbed.connect(tell_of_climbs)
        students_moved.connect(end_seats)
        open_doors()
