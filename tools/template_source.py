"""Template files as plain HTML: where they are, and what they hold once Django's own marks are blanked."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path("src/xinqiao")
UNREAD = {"tests", "migrations", "__pycache__", "vendor", "node_modules"}
COMMENT = re.compile(r"\{#.*?#\}|\{% *comment\b.*?%\}.*?\{% *endcomment *%\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% *blocktrans(?:late)?\b.*?%\}.*?\{% *endblocktrans(?:late)? *%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def source_files(root: Path, suffix: str) -> list[Path]:
    """Return the files of the package with this suffix, without tests, migrations and vendored files."""
    files = (root / PACKAGE).rglob(f"*{suffix}")
    return sorted(path for path in files if not UNREAD & set(path.relative_to(root).parts))


def template_files(root: Path) -> list[Path]:
    """Return every template of the package."""
    return [path for path in source_files(root, "") if path.is_file() and "templates" in path.parts]


def blanked(source: str) -> str:
    """Return the source with comments, tags and variables blanked and every line where it was.

    A variable leaves the character 0 (it stands for a value), a tag leaves nothing.
    """

    def lines_of(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n")

    for pattern in (COMMENT, TRANSLATED, TAG):
        source = pattern.sub(lines_of, source)
    return VARIABLE.sub(lambda match: "0" + lines_of(match), source)


def without_comments(source: str) -> str:
    """Return the source without template comments, every line where it was."""
    return COMMENT.sub(lambda match: "\n" * match.group().count("\n"), source)
