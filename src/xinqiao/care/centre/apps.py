"""App registration: events and doors."""

from django.apps import AppConfig


class CentreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.centre"
    label = "centre"

    def ready(self) -> None:
        from xinqiao.care.centre.doors import open_doors
        from xinqiao.care.centre.events import declare

        declare()
        open_doors()
