"""The key file: master keys by name, and the fixed secrets for indexes, audit, tickets and Django.

Only the master keys rotate; the other secrets mark rows that are never rewritten. A running process looks at the file
again every few seconds, so that a rotation needs no restart.
"""

import base64
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SECRET_NAMES = ("index", "audit", "tickets", "django", "pins")
KEY_BYTES = 32
LOOK_AGAIN_SECONDS = 5.0
logger = logging.getLogger(__name__)


class NoKeys(RuntimeError):
    """There is no usable key file, so nothing may be served."""


class KeysExist(RuntimeError):
    """A key file lies there already; writing over it would make everything sealed under it unreadable."""


@dataclass(frozen=True)
class Ring:
    """The opened key file; `masters` maps a name to 32 bytes."""

    current: str
    masters: Mapping[str, bytes]
    secrets: Mapping[str, bytes]

    @property
    def master(self) -> bytes:
        return self.masters[self.current]


def key_file() -> Path:
    """Where the key file lies (XINQIAO_KEYS, else `keys/ring.json` in the data directory)."""
    return Path(settings.XINQIAO_KEY_FILE)


def new_ring() -> Ring:
    """Return a ring of fresh random keys."""
    return Ring(
        current="m1",
        masters={"m1": secrets.token_bytes(KEY_BYTES)},
        secrets={name: secrets.token_bytes(KEY_BYTES) for name in SECRET_NAMES},
    )


def with_new_master(ring: Ring) -> Ring:
    """Return the ring with one more master key, which is the current one."""
    name = f"m{len(ring.masters) + 1}"
    return Ring(current=name, masters={**ring.masters, name: secrets.token_bytes(KEY_BYTES)}, secrets=ring.secrets)


def without_masters(ring: Ring, names: set[str]) -> Ring:
    """Return the ring less some old masters; the current one stays. Names are never given again."""
    kept = {name: key if name not in names else b"" for name, key in ring.masters.items()}
    return Ring(current=ring.current, masters=kept, secrets=ring.secrets)


def write_ring(ring: Ring, path: Path, *, is_new: bool = False) -> None:
    """Write the ring so that a crash leaves either the old file or the new one, readable by the owner alone.

    With `is_new` an existing file is never replaced: raises KeysExist.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = {
        "current": ring.current,
        "masters": {name: base64.b64encode(key).decode() for name, key in ring.masters.items()},
        "secrets": {name: base64.b64encode(key).decode() for name, key in ring.secrets.items()},
    }
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        os.fchmod(out.fileno(), 0o600)
        json.dump(body, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    _put_in_place(part, path, is_new=is_new)
    forget_ring()


def _put_in_place(part: Path, path: Path, *, is_new: bool) -> None:
    if is_new:
        try:
            path.hardlink_to(part)
        except FileExistsError:
            raise KeysExist(f"{path} exists already; it is left as it is.") from None
        finally:
            part.unlink()
    else:
        part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_ring(path: Path) -> Ring:
    """Read a key file; raise NoKeys with the place and the mend."""
    try:
        body = json.loads(path.read_text("utf-8"))
        ring = Ring(
            current=body["current"],
            masters={name: base64.b64decode(text) for name, text in body["masters"].items()},
            secrets={name: base64.b64decode(text) for name, text in body["secrets"].items()},
        )
    except FileNotFoundError as error:
        raise NoKeys(f"No key file at {path}. Make one with: xinqiao keys create") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoKeys(f"The key file {path} is damaged ({error}). Put back its copy from the keys backup.") from error
    if any(len(ring.secrets.get(name, b"")) != KEY_BYTES for name in SECRET_NAMES) or len(ring.master) != KEY_BYTES:
        raise NoKeys(f"The key file {path} lacks a key. Put back its copy from the keys backup.")
    return ring


@dataclass
class _Kept:
    path: Path
    stamp: tuple[int, int, int]
    ring: Ring
    looked_at: float

    def __post_init__(self) -> None:
        self.name = str(self.path)  # compared at every call, where a Path would cost more than the HMAC


_kept: list[_Kept] = []


def ring() -> Ring:
    """Return the installation's keys, read once per process and again after the file was replaced.

    A file that vanishes or is damaged while the program runs does not stop it: what was read before goes on serving.
    """
    at, name = time.monotonic(), str(settings.XINQIAO_KEY_FILE)
    kept = _kept[0] if _kept else None
    if kept and at - kept.looked_at < LOOK_AGAIN_SECONDS and kept.name == name:
        return kept.ring
    path = key_file()
    stamp = _stamp(path)
    if kept is None or kept.path != path:
        kept = _Kept(path, stamp, read_ring(path), at)
    elif kept.stamp != stamp:
        try:
            kept = _Kept(path, stamp, read_ring(path), at)
        except NoKeys:
            logger.exception("The key file cannot be read any more; the keys read before stay in use.")
    kept.looked_at = at
    _kept[:] = [kept]
    return kept.ring


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def forget_ring() -> None:
    """Drop what this process remembers of the key file."""
    _kept.clear()
