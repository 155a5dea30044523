"""What a file really is, by its first bytes; its name is not believed."""

from collections.abc import Callable
from typing import BinaryIO, Final

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file import delimited, html_table, xls, xlsx
from xinqiao.register.people.roster_file.wire import Writer

Reader = Callable[[BinaryIO, Writer], None]

_LOOK_BYTES: Final = 4096
_OTHER_KINDS: Final = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"Rar!": "RAR", b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip", b"{\\rtf": "RTF", b"SQLite format 3": "SQLite", b"\x7fELF": "ELF", b"MZ\x90": "EXE",
}  # fmt: skip
_OLD_EXCEL: Final = tuple(
    bytes((9, version, length, 0)) for version, length in ((0, 4), (2, 6), (4, 6), (8, 8), (8, 16))
)
_HTML_MARKS: Final = (b"<html", b"<table", b"<!doctype html", b"<meta ", b"<body", b"<head", b"<div", b"<style")


def reader_for(source: BinaryIO) -> Reader:
    """The reader that fits. Raises `UnreadableRoster`: format_unsupported, old_excel, xml_spreadsheet."""
    start = source.read(_LOOK_BYTES)
    source.seek(0)
    if start.startswith(b"PK"):
        return xlsx.read
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return xls.read
    if start.startswith(_OLD_EXCEL):
        raise UnreadableRoster("old_excel")
    for mark, kind in _OTHER_KINDS.items():
        if start.startswith(mark):
            raise UnreadableRoster("format_unsupported", kind=kind)
    return _markup_reader(start) or delimited.read


def _markup_reader(start: bytes) -> Reader | None:
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        return None
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and b"<html" not in text:
        raise UnreadableRoster("xml_spreadsheet")
    if any(mark in text for mark in _HTML_MARKS):
        return html_table.read
    if text.startswith(b"<?xml"):
        raise UnreadableRoster("format_unsupported", kind="XML")
    return None
