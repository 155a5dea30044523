"""Reads text tables: comma, tab, semicolon or full-width comma, in the encodings that spreadsheets save."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.wire import WireCell, Writer

_DELIMITERS: Final = ("\t", ",", ";", "，", "|")
_FULL_WIDTH_COMMA: Final = "，"
_SAMPLE_BYTES: Final = 1 << 16
_SAMPLE_LINES: Final = 40
_FEWEST_LISTED: Final = 2
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_FORMULA: Final = re.compile(r"[+-][\d\s().,%\-–—]*|[+-]?\d[\d.,]*[eE][+-]?\d+|[-—]+|@")
_TEXT_KEPT: Final = re.compile(r'\s*="([0-9A-Za-z]{1,32})"\s*')
"""How programs write a long number into a text table so that a spreadsheet keeps its digits: it computes nothing."""
_SEPARATOR_LINE: Final = re.compile(r"(?i)sep=(.)\s*")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a]")


def read(source: BinaryIO, writer: Writer) -> None:
    """Sends the table as one sheet. Raises `UnreadableRoster`: encoding_unknown, binary_content, text_broken."""
    encoding = sniff_encoding(source)
    source.seek(0)
    lines = io.TextIOWrapper(source, encoding=encoding, newline="")
    sample = lines.read(_SAMPLE_BYTES)
    if _CONTROL.search(sample):
        raise UnreadableRoster("binary_content")
    delimiter, skip = sniff_delimiter(sample)
    source.seek(0)
    lines = io.TextIOWrapper(lines.detach(), encoding=encoding, newline="")
    if encoding not in ("utf-8", "utf-8-sig"):
        writer.note("encoding_read_as", encoding=encoding)
    writer.begin_sheet("", hidden=False)
    _send_rows(lines, delimiter, skip, writer)
    writer.end_sheet()
    writer.done("csv")


def sniff_encoding(source: BinaryIO) -> str:
    """The encoding that reads the whole file without a fault. Raises `UnreadableRoster("encoding_unknown")`."""
    start = source.read(_SAMPLE_BYTES)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return _require(source, encoding)
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even or odd:
        return _require(source, "utf-16-be" if even > odd else "utf-16-le")
    for encoding in ("utf-8", "gb18030"):
        if _reads(source, encoding):
            return encoding
    raise UnreadableRoster("encoding_unknown")


def _require(source: BinaryIO, encoding: str) -> str:
    if not _reads(source, encoding):
        raise UnreadableRoster("encoding_unknown")
    return encoding


def _reads(source: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    source.seek(0)
    try:
        while piece := source.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def sniff_delimiter(sample: str) -> tuple[str, int]:
    """The delimiter and how many lines to skip (one for a leading "sep=;")."""
    lines = [line for line in sample.splitlines() if line.strip()][:_SAMPLE_LINES]
    if lines and (declared := _SEPARATOR_LINE.fullmatch(lines[0])):
        return declared[1], 1
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: [line.count(mark) for line in unquoted] for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: (sum(count > 0 for count in counts[mark]), sum(counts[mark])))
    return (best if any(counts[best]) else ","), 0


def _send_rows(lines: Iterable[str], delimiter: str, skip: int, writer: Writer) -> None:
    meter = writer.meter
    csv.field_size_limit(meter.limits.cell_chars)
    number = 0
    try:
        for values in csv.reader(lines, delimiter=delimiter):
            number += 1
            if number <= skip:
                continue
            meter.add_row("")
            writer.row(number, list(_cells(_split_again(values), number, meter)))
    except csv.Error:
        raise UnreadableRoster("text_broken", row=number + 1) from None


def _split_again(values: list[str]) -> list[str]:
    """A header typed with full-width commas above ordinary lines (or the other way round)."""
    if len(values) == 1 and values[0].count(_FULL_WIDTH_COMMA) >= _FEWEST_LISTED:
        return values[0].split(_FULL_WIDTH_COMMA)
    return values


def _cells(values: list[str], row: int, meter: Meter) -> Iterator[WireCell]:
    for column, value in enumerate(values):
        meter.check_column(column, row, "")
        meter.add_short_text(len(value))
        yield cell_of(value)


def cell_of(value: str) -> WireCell:
    """The text, the text inside ="0012", or the mark of a formula."""
    if kept := _TEXT_KEPT.fullmatch(value):
        return kept[1]
    return ["f"] if is_formula(value) else value


def is_formula(value: str) -> bool:
    """Whether a spreadsheet program would run the text: it begins with = + - @ (after blanks) and is no number."""
    text = value.strip(" \t\r\n\ufeff")
    return text[:1] in ("=", "+", "-", "@") and bool(text) and not _NOT_FORMULA.fullmatch(text)
