"""App registration: events, doors and links, and what the clock does here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.people"
    label = "people"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.orgs.hooks import units_closing
        from xinqiao.register.people.closing import keep_open_with_pupils
        from xinqiao.register.people.doors import register_all
        from xinqiao.register.people.jobs.rosters import resume_rosters
        from xinqiao.register.people.states import Decision, Purpose

        declare_events(EVENTS)
        declare_events(READINGS, reading=True)
        declare_words("people.consent_form.published", purpose=dict(Purpose.choices))
        declare_words("people.consent.recorded", decision=dict(Decision.choices))
        units_closing.connect(keep_open_with_pupils)
        register_all()
        register_job(Job("people.resume_rosters", run=resume_rosters, every_seconds=60))


EVENTS = {
    "people.roster.uploaded": _("{actor} uploaded a roster ({bytes} bytes)"),
    "people.roster.checked": _(
        "A roster was compared: {created} new, {updated} changed, {moved} moved, {rejected} rows refused"
    ),
    "people.roster.failed": _("A roster could not be read ({code})"),
    "people.roster.accepted": _("{actor} accepted a roster"),
    "people.roster.cancelled": _("{actor} gave up a roster; nothing was written"),
    "people.roster.applied": _("Part of a roster was written: {created} new, {updated} changed, {moved} moved"),
    "people.roster.finished": _(
        "A roster was written: {created} new, {updated} changed, {moved} moved, {rejected} rows refused"
    ),
    "people.roster.struck": _("{actor} took row {row} off the list of refused rows"),
    "people.student.added": _("{actor} registered a pupil"),
    "people.student.edited": _("{actor} changed a pupil's roster data ({fields})"),
    "people.student.moved": _("{actor} moved a pupil into another class from {on}"),
    "people.student.left": _("{actor} noted that a pupil left from {on}"),
    "people.student.returned": _("{actor} noted that a pupil came back from {on}"),
    "people.guardian.added": _("{actor} added a guardian to a pupil"),
    "people.guardian.ended": _("{actor} took a guardian off a pupil"),
    "people.pin.reset": _("{actor} gave a pupil a new PIN"),
    "people.pins.reset": _("{actor} gave {pupils} pupils new PINs"),
    "people.consent_form.published": _("{actor} published a consent form ({purpose}, version {version})"),
    "people.consent.recorded": _("{actor} recorded a decision on consent for {pupils} pupils ({decision})"),
}
READINGS = {
    "people.pins.printed": _("{actor} printed the PIN slips of a class ({pupils} pupils)"),
}
