"""App registration."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.screening"
    label = "screening"
