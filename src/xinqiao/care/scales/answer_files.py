"""Files of answers in, files of scores out, for `xinqiao scale score`: no database, no keys, a row in memory at a time.

In: CSV in UTF-8 (with or without BOM), UTF-16 or GB18030 (which includes GBK), parted by comma, semicolon or tab.
A record may span lines inside quotation marks; a mark that is never closed costs its own row and no other.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOBase
from itertools import islice
from pathlib import Path
from typing import TextIO

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.engines.scoring import Scale, TableFault, score_table
from xinqiao.register.people.roster_file.delimited import sniff_encoding

MAX_LINE_CHARS = 1_000_000  # ours: 2,000 items take 10,000
MAX_RECORD_LINES = 20  # ours: how far a quoted cell may reach before it counts as never closed
_DELIMITERS = (",", "\t", ";")
_XLSX_START, _XLS_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BLANK = re.compile(r"\s*")


class UnreadableTable(ValueError):
    """A file of which nothing can be scored.

    `code`: missing, is_spreadsheet, encoding, line_too_long, same_file, not_written, or a code of `TableFault`;
    `detail`: the file, the line or the column at fault.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Tally:
    """How many sheets were read, and how many of them had an error, a critical answer, or void scores."""

    sheets: int = 0
    with_error: int = 0
    with_critical: int = 0
    void: int = 0

    def plus(self, *, error: bool, critical: bool, void: bool) -> "Tally":
        """One sheet more."""
        return Tally(self.sheets + 1, self.with_error + error, self.with_critical + critical, self.void + void)


def score_file(scale: Scale, source: Path, target: Path, *, informant: str | None = None) -> Tally:
    """Score a file into another; the target appears whole or not at all.

    Raises UnreadableTable, or ScaleFault where `informant` does not answer this scale.
    """
    for written in (target, _part_of(target)):
        if written.exists() and source.exists() and written.samefile(source):
            raise UnreadableTable("same_file", written.name)
    with opened_table(source) as text:
        try:
            scores = score_table(scale, answer_rows(text), informant=informant)
            header = next(scores)
        except TableFault as fault:
            raise UnreadableTable(fault.code, fault.column) from fault
        return _write(header, scores, target)


def answer_rows(text: TextIO) -> Iterator[list[str]]:
    """The records of a text, the header first; lines with nothing in them are passed over."""
    lines = _lines(text)
    first = next((line for line in lines if not _BLANK.fullmatch(line)), "")
    delimiter = max(_DELIMITERS, key=first.count)
    header = _parsed(first, delimiter) or first.split(delimiter)
    yield header
    waiting: list[str] = []
    while line := waiting.pop(0) if waiting else next(lines, ""):
        cells = _parsed(line, delimiter)
        if cells is None:
            waiting += islice(lines, max(0, MAX_RECORD_LINES - len(waiting)))
            cells = _joined(line, waiting, delimiter, len(header)) or line.rstrip("\r\n").split(delimiter)
        if any(cell.strip() for cell in cells):
            yield cells


def _joined(line: str, following: list[str], delimiter: str, width: int) -> list[str] | None:
    """A record whose quoted cell goes on in the next lines, which are then used up; None if there is none."""
    for used in range(1, len(following) + 1):
        cells = _parsed(line + "".join(following[:used]), delimiter)
        if cells is not None:
            if len(cells) != width:
                return None
            del following[:used]
            return cells
    return None


def _parsed(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record, None where its quotation marks are not in order."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _lines(text: TextIO) -> Iterator[str]:
    number = 0
    while line := text.readline(MAX_LINE_CHARS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARS:
            raise UnreadableTable("line_too_long", str(number))
        yield line


def opened_table(source: Path) -> TextIO:
    """The file as text. Raises UnreadableTable: missing, is_spreadsheet, encoding."""
    try:
        with source.open("rb") as raw:
            if raw.read(4) in (_XLSX_START, _XLS_START):
                raise UnreadableTable("is_spreadsheet", source.name)
            raw.seek(0)
            encoding = sniff_encoding(raw)
        return source.open(encoding=encoding, newline="")
    except OSError as error:
        raise UnreadableTable("missing", str(source)) from error
    except UnreadableRoster as fault:
        raise UnreadableTable("encoding", source.name) from fault


def _part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _write(header: list[str], scores: Iterator[list[str]], target: Path) -> Tally:
    """Write beside the target and put it in place when it is whole; a device is written straight away."""
    is_device = target.exists() and not target.is_file()
    part = target if is_device else _part_of(target)
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            tally = _write_rows(header, scores, out)
        if not is_device:
            part.replace(target)
    except OSError as error:
        raise UnreadableTable("not_written", str(target)) from error
    finally:
        if not is_device:
            with suppress(OSError):  # where nothing could be written, nothing can be taken away
                part.unlink()
    return tally


def _write_rows(header: list[str], scores: Iterator[list[str]], out: TextIOBase) -> Tally:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    tally = Tally()
    for row in scores:
        writer.writerow(row)
        valid, critical, error = row[-3:]
        tally = tally.plus(error=bool(error), critical=bool(critical), void=valid == "false" and not error)
    return tally
