"""A roster's bytes given to the reader without a readable copy on a disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from xinqiao.engines.roster import Sheets
from xinqiao.register.people.roster_file import read_sheets

_LONGEST_NAME = 100


def bare_name(name: str) -> str:
    """Return the last part of a path as any system writes one, short enough to be a file's name anywhere."""
    last = PureWindowsPath(PurePosixPath(name.replace("\0", "")).name).name or "roster"
    stem, dot, end = last.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{end[:10]}"


def sheets_of(body: bytes, name: str) -> Sheets:
    """Return what a file holds; raise UnreadableRoster as `read_sheets` does."""
    with _as_path(body, bare_name(name)) as path:
        return read_sheets(path)


@contextmanager
def _as_path(body: bytes, name: str) -> Iterator[Path]:
    """A path that opens as the file: a link to memory where the system has it, else a private file that is removed."""
    with tempfile.TemporaryDirectory(prefix="xinqiao-roster-") as folder:
        path = Path(folder) / (PurePosixPath("roster").with_suffix(PurePosixPath(name).suffix[:8]).name)
        if not hasattr(os, "memfd_create"):
            path.write_bytes(body)
            yield path
            return
        descriptor = os.memfd_create("roster")
        try:
            with os.fdopen(os.dup(descriptor), "wb") as out:
                out.write(body)
            path.symlink_to(f"/proc/self/fd/{descriptor}")
            yield path
        finally:
            os.close(descriptor)
