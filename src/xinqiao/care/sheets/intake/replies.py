"""What the intake answers: a status, a JSON body, and headers that keep it out of every cache."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from xinqiao.care.sheets.pupil.page import CONTENT_SECURITY_POLICY

Headers = list[tuple[bytes, bytes]]

BUSY_SECONDS: Final = 3
_SECURITY: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
JSON_HEADERS: Final[Headers] = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    *_SECURITY,
]
FOREVER: Final = b"public, max-age=31536000, immutable"

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the body that says it."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)


def refusal(status: int, code: str, *, retry_after: int | None = None, **more: Any) -> Reply:
    """Return a refusal with its code; `retry_after` in seconds where trying again will help."""
    body: dict[str, Any] = {"code": code, **more}
    if retry_after is not None:
        body["retry_after"] = retry_after
    return Reply(status, body)


def busy() -> Reply:
    """Return the refusal that asks to try again soon; the pupil's page keeps the answers and does so by itself."""
    return refusal(503, "busy", retry_after=BUSY_SECONDS)


def file_headers(content_type: str, *, cache: bytes) -> Headers:
    """Return the headers of a page or file."""
    return [(b"content-type", content_type.encode()), (b"cache-control", cache), *_SECURITY]
