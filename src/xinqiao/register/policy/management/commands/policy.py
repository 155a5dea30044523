"""`xinqiao policy check [FILE] [--json]`: are the packs sound, and where not?"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xinqiao.register.policy.loading import BadPack, Fault, load_packs, pack_folder, packs


class Command(BaseCommand):
    """Checks policy packs: exit 0 if they are sound, 1 if not."""

    help = "Check policy packs. FILE is checked together with the installed ones, which it may extend or replace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["check"])
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"]
        installed = [path for path in sorted(pack_folder().glob("*.yaml")) if file is None or path.name != file.name]
        faults: list[Fault] = []
        revisions: list[str] = []
        try:
            found = load_packs([*installed, file]) if file else packs()
            revisions = [each.revision for each in found if file is None or each.file == file.name]
        except BadPack as error:
            faults = error.faults
        self._say(faults, revisions, as_json=options["as_json"])
        if faults:
            sys.exit(1)

    def _say(self, faults: list[Fault], revisions: list[str], *, as_json: bool) -> None:
        if as_json:
            rows = [{"file": f.file, "place": f.place, "code": f.code, "detail": f.detail} for f in faults]
            self.stdout.write(json.dumps({"packs": revisions, "faults": rows}, ensure_ascii=False))
            return
        for revision in revisions:
            self.stdout.write(revision)
        for fault in faults:
            self.stdout.write(str(fault))
