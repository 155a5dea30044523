"""What each channel needs to be told, and what may be meant by it. Values only: nothing is sent here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from xinqiao.foundation.notifications.models import Channel

WECOM_APP_BASE = "https://qyapi.weixin.qq.com"
MAIL_SCHEMES = ("smtp", "smtp+tls", "smtps")
Config = Mapping[str, str]


class BadConfig(ValueError):
    """A channel cannot be set up so; `place` names the field, `code` says what is wrong (see `wording`)."""

    def __init__(self, place: str, code: str) -> None:
        super().__init__(f"{place}: {code}")
        self.place, self.code = place, code


@dataclass(frozen=True)
class Needs:
    """Which fields a channel must and may have."""

    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    urls: tuple[str, ...] = field(default=("url",))


NEEDS: Mapping[str, Needs] = {
    Channel.MAIL: Needs(("url",)),
    Channel.SMS: Needs(("url", "shape", "template"), ("header", "success")),
    Channel.WECOM: Needs((), ("url", "corp", "agent", "secret")),
    Channel.DINGTALK: Needs(("url", "secret")),
    Channel.FEISHU: Needs(("url", "secret")),
    Channel.FILE: Needs((), urls=()),
}


def checked_config(channel: str, values: Config) -> dict[str, str]:
    """Return what is kept of the values, without what is empty. Raises BadConfig."""
    needs = NEEDS[channel]
    kept = {name: values[name].strip() for name in (*needs.must, *needs.may) if values.get(name, "").strip()}
    for name in needs.must:
        if name not in kept:
            raise BadConfig(name, "is_missing")
    if channel == Channel.WECOM:
        _check_wecom(kept)
    if channel == Channel.SMS:
        _check_sms(kept)
    for name in needs.urls:
        if name in kept and not _is_url(channel, kept[name]):
            raise BadConfig(name, "bad_address")
    return kept


def host_of(channel: str, config: Config) -> str:
    """Return the host that a configuration leads to; empty where it leads nowhere."""
    url = config.get("url") or (WECOM_APP_BASE if channel == Channel.WECOM else "")
    return (urlsplit(url).hostname or "").lower()


def _is_url(channel: str, url: str) -> bool:
    parts = urlsplit(url)
    schemes = MAIL_SCHEMES if channel == Channel.MAIL else ("https", "http")
    return parts.scheme in schemes and bool(parts.hostname)


def _check_wecom(kept: Config) -> None:
    """Either a group robot by its address, or an app by its three names (then the address is a base of one's own)."""
    app = [name for name in ("corp", "agent", "secret") if name in kept]
    if not app and "url" not in kept:
        raise BadConfig("url", "robot_or_app")
    if app and len(app) < 3:
        raise BadConfig(next(name for name in ("corp", "agent", "secret") if name not in kept), "is_missing")
    if app and not kept["agent"].isdecimal():
        raise BadConfig("agent", "not_a_number")


def _check_sms(kept: Config) -> None:
    if kept["shape"] not in ("json", "form"):
        raise BadConfig("shape", "is_missing")
    try:
        template = json.loads(kept["template"])
    except ValueError as error:
        raise BadConfig("template", "not_json") from error
    if not isinstance(template, dict) or "{phone}" not in kept["template"]:
        raise BadConfig("template", "no_phone")
    if kept["shape"] == "form" and not all(isinstance(value, str) for value in template.values()):
        raise BadConfig("template", "form_is_flat")
    if "success" in kept and "=" not in kept["success"]:
        raise BadConfig("success", "no_equals")
    if "header" in kept and ":" not in kept["header"]:
        raise BadConfig("header", "no_colon")


def filled(template: Any, words: Mapping[str, str]) -> Any:
    """Return a template with `{phone}`, `{text}` and `{id}` put in, wherever they stand in its texts."""
    if isinstance(template, dict):
        return {key: filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(each, words) for each in template]
    if isinstance(template, str):
        for name, word in words.items():
            template = template.replace("{" + name + "}", word)
    return template
