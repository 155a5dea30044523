"""App registration."""

from django.apps import AppConfig


class ScalesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.scales"
    label = "scales"
