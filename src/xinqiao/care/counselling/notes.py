"""What a note holds, and how it lies in its box: sealed to the group's public half, opened by a member's own key."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from xinqiao.care.counselling.models import GroupVersion
from xinqiao.foundation.keys.boxes import into_parcel, out_of_parcel


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a note, each free words and "" where nothing was written; `risk` is a code of `Risk`.

    `why` says what an amendment is for, "" for the first version.
    """

    presenting: str = ""
    risk: str = "not_asked"
    risk_words: str = ""
    process: str = ""
    analysis: str = ""
    countermeasure: str = ""
    goals: str = ""
    plan: str = ""
    effect: str = ""
    words: str = ""
    why: str = ""

    def filled(self) -> dict[str, bool]:
        """Return which of the four parts are written (S0-E-A5-B14-4), as columns of a session."""
        return {f"has_{part}": bool(getattr(self, part).strip()) for part in FOUR_PARTS}


FOUR_PARTS = ("process", "analysis", "countermeasure", "effect")


def sealed_note(version: GroupVersion, note: Note, row_id: UUID) -> bytes:
    """Return a note as its box holds it; needs no sentence."""
    return into_parcel(bytes(version.public), msgspec.json.encode(note), b"note|" + row_id.bytes)


def sealed_typed(version: GroupVersion, typed: Mapping[str, str], row_id: UUID) -> bytes:
    """Return a draft as its box holds it: the fields of the form as they were typed."""
    return into_parcel(bytes(version.public), msgspec.json.encode(dict(typed)), b"draft|" + row_id.bytes)


def opened_note(private: X25519PrivateKey | None, box: bytes | None, row_id: UUID) -> Note | None:
    """Return what a box holds; None where this key does not open it, or the pupil's key was destroyed."""
    if private is None or box is None:
        return None
    try:
        return msgspec.json.decode(out_of_parcel(private, box, b"note|" + row_id.bytes), type=Note)
    except InvalidTag:
        return None


def opened_typed(private: X25519PrivateKey | None, box: bytes | None, row_id: UUID) -> dict[str, str] | None:
    """Return what a draft holds, likewise."""
    if private is None or box is None:
        return None
    try:
        return msgspec.json.decode(out_of_parcel(private, box, b"draft|" + row_id.bytes), type=dict[str, str])
    except InvalidTag:
        return None
