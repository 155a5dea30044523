"""What a backup consists of, written last, so that a backup without a manifest was never finished."""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from xinqiao.foundation.core.backup.databases import READ_BYTES, CannotBackUp

DATA, KEYS = "data", "keys"
SUFFIXES = {DATA: ".xqb", KEYS: ".xqk"}


@dataclass(frozen=True)
class PartFile:
    """One encrypted file of a backup."""

    kind: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One backup; `database` is the vendor, `at` when it began (ISO)."""

    name: str
    at: str
    database: str
    parts: tuple[PartFile, ...]

    @property
    def made_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)


def path_of(folder: Path, name: str, kind: str) -> Path:
    """Return where a part of a backup lies."""
    return folder / kind / f"{name}{SUFFIXES[kind]}"


def describe(path: Path, kind: str) -> PartFile:
    """Measure a finished part."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while data := source.read(READ_BYTES):
            digest.update(data)
            size += len(data)
    return PartFile(kind, size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest so that it is whole or absent."""
    part = folder / f"{manifest.name}.part"
    with part.open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / f"{manifest.name}.json")


def read_manifest(folder: Path, name: str) -> Manifest:
    """Read one manifest; raise CannotBackUp if there is none or it is damaged."""
    path = folder / f"{name}.json"
    try:
        told = json.loads(path.read_text("utf-8"))
        parts = tuple(PartFile(**part) for part in told.pop("parts"))
        manifest = Manifest(**told, parts=parts)
        manifest.made_at.isoformat()
    except FileNotFoundError as error:
        raise CannotBackUp(f"There is no backup {name} in {folder}. See: xinqiao backup list") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CannotBackUp(f"The manifest {path} is damaged.") from error
    if manifest.name != name:
        raise CannotBackUp(f"The manifest {path} belongs to another backup.")
    return manifest


def manifests(folder: Path) -> Iterator[Manifest]:
    """Yield the readable manifests, oldest first."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield read_manifest(folder, path.stem)
        except CannotBackUp:
            continue


def latest(folder: Path) -> Manifest:
    """Return the newest backup; raise CannotBackUp if there is none."""
    found = list(manifests(folder))
    if not found:
        raise CannotBackUp(f"There is no backup in {folder}.")
    return found[-1]
