"""App registration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.access"
    label = "access"
