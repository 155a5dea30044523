"""Identifiers: UUIDv7 made here, because sealing a field needs the row's id before the row exists."""

import secrets
import uuid

import uuid_utils

UNIT_KEY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
UNIT_KEY_LENGTH = 8


def new_id() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7)."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def id_from(text: str) -> uuid.UUID | None:
    """Return the id that a text of a request holds; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def new_unit_key() -> str:
    """Return eight random characters (40 bits) that name one unit for ever inside every `place`."""
    return "".join(secrets.choice(UNIT_KEY_ALPHABET) for _ in range(UNIT_KEY_LENGTH))
