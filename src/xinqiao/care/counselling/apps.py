"""App registration."""

from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.counselling"
    label = "counselling"
