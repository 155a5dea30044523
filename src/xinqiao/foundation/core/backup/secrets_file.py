"""The backup key: a file of its own, or a passphrase. It must lie elsewhere than the backups and the database."""

import base64
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from xinqiao.foundation.core.backup.sealed_stream import Secret

KEY_BYTES = 32
SHORTEST_PASSPHRASE = 16
# RFC 7914 gives N = 2^20, r = 8, p = 1 for files; 2^17 keeps it within 128 MB on a school's machine.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 17, 8, 1


class NoBackupKey(RuntimeError):
    """There is no usable backup key; the message says how to make one."""


def make_key_file(path: Path) -> None:
    """Write a fresh backup key, readable by the owner alone; never over an existing file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise NoBackupKey(f"{path} exists already; it is left as it is.") from None
    with os.fdopen(descriptor, "w") as out:
        json.dump({"backup_key": base64.b64encode(os.urandom(KEY_BYTES)).decode()}, out)
        out.flush()
        os.fsync(out.fileno())


def secret_of_file(path: Path) -> Secret:
    """Return the secret of a key file."""
    try:
        key = base64.b64decode(json.loads(path.read_text("utf-8"))["backup_key"])
    except FileNotFoundError as error:
        raise NoBackupKey(f"No backup key at {path}. Make one with: xinqiao backup key --out {path}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoBackupKey(f"{path} is not a backup key, or is damaged.") from error
    if len(key) != KEY_BYTES:
        raise NoBackupKey(f"{path} is not a backup key, or is damaged.")
    return lambda _salt: key


def secret_of_passphrase(passphrase: str) -> Secret:
    """Return the secret of a passphrase: scrypt over each stream's own salt."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise NoBackupKey(f"A backup passphrase has at least {SHORTEST_PASSPHRASE} characters.")
    return lambda salt: Scrypt(salt, KEY_BYTES, SCRYPT_N, SCRYPT_R, SCRYPT_P).derive(passphrase.encode())
