"""PINs of pupils: made, checked, never guessed. A PIN is six digits; its HMAC key lies outside the database."""

import hmac
import secrets
from uuid import UUID

from xinqiao.foundation.keys.ring import ring

PIN_DIGITS = 6


def new_pin() -> str:
    """Return six random digits that are neither one digit repeated nor a run such as 123456."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if len(set(pin)) > 1 and pin not in "01234567890" and pin not in "09876543210":
            return pin


def pin_mac(owner_id: UUID, pin: str, *, secret: bytes | None = None) -> bytes:
    """Return the HMAC-SHA256 of a PIN (or one-time code) bound to its owner: a student's or a sitting's id.

    Whoever makes many gives the ring's "pins" secret, so that the key file is looked at once.
    """
    key = ring().secrets["pins"] if secret is None else secret
    return hmac.digest(key, owner_id.bytes + pin.strip().encode(), "sha256")
