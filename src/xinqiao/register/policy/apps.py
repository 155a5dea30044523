"""App registration."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.policy"
    label = "policy"
