"""A parcel: several files in one encrypted stream, and the way back into a folder."""

import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from xinqiao.foundation.core.backup.databases import READ_BYTES
from xinqiao.foundation.core.backup.sealed_stream import DamagedBackup, SealedWriter, Secret, open_stream


def pack(target: Path, secret: Secret, about: Mapping[str, str], files: Mapping[str, Path]) -> None:
    """Write the files, each under its name, into one encrypted file that is flushed to disk."""
    with target.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        with SealedWriter(out, secret, dict(about)) as sealed:
            _write_parcel(sealed, files)
        out.flush()
        os.fsync(out.fileno())


def _write_parcel(sealed: SealedWriter, files: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=sealed, mode="w|") as parcel:  # type: ignore[call-overload]  # it only writes
        for name, path in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            with path.open("rb") as source:
                parcel.addfile(entry, source)


class _Plain(io.RawIOBase):
    """The plain chunks of a stream as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._held = chunks, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._held += chunk
        given, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
        return given


def unpack(source: Path, secret: Secret, folder: Path, names: frozenset[str]) -> set[str]:
    """Decrypt a parcel into a folder, to the very end; only the known names. Raises DamagedBackup, WrongBackupKey."""
    found: set[str] = set()
    with source.open("rb") as sealed:
        plain = _Plain(open_stream(sealed, secret))
        try:
            with tarfile.open(fileobj=plain, mode="r|") as parcel:
                for entry in parcel:
                    if entry.name not in names or not entry.isfile():
                        raise DamagedBackup(f"holds something unknown: {entry.name}")
                    body = parcel.extractfile(entry)
                    assert body is not None
                    with (folder / entry.name).open("wb") as out:
                        while data := body.read(READ_BYTES):
                            out.write(data)
                    found.add(entry.name)
        except tarfile.TarError as error:
            raise DamagedBackup("its contents are damaged") from error
        while plain.read(READ_BYTES):
            pass
    return found
