"""What the pages say in Chinese: looked up in the catalogues, so that a story reads as its pages do."""

import re
from functools import cache
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[2] / "src/xinqiao"


@cache
def _catalogue() -> dict[str, str]:
    entries: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("locale/zh_Hans/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            entries.setdefault(entry.msgid, entry.msgstr or entry.msgstr_plural.get(0, ""))
    return entries


def say(msgid: str) -> str:
    """Return the Chinese of an English msgid; raise for one that no page has."""
    words = _catalogue().get(msgid, "")
    if not words:
        raise LookupError(f"no page says {msgid!r}")
    return words


def say_like(msgid: str) -> re.Pattern[str]:
    """Return a pattern for a msgid with placeholders, whatever they hold."""
    parts = re.split(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}", say(msgid))
    return re.compile(".+?".join(re.escape(part) for part in parts))
