"""App registration."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.alerts"
    label = "alerts"
