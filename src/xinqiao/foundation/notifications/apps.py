"""App registration: the events of messages, and the sender."""

from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.foundation.notifications"
    label = "notifications"

    def ready(self) -> None:
        from xinqiao.foundation.audit.events import declare_events, declare_words
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.foundation.notifications.models import Channel
        from xinqiao.foundation.notifications.sending import LANES, send_lane

        declare_events(
            {
                "notifications.webhook.set": _("{actor} set where urgent messages are also sent"),
                "notifications.webhook.ended": _("{actor} ended the sending of urgent messages to a webhook"),
                "notifications.channel.set": _("{actor} set up a channel ({channel})"),
                "notifications.channel.ended": _("{actor} ended a channel ({channel})"),
                "notifications.channel.tested": _("{actor} tried a channel out ({channel}): {outcome}"),
                "notifications.own.set": _("{actor} chose by which channels notices come"),
            }
        )
        declare_words(
            "notifications.channel.set", "notifications.channel.ended", "notifications.channel.tested",
            channel=dict(Channel.choices), outcome={"sent": _("it left"), "failed": _("it did not leave")},
        )  # fmt: skip
        for lane in LANES:
            register_job(Job(f"notifications.send_{lane}", run=partial(send_lane, lane), every_seconds=2))
