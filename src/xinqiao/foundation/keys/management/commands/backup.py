"""`xinqiao backup key|create|verify|restore|list`."""

import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.core.backup.databases import CannotBackUp
from xinqiao.foundation.core.backup.last_good import mark_backup_failed, mark_backup_good
from xinqiao.foundation.core.backup.sealed_stream import DamagedBackup, Secret, WrongBackupKey
from xinqiao.foundation.core.backup.secrets_file import (
    NoBackupKey,
    make_key_file,
    secret_of_file,
    secret_of_passphrase,
)
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.backup.making import create_backup, prove_backup, prune
from xinqiao.foundation.keys.backup.manifest import DATA, KEYS, Manifest, latest, manifests, path_of, read_manifest
from xinqiao.foundation.keys.backup.restoring import restore_backup
from xinqiao.foundation.keys.ring import NoKeys

FAULTS = (CannotBackUp, DamagedBackup, WrongBackupKey, NoBackupKey, NoKeys, OSError)
KEEP_DAYS, KEEP_KEYS_DAYS = 180, 30
DAMAGED_EXIT = 2


class Command(BaseCommand):
    """Makes, proves, lists and restores backups."""

    help = "Encrypted backups: the database in one file, the keys in another that is kept for a shorter time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        key = acts.add_parser("key", help="make a backup key file; keep a copy elsewhere")
        key.add_argument("--out", type=Path, required=True, help="the new file")
        for name, told in (
            ("create", "make a backup and prove it"),
            ("verify", "prove a backup without restoring it; exit 2 if it is damaged"),
            ("restore", "restore into an empty database and data directory"),
            ("list", "list the backups"),
        ):
            act = acts.add_parser(name, help=told)
            act.add_argument("--folder", type=Path, default=self._home("backups"), help="where backups lie")
            act.add_argument("--json", action="store_true", help="print JSON")
            if name != "list":
                act.add_argument("--key", type=Path, default=self._home("keys/backup.json"), help="the backup key file")
                act.add_argument("--passphrase", action="store_true", help="ask for (or read) a passphrase instead")
            if name in ("verify", "restore"):
                act.add_argument("name", nargs="?", default="", help="which backup (the newest)")
                act.add_argument("--keys", default="", help="take the keys of this other backup")
            if name == "create":
                act.add_argument("--keep-days", type=int, default=KEEP_DAYS)
                act.add_argument("--keep-keys-days", type=int, default=KEEP_KEYS_DAYS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = getattr(self, f"_{options['act']}")(options)
        except (DamagedBackup, WrongBackupKey) as error:
            raise CommandError(str(error), returncode=DAMAGED_EXIT) from error
        except FAULTS as error:
            raise CommandError(str(error)) from error
        if options.get("json"):
            self.stdout.write(json.dumps(told))
            return
        for row in told if isinstance(told, list) else [told]:
            self.stdout.write("  ".join(f"{name}={value}" for name, value in row.items()))

    def _key(self, options: dict[str, Any]) -> dict[str, Any]:
        make_key_file(options["out"])
        self.stderr.write(_("Keep a copy of this file away from this machine: without it no backup can be read."))
        return {"backup_key": str(options["out"])}

    def _create(self, options: dict[str, Any]) -> dict[str, Any]:
        folder, secret, began = options["folder"], self._secret(options), now()
        try:
            manifest = create_backup(folder, secret, began)
            proof = prove_backup(folder, manifest, secret)
        except Exception as error:
            mark_backup_failed(began, type(error).__name__)
            raise
        mark_backup_good(began, now())
        gone = prune(folder, now(), keep_days=options["keep_days"], keep_keys_days=options["keep_keys_days"])
        return {**asdict(proof), "bytes": sum(part.bytes for part in manifest.parts), "pruned": len(gone)}

    def _verify(self, options: dict[str, Any]) -> dict[str, Any]:
        folder, manifest = options["folder"], self._chosen(options)
        return asdict(prove_backup(folder, manifest, self._secret(options), keys_name=options["keys"]))

    def _restore(self, options: dict[str, Any]) -> dict[str, Any]:
        folder, manifest = options["folder"], self._chosen(options)
        return asdict(restore_backup(folder, manifest, self._secret(options), keys_name=options["keys"]))

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        folder = options["folder"]
        return [
            {
                "name": manifest.name, "at": manifest.at, "database": manifest.database,
                "data": path_of(folder, manifest.name, DATA).exists(),
                "keys": path_of(folder, manifest.name, KEYS).exists(),
                "age_hours": int((now() - manifest.made_at).total_seconds() // 3600),
            }
            for manifest in manifests(folder)
        ]  # fmt: skip

    def _chosen(self, options: dict[str, Any]) -> Manifest:
        folder: Path = options["folder"]
        return read_manifest(folder, options["name"]) if options["name"] else latest(folder)

    def _secret(self, options: dict[str, Any]) -> Secret:
        if not options["passphrase"]:
            return secret_of_file(options["key"])
        asked = getpass.getpass(_("Backup passphrase: ")) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        return secret_of_passphrase(asked)

    def _home(self, name: str) -> Path:
        return Path(settings.XINQIAO_HOME) / name
