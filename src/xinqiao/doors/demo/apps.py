"""App registration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.doors.demo"
    label = "demo"
