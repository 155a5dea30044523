"""Check that every string people see is an English msgid with its Chinese translation, and no translation is left over.

Read are the Python files and templates under src/xinqiao (tests and migrations aside), and each app's own
locale/zh_Hans/LC_MESSAGES/django.po. Chinese may stand in comments, docstrings, tests and catalogues; elsewhere only
where tools/translations_allowlist.txt says so: `path glob | text or * | reason`, a row nobody needs is wrong.

An entry that replaces a sentence of an installed package says so in a comment: `# overrides: allauth`.
"""

from __future__ import annotations

import ast
import fnmatch
import importlib.util
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import polib
import yaml
from babel.messages.extract import extract
from django.utils.translation.template import templatize
from template_source import PACKAGE, blanked, source_files, template_files, without_comments

ROOT = Path(__file__).resolve().parent.parent
ALLOWLIST = Path("tools/translations_allowlist.txt")
PACKS = "packs/scales/*.yaml"
CATALOGUES = "**/locale/zh_Hans/LC_MESSAGES/django.po"
MODULE = "django.utils.translation"
# Name of the function → positions of context, msgid and plural among its arguments.
POSITIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS = {f"{name}{end}": at for name, at in POSITIONS.items() for end in ("", "_lazy", "_noop")}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
WORD = re.compile(r"[A-Za-z]{2,}")
NAMED = re.compile(r"%\((\w+)\)[#0\-+ ]*\d*(?:\.\d+)?[a-zA-Z]|%([#0\-+]*\d*(?:\.\d+)?[sdifr])|\{([a-z_]\w*)[^{}]*\}")
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
SEEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "label", "aria-description"}
UNSEEN_ELEMENTS = {"script", "style", "code", "kbd", "svg", "pre"}


class Message(NamedTuple):
    """What gettext looks up."""

    context: str | None
    msgid: str
    plural: str | None


class Place(NamedTuple):
    """A line of a file, relative to the root."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}"


@dataclass(frozen=True)
class Allowance:
    """One row of the allowlist: where which text may stay untranslated."""

    place: Place
    glob: str
    text: str

    def covers(self, place: Place, text: str) -> bool:
        return fnmatch.fnmatch(place.path.as_posix(), self.glob) and self.text in ("*", text)


# ---- What the sources ask for


def _names(tree: ast.Module) -> tuple[dict[str, str], set[str]]:
    """Return the local names of gettext functions, and of the module itself."""
    functions: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            functions |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in FUNCTIONS}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            modules |= {alias.asname or alias.name for alias in node.names if alias.name == "translation"}
        elif isinstance(node, ast.Import):
            modules |= {alias.asname for alias in node.names if alias.name == MODULE and alias.asname}
    return functions, modules


def _called(node: ast.Call, functions: dict[str, str], modules: set[str]) -> str | None:
    if isinstance(node.func, ast.Name):
        return functions.get(node.func.id)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id in modules:
        return node.func.attr if node.func.attr in FUNCTIONS else None
    return None


def python_messages(source: str) -> tuple[list[tuple[int, Message]], list[int]]:
    """Return the messages of a Python source with their lines, and the lines whose msgid is composed."""
    tree = ast.parse(source)
    functions, modules = _names(tree)
    found: list[tuple[int, Message]] = []
    composed: list[int] = []
    for node in ast.walk(tree):
        name = _called(node, functions, modules) if isinstance(node, ast.Call) else None
        if name is None or not isinstance(node, ast.Call):
            continue
        wanted = [None if at is None or at >= len(node.args) else node.args[at] for at in FUNCTIONS[name]]
        texts = [item.value if isinstance(item, ast.Constant) else None for item in wanted]
        if any(isinstance(item, ast.JoinedStr | ast.BinOp) for item in wanted):
            composed.append(node.lineno)
        elif isinstance(texts[1], str):
            context, plural = (text if isinstance(text, str) else None for text in (texts[0], texts[2]))
            found.append((node.lineno, Message(context, texts[1], plural)))
    return found, composed


def template_messages(source: str) -> Iterator[tuple[int, Message]]:
    """Yield the messages of a template with their lines."""
    calls = "\n".join(line.lstrip() for line in templatize(source).splitlines()) + "\n"
    for line, texts, _comments, context in extract("python", io.BytesIO(calls.encode()), keywords=KEYWORDS):
        msgid, plural = (texts[0], texts[1]) if isinstance(texts, tuple) else (texts, None)
        yield line, Message(context, msgid, plural)


def pack_prose(root: Path) -> set[str]:
    """Return the prose of the scales' sources: a catalogue may translate it; what it leaves out is shown as it is."""
    sources = [
        source
        for path in sorted(root.glob(PACKS))
        for source in (yaml.safe_load(path.read_text("utf-8")) or {}).get("sources", [])
    ]
    return {text for source in sources for text in (source.get("citation"), source.get("note")) if text}


