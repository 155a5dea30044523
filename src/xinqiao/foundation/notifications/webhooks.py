"""Asking a service by HTTP, and refusing where it leads inside: only listed hosts, no redirects, checked addresses."""

import ipaddress
import json as jsons
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 65_536
Resolve = Callable[[str, int], Sequence[str]]


class CannotSend(Exception):
    """The message did not leave. `code` says why; `is_final` when trying again cannot help."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final = code, is_final


@dataclass(frozen=True)
class Target:
    """A checked address: the URL, its host as written, and the one address to connect to."""

    url: str
    host: str
    port: int
    address: str
    is_https: bool


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_target(url: str, hosts: Sequence[str], resolver: Resolve = resolve) -> Target:
    """Return where to send, or raise CannotSend.

    The host must be listed. What it resolves to must be public, unless that very address is listed too; the address
    checked is the address used, so that a name cannot change between the check and the sending. Plain http is for
    listed addresses only.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        raise CannotSend("bad_address", is_final=True)
    if host not in hosts:
        raise CannotSend("host_not_listed", is_final=True)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = list(resolver(host, port))
    except (OSError, ValueError) as error:
        raise CannotSend("host_unknown") from error
    allowed = [address for address in addresses if is_public(address) or address in hosts]
    if not allowed or len(allowed) != len(addresses):
        raise CannotSend("address_is_internal", is_final=True)
    if parts.scheme == "http" and allowed[0] not in hosts:
        raise CannotSend("needs_https", is_final=True)
    return Target(url, host, port, allowed[0], is_https=parts.scheme == "https")


def is_public(address: str) -> bool:
    """Is it an address of the open internet?"""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_global) and not found.is_multicast


@dataclass(frozen=True)
class Reply:
    """What a service answered: a good status, and its JSON object; empty where it sent none."""

    status: int
    body: Mapping[str, Any]


def ask(
    url: str,
    hosts: Sequence[str],
    *,
    json: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    resolver: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
) -> Reply:
    """Ask a service at a checked address. Raises CannotSend for silence, a redirect, or a status that is not 2xx."""
    target = check_target(url, hosts, resolver)
    wrapped = f"[{target.address}]" if ":" in target.address else target.address
    address = httpx.URL(url).copy_with(host=wrapped, port=target.port)
    named = {**(headers or {}), "Host": httpx.URL(url).netloc.decode()}
    what: dict[str, Any] = {"json": json} if json is not None else {"data": form} if form is not None else {}
    try:
        with httpx.Client(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=transport
        ) as client, client.stream(
            method, address, headers=named, extensions={"sni_hostname": target.host}, **what
        ) as reply:  # fmt: skip
            status, raw = reply.status_code, _first_bytes(reply)
    except httpx.TimeoutException as error:
        raise CannotSend("timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CannotSend("no_connection") from error
    if not 200 <= status < 300:
        raise CannotSend(f"http_{status}")
    return Reply(status, _object_in(raw))


def _first_bytes(reply: httpx.Response) -> bytes:
    """Return a short answer whole; of a long one, which no service gives, only the beginning."""
    raw = b""
    for piece in reply.iter_bytes():
        raw += piece
        if len(raw) >= MOST_BYTES:
            break
    return raw[:MOST_BYTES]


def _object_in(raw: bytes) -> Mapping[str, Any]:
    try:
        found = jsons.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def send_webhook(
    url: str,
    text: str,
    hosts: Sequence[str],
    *,
    resolver: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
) -> None:
    """Post a text in the shape that the group robots of DingTalk, WeCom and Feishu take. Raises CannotSend."""
    body = {"msgtype": "text", "text": {"content": text}, "msg_type": "text", "content": {"text": text}}
    ask(url, hosts, json=body, resolver=resolver, transport=transport)
