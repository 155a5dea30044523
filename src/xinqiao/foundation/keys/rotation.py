"""Rotation of the master key: a new one wraps every data key anew; sealed values and audit rows are not touched.

`rotate` may be stopped at any moment and called again: what it did is kept, what is left is done. The old master stays
in the key file until `retire_masters` has proved that no data key is under it any more.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from xinqiao.foundation.core.hooks import Hook
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.foundation.keys.ring import (
    LOOK_AGAIN_SECONDS,
    Ring,
    forget_ring,
    key_file,
    ring,
    with_new_master,
    without_masters,
    write_ring,
)
from xinqiao.foundation.keys.store import rewrap

BATCH = 500
# Every process has looked at the key file again by then, so nothing is wrapped under an old master any more.
SETTLING_SECONDS = 12 * LOOK_AGAIN_SECONDS


class StillInUse(RuntimeError):
    """An old master may not go yet; the message says why and what to do."""


@dataclass(frozen=True)
class Usage:
    """What the key file holds and what is under it: `keys_by_master` counts data keys, `destroyed` those deleted."""

    current: str
    kept_masters: tuple[str, ...]
    retired_masters: tuple[str, ...]
    keys_by_master: Mapping[str, int]
    destroyed: int


@dataclass(frozen=True)
class Rotated:
    """What a rotation or a retirement did."""

    act: str
    master: str
    keys: int


keys_rotated: Hook[Rotated] = Hook("KeysRotated")


def usage() -> Usage:
    """Count data keys by the master that wraps them."""
    keys = ring()
    counts = Counter(KeySubject.objects.filter(destroyed_at=None).values_list("master", flat=True))
    return Usage(
        current=keys.current,
        kept_masters=tuple(name for name, key in keys.masters.items() if key),
        retired_masters=tuple(name for name, key in keys.masters.items() if not key),
        keys_by_master=dict(counts),
        destroyed=KeySubject.objects.exclude(destroyed_at=None).count(),
    )


def rotate(*, is_new_wanted: bool = True) -> Rotated:
    """Make a new master (unless an earlier rotation is unfinished or `is_new_wanted` is False) and re-wrap every key.

    Batches of 500 in transactions of their own.
    """
    forget_ring()
    keys = ring()
    if is_new_wanted and not _stale(keys).exists():
        keys = with_new_master(keys)
        write_ring(keys, key_file())
    changed = rewrap_stale(keys)
    with transaction.atomic():
        keys_rotated.send([Rotated("rotated", keys.current, changed)])
    return Rotated("rotated", keys.current, changed)


def _stale(keys: Ring) -> QuerySet[KeySubject]:
    return KeySubject.objects.filter(destroyed_at=None).exclude(master=keys.current)


def rewrap_stale(keys: Ring) -> int:
    """Re-wrap every key that is not under the current master; return how many were."""
    changed = 0
    while True:
        with transaction.atomic():
            rows = list(_stale(keys).select_for_update().order_by("id")[:BATCH])
            changed += rewrap(rows, keys)
        if not rows:
            return changed


def retire_masters() -> Rotated:
    """Remove every old master from the key file; raise StillInUse unless nothing can be under one.

    A restored backup of the keys brings its own masters: what a retired master wrapped lives on only there.
    """
    forget_ring()
    keys = ring()
    old = {name for name, key in keys.masters.items() if key and name != keys.current}
    age_seconds = int(time.clock_gettime(time.CLOCK_REALTIME) - key_file().stat().st_mtime)
    if old and age_seconds < SETTLING_SECONDS:
        wait_seconds = int(SETTLING_SECONDS - age_seconds) + 1
        raise StillInUse(f"The master changed a moment ago; running processes may not know yet. Wait {wait_seconds} s.")
    used = {name: count for name, count in usage().keys_by_master.items() if name != keys.current}
    if used:
        raise StillInUse(
            f"{sum(used.values())} data keys are not under {keys.current}. Run: xinqiao keys rotate --resume"
        )
    if old:
        write_ring(without_masters(keys, old), key_file())
        with transaction.atomic():
            keys_rotated.send([Rotated("retired", ",".join(sorted(old)), 0)])
    return Rotated("retired", ",".join(sorted(old)), 0)
