"""An encrypted stream: AES-256-GCM in chunks, each bound to the header, its number and whether it is the last.

Layout: magic, length of the header (4 bytes), header (JSON), then chunks: length (4 bytes), ciphertext with tag. The
stream's key is derived from the backup secret and a fresh salt, so that nonces may count from zero. A changed, missing,
repeated, reordered or foreign chunk is refused; so is a stream that ends early.
"""

import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"XINQIAO-BACKUP-1\n"
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SALT_BYTES = 32
LONGEST_HEADER_BYTES = 1 << 16

# The backup key: given a stream's salt, 32 bytes.
Secret = Callable[[bytes], bytes]


class DamagedBackup(ValueError):
    """The stream was changed, cut or is not a backup; the message says where."""


class WrongBackupKey(ValueError):
    """The stream was sealed with another backup key."""


@dataclass(frozen=True)
class _Cipher:
    aead: AESGCM
    header: bytes

    def bound(self, number: int, *, is_last: bool) -> bytes:
        return hashlib.sha256(self.header).digest() + struct.pack(">Q?", number, is_last)

    def seal(self, number: int, plain: bytes, *, is_last: bool) -> bytes:
        return self.aead.encrypt(_nonce(number), plain, self.bound(number, is_last=is_last))

    def open(self, number: int, sealed: bytes, *, is_last: bool) -> bytes:
        return self.aead.decrypt(_nonce(number), sealed, self.bound(number, is_last=is_last))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _derived(root: bytes, salt: bytes, purpose: bytes, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt, b"xinqiao backup " + purpose).derive(root)


class SealedWriter:
    """Writes a stream; use as a context manager. Leaving it by an exception leaves the stream without an end."""

    def __init__(self, out: BinaryIO, secret: Secret, about: dict[str, Any]) -> None:
        salt = os.urandom(SALT_BYTES)
        root = secret(salt)
        check = _derived(root, salt, b"check", 16)
        header = json.dumps({**about, "salt": salt.hex(), "check": check.hex()}, sort_keys=True).encode()
        self._out = out
        self._cipher = _Cipher(AESGCM(_derived(root, salt, b"stream")), header)
        self._held = bytearray()
        self._number = 0
        out.write(MAGIC + len(header).to_bytes(4, "big") + header)

    def __enter__(self) -> "SealedWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._put(bytes(self._held), is_last=True)

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._held += data
        while len(self._held) > CHUNK_BYTES:
            self._put(bytes(self._held[:CHUNK_BYTES]), is_last=False)
            del self._held[:CHUNK_BYTES]
        return len(data)

    def _put(self, plain: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.seal(self._number, plain, is_last=is_last)
        self._out.write(struct.pack(">I?", len(sealed), is_last) + sealed)
        self._number += 1


def read_header(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Return the header, decoded and as it lies there; raise DamagedBackup if it is none of ours."""
    if source.read(len(MAGIC)) != MAGIC:
        raise DamagedBackup("this is not a backup of XinQiao")
    length = int.from_bytes(source.read(4), "big")
    raw = source.read(length) if length <= LONGEST_HEADER_BYTES else b""
    try:
        about = json.loads(raw)
        bytes.fromhex(about["salt"]), bytes.fromhex(about["check"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedBackup("the header is damaged") from error
    return about, raw


def open_stream(source: BinaryIO, secret: Secret) -> Iterator[bytes]:
    """Yield the plain chunks; raise WrongBackupKey or DamagedBackup. What was yielded before an error is no backup."""
    about, raw = read_header(source)
    salt = bytes.fromhex(about["salt"])
    root = secret(salt)
    if _derived(root, salt, b"check", 16).hex() != about["check"]:
        raise WrongBackupKey("this backup was made with another backup key (or its header is damaged)")
    cipher = _Cipher(AESGCM(_derived(root, salt, b"stream")), raw)
    number, is_last = 0, False
    while not is_last:
        sealed, is_last = _next_chunk(source, number)
        try:
            yield cipher.open(number, sealed, is_last=is_last)
        except InvalidTag as error:
            raise DamagedBackup(f"chunk {number} was changed") from error
        number += 1
    if source.read(1):
        raise DamagedBackup("something was added after the end")


def _next_chunk(source: BinaryIO, number: int) -> tuple[bytes, bool]:
    head = source.read(5)
    if len(head) < 5:
        raise DamagedBackup(f"it ends early, before chunk {number}")
    length, is_last = struct.unpack(">I?", head)
    if not TAG_BYTES <= length <= CHUNK_BYTES + TAG_BYTES:
        raise DamagedBackup(f"chunk {number} was changed")
    sealed = source.read(length)
    if len(sealed) < length:
        raise DamagedBackup(f"it ends early, inside chunk {number}")
    return sealed, is_last
