"""The lock of what the master key shall not open: a key pair whose private half only its owner's words open.

What is kept is sealed to the public half (HPKE: X25519, HKDF-SHA-256, AES-256-GCM), so that keeping it asks for no
words. The private half lies under a key that scrypt makes of the words; neither words nor that key are stored anywhere.
A private notebook is one such lock; a group's notes lie in parcels, its key in parcels for each of its members.
"""

import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
ROUNDS, BLOCK = (
    2**16,
    8,
)  # 64 MiB and about a tenth of a second a guess (RFC 7914 names the parameters; the size is ours)
STEP_BYTES = 1024  # a parcel is padded to a multiple of it, so that its length tells little
BOX_BYTES = 512  # every result is padded to it, so that its length does not tell the scale
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class WrongWords(ValueError):
    """These words do not open this notebook."""


class TooLarge(ValueError):
    """A result does not fit into a box."""


class NotTheHalves(ValueError):
    """Two halves of a key do not belong together."""


@dataclass(frozen=True)
class Lock:
    """The public half (32 bytes), and salt, nonce and private half under the words."""

    public: bytes
    guarded: bytes


def new_lock(words: str, bound_to: bytes) -> Lock:
    """Make a key pair and guard its private half by the words; `bound_to` names the notebook."""
    private = X25519PrivateKey.generate()
    return Lock(private.public_key().public_bytes_raw(), _guarded(private, words, bound_to))


def relocked(guarded: bytes, words: str, new_words: str, bound_to: bytes) -> bytes:
    """Return the private half under other words; raise WrongWords if the first do not open it."""
    return _guarded(unlocked(guarded, words, bound_to), new_words, bound_to)


def unlocked(guarded: bytes, words: str, bound_to: bytes) -> X25519PrivateKey:
    """Return the private half; raise WrongWords."""
    salt, nonce = guarded[:SALT_BYTES], guarded[SALT_BYTES : SALT_BYTES + NONCE_BYTES]
    try:
        raw = AESGCM(_key_of(words, salt)).decrypt(nonce, guarded[SALT_BYTES + NONCE_BYTES :], bound_to)
    except InvalidTag:
        raise WrongWords from None
    return X25519PrivateKey.from_private_bytes(raw)


def into_box(public: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Seal a result to the public half; raise TooLarge."""
    if len(plain) > BOX_BYTES:
        raise TooLarge(len(plain))
    return _SUITE.encrypt(plain.ljust(BOX_BYTES), X25519PublicKey.from_public_bytes(public), bound_to)


def out_of_box(private: X25519PrivateKey, box: bytes, bound_to: bytes) -> bytes:
    """Open what `into_box` sealed; InvalidTag where it was moved or changed."""
    return _SUITE.decrypt(box, private, bound_to).rstrip()


def new_private() -> X25519PrivateKey:
    """Return a fresh private half."""
    return X25519PrivateKey.generate()


def public_of(private: X25519PrivateKey) -> bytes:
    """Return the public half that belongs to a private one, 32 bytes."""
    return private.public_key().public_bytes_raw()


def into_parcel(public: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Seal bytes of any length to a public half."""
    body = len(plain).to_bytes(4, "big") + plain
    return _SUITE.encrypt(body + b"\0" * (-len(body) % STEP_BYTES), X25519PublicKey.from_public_bytes(public), bound_to)


def out_of_parcel(private: X25519PrivateKey, parcel: bytes, bound_to: bytes) -> bytes:
    """Open what `into_parcel` sealed; InvalidTag where it was moved, changed or sealed to another."""
    body = _SUITE.decrypt(parcel, private, bound_to)
    return body[4 : 4 + int.from_bytes(body[:4], "big")]


def halves_of(private: X25519PrivateKey) -> tuple[bytes, bytes]:
    """Return a private half in two parts (32 bytes each) of which neither tells anything without the other."""
    raw, first = private.private_bytes_raw(), os.urandom(KEY_BYTES)
    return first, bytes(one ^ other for one, other in zip(raw, first, strict=True))


def joined(first: bytes, second: bytes, public: bytes) -> X25519PrivateKey:
    """Return the private half that two parts make; raise NotTheHalves where it is not that of `public`."""
    private = X25519PrivateKey.from_private_bytes(
        bytes(one ^ other for one, other in zip(first, second, strict=True))
    )  # fmt: skip
    if public_of(private) != public:
        raise NotTheHalves
    return private


def plain_words(words: str) -> str:
    """Return words as they count: width and repeated spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", words).split())


def _guarded(private: X25519PrivateKey, words: str, bound_to: bytes) -> bytes:
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    return salt + nonce + AESGCM(_key_of(words, salt)).encrypt(nonce, private.private_bytes_raw(), bound_to)


def _key_of(words: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=ROUNDS, r=BLOCK, p=1).derive(plain_words(words).encode())
