"""Identifiers: UUIDv7 made here, because sealing a field needs the row's id before the row exists."""

import secrets
import uuid

import uuid_utils

UNIT_KEY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
UNIT_KEY_LENGTH = 8


def new_id() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7)."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def new_unit_key() -> str:
    """Return eight random characters (40 bits) that name one unit for ever inside every `place`."""
    return "".join(secrets.choice(UNIT_KEY_ALPHABET) for _ in range(UNIT_KEY_LENGTH))
