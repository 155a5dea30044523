"""Reads .xlsx as a stream: package, workbook, styles, shared strings, then sheet after sheet."""

import posixpath
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from zipfile import ZipFile

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.formats import is_date_format, shown_zeros
from xinqiao.register.people.roster_file.markup import PartReader, is_on
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.package import open_package
from xinqiao.register.people.roster_file.wire import Writer
from xinqiao.register.people.roster_file.xlsx_sheet import Book, SheetReader, unescaped

_MOST_STYLES: Final = 100_000


def read(source: BinaryIO, writer: Writer) -> None:
    """Sends every sheet of the workbook. Raises `UnreadableRoster`."""
    with open_package(source, writer.meter.limits) as package:
        workbook = _WorkbookReader()
        path = _workbook_path(package)
        workbook.feed(package, path)
        targets = _targets(package, path)
        book = _book(package, targets, writer.meter, date_1904=workbook.date_1904)
        for name, hidden, relation in workbook.sheets:
            part = targets.by_id.get(relation, "")
            if part not in package.NameToInfo or relation not in targets.sheet_ids:
                continue  # a chart or dialog sheet
            writer.begin_sheet(name, hidden=hidden)
            SheetReader(name, book, writer).feed(package, part)
    writer.done("xlsx", date_1904=book.date_1904)


@dataclass(slots=True)
class _Targets:
    """Where the workbook's relations point."""

    by_id: dict[str, str] = field(default_factory=dict)
    sheet_ids: set[str] = field(default_factory=set)
    strings: str = ""
    styles: str = ""


class _RelationReader(PartReader):
    def __init__(self, base: str) -> None:
        self._base = base
        self.targets = _Targets()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/", self._base, attributes.get("Target", ""))).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.targets.by_id[attributes.get("Id", "")] = target
        if kind == "worksheet":
            self.targets.sheet_ids.add(attributes.get("Id", ""))
        elif kind == "sharedStrings":
            self.targets.strings = target
        elif kind == "styles":
            self.targets.styles = target
        elif kind == "officeDocument":
            self.targets.by_id["book"] = target


class _WorkbookReader(PartReader):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.date_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.date_1904 = is_on(attributes, "date1904")
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, relation))


def _workbook_path(package: ZipFile) -> str:
    reader = _RelationReader("")
    if "_rels/.rels" in package.NameToInfo:
        reader.feed(package, "_rels/.rels")
    path = reader.targets.by_id.get("book", "xl/workbook.xml")
    if path not in package.NameToInfo:
        raise UnreadableRoster("file_damaged")
    return path


def _targets(package: ZipFile, workbook_path: str) -> _Targets:
    folder, _, name = workbook_path.rpartition("/")
    reader = _RelationReader(folder)
    relations = f"{folder}/_rels/{name}.rels".lstrip("/")
    if relations not in package.NameToInfo:
        raise UnreadableRoster("file_damaged")
    reader.feed(package, relations)
    return reader.targets


def _book(package: ZipFile, targets: _Targets, meter: Meter, *, date_1904: bool) -> Book:
    strings, styles = _StringReader(meter), _StyleReader()
    if targets.styles in package.NameToInfo:
        styles.feed(package, targets.styles)
    if targets.strings in package.NameToInfo:
        strings.feed(package, targets.strings)
    return Book(strings.strings, frozenset(strings.too_long), styles.dates(), styles.zeros(), date_1904)


class _StringReader(PartReader):
    """The shared strings; the reading aids beside Japanese and Chinese text (rPh) are not part of them."""

    def __init__(self, meter: Meter) -> None:
        self.strings: list[str] = []
        self.too_long: set[int] = set()
        self._meter = meter
        self._parts: list[str] = []
        self._length = 0
        self._takes_text = False
        self._in_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts, self._length = [], 0
            self._meter.add_element("sharedStrings")
        elif name == "rPh":
            self._in_aid = True
        elif name == "t":
            self._takes_text = not self._in_aid

    def end(self, name: str) -> None:
        if name == "t":
            self._takes_text = False
        elif name == "rPh":
            self._in_aid = False
        elif name == "si":
            self.strings.append(unescaped("".join(self._parts)))

    def text(self, data: str) -> None:
        if not self._takes_text:
            return
        self._length += len(data)
        if self._meter.is_too_long(self._length):  # which cell holds it is not known here: the sheet says so
            self.too_long.add(len(self.strings))
            self._parts = []
        else:
            self._parts.append(data)


class _StyleReader(PartReader):
    """Which cell styles show dates, and which pad with zeros."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._format_ids: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[_int(attributes, "numFmtId")] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._format_ids.append(_int(attributes, "numFmtId"))
        if len(self._format_ids) + len(self._codes) > _MOST_STYLES:
            raise UnreadableRoster("xml_damaged", part="styles")

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def dates(self) -> frozenset[str]:
        return frozenset(
            str(style)
            for style, number in enumerate(self._format_ids)
            if is_date_format(number, self._codes.get(number, ""))
        )

    def zeros(self) -> dict[str, int]:
        widths = {str(style): shown_zeros(self._codes.get(number, "")) for style, number in enumerate(self._format_ids)}
        return {style: width for style, width in widths.items() if width}


def _int(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "0")
    if not text.isdecimal():
        raise UnreadableRoster("xml_damaged", part="styles")
    return int(text[:9])
