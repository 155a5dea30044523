"""Drafts of messages composed from data, and the words that a text is held against. Reads the files of `data` once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).resolve().parent / "data"
FACTS = ("hour", "place", "does", "number", "next")
OTHER = "other"
LANGUAGES = ("zh-Hans", "en")

ByLanguage = Mapping[str, str]


class WordList(msgspec.Struct, frozen=True):
    """Words that a message should do without, by what they are."""

    name: dict[str, str]
    words: list[str]


class Guidance(msgspec.Struct, frozen=True):
    """Advice for a message, each line by language, after a published source; and words that are looked for."""

    source: dict[str, str]
    advice: list[dict[str, str]]
    words: list[WordList]


class Messages(msgspec.Struct, frozen=True):
    """Openings and advice by kind of incident, paragraphs by audience, gaps by fact; each by language."""

    gaps: dict[str, dict[str, str]]
    openings: dict[str, dict[str, str]]
    advice: dict[str, dict[str, str]]
    audiences: dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Flag:
    """Words of one list that stand in a text."""

    name: str
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def messages() -> Messages:
    """Return the drafts that are shipped. Raises msgspec.ValidationError for a broken file."""
    return msgspec.yaml.decode((FOLDER / "messages.yaml").read_bytes(), type=Messages)


@lru_cache(maxsize=1)
def guidance() -> Guidance:
    """Return the advice and the word lists that are shipped. Raises msgspec.ValidationError for a broken file."""
    return msgspec.yaml.decode((FOLDER / "guidance.yaml").read_bytes(), type=Guidance)


def data_language(language: str) -> str:
    """Return a language as the data has it: English, or else Chinese."""
    return "en" if language.startswith("en") else "zh-Hans"


def composed_message(kind: str, audience: str, language: str, facts: Mapping[str, str], help_at: str) -> str:
    """Return a draft for a kind of incident (a code of the policy) and an audience, paragraphs apart.

    `facts` are by the codes of FACTS; an empty one stands as a gap in brackets. `help_at` names help lines. KeyError
    for an audience without a draft.
    """
    data = messages()
    opening = data.openings.get(kind, data.openings[OTHER])[language]
    advice = data.advice.get(kind, {}).get(language, "")
    known = {each: facts.get(each, "").strip() or data.gaps[each][language] for each in FACTS}
    known |= {"help": help_at, "advice": advice, "opening": opening.format(**known)}
    return "\n\n".join(text.format(**known).strip() for text in data.audiences[audience][language])


def has_gap(text: str) -> bool:
    """Does a gap still stand in a text? One whose brackets were left and whose hint was changed counts too."""
    starts = {gap.partition(mark)[0] for each in messages().gaps.values() for gap in each.values()
              for mark in ("：", ":") if mark in gap}  # fmt: skip
    return any(start in text for start in starts)


def flags_in(text: str, language: str) -> tuple[Flag, ...]:
    """Return which words of the guidance stand in a text, by list; names of the lists in a language of the data."""
    found = []
    for each in guidance().words:
        words = tuple(word for word in each.words if _stands_in(word, text))
        if words:
            found.append(Flag(each.name[language], words))
    return tuple(found)


def _stands_in(word: str, text: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None
    return word in "".join(text.split())
