"""The zip around an .xlsx: looked over by its directory before anything is inflated."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.limits import Limits

_ENCRYPTED_FLAG: Final = 0x1
_METHODS: Final = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
_BOOK: Final = "xl/workbook.xml"


@contextmanager
def open_package(source: BinaryIO, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The package if its directory is within the limits and it is an .xlsx.

    Raises `UnreadableRoster`: file_damaged, password_protected, package_too_many_parts, package_too_big, package_ratio,
    package_overlap, format_unsupported.
    """
    try:
        with zipfile.ZipFile(source) as package:
            check_directory(package, limits)
            _require_workbook(package)
            yield package
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, zipfile.LargeZipFile):
        raise UnreadableRoster("file_damaged") from None


def check_directory(package: zipfile.ZipFile, limits: Limits) -> None:
    """Raises `UnreadableRoster` if the directory promises too much, overlaps, or is encrypted."""
    parts = package.infolist()
    if len(parts) > limits.part_count:
        raise UnreadableRoster("package_too_many_parts", most=limits.part_count)
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise UnreadableRoster("password_protected")
    if any(part.compress_type not in _METHODS for part in parts):
        raise UnreadableRoster("file_damaged")
    if sum(part.file_size for part in parts) > limits.inflated_bytes:
        raise UnreadableRoster("package_too_big", most_mib=limits.inflated_bytes // 2**20)
    for part in parts:
        is_large = part.file_size > limits.ratio_free_bytes
        if is_large and part.file_size > limits.inflate_ratio * max(part.compress_size, 1):
            raise UnreadableRoster("package_ratio", part=part.filename[:100], most=limits.inflate_ratio)
    _require_apart(parts)


def _require_apart(parts: list[zipfile.ZipInfo]) -> None:
    """No two parts may share bytes of the file, or one kilobyte could be inflated a thousand times."""
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise UnreadableRoster("package_overlap")
        end = part.header_offset + part.compress_size


def _require_workbook(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    if _BOOK in names or ("_rels/.rels" in names and any(name.endswith("workbook.xml") for name in names)):
        return
    if any(name.endswith("workbook.bin") for name in names):
        raise UnreadableRoster("format_unsupported", kind="XLSB")
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableRoster("format_unsupported", kind="ODS")
    if any(name.startswith("word/") for name in names):
        raise UnreadableRoster("format_unsupported", kind="DOCX")
    raise UnreadableRoster("format_unsupported", kind="ZIP")


class BoundedPart:
    """A part read to its end in pieces; stops where it gives more than the directory promised for it."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._stream: IO[bytes] = package.open(name)
        self._left = package.getinfo(name).file_size

    def pieces(self, size_bytes: int = 1 << 16) -> Iterator[bytes]:
        with self._stream as stream:
            while piece := stream.read(size_bytes):
                self._left -= len(piece)
                if self._left < 0:
                    raise UnreadableRoster("file_damaged")
                yield piece