def messages_in(root: Path) -> tuple[dict[Message, list[Place]], list[str]]:
    """Return every message with the places that use it, and the findings on the way."""
    used: dict[Message, list[Place]] = defaultdict(list)
    findings = []
    for path in source_files(root, ".py"):
        relative = path.relative_to(root)
        found, composed = python_messages(path.read_text("utf-8"))
        for line, message in found:
            used[message].append(Place(relative, line))
        findings += [f"{Place(relative, line)}: a msgid composed at run time finds no translation" for line in composed]
    for path in template_files(root):
        for line, message in template_messages(path.read_text("utf-8")):
            used[message].append(Place(path.relative_to(root), line))
    return used, findings


# ---- What the catalogues hold


def placeholders(text: str) -> list[str]:
    """Return the names of the placeholders in a message, sorted."""
    return sorted({"".join(groups) for groups in NAMED.findall(text.replace("%%", ""))})


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "is marked fuzzy"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(text.strip() for text in texts):
        yield "has no translation"
        return
    if entry.msgid_plural and list(entry.msgstr_plural) != [0]:
        yield "needs exactly one form, msgstr[0]: Chinese has no plural"
    if CHINESE.search(entry.msgid) and not WORD.search(entry.msgid):
        yield "has a Chinese msgid; msgids are English"
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    if any(placeholders(text) != wanted for text in texts):
        yield f"must keep the placeholders {', '.join(wanted) or '(none)'}"


def _overridden_package(entry: polib.POEntry) -> str | None:
    found = re.search(r"overrides: *(\w+)", f"{entry.comment}\n{entry.tcomment}")
    return found[1] if found else None


def _package_has(package: str, msgid: str) -> bool:
    """Return whether an installed package translates this msgid in any language."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return False
    compiled = Path(spec.origin).parent.glob("**/locale/*/LC_MESSAGES/django.mo")
    return any(polib.mofile(str(path)).find(msgid) is not None for path in compiled)


def catalogue_findings(root: Path, used: dict[Message, list[Place]]) -> Iterator[str]:
    """Yield what is wrong in the catalogues, and what the sources ask for in vain."""
    known: dict[Message, tuple[Place, polib.POEntry]] = {}
    prose = pack_prose(root)
    for path in sorted((root / PACKAGE).glob(CATALOGUES)):
        for entry in polib.pofile(str(path), check_for_duplicates=True):
            if entry.obsolete:
                continue
            place = Place(path.relative_to(root), entry.linenum)
            message = Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)
            for fault in _entry_faults(entry):
                yield f"{place}: {entry.msgid!r} {fault}"
            if message not in used and entry.msgid not in prose:
                package = _overridden_package(entry)
                if package is None or not _package_has(package, entry.msgid):
                    yield f"{place}: {entry.msgid!r} is used nowhere; remove it"
            if message in known and _translation(known[message][1]) != _translation(entry):
                yield f"{place}: {entry.msgid!r} is translated otherwise in {known[message][0]}"
            known.setdefault(message, (place, entry))
    for message, places in used.items():
        if message not in known and message.msgid:
            yield f"{places[0]}: {message.msgid!r} has no entry in any locale/zh_Hans catalogue"


def _translation(entry: polib.POEntry) -> tuple[str, ...]:
    return (entry.msgstr, *entry.msgstr_plural.values())


# ---- What escaped gettext


def _prose(tree: ast.Module) -> set[int]:
    """Return the ids of the nodes that are docstrings, or English msgids (which may quote a Chinese example)."""
    functions, modules = _names(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node, functions, modules)]
    msgids = [item for call in calls for item in call.args if isinstance(item, ast.Constant)]
    quoting = {id(item) for item in msgids if isinstance(item.value, str) and WORD.search(item.value)}
    return quoting | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def chinese_in_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    prose = _prose(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in prose:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, node.value.strip()


def chinese_in_text(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        for found in re.finditer(rf"(?:{CHINESE.pattern}|[，。：；！？（）《》“”·])+", line):
            if CHINESE.search(found.group()):
                yield number, found.group()


class _SeenText(HTMLParser):
    """Collects text and attributes that a reader sees and that hold a word outside any translation tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN_ELEMENTS:
            self._unseen.append(tag)
        for name, value in attrs:
            if name in SEEN_ATTRIBUTES and value and WORD.search(value):
                self.found.append((self.getpos()[0], value.strip()))

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen and WORD.search(data):
            before = len(data) - len(data.lstrip())
            self.found.append((self.getpos()[0] + data[:before].count("\n"), " ".join(data.split())))


