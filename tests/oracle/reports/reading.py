"""What a reader is told, read off a rendered page, a spreadsheet or the source of a PDF: every text, with its numbers.

Each text gets a place: its panel and, in a table, row and column. Sentences are known by their words, numbers left out.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import openpyxl

# Marks of traced numbers, days and moments, the seed of a lot, names and numbers of pupils, ids of requirements: they
# count nothing.
MARK = re.compile(
    r"\[\d+\]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z]{2}(?: \d{4})?(?: \d\d:\d\d)?|seed [0-9a-f]{16}|\d\d:\d\d"
    r"|甲\d+乙|学[生长]\d|\b20\d{6,7}\b|\bS\d[a-c]?-[0-9A-Z][0-9A-Za-z.-]*"
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "rect",
        "path", "circle", "line",
    )
)  # fmt: skip
SILENT = frozenset(("script", "style", "svg", "nav", "progress", "template"))
BLOCKS = frozenset(
    (
        "p", "li", "h1", "h2", "h3", "h4", "table", "section", "dl", "ul", "ol", "figure", "details", "summary", "form",
        "header", "div", "article", "dt", "dd", "tr", "td", "th",
    )
)  # fmt: skip
Place = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """One text. `place` begins with its kind: cell, row, bar, stat, note, fact, text."""

    place: Place
    text: str

    @property
    def numbers(self) -> list[str]:
        """The numbers in the text, in order, names left out."""
        return NUMBER.findall(self.text)


@dataclass
class Node:
    """An element: its tag, attributes, and what is in it."""

    tag: str
    attributes: Mapping[str, str]
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The CSS classes."""
        return self.attributes.get("class", "").split()

    @property
    def nodes(self) -> list["Node"]:
        """The elements directly inside."""
        return [each for each in self.inside if isinstance(each, Node)]

    @property
    def text(self) -> str:
        """All text inside, blanks as one."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            elif each.tag not in SILENT:
                yield " "
                yield from each._texts()
                yield " "

    def find(self, tag: str = "", cls: str = "") -> Iterator["Node"]:
        """Every element below with a tag and a class."""
        for each in self.nodes:
            if (not tag or each.tag == tag) and (not cls or cls in each.classes):
                yield each
            yield from each.find(tag, cls)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def parsed(html: str) -> Node:
    """Return a page as a tree."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


def told_by_page(html: str, names: Sequence[str] = ()) -> list[Told]:
    """Return every text of a page's main part, or of a part fetched alone; `names` hold digits that are none."""
    root = parsed(html)
    return list(_walk(next(root.find("main"), root), "", Names(names)))


@dataclass(frozen=True)
class Names:
    """Names with digits in them, the longest first."""

    known: Sequence[str]

    def without(self, text: str) -> str:
        """Return a text with the names left out."""
        for name in sorted(self.known, key=len, reverse=True):
            text = text.replace(name, "⟨⟩")
        return MARK.sub("⟨⟩", text)


def _walk(node: Node, panel: str, names: Names) -> Iterator[Told]:
    for each in node.nodes:
        if each.tag in SILENT:
            continue
        yield from _told(each, panel, names)


def _told(node: Node, panel: str, names: Names) -> Iterator[Told]:
    if node.tag == "section" and "xq-panel" in node.classes:
        yield from _walk(node, next((h.text for h in node.find("h2")), ""), names)
    elif node.tag == "table":
        yield from _table(node, panel, names)
    elif "xq-stat" in node.classes:
        yield from _stat(node, panel, names)
    elif "xq-bar" in node.classes:
        label, value = (next(node.find("span", f"xq-bar-{part}")).text for part in ("label", "value"))
        yield Told(("bar", panel, label), names.without(value))
    elif node.tag == "div" and [each.tag for each in node.nodes] == ["dt", "dd"]:
        yield Told(("fact", panel, node.nodes[0].text), names.without(node.nodes[1].text))
    elif node.tag == "details" and next(node.find("summary")).text == "How this is computed":
        yield Told(("method", panel), names.without(node.text))
    elif any(each.tag in BLOCKS for each in _below(node)):
        yield from _loose(node, panel, names)
    else:
        yield _sentence(node.text, panel, names)


