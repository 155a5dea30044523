"""The code of a letter, and what makes words in one the same. Neither is stored readable."""

import hmac
import unicodedata
from uuid import UUID

from xinqiao.foundation.keys.sealing import blind_index

CODE_LENGTH = 14  # of 30 signs that are not mistaken for each other: 68 bits, so no wrong tries need counting


def code_of(secret: bytes, alphabet: str, student_id: UUID, key: str, said: str) -> str:
    """Return the code of a letter: the same letter sent again by the same page gets the same code, and none is kept.

    `key` is the page's own random key; HMAC-SHA256 under the installation's secret, in `alphabet`.
    """
    message = b"pupil-letter|" + student_id.bytes + key.encode() + b"|" + said.encode()
    number = int.from_bytes(hmac.digest(secret, message, "sha256"), "big")
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(alphabet))
        signs.append(alphabet[place])
    return "".join(signs)


def tidied_code(typed: str) -> str:
    """Return a code as it was meant: without blanks and dashes, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())


def code_index(secret: bytes, code: str) -> bytes:
    """Return by what a letter is found from its code."""
    return blind_index(secret, "pupil_letter", code)


def once_of(secret: bytes, letter_id: UUID, key: str, words: str) -> bytes:
    """Return what makes words in a letter the same: 16 bytes, keyed."""
    return hmac.digest(secret, b"letter-words|" + letter_id.bytes + key.encode() + words.encode(), "sha256")[:16]
