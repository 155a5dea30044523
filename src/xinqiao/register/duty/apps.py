"""App registration."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.duty"
    label = "duty"
