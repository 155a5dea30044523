"""Making a backup, proving it, listing and pruning."""

import datetime as dt
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from xinqiao.foundation.core.backup.databases import CannotBackUp, check_copy, copy_database, dump_name
from xinqiao.foundation.core.backup.sealed_stream import DamagedBackup, Secret, read_header
from xinqiao.foundation.keys.backup.key_rows import check_keys, write_key_rows
from xinqiao.foundation.keys.backup.manifest import DATA, KEYS, Manifest, describe, manifests, path_of, write_manifest
from xinqiao.foundation.keys.backup.parcels import pack, unpack
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.foundation.keys.ring import key_file

RING, ROWS, CHECKPOINTS = "ring.json", "data_keys.jsonl", "audit.jsonl"
APART = (KeySubject._meta.db_table,)
# Whoever held a session signs in anew after a restore: one that was ended since the copy must not come back to life.
LEFT_OUT = ("django_session",)
DUMPS = frozenset({"database.sqlite3", "database.pgdump"})
NAMES = {DATA: DUMPS | {CHECKPOINTS}, KEYS: frozenset({RING, ROWS})}
# A copy, a copy of the copy, and the encrypted file lie side by side for a while.
ROOM_FACTOR = 3


@dataclass(frozen=True)
class Proof:
    """What was proved of a backup: its data keys could all be opened, its database was read from end to end."""

    name: str
    data_keys: int
    database: str


@contextmanager
def private_folder(beside: Path) -> Iterator[Path]:
    """A folder that only we can read and that is gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".open-", dir=beside) as name:
        yield Path(name)


def create_backup(folder: Path, secret: Secret, at: dt.datetime) -> Manifest:
    """Make a backup of the configured database and keys in a folder; return its manifest.

    The database first, the keys after it: every key that the copy needs is there.
    """
    _demand_room(folder)
    name = f"{at.astimezone(dt.UTC):%Y-%m-%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with private_folder(folder) as work:
        copy_database(work / dump_name(), APART + LEFT_OUT)
        write_key_rows(work / ROWS)
        shutil.copyfile(key_file(), work / RING)
        files = {DATA: {dump_name(): work / dump_name()}, KEYS: {RING: work / RING, ROWS: work / ROWS}}
        checkpoints = Path(settings.XINQIAO_HOME) / "checkpoints" / CHECKPOINTS
        if checkpoints.exists():
            files[DATA][CHECKPOINTS] = Path(shutil.copyfile(checkpoints, work / CHECKPOINTS))
        parts = []
        for kind in (DATA, KEYS):
            target = path_of(folder, name, kind)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            pack(work / kind, secret, {"name": name, "kind": kind}, files[kind])
            (work / kind).replace(target)
            _flush_folder(target.parent)
            parts.append(describe(target, kind))
    manifest = Manifest(name, at.isoformat(), connection.vendor, tuple(parts))
    write_manifest(folder, manifest)
    _flush_folder(folder)
    return manifest


def prove_backup(folder: Path, manifest: Manifest, secret: Secret, *, keys_name: str = "") -> Proof:
    """Decrypt a backup and read it from end to end without restoring it.

    Raises DamagedBackup, WrongBackupKey or CannotBackUp. `keys_name` takes the keys of another backup.
    """
    with private_folder(folder) as work:
        dump, data_keys = open_backup(folder, manifest, secret, work, keys_name=keys_name)
        return Proof(manifest.name, data_keys, dump.name)


def open_backup(
    folder: Path, manifest: Manifest, secret: Secret, work: Path, *, keys_name: str = ""
) -> tuple[Path, int]:
    """Decrypt a backup into a folder and check it; return the database's copy and the number of data keys."""
    for kind in (DATA, KEYS):
        name = (keys_name or manifest.name) if kind == KEYS else manifest.name
        path = path_of(folder, name, kind)
        if not path.exists():
            raise CannotBackUp(f"{path} is missing" + (_KEYS_GONE if kind == KEYS else "."))
        if name == manifest.name:
            _demand_described(path, manifest, kind)
        _demand_header(path, name, kind)
        unpack(path, secret, work, NAMES[kind])
    dumps = [work / name for name in sorted(DUMPS) if (work / name).exists()]
    if len(dumps) != 1 or not all((work / name).exists() for name in NAMES[KEYS]):
        raise DamagedBackup(f"{manifest.name} lacks a part")
    check_copy(dumps[0])
    return dumps[0], check_keys(work / RING, work / ROWS)


_KEYS_GONE = ": its keys were pruned. Name a later backup whose keys are kept with --keys."


def _demand_described(path: Path, manifest: Manifest, kind: str) -> None:
    wanted = next((part for part in manifest.parts if part.kind == kind), None)
    if describe(path, kind) != wanted:
        raise DamagedBackup(f"{path.name} is not the file that the manifest describes")


def _demand_header(path: Path, name: str, kind: str) -> None:
    with path.open("rb") as source:
        about, _ = read_header(source)
    if (about.get("name"), about.get("kind")) != (name, kind):
        raise DamagedBackup(f"{path.name} belongs to another backup")


def prune(folder: Path, at: dt.datetime, *, keep_days: int, keep_keys_days: int) -> list[str]:
    """Delete keys files older than `keep_keys_days` and whole backups older than `keep_days`, but never of the newest
    backup; return the names of deleted files."""
    gone: list[str] = []
    for manifest in list(manifests(folder))[:-1]:
        age_days = (at - manifest.made_at).days
        kinds = [KEYS] if age_days >= keep_keys_days else []
        kinds += [DATA] if age_days >= keep_days else []
        for kind in kinds:
            path = path_of(folder, manifest.name, kind)
            if path.exists():
                path.unlink()
                gone.append(path.name)
        if DATA in kinds:
            (folder / f"{manifest.name}.json").unlink()
            gone.append(f"{manifest.name}.json")
    return gone


def _demand_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if connection.vendor != "sqlite":
        return
    size = Path(str(connection.settings_dict["NAME"])).stat().st_size
    free = shutil.disk_usage(folder).free
    if free < ROOM_FACTOR * size:
        raise CannotBackUp(
            f"{folder} has {free >> 20} MB free; a backup needs {ROOM_FACTOR * size >> 20} MB for a while"
        )


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
