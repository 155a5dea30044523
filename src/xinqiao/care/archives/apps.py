"""App registration."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.archives"
    label = "archives"
