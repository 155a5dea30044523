"""Restoring a backup into an empty place."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from xinqiao.foundation.core.backup.databases import CannotBackUp, put_database, refusal_to_restore
from xinqiao.foundation.core.backup.sealed_stream import Secret
from xinqiao.foundation.keys.backup.key_rows import put_key_rows
from xinqiao.foundation.keys.backup.making import CHECKPOINTS, RING, ROWS, open_backup, private_folder
from xinqiao.foundation.keys.backup.manifest import Manifest
from xinqiao.foundation.keys.ring import key_file, read_ring, write_ring


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    name: str
    data_keys: int
    key_file: str


def restore_backup(folder: Path, manifest: Manifest, secret: Secret, *, keys_name: str = "") -> Restored:
    """Put a backup into the configured database and key file, both of which must be empty.

    The key file comes last: what is half restored cannot be served. Raises CannotBackUp, DamagedBackup,
    WrongBackupKey.
    """
    if refusal := refusal_to_restore():
        raise CannotBackUp(f"Only an empty place is restored into: {refusal}.")
    with private_folder(folder) as work:
        dump, _ = open_backup(folder, manifest, secret, work, keys_name=keys_name)
        _demand_no_other_keys(work / RING)
        put_database(dump)
        count = put_key_rows(work / ROWS)
        _put_checkpoints(work / CHECKPOINTS)
        write_ring(read_ring(work / RING), key_file())
    return Restored(manifest.name, count, str(key_file()))


def _demand_no_other_keys(ring_file: Path) -> None:
    if key_file().exists() and read_ring(key_file()) != read_ring(ring_file):
        raise CannotBackUp(f"Only an empty place is restored into: {key_file()} holds other keys.")


def _put_checkpoints(source: Path) -> None:
    target = Path(settings.XINQIAO_HOME) / "checkpoints" / CHECKPOINTS
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, target)
