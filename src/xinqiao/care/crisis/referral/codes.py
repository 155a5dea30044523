"""The link and the code that open one referral: made, tidied, turned into what finds and checks them.

The link (16 of 30 characters, 78 bits) finds the referral and cannot be guessed or counted through; the code (8, 39
bits) travels another way, by telephone or on paper, and a few wrong ones lock the referral for a while.
"""

import hmac
import secrets
import unicodedata
from uuid import UUID

from xinqiao.foundation.keys.ring import ring
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET
from xinqiao.register.people.pins import pin_mac

LINK_LENGTH, CODE_LENGTH, GROUP = 16, 8, 4
_PURPOSE = b"referral-link|"


def new_signs(length: int) -> str:
    """Return fresh signs for a link or a code."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(length))


def tidied(typed: str, length: int) -> str:
    """Return signs as they were meant: without blanks and dashes, in capitals; empty if they cannot be right."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return text if len(text) == length and set(text) <= set(WINDOW_ALPHABET) else ""


def grouped(signs: str) -> str:
    """Return signs as they are shown: in groups of four."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def link_mac(link: str) -> bytes:
    """Return what finds the referral of a link: HMAC-SHA256 under a key outside the database."""
    return hmac.digest(ring().secrets["index"], _PURPOSE + link.encode(), "sha256")


def code_mac(referral_id: UUID, code: str) -> bytes:
    """Return what checks a code: HMAC-SHA256 bound to its referral."""
    return pin_mac(referral_id, code)


def payload_digest(referral_id: UUID, payload: str) -> bytes:
    """Return a digest of what the institution will see, bound to its referral."""
    return hmac.digest(ring().secrets["index"], b"referral-shown|" + referral_id.bytes + payload.encode(), "sha256")
