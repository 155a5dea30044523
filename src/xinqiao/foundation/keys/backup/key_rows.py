"""The keys as they go into a backup: the key file, and every wrapped data key as one line of JSON."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag

from xinqiao.foundation.core.backup.databases import CannotBackUp
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.foundation.keys.ring import NoKeys, Ring, read_ring
from xinqiao.foundation.keys.store import unwrap

BATCH = 1_000


def write_key_rows(target: Path) -> int:
    """Write every key row to a new file; return how many."""
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for row in KeySubject.objects.order_by("id").iterator(chunk_size=BATCH):
            out.write(json.dumps(_told(row), sort_keys=True) + "\n")
            count += 1
    return count


def _told(row: KeySubject) -> dict[str, str | None]:
    return {
        "id": row.id.hex, "kind": row.kind, "vault": row.vault, "master": row.master,
        "wrapped": base64.b64encode(bytes(row.wrapped)).decode(), "created_at": row.created_at.isoformat(),
        "destroyed_at": row.destroyed_at.isoformat() if row.destroyed_at else None,
    }  # fmt: skip


def read_key_rows(source: Path) -> Iterator[KeySubject]:
    """Yield the unsaved key rows of a file."""
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            destroyed_at = told["destroyed_at"]
            yield KeySubject(
                id=UUID(hex=told["id"]), kind=told["kind"], vault=told["vault"], master=told["master"],
                wrapped=base64.b64decode(told["wrapped"]), created_at=dt.datetime.fromisoformat(told["created_at"]),
                destroyed_at=dt.datetime.fromisoformat(destroyed_at) if destroyed_at else None,
            )  # fmt: skip


def check_keys(ring_file: Path, rows_file: Path) -> int:
    """Open every wrapped key with the masters of the key file; return how many. Raises CannotBackUp."""
    opened = 0
    try:
        keys: Ring = read_ring(ring_file)
        for row in read_key_rows(rows_file):
            if row.destroyed_at is None:
                unwrap(keys, row.master, row.id, row.wrapped)
                opened += 1
    except (NoKeys, InvalidTag, ValueError, KeyError) as error:
        raise CannotBackUp(f"the copy of the keys is not whole ({type(error).__name__})") from error
    return opened


def put_key_rows(source: Path) -> int:
    """Insert every key row of a file; return how many."""
    batch: list[KeySubject] = []
    count = 0
    for row in read_key_rows(source):
        batch.append(row)
        if len(batch) == BATCH:
            count += len(KeySubject.objects.bulk_create(batch))
            batch = []
    return count + len(KeySubject.objects.bulk_create(batch))
