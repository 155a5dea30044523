"""App registration: events, what the ticker runs, what it listens to, and its doors."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.rounds"
    label = "rounds"

    def ready(self) -> None:
        from xinqiao.care.alerts.wording import register_reason
        from xinqiao.care.rounds.climbing import tell_of_climbs
        from xinqiao.care.rounds.doors import open_doors
        from xinqiao.care.rounds.events import declare
        from xinqiao.care.rounds.jobs.opening import follow_calls, keep_rounds
        from xinqiao.care.rounds.reasons import FACTORS, SEEN, WORDS, factor_phrase, seen_phrase, words_phrase
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.deadlines.climbing import clock_climbed

        declare()
        register_job(Job("rounds.keep", run=keep_rounds, every_seconds=3600))
        register_job(Job("rounds.follow_calls", run=follow_calls, every_seconds=10))
        clock_climbed.connect(tell_of_climbs)
        register_reason(FACTORS, lambda reason: factor_phrase(reason.details))
        register_reason(SEEN, lambda reason: seen_phrase(reason.details))
        register_reason(WORDS, lambda reason: words_phrase(reason.details), is_long=True)
        open_doors()