def untranslated_in_template(source: str) -> list[tuple[int, str]]:
    """Return the English words of an HTML template that no translation tag holds, with their lines."""
    parser = _SeenText()
    parser.feed(blanked(source))
    parser.close()
    return parser.found


def escaped_texts(root: Path) -> Iterator[tuple[Place, str, str]]:
    """Yield place, text and complaint of every visible text that did not go through gettext."""
    chinese = "Chinese in the source; write an English msgid and translate it in the catalogue"
    for path in source_files(root, ".py"):
        for line, text in chinese_in_python(path.read_text("utf-8")):
            yield Place(path.relative_to(root), line), text, chinese
    for path in source_files(root, ".js"):
        for line, text in chinese_in_text(SCRIPT_COMMENT.sub(_line_ends, path.read_text("utf-8"))):
            yield Place(path.relative_to(root), line), text, chinese
    for path in template_files(root):
        source = path.read_text("utf-8")
        for line, text in chinese_in_text(without_comments(source)):
            yield Place(path.relative_to(root), line), text, chinese
        for line, text in untranslated_in_template(source) if path.suffix == ".html" else ():
            yield Place(path.relative_to(root), line), text, "outside {% translate %}"


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def allowances(root: Path) -> tuple[list[Allowance], list[str]]:
    """Return the rows of the allowlist, and what is wrong with them."""
    rows, findings = [], []
    path = root / ALLOWLIST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        parts = [part.strip() for part in line.split("|")]
        if not line.strip() or line.startswith("#"):
            continue
        if len(parts) != 3 or not all(parts):
            findings.append(f"{ALLOWLIST}:{number}: a row is `path glob | text or * | reason`")
        else:
            rows.append(Allowance(Place(ALLOWLIST, number), parts[0], parts[1]))
    return rows, findings


def escape_findings(root: Path) -> Iterator[str]:
    rows, faults = allowances(root)
    yield from faults
    needed: set[Allowance] = set()
    for place, text, complaint in escaped_texts(root):
        covering = [row for row in rows if row.covers(place, text)]
        needed |= set(covering)
        if not covering:
            yield f"{place}: {text[:60]!r}: {complaint}"
    for row in rows:
        if row not in needed:
            yield f"{row.place}: nothing needs this row any more; remove it"


def findings_in(root: Path) -> list[str]:
    """Return everything that is wrong with the translations of a tree."""
    used, findings = messages_in(root)
    return [*findings, *catalogue_findings(root, used), *escape_findings(root)]


def main() -> int:
    findings = findings_in(ROOT)
    print("\n".join(findings) if findings else "Translations: every string has its own, and none is left over.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
