"""Pupils' data keys, read by the intake's own connection and kept opened for a short while."""

import time
from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xinqiao.care.sheets.intake.store import Store
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.store import remember, unwrap

KEPT_SECONDS = 50.0  # less than the minute for which the key store keeps one, so that both forget a destroyed key
KEPT_KEYS = 20_000
_SELECT = "SELECT master, wrapped FROM keys_keysubject WHERE id = ? AND destroyed_at IS NULL"


class Keyring:
    """Opened ciphers by key subject; used by one thread."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[float, AESGCM]] = {}

    def load(self, store: Store, key_ids: Iterable[UUID]) -> None:
        """Open the keys that are not at hand, in one round trip."""
        horizon = time.monotonic()
        missing = [i for i in set(key_ids) if i not in self._kept or self._kept[i][0] < horizon]
        if not missing:
            return
        if len(self._kept) + len(missing) > KEPT_KEYS:
            self._kept.clear()
        masters = ring()
        for key_id, rows in zip(missing, store.select_each(_SELECT, [(i,) for i in missing]), strict=True):
            self._kept.pop(key_id, None)
            for master, wrapped in rows:
                cipher = AESGCM(unwrap(masters, master, key_id, wrapped))
                self._kept[key_id] = (horizon + KEPT_SECONDS, cipher)
                remember(key_id, cipher)

    def cipher(self, key_id: UUID) -> AESGCM | None:
        """Return an opened cipher; None where the key was destroyed or never was."""
        kept = self._kept.get(key_id)
        return kept[1] if kept else None
