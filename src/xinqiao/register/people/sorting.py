"""Names in the order of their sound, and found by it.

pypinyin reads a character as the commonest word; `surnames.txt` says how the surnames sound that differ.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("surnames.txt")
_LONGEST_SURNAME = 2


@lru_cache(maxsize=1)
def _surnames() -> dict[str, tuple[str, ...]]:
    lines = _TABLE.read_text("utf-8").splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    return {entry[0]: tuple(entry[1:]) for entry in entries}


@lru_cache(maxsize=20_000)
def syllables(name: str) -> tuple[str, ...]:
    """Return how a name sounds, one syllable a character, without tones; other scripts as they are, folded."""
    from pypinyin import Style, lazy_pinyin  # its dictionary is large: only where names are sorted

    bare = unicodedata.normalize("NFKC", name).strip()
    for length in range(_LONGEST_SURNAME, 0, -1):
        sound = _surnames().get(bare[:length])
        if sound is not None and len(bare) > length:
            return (*sound, *lazy_pinyin(bare[length:], style=Style.NORMAL))
    return tuple(part.casefold() for part in lazy_pinyin(bare, style=Style.NORMAL))


def sound_order(name: str) -> tuple[tuple[str, ...], str]:
    """Return the key by which names are sorted: the sound, then the characters."""
    return syllables(name), name


def is_found(name: str, query: str) -> bool:
    """Does a query find a name: by characters, by whole sound, or by first letters?"""
    wanted = unicodedata.normalize("NFKC", query).strip().casefold().replace(" ", "").replace("'", "")
    if not wanted:
        return True
    if wanted in unicodedata.normalize("NFKC", name).casefold():
        return True
    if not wanted.isascii() or not wanted.isalpha():
        return False
    sounds = syllables(name)
    return "".join(sounds).startswith(wanted) or "".join(sound[:1] for sound in sounds).startswith(wanted)
