"""Handing one message to its channel: which setting holds where the person is, and the sender of that channel."""

import fcntl
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.configs import Config
from xinqiao.foundation.notifications.mail import mail_url, send_mail
from xinqiao.foundation.notifications.models import Channel, ChannelSetting
from xinqiao.foundation.notifications.robots import Wire, Word, send_dingtalk, send_feishu, send_sms, send_wecom
from xinqiao.foundation.notifications.webhooks import CannotSend, send_webhook
from xinqiao.foundation.notifications.words import subject_words

DEMO_FILE = "demo-messages.jsonl"
_BY_HTTP: Mapping[str, Callable[[Config, Word, Wire], None]] = {
    Channel.SMS: send_sms, Channel.WECOM: send_wecom, Channel.DINGTALK: send_dingtalk, Channel.FEISHU: send_feishu,
}  # fmt: skip


@dataclass(frozen=True)
class InForce:
    """A channel as it leaves from a place: the setting that holds there, None where mail leaves by the environment."""

    channel: str
    setting: ChannelSetting | None

    @property
    def endpoint(self) -> str:
        """Under which name its being down is remembered."""
        return str(self.setting.id) if self.setting else self.channel


def open_settings(places: Collection[str]) -> dict[tuple[str, str], ChannelSetting]:
    """Return the open settings kept exactly at these places, by place and channel."""
    rows = ChannelSetting.objects.for_system(reason="how messages leave; it names nobody")
    found = rows.filter(place__in=list(places), ended_at__isnull=True)
    return {(row.place, row.channel): row for row in found if row.channel != Channel.FILE or settings.XINQIAO_DEMO}


def nearest(
    channel: str, place: str, known: Mapping[tuple[str, str], ChannelSetting] | None = None
) -> InForce | None:  # fmt: skip
    """Return how a channel leaves from a place, None where it is not set up; the environment's mail holds anywhere."""
    above = places_above(place)
    known = open_settings(above) if known is None else known
    setting = next((known[each, channel] for each in reversed(above) if (each, channel) in known), None)
    if setting is None and not (channel == Channel.MAIL and mail_url()):
        return None
    return InForce(channel, setting)


def deliver(way: InForce | None, word: Word, *, channel: str) -> None:
    """Hand a message over. Raises CannotSend; what is not set up is final until somebody sets it up."""
    wire = Wire(tuple(settings.XINQIAO_WEBHOOK_HOSTS))
    if channel == Channel.WEBHOOK:
        send_webhook(word.to, word.text, settings.XINQIAO_WEBHOOK_HOSTS)
        return
    if way is None:
        raise CannotSend("mail_not_set_up" if channel == Channel.MAIL else "channel_not_set_up", is_final=True)
    config = config_of(way.setting) if way.setting else {}
    if channel == Channel.MAIL:
        send_mail(word.to, subject_words(), word.text, config.get("url", ""), id=word.id)
    elif channel == Channel.FILE:
        _into_demo_file(word)
    else:
        _BY_HTTP[channel](config, word, wire)


def config_of(setting: ChannelSetting) -> dict[str, str]:
    """Open a setting. Raises CannotSend where its key is gone."""
    (opened,) = open_sealed([setting], "config")
    if not opened["config"]:
        raise CannotSend("channel_not_set_up", is_final=True)
    found: dict[str, str] = json.loads(opened["config"])
    return found


def demo_file() -> Path:
    """Where the demo city's channel writes, for a person to look at."""
    return Path(settings.XINQIAO_HOME) / DEMO_FILE


def _into_demo_file(word: Word) -> None:
    """Write a line; the demo city's alone."""
    if not settings.XINQIAO_DEMO:
        raise CannotSend("channel_not_set_up", is_final=True)
    line: dict[str, Any] = {"at": now().isoformat(), "to": word.to, "text": word.text, "id": word.id}
    try:
        with demo_file().open("a", encoding="utf-8") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise CannotSend("file_not_writable") from error
