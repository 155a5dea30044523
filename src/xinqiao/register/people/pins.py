"""PINs of pupils: made, checked, never guessed. A PIN is six digits; its HMAC key lies outside the database."""

import hashlib
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


def pin_mac(owner_id: UUID, pin: str) -> bytes:
    """Return the HMAC-SHA256 of a PIN (or one-time code) bound to its owner: a student's or a sitting's id."""
    return hmac.new(ring().secrets["pins"], owner_id.bytes + pin.strip().encode(), hashlib.sha256).digest()
