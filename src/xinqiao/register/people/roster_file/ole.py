"""The container around an old .xls (compound file binary format, MS-CFB), read just far enough to find its streams."""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from xinqiao.engines.roster.sheets import UnreadableRoster

_END: Final = 0xFFFFFFFE
_LAST_SECTOR: Final = 0xFFFFFFFA
_HEADER_BYTES: Final = 512
_ENTRY_BYTES: Final = 128
_STREAM: Final = 2
_ROOT: Final = 5
_MINI_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class Container:
    """A compound file held in memory (its size is already bounded). Every chain is bounded by the file's sectors."""

    def __init__(self, source: BinaryIO) -> None:
        self._data = source.read()
        if len(self._data) < _HEADER_BYTES:
            raise UnreadableRoster("file_damaged")
        shift, mini_shift = struct.unpack_from("<HH", self._data, 30)
        if shift not in (9, 12) or mini_shift != 6:  # the two sector sizes there are
            raise UnreadableRoster("file_damaged")
        self._sector_bytes = 1 << shift
        self._sector_count = len(self._data) // self._sector_bytes
        (directory_start,) = struct.unpack_from("<I", self._data, 48)
        self._mini_cutoff, mini_start = struct.unpack_from("<II", self._data, 56)
        self._table = self._read_table()
        self._entries = self._read_entries(self._chain(directory_start))
        self._mini_table = _numbers(self._chain(mini_start)) if mini_start < _LAST_SECTOR else []

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams and storages."""
        return frozenset(entry.name for entry in self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream. Raises `UnreadableRoster("file_damaged")`."""
        entry = next((one for one in self._entries if one.name == name and one.kind == _STREAM), None)
        if entry is None:
            raise UnreadableRoster("file_damaged")
        data = self._chain(entry.start) if entry.size >= self._mini_cutoff else self._mini_chain(entry.start)
        if len(data) < entry.size:
            raise UnreadableRoster("file_damaged")
        return data[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        piece = self._data[start : start + self._sector_bytes]
        if not piece:
            raise UnreadableRoster("file_damaged")
        return piece

    def _read_table(self) -> list[int]:
        """The allocation table, its sectors listed in the header and then in a chain of their own."""
        places = list(struct.unpack_from("<109I", self._data, 76))
        (following,) = struct.unpack_from("<I", self._data, 68)
        for _ in range(self._sector_count):
            if following >= _LAST_SECTOR:
                break
            numbers = _numbers(self._sector(following))
            places.extend(numbers[:-1])
            following = numbers[-1]
        used = [place for place in places if place < _LAST_SECTOR]
        if len(used) > self._sector_count:
            raise UnreadableRoster("file_damaged")
        return _numbers(b"".join(map(self._sector, used)))

    def _chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        number = start
        while number != _END:
            if number >= len(self._table) or len(pieces) > self._sector_count:
                raise UnreadableRoster("file_damaged")
            pieces.append(self._sector(number))
            number = self._table[number]
        return b"".join(pieces)

    def _mini_chain(self, start: int) -> bytes:
        root = next((one for one in self._entries if one.kind == _ROOT), None)
        store = self._chain(root.start) if root is not None and root.start < _LAST_SECTOR else b""
        pieces: list[bytes] = []
        number = start
        while number < _LAST_SECTOR:
            if number >= len(self._mini_table) or len(pieces) > len(self._mini_table):
                raise UnreadableRoster("file_damaged")
            pieces.append(store[number * _MINI_BYTES : (number + 1) * _MINI_BYTES])
            number = self._mini_table[number]
        return b"".join(pieces)

    @staticmethod
    def _read_entries(data: bytes) -> list[_Entry]:
        entries = []
        for place in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            start, size = struct.unpack_from("<II", data, place + 116)
            name = data[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            if kind:
                entries.append(_Entry(name, kind, start, size))
        return entries


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
