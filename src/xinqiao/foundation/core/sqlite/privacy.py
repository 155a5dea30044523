"""The database's file is read by nobody else on the machine: it holds levels, sessions and hashes of passwords."""

import os
import stat
from pathlib import Path

OURS_ALONE = 0o600
BESIDE = ("", "-wal", "-shm")  # SQLite gives what it puts beside the file the rights of the file


def make_private(name: str) -> None:
    """Begin a database's file, empty and ours alone, where there is none; one that is there is left as it is."""
    if name.startswith(("file:", ":memory:")) or not Path(name).parent.is_dir():
        return
    try:
        os.close(os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OURS_ALONE))
    except FileExistsError:
        return


def read_by_others(name: str) -> list[Path]:
    """Return which of a database's files others on the machine may read or write."""
    files = [Path(name + ending) for ending in BESIDE if not name.startswith(("file:", ":memory:"))]
    return [path for path in files if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
