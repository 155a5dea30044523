"""App registration: events, what it listens to, and its doors."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.incidents"
    label = "incidents"

    def ready(self) -> None:
        from xinqiao.care.alerts.wording import register_reason
        from xinqiao.care.incidents import following
        from xinqiao.care.incidents.doors import open_doors
        from xinqiao.care.incidents.events import declare
        from xinqiao.care.incidents.services import phoning
        from xinqiao.care.incidents.services.caring import WORDS
        from xinqiao.care.incidents.wording import call_phrase, words_phrase
        from xinqiao.register.accounts.hooks import staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import students_moved

        declare()
        clock_climbed.connect(following.tell_of_climbs)
        students_moved.connect(following.follow_pupils)
        staff_left.connect(following.hand_over)
        register_reason(WORDS, lambda reason: words_phrase(reason.details), is_long=True)
        register_reason(phoning.WORDS, lambda reason: call_phrase(reason.details), is_long=True)
        open_doors()
