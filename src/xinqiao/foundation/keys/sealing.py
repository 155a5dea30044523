"""Sealing values with AES-256-GCM, bound to table, column, row and key subject.

A sealed value is `version byte + 12-byte nonce + ciphertext with tag`; short texts are padded so that their length
tells little. Moving a value to another row, column or table makes it unreadable.
"""

import hmac
import os
import unicodedata
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE_BYTES = 12
PAD_BYTES = 32


class Misplaced(ValueError):
    """A sealed value does not belong to this table, column, row or key: moved, damaged or forged."""


class Sealed(bytes):
    """A sealed value as stored; only `open_sealed` turns it into something to read."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<sealed {len(self)} bytes>"

    __str__ = __repr__


def associated(table: str, column: str, row_id: UUID, subject_id: UUID) -> bytes:
    """Return what binds a sealed value to its place."""
    return f"{table}|{column}|{row_id.hex}|{subject_id.hex}".encode()


def padded(plain: bytes) -> bytes:
    """Return the length as four bytes, the value, and zeros up to a multiple of 32 bytes."""
    body = len(plain).to_bytes(4, "big") + plain
    return body + b"\0" * (-len(body) % PAD_BYTES)


def unpadded(body: bytes) -> bytes:
    """Undo `padded`."""
    size = int.from_bytes(body[:4], "big")
    return body[4 : 4 + size]


def seal_bytes(cipher: AESGCM, plain: bytes, bound_to: bytes) -> Sealed:
    """Seal one value."""
    nonce = os.urandom(NONCE_BYTES)
    return Sealed(FORMAT + nonce + cipher.encrypt(nonce, padded(plain), bound_to))


def open_bytes(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """Open one value; raise Misplaced if it was not sealed for this place."""
    if sealed[:1] != FORMAT:
        raise Misplaced("unknown seal format")
    try:
        body = cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to)
    except InvalidTag as error:
        raise Misplaced("this sealed value does not belong here") from error
    return unpadded(body)


def blind_index(secret: bytes, purpose: str, value: str) -> bytes:
    """Return 16 bytes by which an identifier can be found again without storing it (HMAC-SHA256, truncated).

    Case and width are folded first, so that `ａb１` and `AB1` meet.
    """
    folded = unicodedata.normalize("NFKC", value).strip().upper()
    return hmac.digest(secret, f"{purpose}|{folded}".encode(), "sha256")[:16]
