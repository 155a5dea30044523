"""App registration: the events of alerts, what the ticker runs, what it listens to, and its doors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.alerts"
    label = "alerts"

    def ready(self) -> None:
        from xinqiao.care.alerts.doors import open_doors
        from xinqiao.care.alerts.jobs.tell import hasten_unattended, tell_new_signals
        from xinqiao.care.alerts.turning import children_to_hand_over
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.years.doubts import register_doubts

        declare_events(
            {
                "alerts.signal.raised": _("A signal ({urgency}) was raised, and {told} people were told"),
                "alerts.signal.climbed": _(
                    "A signal was not met in time ({clock}); {told} people on rung {rung} were told"
                ),
                "alerts.signal.acknowledged": _("{actor} took a signal ({urgency}) after {minutes} min"),
                "alerts.signal.told_late": _("People were told of a signal ({urgency}) {minutes} min too late"),
                "alerts.warning.acknowledged": _("{actor} acknowledged a warning of the ladder after {minutes} min"),
                "alerts.guardian.told": _("{actor} wrote down that a guardian was told, or why not"),
                "alerts.clock.paused": _("{actor} let a clock stand still ({kind}, {urgency})"),
                "alerts.clock.resumed": _("{actor} let a clock go on ({kind}, {urgency})"),
                "alerts.notice.acknowledged": _("{actor} acknowledged a notice that had climbed"),
                "alerts.signal.handed_over": _(
                    "Whoever had taken a signal left; it went to the heir, or people were called"
                ),
                "alerts.signal.closed": _("{actor} closed a signal ({outcome})"),
                # How it went stands in the signal: the keepers of the audit learn only that something moved.
                "alerts.gate.moved": _("A signal moved on at the second gate"),
                "alerts.report.made": _("{actor} reported a pupil, or handed over what came from elsewhere"),
                "alerts.interview.recorded": _("{actor} recorded a talk with a pupil ({outcome})"),
                "alerts.attention.set": _("{actor} set a pupil's attention level from {before} to {level}"),
                "alerts.attention.overdue": _(
                    "The review of a pupil's attention level is overdue; {sent} messages left"
                ),
            },
            care_facts=("urgency", "source", "basis", "outcome", "level", "before", "review_on", "way"),
        )
        self._declare_readings()
        self._declare_words()
        register_job(Job("alerts.tell_new_signals", run=tell_new_signals, every_seconds=1))
        register_job(Job("alerts.hasten_unattended", run=hasten_unattended, every_seconds=5))
        self._listen()
        register_doubts("alerts", children_to_hand_over)
        open_doors()

    def _declare_readings(self) -> None:
        """What reading leaves in the audit."""
        from xinqiao.foundation.audit.events import declare_events

        declare_events(
            {
                "alerts.notice.shown": _("{actor} was shown {count} notices"),
                "alerts.queue.read": _("{actor} read the queue of interviews ({count} pupils)"),
                "alerts.gate.read": _("{actor} read who waits at the second gate ({count} pupils)"),
                "alerts.signal.read": _("{actor} read a signal"),
                "alerts.attention.read": _("{actor} read the attention levels of {count} pupils"),
                "alerts.report.read": _("{actor} read how {count} of their own reports stand"),
                "alerts.receipt.read": _("{actor} read the receipt of an own report"),
                "alerts.names.offered": _("{actor} was offered the names of {count} pupils to report one of them"),
                "alerts.timeline.read": _("{actor} read a pupil's timeline"),
                "alerts.warning.read": _("{actor} read {count} warnings of the ladder"),
                "alerts.beyond.read": _("{actor} read which schools have not taken a warning ({count})"),
                "alerts.clocks.read": _("{actor} read the history of a signal's clocks"),
            },
            reading=True,
        )

    def _listen(self) -> None:
        """What alerts hears from the floors below."""
        from xinqiao.care.alerts.following import follow_pupils, hand_over_signals
        from xinqiao.care.alerts.jobs.tell import tell_of_climbs
        from xinqiao.register.accounts.hooks import staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        clock_climbed.connect(tell_of_climbs)
        students_moved.connect(follow_pupils)
        staff_left.connect(hand_over_signals)

    def _declare_words(self) -> None:
        """What codes of events are called."""
        from xinqiao.care.alerts.states import Level, Outcome, Urgency
        from xinqiao.care.alerts.wording import CLOCK_WORDS
        from xinqiao.foundation.audit.events import declare_words

        urgency, levels = dict(Urgency.choices), {**dict(Level.choices), "none": _("no level")}
        declare_words("alerts.signal.raised", "alerts.signal.acknowledged", "deadlines.clock.climbed", urgency=urgency)
        declare_words("alerts.signal.told_late", urgency=urgency)
        declare_words("alerts.clock.paused", "alerts.clock.resumed", urgency=urgency, kind=CLOCK_WORDS)
        outcomes = {**dict(Outcome.choices), "undecided": _("undecided")}
        declare_words("alerts.signal.closed", "alerts.interview.recorded", outcome=outcomes)
        declare_words("alerts.attention.set", before=levels, level=levels)
        declare_words("alerts.signal.climbed", clock=CLOCK_WORDS)
        declare_words("deadlines.clock.climbed", "deadlines.clock.redated", kind=CLOCK_WORDS)
