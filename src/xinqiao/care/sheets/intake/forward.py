"""Everything that is not a pupil's goes on to the staff's web server, so that both share one address."""

import html
from http import HTTPStatus
from string import Template
from typing import Any, Final

import httpx
from django.utils.translation import gettext, override

from xinqiao.care.sheets.intake.app import Receive, Scope, Send
from xinqiao.care.sheets.intake.gathering import BodyRefused, Gathering

TIMEOUT: Final = httpx.Timeout(120.0, connect=3.0)
CONNECTIONS: Final = 64
NOBODY: Final = "http://127.0.0.1:9"  # the discard port: refused at once
# RFC 9110, section 7.6.1, and the ones that older clients send.
HOP_BY_HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade"}
)  # fmt: skip
# A connection may not name away what says where the request goes; the length is that of what was gathered.
_KEPT: Final = frozenset({b"host"})
_MEASURED: Final = frozenset({b"content-length", b"expect"})
# Whoever stands in front of us may not say who the client is; we say it ourselves.
_OURS: Final = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip"})
_STARTING: Final = Template("""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<meta http-equiv="refresh" content="3"><title>$brand</title></head><body>
<h1>$title_zh</h1><p>$text_zh</p><p lang="en">$title_en. $text_en</p></body></html>
""")


class Forward:
    """Called with every request that is not under /s/; while the web server does not answer, a page says so.

    It stands on a bare transport: an HTTP client would keep the cookies of one person and send them for the next.
    `is_https` says that whoever stands in front of us has taken the encryption off.
    """

    def __init__(self, upstream: str, *, is_https: bool = False, bodies: Gathering | None = None) -> None:
        self._is_https, self._bodies = is_https, bodies or Gathering()
        self._starting = _starting_page()
        self._upstream = httpx.URL(upstream or NOBODY)
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._transport = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close the connections to the upstream."""
        await self._transport.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._bodies.whole(scope, receive) as body:
                await self._pass_on(self._request(scope, body), send)
        except BodyRefused as refused:
            if refused.status:
                await _send_plain(send, refused.status)
        except httpx.InvalidURL:
            await _send_plain(send, HTTPStatus.BAD_REQUEST)

    def _request(self, scope: Scope, body: bytes) -> httpx.Request:
        return httpx.Request(
            scope["method"],
            self._upstream.copy_with(raw_path=_target(scope)),
            headers=_request_headers(scope, is_https=self._is_https),
            content=body or None,
            extensions={"timeout": TIMEOUT.as_dict()},
        )

    async def _pass_on(self, request: httpx.Request, send: Send) -> None:
        try:
            response = await self._transport.handle_async_request(request)
        except httpx.TransportError:
            await _send_starting(send, self._starting)
            return
        try:
            await send({"type": "http.response.start", "status": response.status_code,
                        "headers": _response_headers(response)})  # fmt: skip
            async for chunk in response.aiter_raw():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await response.aclose()


def _target(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string") or b""
    return raw + (b"?" + query if query else b"")


def _request_headers(scope: Scope, *, is_https: bool) -> list[tuple[bytes, bytes]]:
    dropped = HOP_BY_HOP | _OURS | _MEASURED | (_named_by_connection(scope["headers"]) - _KEPT)
    kept = [(name, value) for name, value in scope["headers"] if name.lower() not in dropped]
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    client = scope.get("client") or ("", 0)
    return [
        *kept,
        (b"x-forwarded-for", str(client[0]).encode()),
        (b"x-forwarded-proto", b"https" if is_https else str(scope.get("scheme", "http")).encode()),
        (b"x-forwarded-host", host),
    ]


def _named_by_connection(headers: Any) -> frozenset[bytes]:
    named = [value for name, value in headers if name.lower() == b"connection"]
    return frozenset(token.strip().lower() for value in named for token in value.split(b","))


def _response_headers(response: httpx.Response) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in response.headers.raw if name.lower() not in HOP_BY_HOP]


def _starting_page() -> bytes:
    words: dict[str, str] = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            words[f"title_{name}"] = gettext("XinQiao is starting")
            words[f"text_{name}"] = gettext("This page reloads by itself in a few seconds.")
            words["brand"] = gettext("XinQiao")
    return _STARTING.substitute({name: html.escape(text) for name, text in words.items()}).encode()


async def _send_starting(send: Send, page: bytes) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"3"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"content-length", str(len(page)).encode()),
    ]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": page})


async def _send_plain(send: Send, status: int) -> None:
    """Answer what no browser of a reader sends: the status in words, and nothing of what was sent."""
    text = HTTPStatus(status).phrase.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        (b"content-length", str(len(text)).encode()),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": text})
