"""App registration."""

from django.apps import AppConfig


class CentreConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.centre"
    label = "centre"
