"""App registration: the events of letters, the tab of a screening, and doors."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.letters"
    label = "letters"

    def ready(self) -> None:
        from xinqiao.care.alerts.wording import register_reason
        from xinqiao.care.letters.doors import open_doors
        from xinqiao.care.letters.events import declare
        from xinqiao.care.letters.reasons import WORDS, words_phrase

        declare()
        register_reason(WORDS, words_phrase, is_long=True)
        open_doors()
