"""App registration."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.mailbox"
    label = "mailbox"
