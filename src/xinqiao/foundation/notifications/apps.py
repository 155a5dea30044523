"""App registration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.notifications"
    label = "notifications"
