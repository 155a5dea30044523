"""App registration."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.deadlines"
    label = "deadlines"
