"""The code on a letter: made, tidied, turned into what finds and checks it. Nothing of it is stored readable.

Twelve of 30 characters that are not mistaken for each other. The first four find the letter, the other eight (39
bits) are secret; a few wrong tries lock the letter for a while, so that they cannot be guessed.
"""

import hmac
import secrets
import unicodedata
from uuid import UUID

from xinqiao.foundation.keys.ring import ring
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET
from xinqiao.register.people.pins import pin_mac

CODE_LENGTH, LOCATOR_LENGTH = 12, 4
_PURPOSE = b"letter-locator|"
_INDEX_BYTES = 16


def new_letter_code() -> str:
    """Return a fresh code."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(CODE_LENGTH))


def tidied(typed: str) -> str:
    """Return a code as it was meant: without blanks and dashes, in capitals; empty if it cannot be one."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return text if len(text) == CODE_LENGTH and set(text) <= set(WINDOW_ALPHABET) else ""


def grouped(code: str) -> str:
    """Return a code as it is printed: in threes of four characters."""
    return "-".join(code[start : start + LOCATOR_LENGTH] for start in range(0, len(code), LOCATOR_LENGTH))


def locator_mac(code: str) -> bytes:
    """Return what finds the letters whose codes begin like this one: 16 bytes of HMAC-SHA256."""
    message = _PURPOSE + code[:LOCATOR_LENGTH].encode()
    return hmac.digest(ring().secrets["pins"], message, "sha256")[:_INDEX_BYTES]


def code_mac(letter_id: UUID, code: str) -> bytes:
    """Return what checks a code: HMAC-SHA256 bound to its letter."""
    return pin_mac(letter_id, code)


def words_digest(owner_id: UUID, words: str) -> bytes:
    """Return a digest of words bound to their letter or mailing, so that equal words do not show."""
    return hmac.digest(ring().secrets["index"], b"letter-words|" + owner_id.bytes + words.encode(), "sha256")
