"""App registration."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.doors.home"
    label = "home"
