"""Tickets: what a pupil holds instead of a session. Self-contained and signed, so no read is needed to trust one.

Binary: version, sex, grade, age (a byte each, 0 where not known), issued and expiry (seconds since 1970, 4 bytes each),
seven ids (16 bytes each), the place, and 32 bytes of HMAC-SHA256; written in URL-safe base64 without padding.
"""

import base64
import binascii
import datetime as dt
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

VERSION = 1
LONGEST_LIFE = dt.timedelta(hours=4)
LONGEST_TEXT = 600
MAC_BYTES = 32
_HEAD = struct.Struct(">BBBBII16s16s16s16s16s16s16s")
_SEXES = ("", "male", "female")
_PURPOSE = b"ticket|"
_HASH = "sha256"


class BadTicket(ValueError):
    """The ticket is not ours, was changed, is of another version, or has expired."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who sits which sitting. `sex`, `grade` and `age` choose norms; None where not known."""

    sitting_id: UUID
    student_id: UUID
    key_id: UUID
    origin_id: UUID
    paper_id: UUID
    class_id: UUID
    county_id: UUID
    place: str
    issued_at: int
    expires_at: int
    sex: str | None = None
    grade: int | None = None
    age: int | None = None


def expiry(at: dt.datetime, closes_at: dt.datetime) -> dt.datetime:
    """Return when a ticket issued now ends: after four hours, or with the window."""
    return min(at + LONGEST_LIFE, closes_at)


def write_ticket(secret: bytes, ticket: Ticket) -> str:
    """Sign a ticket."""
    ids = (ticket.sitting_id, ticket.student_id, ticket.key_id, ticket.origin_id, ticket.paper_id, ticket.class_id,
           ticket.county_id)  # fmt: skip
    body = _HEAD.pack(
        VERSION, _SEXES.index(ticket.sex or ""), _small(ticket.grade), _small(ticket.age), ticket.issued_at,
        ticket.expires_at, *(i.bytes for i in ids),
    ) + ticket.place.encode()  # fmt: skip
    return base64.urlsafe_b64encode(body + _mac(secret, body)).rstrip(b"=").decode()


def read_ticket(secret: bytes, text: str, at: dt.datetime, *, grace_seconds: int = 0) -> Ticket:
    """Check and read a ticket; raise BadTicket with a code: unreadable, forged, expired.

    `grace_seconds` takes an expired ticket for that much longer.
    """
    if len(text) > LONGEST_TEXT:
        raise BadTicket("unreadable")
    try:
        whole = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadTicket("unreadable") from error
    body, mac = whole[:-MAC_BYTES], whole[-MAC_BYTES:]
    if len(body) < _HEAD.size or body[0] != VERSION:
        raise BadTicket("unreadable")
    if not hmac.compare_digest(mac, _mac(secret, body)):
        raise BadTicket("forged")
    _, sex, grade, age, issued, expires, *ids = _HEAD.unpack_from(body)
    if at.timestamp() >= expires + grace_seconds:
        raise BadTicket("expired")
    sitting_id, student_id, key_id, origin_id, paper_id, class_id, county_id = (UUID(bytes=i) for i in ids)
    return Ticket(
        sitting_id=sitting_id, student_id=student_id, key_id=key_id, origin_id=origin_id, paper_id=paper_id,
        class_id=class_id, county_id=county_id, place=body[_HEAD.size :].decode(), issued_at=issued, expires_at=expires,
        sex=_SEXES[sex] or None, grade=grade or None, age=age or None,
    )  # fmt: skip


def _small(value: int | None) -> int:
    return value if value is not None and 0 < value < 256 else 0


def _mac(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + body, _HASH)


def pad_bytes(secret: bytes, sitting_id: UUID, size: int) -> bytes:
    """Return the pad that veils a sitting's draft on a shared computer: HMAC-SHA256 in counter mode."""
    seed = b"pad|" + sitting_id.bytes
    blocks = (hmac.digest(secret, seed + n.to_bytes(4, "big"), _HASH) for n in range(-(-size // 32)))
    return b"".join(blocks)[:size]


def draft_name(secret: bytes, sitting_id: UUID) -> str:
    """Return the name of a sitting's draft on the pupil's device: opaque, always the same."""
    return hmac.digest(secret, b"draft|" + sitting_id.bytes, _HASH).hex()[:24]
