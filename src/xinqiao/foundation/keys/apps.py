"""App registration."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.keys"
    label = "keys"
