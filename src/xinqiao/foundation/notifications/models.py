"""The outbox: what is to leave, how often it was tried, and why it failed; and by which channels it leaves."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField


class Channel(models.TextChoices):
    """How a message leaves."""

    MAIL = "mail", _("Mail")
    SMS = "sms", _("Text message")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    FILE = "file", _("File of the demo city")
    WEBHOOK = "webhook", _("Webhook")
    NONE = "none", _("No channel")


# What an administrator sets up for a unit, and what a person can be reached by.
PERSONAL = (Channel.MAIL, Channel.SMS, Channel.WECOM, Channel.DINGTALK, Channel.FEISHU, Channel.FILE)


class Webhook(ScopedModel):
    """The address of a unit's group robot or other receiver. `place` is the unit's; one open row a place."""

    DATA = {**SCOPED_DATA, "key_id": D1, "address": D2, "set_by": D1, "set_at": D1, "ended_at": D1}

    key_id = models.UUIDField[UUID, UUID]()
    address = SealedField(coded=True)
    set_by = models.UUIDField[UUID, UUID]()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_one_open", fields=["place"], condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.id)


class ChannelSetting(ScopedModel):
    """How one channel leaves from a unit and everything below it, unless something nearer is set; one open row each.

    `config` is a JSON object of what the channel needs, secrets among it: it is sealed and never shown again. `host` is
    where it leads, for whoever has to allow it.
    """

    DATA = {
        **SCOPED_DATA, "key_id": D1, "channel": D1, "config": D2, "host": D1, "set_by": D1, "set_at": D1,
        "ended_at": D1,
    }  # fmt: skip

    key_id = models.UUIDField[UUID, UUID]()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    config = SealedField(coded=True)
    host = models.CharField(max_length=255, blank=True)
    set_by = models.UUIDField[UUID, UUID]()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="channel_one_open", fields=["place", "channel"], condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"


class OwnChannel(ScopedModel):
    """What one person said of one channel: whether usual notices come by it, and under which number or account.

    Without an address of one's own, mail and text messages go where the unit's staff list says.
    """

    DATA = {**SCOPED_DATA, "key_id": D1, "staff_id": D1, "channel": D1, "address": D2, "is_on": D1, "set_at": D1}

    key_id = models.UUIDField[UUID, UUID]()
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = SealedField(null=True, coded=True)
    is_on = models.BooleanField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="own_channel_once", fields=["staff_id", "channel"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"


class Delivery(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class OutboxMessage(ScopedModel):
    """One message to one address. `body` says that something waits, never what about or about whom.

    What is urgent is tried first and every half minute for a day, the rest ever more slowly. Channel `none` stands for
    a person who can be reached by nothing: it is given up from the first, so that it is seen.
    """

    DATA = {
        **SCOPED_DATA, "key_id": D1, "channel": D1, "address": D2, "subject": D1, "body": D1, "about_kind": D1,
        "about_id": D1, "status": D1, "tries": D1, "next_try_at": D1, "last_error": D1, "created_at": D1, "sent_at": D1,
        "is_urgent": D1, "leased_at": D1,
    }  # fmt: skip

    key_id = models.UUIDField[UUID, UUID]()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = SealedField(coded=True)
    subject = models.CharField(max_length=120)
    body = models.CharField(max_length=500)
    about_kind = models.CharField(max_length=24)
    about_id = models.UUIDField[UUID, UUID](db_index=True)
    status = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now, db_index=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    is_urgent = models.BooleanField(default=False)
    leased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="outbox_sent_when", condition=~Q(status="sent") | Q(sent_at__isnull=False)),
            models.CheckConstraint(name="outbox_failed_why", condition=~Q(status="failed") | ~Q(last_error="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"
