"""Making, loading, re-wrapping and destroying data keys; a small cache keeps opened ciphers for a minute."""

import os
import time
from collections.abc import Iterable, Sequence
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.models import KeySubject, wrapping_context
from xinqiao.foundation.keys.ring import NoKeys, Ring, forget_ring, key_file, ring
from xinqiao.foundation.keys.sealing import NONCE_BYTES

CACHE_SIZE = 20_000
CACHE_SECONDS = 60.0


class KeyDestroyed(LookupError):
    """The subject's key is gone: its data was deleted."""


_opened: dict[UUID, tuple[float, AESGCM]] = {}


def wrap(master: bytes, subject_id: UUID, data_key: bytes) -> bytes:
    """Wrap a data key under a master key, bound to its subject."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, data_key, wrapping_context(subject_id))


def unwrap(keys: Ring, master_name: str, subject_id: UUID, wrapped: bytes) -> bytes:
    """Unwrap a data key; InvalidTag if it was tampered with, NoKeys if its master is not in the key file."""
    body = bytes(wrapped)
    master = keys.masters.get(master_name)
    if not master and keys == ring():
        forget_ring()  # rotated since this process last looked at the key file
        master = ring().masters.get(master_name)
    if not master:
        raise NoKeys(f"The key file {key_file()} lacks the master key {master_name}; put back a copy that has it.")
    cipher = AESGCM(master)
    return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], wrapping_context(subject_id))


def remember(subject_id: UUID, cipher: AESGCM) -> None:
    """Keep an opened cipher for a minute."""
    if len(_opened) >= CACHE_SIZE:
        for old in list(_opened)[: CACHE_SIZE // 4]:
            _opened.pop(old, None)
    _opened[subject_id] = (time.monotonic() + CACHE_SECONDS, cipher)


def forget_keys(subject_ids: Iterable[UUID] | None = None) -> None:
    """Drop opened ciphers, all of them or some."""
    if subject_ids is None:
        _opened.clear()
        return
    for subject_id in subject_ids:
        _opened.pop(subject_id, None)


def prepare_keys(kind: str, count: int) -> list[KeySubject]:
    """Return unsaved key rows, their ciphers already opened in this process; the caller bulk-creates them."""
    keys, rows = ring(), []
    for _ in range(count):
        subject_id, data_key = new_id(), AESGCM.generate_key(256)
        rows.append(
            KeySubject(id=subject_id, kind=kind, master=keys.current, wrapped=wrap(keys.master, subject_id, data_key))
        )
        remember(subject_id, AESGCM(data_key))
    return rows


def new_key(kind: str) -> UUID:
    """Create one key and return its id."""
    (row,) = prepare_keys(kind, 1)
    row.save(force_insert=True)
    return row.id


def ciphers(subject_ids: Iterable[UUID]) -> dict[UUID, AESGCM]:
    """Return opened ciphers by subject, loading the missing ones in one query per 500; destroyed ones are absent."""
    at = time.monotonic()
    wanted = set(subject_ids)
    found = {i: kept[1] for i in wanted if (kept := _opened.get(i)) and kept[0] > at}
    missing = [i for i in wanted if i not in found]
    for start in range(0, len(missing), 500):
        for row in KeySubject.objects.filter(id__in=missing[start : start + 500], destroyed_at=None):
            cipher = AESGCM(unwrap(ring(), row.master, row.id, row.wrapped))
            remember(row.id, cipher)
            found[row.id] = cipher
    return found


def cipher_for(subject_id: UUID) -> AESGCM:
    """Return one opened cipher; raise KeyDestroyed if its key is gone."""
    try:
        return ciphers([subject_id])[subject_id]
    except KeyError:
        raise KeyDestroyed(str(subject_id)) from None


def rewrap(rows: Sequence[KeySubject], keys: Ring) -> int:
    """Re-wrap keys under the current master; return how many changed. Sealed values and audit rows are untouched."""
    stale = [row for row in rows if row.master != keys.current and row.destroyed_at is None]
    for row in stale:
        row.wrapped = wrap(keys.master, row.id, unwrap(keys, row.master, row.id, row.wrapped))
        row.master = keys.current
    KeySubject.objects.bulk_update(stale, ["wrapped", "master"])
    return len(stale)


def destroy_keys(subject_ids: Sequence[UUID]) -> int:
    """Destroy data keys: what was sealed under them can never be read again.

    Other processes forget an opened key within CACHE_SECONDS.
    """
    destroyed = 0
    for start in range(0, len(subject_ids), 500):
        some = KeySubject.objects.filter(id__in=subject_ids[start : start + 500], destroyed_at=None)
        destroyed += some.update(wrapped=b"", destroyed_at=now())
    forget_keys(subject_ids)
    transaction.on_commit(lambda: forget_keys(subject_ids))
    return destroyed
