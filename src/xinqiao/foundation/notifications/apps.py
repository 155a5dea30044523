"""App registration: the events of messages, and the sender."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.notifications"
    label = "notifications"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.foundation.notifications.sending import send_due

        declare_events(
            {
                "notifications.webhook.set": _("{actor} set where urgent messages are also sent"),
                "notifications.webhook.ended": _("{actor} ended the sending of urgent messages to a webhook"),
            }
        )
        register_job(Job("notifications.send_due", run=send_due, every_seconds=2))
