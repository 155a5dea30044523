"""The parent's side: starts the child, collects what it sends, and turns its end, however it ends, into an answer."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from xinqiao.engines.roster.sheets import Cell, Merge, Note, Sheet, SheetRow, Sheets, UnreadableRoster
from xinqiao.register.people.roster_file.limits import Limits
from xinqiao.register.people.roster_file.wire import to_cell

_CHILD: Final = "xinqiao.register.people.roster_file.child"
_SOURCE_ROOT: Final = Path(__file__).resolve().parents[4]
_LONGEST_LINE_BYTES: Final = 64 * 1024 * 1024
_LONGEST_SHARED_CHARS: Final = 12
_DECODE: Final = msgspec.json.Decoder().decode
_EXTENSIONS: Final = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls", ".et"), "csv": (".csv", ".txt", ".tsv"), "html": ()}


def read_sheets(path: Path, *, limits: Limits | None = None) -> Sheets:
    """Every sheet of an .xlsx, .xls, .csv or HTML-table file, its cells as a person sees them.

    The content decides what the file is, not its name. Raises `UnreadableRoster` with a code of `codes.FILE_CODES`.
    """
    limits = limits or Limits()
    try:
        size_bytes = path.stat().st_size
    except OSError:
        raise UnreadableRoster("file_missing", file=path.name) from None
    if size_bytes == 0:
        raise UnreadableRoster("file_empty", file=path.name)
    if size_bytes > limits.file_bytes:
        raise UnreadableRoster("file_too_big", file=path.name, most_mib=limits.file_bytes // 2**20)
    collected = _Collected(path.stem)
    with _child(path, limits) as child:
        collected.take_all(child)
    return collected.sheets(path.suffix.lower())


@dataclass(slots=True)
class _Ending:
    """How the child ended, known once its pipe is closed."""

    process: "subprocess.Popen[bytes]"
    timed_out: threading.Event = field(default_factory=threading.Event)

    def lines(self) -> Iterator[bytes]:
        out = self.process.stdout
        assert out is not None
        while line := out.readline(_LONGEST_LINE_BYTES):
            yield line

    def code(self) -> str:
        """The refusal that fits a child which stopped without a last word."""
        status = self.process.wait()
        if self.timed_out.is_set() or status == -signal.SIGXCPU:
            return "reading_timeout"
        return "reader_crashed"


@contextmanager
def _child(path: Path, limits: Limits) -> Iterator[_Ending]:
    """The child with the file as its standard input and nothing of our environment but what Python needs."""
    environment = {"PYTHONPATH": str(_SOURCE_ROOT), "PATH": os.defpath, "PYTHONUTF8": "1"}
    command = [sys.executable, "-B", "-m", _CHILD, msgspec.json.encode(asdict(limits)).decode()]
    with path.open("rb") as source:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file is never an argument
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
        )
    ending = _Ending(process)

    def stop() -> None:
        ending.timed_out.set()
        process.kill()

    timer = threading.Timer(limits.wall_seconds, stop)
    timer.start()
    try:
        yield ending
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class _Collected:
    """Sheets as they arrive."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._sheets: list[Sheet] = []
        self._notes: list[Note] = []
        self._name, self._hidden = "", False
        self._rows: list[SheetRow] = []
        self._words: dict[str, str] = {}
        self._done: dict[str, Any] | None = None

    def take_all(self, child: _Ending) -> None:
        for line in child.lines():
            self._take(_DECODE(line) if line.endswith(b"\n") else ["cut"])
            if self._done is not None:
                return
        raise UnreadableRoster(child.code())

    def _take(self, message: list[Any]) -> None:
        match message:
            case ["sheet", str(name), bool(hidden)]:
                self._name, self._hidden, self._rows = name or self._stem, hidden, []
            case ["rows", list(rows)]:
                self._rows.extend(SheetRow(number, tuple(map(self._cell, cells))) for number, cells in rows)
            case ["end", dict(facts)]:
                self._end_sheet(facts)
            case ["note", str(code), dict(params)]:
                self._notes.append(Note(code, params))
            case ["refused", str(code), dict(params)]:
                raise UnreadableRoster(code, **params)
            case ["done", dict(facts)]:
                self._done = facts
            case _:
                raise UnreadableRoster("reader_crashed")

    def _cell(self, wire: Any) -> Cell:
        """The cell; short texts, which repeat (男, 汉族, 七(3)班), are kept once."""
        if not isinstance(wire, str):
            return to_cell(wire)
        if len(wire) > _LONGEST_SHARED_CHARS or wire.isdecimal():
            return wire
        return self._words.setdefault(wire, wire)

    def _end_sheet(self, facts: dict[str, Any]) -> None:
        merges = tuple(Merge(*merge) for merge in facts["merges"])
        self._sheets.append(
            Sheet(self._name, tuple(self._rows), self._hidden, tuple(facts["columns"]), facts["rows"], merges)
        )
        self._rows = []

    def sheets(self, suffix: str) -> Sheets:
        """All of it. Raises `UnreadableRoster("sheets_empty")` if no visible sheet holds anything."""
        assert self._done is not None
        if not any(sheet.rows for sheet in self._sheets if not sheet.hidden):
            raise UnreadableRoster("sheets_empty")
        kind = str(self._done["kind"])
        if suffix not in _EXTENSIONS[kind] and kind != "html":
            self._notes.append(Note("wrong_extension", {"kind": kind, "extension": suffix}))
        return Sheets(tuple(self._sheets), kind, tuple(self._notes), bool(self._done["date_1904"]))
