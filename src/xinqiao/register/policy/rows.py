"""A pack as rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from xinqiao.register.policy.packs import Pack, is_ours, sourced_values
from xinqiao.register.policy.parameters import is_stated_only
from xinqiao.register.policy.wording import (
    english_words,
    label_words,
    section_words,
    source_words,
    stated_words,
    value_words,
)


@dataclass(frozen=True)
class Row:
    """One value: its label, its lines, where it comes from, a note, whether it is our own assumption.

    `stated` says that nothing in the program acts on it yet; empty for a value that is acted on. `english` are words
    that are looked for in English texts, shown as they are.
    """

    label: str
    lines: tuple[str, ...]
    sources: tuple[str, ...]
    note: str
    is_ours: bool
    stated: str
    english: str = ""


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


def sections_of(pack: Pack) -> list[Section]:
    """Return every value of a pack, by section, in the reader's language."""
    language = get_language() or ""
    by_section: dict[str, list[Row]] = {}
    for path, sourced in sourced_values(pack):
        row = Row(
            label=label_words(path), lines=value_words(path, sourced.value),
            sources=source_words(pack, sourced.source), note=sourced.note.in_language(language) if sourced.note else "",
            is_ours=_is_all_ours(sourced.source), stated=stated_words(path) if is_stated_only(path) else "",
            english=english_words(path, sourced.value),
        )  # fmt: skip
        by_section.setdefault(path.split(".")[0], []).append(row)
    return [Section(section_words(name), tuple(rows)) for name, rows in by_section.items()]


def _is_all_ours(sources: Sequence[str]) -> bool:
    return all(is_ours(source) for source in sources)