def _below(node: Node) -> Iterator[Node]:
    yield from node.find()


def _loose(node: Node, panel: str, names: Names) -> Iterator[Told]:
    """Text between the blocks, then the blocks."""
    yield _sentence(" ".join(each for each in node.inside if isinstance(each, str)), panel, names)
    yield from _walk(node, panel, names)


def _sentence(text: str, panel: str, names: Names) -> Told:
    words = names.without(" ".join(text.split()))
    return Told(("text", panel, NUMBER.sub("#", words)), words)


def _stat(node: Node, panel: str, names: Names) -> Iterator[Told]:
    label, value, *note = (each.text for each in node.nodes)
    yield Told(("stat", panel, label), names.without(value))
    for each in note:
        yield Told(("note", panel, label), names.without(each))


def _table(table: Node, panel: str, names: Names) -> Iterator[Told]:
    caption = next((each.text for each in table.find("caption")), "")
    head = next(table.find("thead"), None)
    header = [cell.text for cell in head.find() if cell.tag in ("th", "td")] if head else []
    for line in next(table.find("tbody")).find("tr"):
        cells = [cell for cell in line.nodes if cell.tag in ("th", "td")]
        first = next((at for at, cell in enumerate(cells) if cell.attributes.get("scope") == "row"), 0)
        row = cells[first].text
        yield Told(("row", panel, caption, row), names.without(row))
        for at, cell in enumerate(cells):
            if at != first:
                column = header[at] if at < len(header) else ""
                yield Told(("cell", panel, caption, row, column), names.without(cell.text))


def told_by_workbook(body: bytes, names: Sequence[str] = ()) -> list[Told]:
    """Return every cell of a spreadsheet: sheets as panels, the first column as rows."""
    known, found = Names(names), []
    for sheet in openpyxl.load_workbook(io.BytesIO(body)):
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        found += list(_sheet(sheet.title, rows, known))
    return found


def _sheet(title: str, rows: Sequence[Sequence[str]], names: Names) -> Iterator[Told]:
    """Notes stand above an empty line; then the header, then the rows."""
    empty = next(at for at, row in enumerate(rows) if not any(row))
    for row in rows[:empty]:
        yield Told(("text", title, NUMBER.sub("#", names.without(row[0]))), names.without(row[0]))
    header = rows[empty + 1]
    for row in rows[empty + 2 :]:
        yield Told(("row", title, "", row[0]), names.without(row[0]))
        for column, cell in list(zip(header, row, strict=True))[1:]:
            yield Told(("cell", title, "", row[0], column), names.without(cell))


def told_by_source(data: Mapping[str, Any], names: Sequence[str] = ()) -> list[Told]:
    """Return every text of a PDF's source, by its section."""
    known = Names(names)
    found = [_sentence(data[name], "", known) for name in ("title", "subtitle", "footer")]
    found += [Told(("fact", "", label), known.without(value)) for label, value in data["facts"]]
    for section in data["sections"]:
        found += [each for block in section["blocks"] for each in _block(block, section["title"], known)]
    return found


def _block(block: Mapping[str, Any], panel: str, names: Names) -> Iterator[Told]:
    for text in (block["text"],) if "text" in block else block.get("texts", ()):
        yield _sentence(text, panel, names)
    header = block.get("header", ())
    for row in block.get("rows", ()):
        if not header:  # bars: the label, and a count a series
            label, counts = row
            yield Told(("bars", panel, label), " ".join(map(str, counts or ())))
            continue
        yield Told(("row", panel, "", row[0]), names.without(row[0]))
        for column, cell in list(zip(header, row, strict=True))[1:]:
            yield Told(("cell", panel, "", row[0], column), names.without(cell))
