"""How each service is asked: the request for one neutral text to one person, and what its answer means.

Shapes after the services' public documentation: DingTalk custom robots, Feishu custom bots, WeCom group robots and app
messages. A text message goes through whatever gateway the installation describes by a template.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.configs import WECOM_APP_BASE, Config, filled
from xinqiao.foundation.notifications.webhooks import CannotSend, Reply, ask

WECOM_TOKEN_ENDED = ("40014", "42001")


@dataclass(frozen=True)
class Word:
    """One message as a channel carries it: to whom, the one wording, and an id that stays the same when tried again."""

    to: str
    text: str
    id: str


@dataclass(frozen=True)
class Wire:
    """How requests leave: the hosts that are allowed, and a transport of a test's own."""

    hosts: tuple[str, ...]
    transport: httpx.BaseTransport | None = None
    resolver: Any = None


def signed(key: bytes, message: bytes) -> str:
    """Return the base64 of an HMAC-SHA256, as these services sign."""
    return base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def send_dingtalk(config: Config, word: Word, wire: Wire) -> None:
    """A custom robot of a group mentions the person. Signed by its secret, with milliseconds, in the address."""
    moment = str(int(now().timestamp() * 1000))
    sign = signed(config["secret"].encode(), f"{moment}\n{config['secret']}".encode())
    joint = "&" if "?" in config["url"] else "?"
    url = f"{config['url']}{joint}{urlencode({'timestamp': moment, 'sign': sign})}"
    at = {"atMobiles": [word.to]} if _is_mobile(word.to) else {"atUserIds": [word.to]}
    _expect(_post(url, wire, {"msgtype": "text", "text": {"content": word.text}, "at": at}), "errcode")


def send_feishu(config: Config, word: Word, wire: Wire) -> None:
    """A custom bot of a group mentions the person. Signed by its secret, with seconds, in the body."""
    moment = str(int(now().timestamp()))
    text = f'<at user_id="{word.to}"></at> {word.text}'
    body = {"timestamp": moment, "sign": signed(f"{moment}\n{config['secret']}".encode(), b""),
            "msg_type": "text", "content": {"text": text}}  # fmt: skip
    _expect(_post(config["url"], wire, body), "code", "StatusCode")


def send_wecom(config: Config, word: Word, wire: Wire) -> None:
    """An app writes to the person, or a group robot mentions them.

    WeCom's own check for repeated messages is left off: it compares contents, and ours are always the same, so that it
    would swallow the second notice.
    """
    if "corp" in config:
        _send_wecom_app(config, word, wire)
        return
    whom = {"mentioned_mobile_list": [word.to]} if _is_mobile(word.to) else {"mentioned_list": [word.to]}
    _expect(_post(config["url"], wire, {"msgtype": "text", "text": {"content": word.text, **whom}}), "errcode")


_tokens: dict[tuple[str, str, str], str] = {}


def _send_wecom_app(config: Config, word: Word, wire: Wire) -> None:
    base = config.get("url", WECOM_APP_BASE).rstrip("/")
    known = (base, config["corp"], config["secret"])
    for is_last in (False, True):
        if known not in _tokens:
            query = urlencode({"corpid": config["corp"], "corpsecret": config["secret"]})
            reply = ask(f"{base}/cgi-bin/gettoken?{query}", wire.hosts, method="GET", **_more(wire))
            _tokens[known] = str(_expect(reply, "errcode").get("access_token", ""))
        body = {"touser": word.to, "msgtype": "text", "agentid": int(config["agent"]), "text": {"content": word.text}}
        reply = _post(f"{base}/cgi-bin/message/send?{urlencode({'access_token': _tokens[known]})}", wire, body)
        if str(reply.body.get("errcode")) in WECOM_TOKEN_ENDED and not is_last:
            del _tokens[known]
            continue
        if _expect(reply, "errcode").get("invaliduser"):
            raise CannotSend("account_unknown")
        return


def send_sms(config: Config, word: Word, wire: Wire) -> None:
    """Ask the gateway as its template says; `{id}` lets one that knows such keys drop what comes twice."""
    body = filled(json.loads(config["template"]), {"phone": word.to, "text": word.text, "id": word.id})
    name, _colon, value = config.get("header", "").partition(":")
    headers = {name.strip(): value.strip()} if name.strip() else {}
    what: dict[str, Any] = {"json": body} if config["shape"] == "json" else {"form": body}
    reply = ask(config["url"], wire.hosts, headers=headers, **what, **_more(wire))
    place, _equals, wanted = config.get("success", "").partition("=")
    if place and str(_at(reply.body, place.strip())) != wanted.strip():
        raise CannotSend(_refused(_at(reply.body, place.strip())))


def _post(url: str, wire: Wire, body: Mapping[str, Any]) -> Reply:
    return ask(url, wire.hosts, json=body, **_more(wire))


def _more(wire: Wire) -> dict[str, Any]:
    more: dict[str, Any] = {"transport": wire.transport} if wire.transport else {}
    return more | ({"resolver": wire.resolver} if wire.resolver else {})


def _expect(reply: Reply, *names: str) -> Mapping[str, Any]:
    """Return the body of a reply that says 0 under one of the names; all of these services say so."""
    said = next((reply.body[name] for name in names if name in reply.body), None)
    if str(said) != "0":
        raise CannotSend(_refused(said))
    return reply.body


def _refused(said: object) -> str:
    word = "".join(letter for letter in str(said) if letter.isalnum() or letter in "-_.")[:40]
    return f"refused_{word or 'silent'}"


def _at(body: Any, path: str) -> Any:
    for part in path.split("."):
        body = body.get(part) if isinstance(body, dict) else None
    return body


def _is_mobile(account: str) -> bool:
    return account.lstrip("+").isdecimal() and len(account.lstrip("+")) == MOBILE_DIGITS


MOBILE_DIGITS = 11  # of a mobile number of the mainland; anything else is taken for an account of the service
