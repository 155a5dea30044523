"""App registration."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.sheets"
    label = "sheets"
