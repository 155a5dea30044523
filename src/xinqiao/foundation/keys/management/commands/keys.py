"""`xinqiao keys create|show|rotate|retire`."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.keys.ring import KeysExist, NoKeys, key_file, new_ring, write_ring
from xinqiao.foundation.keys.rotation import StillInUse, retire_masters, rotate, usage


class Command(BaseCommand):
    """Makes the key file, shows what is in use, rotates the master key."""

    help = "Make, show and rotate the keys under which everything about a child is sealed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, told in (
            ("create", "make the key file; never touches one that exists"),
            ("show", "say what the key file holds and what is under it, never a key"),
            ("rotate", "make a new master key and re-wrap every data key; may be stopped and resumed"),
            ("retire", "remove old master keys that nothing is under"),
        ):
            act = acts.add_parser(name, help=told)
            act.add_argument("--json", action="store_true", help="print JSON")
            if name == "rotate":
                act.add_argument("--resume", action="store_true", help="only finish; make no new master")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = getattr(self, f"_{options['act']}")(options)
        except (NoKeys, KeysExist, StillInUse) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(told, sort_keys=True))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {json.dumps(value) if isinstance(value, dict | list | tuple) else value}")

    def _create(self, options: dict[str, Any]) -> dict[str, Any]:
        write_ring(new_ring(), key_file(), is_new=True)
        self.stderr.write(_("Copy this file to a safe place apart from the database: without it nothing can be read."))
        return {"key_file": str(key_file())}

    def _show(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"key_file": settings.XINQIAO_KEY_FILE, **asdict(usage())}

    def _rotate(self, options: dict[str, Any]) -> dict[str, Any]:
        return asdict(rotate(is_new_wanted=not options["resume"]))

    def _retire(self, options: dict[str, Any]) -> dict[str, Any]:
        return asdict(retire_masters())
