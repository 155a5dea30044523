"""App registration: the events of the register, what it listens to, and its doors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.support"
    label = "support"

    def ready(self) -> None:
        from xinqiao.care.support.doors import open_doors
        from xinqiao.care.support.following import end_with_mentors, end_with_pupils, end_with_roles, follow_pupils
        from xinqiao.care.support.states import EndReason
        from xinqiao.care.support.turning import pupils_on_the_register
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.register.accounts.hooks import role_ended, staff_left
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
        declare_events(
            {
                "support.mentors.dealt": _("{actor} gave {pupils} pupils a mentor ({mentors} mentors)"),
                "support.mentor.set": _("{actor} chose another mentor for a pupil"),
                "support.mentor.left": _("A mentor left; {pupils} pupils are without one"),
                "support.talk.noted": _("{actor} noted a mentor's talk with a pupil"),
            },
            care_facts=("kind",),
        )
        declare_events(
            {
                "support.mentees.read": _("{actor} read the own mentees ({count} pupils)"),
                "support.mentors.read": _("{actor} read whose mentor is who in a class ({count} pupils)"),
                "support.talks.read": _("{actor} read a mentor's talks with a pupil ({count})"),
            },
            reading=True,
        )
        students_moved.connect(follow_pupils)
        students_moved.connect(end_with_pupils)
        staff_left.connect(end_with_mentors)
        role_ended.connect(end_with_roles)
        register_doubts("support", pupils_on_the_register)
        open_doors()
