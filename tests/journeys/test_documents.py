"""The documents say what is there: links, commands, apps, words and pictures are looked up in the tree."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"`make ([a-z-]+)")
APP_ROW = re.compile(r"^\| `((?:foundation|register|care|programme|doors)\.[a-z]+)` \|", re.MULTILINE)
COMING = "## Kept for what comes next"
MOST_BYTES = 250_000
PICTURES = 5


def documents() -> list[Path]:
    names = ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "GLOSSARY.md", "CHANGELOG.md", "CONTRIBUTING.md")
    return [*(ROOT / name for name in names), *sorted((ROOT / "docs").rglob("*.md"))]


def dead_links(document: Path, text: str) -> list[str]:
    return [link for link in LINK.findall(text) if not (document.parent / link).exists()]


def unknown_commands(text: str, makefile: str) -> list[str]:
    targets = {name for line in re.findall(r"(?m)^([a-z][a-z -]*):", makefile) for name in line.split()}
    return [name for name in MAKE.findall(text) if name not in targets]


def installed_apps() -> set[str]:
    from django.conf import settings

    return {name.removeprefix("xinqiao.") for name in settings.INSTALLED_APPS if name.startswith("xinqiao.")}


def identifiers(glossary: str) -> list[str]:
    """Return every identifier of the second column, of the part that says it is in the code."""
    rows = re.findall(r"(?m)^\| [^|]+ \| ([^|]+) \|", glossary.partition(COMING)[0])
    return [word for cell in rows for word in re.findall(r"`([A-Za-z_]+)`", cell)]


def words_of_the_code() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/xinqiao"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    names = {path for path in listed if path.endswith((".py", ".html", ".js")) and (ROOT / path).exists()}
    text = "\n".join((ROOT / path).read_text("utf-8") for path in names)
    return {part for word in set(re.findall(r"[A-Za-z_]+", text)) for part in (word, word.lower())}


def absent(words: Iterable[str], code: set[str]) -> list[str]:
    whole = "\n".join(code)
    return [word for word in words if word not in code and word.lower() not in whole.lower()]


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_commands_exist(document):
    text = document.read_text("utf-8")
    assert dead_links(document, text) == []
    assert unknown_commands(text, (ROOT / "Makefile").read_text("utf-8")) == []


def test_a_dead_link_and_an_unknown_command_are_found():
    assert dead_links(ROOT / "README.md", "[a](docs/README.md) [b](docs/nowhere.md)") == ["docs/nowhere.md"]
    assert unknown_commands("`make run` `make coffee`", "run: database  ## x\n") == ["coffee"]


def test_the_architecture_lists_the_apps_that_are_installed():
    listed = set(APP_ROW.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert listed == installed_apps()
    assert listed - {"care.alerts"} != installed_apps()


def test_every_identifier_of_the_glossary_is_in_the_code():
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8")
    code = words_of_the_code()
    assert len(identifiers(glossary)) > 60
    assert absent(identifiers(glossary), code) == []
    assert absent(["one_time_coffee"], code) == ["one_time_coffee"]


def test_both_readmes_show_the_same_five_pictures():
    chinese, english = (
        re.findall(r"docs/screenshots/([\w-]+\.png)", (ROOT / name).read_text("utf-8"))
        for name in ("README.zh-CN.md", "README.md")
    )
    assert chinese == english
    assert len(set(english)) == PICTURES
    shown = {path.name for path in (ROOT / "docs/screenshots").iterdir()}
    assert shown == set(english)
    for name in shown:
        picture = (ROOT / "docs/screenshots" / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) <= MOST_BYTES
