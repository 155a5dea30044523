"""The stored form of an answer sheet: one byte an item."""

from collections.abc import Sequence
from operator import index

MISSING = 255
# Stands for an answer that no byte can hold (a letter, a decimal, -1, 300): never a legal code, so never scored.
ILLEGAL = 254


def pack_answers(answers: Sequence[int | None]) -> bytes:
    """One byte an answer: its code, `MISSING` for None, `ILLEGAL` for whatever is not a whole number of 0–253."""
    try:
        packed = bytes(answers)  # type: ignore[arg-type]  # None is rejected here and packed below
    except (TypeError, ValueError):
        return bytes(map(_byte, answers))
    # An array of wider numbers exposes its memory to bytes(): then the lengths differ.
    return packed if len(packed) == len(answers) else bytes(map(_byte, answers))


def unpack_answers(packed: bytes, n: int) -> list[int | None]:
    """The answers of an `n`-item sheet; None where missing. ValueError where the length is another scale's."""
    if len(packed) != n:
        raise ValueError(f"{len(packed)} packed answers for {n} items")
    return [None if answer == MISSING else answer for answer in packed]


def _byte(answer: object) -> int:
    if answer is None:
        return MISSING
    try:
        code = index(answer)  # type: ignore[arg-type]  # whatever has no index is illegal
    except TypeError:
        return ILLEGAL
    return code if 0 <= code < ILLEGAL or code == MISSING else ILLEGAL
