"""App registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.register.accounts"
    label = "accounts"
