"""App registration: the events of the register, what it listens to, and its doors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.support"
    label = "support"

    def ready(self) -> None:
        from xinqiao.care.alerts.settling import signal_told
        from xinqiao.care.support.doors import open_doors
        from xinqiao.care.support.events import declare_support
        from xinqiao.care.support.following import (
            end_with_mentors,
            end_with_pupils,
            end_with_roles,
            follow_duties,
            follow_pupils,
            owe_families,
            tell_of_climbs,
        )
        from xinqiao.care.support.jobs.families import keep_families
        from xinqiao.care.support.states import EndReason
        from xinqiao.care.support.turning import pupils_on_the_register
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.accounts.hooks import role_ended, staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved
        from xinqiao.register.years.doubts import register_doubts

        declare_events(
            {
                "support.entry.proposed": _("{actor} proposed a pupil for the register"),
                "support.entry.added": _("{actor} entered a pupil into the register"),
                "support.entry.accepted": _("{actor} took up a proposal for the register"),
                "support.entry.declined": _("{actor} did not take up a proposal for the register"),
                "support.entry.reviewed": _("{actor} looked at an entry of the register again"),
                "support.entry.ended": _("{actor} took a pupil off the register ({why})"),
                "support.entry.left": _("A pupil's entry in the register ended: left the school"),
                "support.entry.lapsed": _("A proposal for the register lapsed: the pupil left the school"),
            },
            care_facts=("category", "why"),
        )
        declare_words("support.entry.ended", why=dict(EndReason.choices))
        declare_events(
            {
                "support.register.read": _("{actor} read the register of {count} pupils"),
                "support.entry.read": _("{actor} read what the register says of a pupil"),
            },
            reading=True,
        )
        declare_support()
        students_moved.connect(follow_pupils)
        students_moved.connect(end_with_pupils)
        staff_left.connect(end_with_mentors)
        role_ended.connect(end_with_roles)
        students_moved.connect(follow_duties)
        signal_told.connect(owe_families)
        clock_climbed.connect(tell_of_climbs)
        register_job(Job("support.families", run=keep_families, every_seconds=3600))
        register_doubts("support", pupils_on_the_register)
        open_doors()
