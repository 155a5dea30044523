"""Names of people: Han, minority and foreign names, kept without loss."""

import re
import unicodedata
from typing import Final

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.text import plain, without_invisible

MIDDLE_DOT: Final = "\u00b7"
LONGEST_NAME_CHARS: Final = 60
"""Ours: the longest minority and foreign names in school registers stay well under it."""

_COMMON: Final = re.compile(r"[\u4e00-\u9fff]{2,6}")
_HAN: Final = (
    r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
    r"\ue000-\uf8ff\U000f0000-\U0010fffd\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_IS_HAN: Final = re.compile(f"[{_HAN}]")
_HAN_NAME: Final = re.compile(f"[{_HAN}]+(?:{MIDDLE_DOT}[{_HAN}]+)*")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_COMPATIBILITY: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_DOTS: Final = re.compile("[\u2022\u30fb\u2027\uff0e\u2219\u22c5\uff65\u1427\ufe52\u25cf\u00b7]")
_DOT_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}])[ ]?[.{MIDDLE_DOT}][ ]?(?=[{_HAN}])")
_SPACE_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_DAMAGED: Final = re.compile("[\ufffd?\uff1f\u25a1\u25a0\u3013\u25c7\u25c6\ufffc\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BESIDE_LETTERS: Final = frozenset(f" '’-.{MIDDLE_DOT}")


def read_name(text: str) -> str:
    """The name in one spelling: trimmed, 张 三 -> 张三, one middle dot (U+00B7), full-width Latin made half-width.

    Rare characters, compatibility ideographs and private-use characters are kept as they are.
    Raises `Refused`: name_missing, damaged_character, name_suspicious, name_too_short, name_too_long.
    """
    if _COMMON.fullmatch(text):
        return text
    if _DAMAGED.search(without_invisible(text)):
        raise Refused("damaged_character")
    name = _one_spelling(text)
    if not name:
        raise Refused("name_missing")
    if len(name) > LONGEST_NAME_CHARS:
        raise Refused("name_too_long", longest=LONGEST_NAME_CHARS)
    if not _is_plausible(name):
        raise Refused("name_suspicious")
    if len(name) < 2:  # a single character is a cut-off name
        raise Refused("name_too_short")
    return name


def has_private_use(name: str) -> bool:
    """Whether a character of the name is only defined on the computer that typed it."""
    return _PRIVATE.search(name) is not None


def _one_spelling(text: str) -> str:
    dotted = _DOTS.sub(MIDDLE_DOT, without_invisible(text))
    name = plain(dotted)
    if not _COMPATIBILITY.search(name):  # composing would replace these by other characters
        name = unicodedata.normalize("NFC", name)
    name = _SPACE_BETWEEN_HAN.sub("", name)
    return _DOT_BETWEEN_HAN.sub(MIDDLE_DOT, name)


def _is_plausible(name: str) -> bool:
    if _HAN_NAME.fullmatch(name):
        return True
    if _IS_HAN.search(name) or not unicodedata.category(name[0]).startswith("L"):
        return False
    return all(char in _BESIDE_LETTERS or unicodedata.category(char)[0] in "LM" for char in name)
