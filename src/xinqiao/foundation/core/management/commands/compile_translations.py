"""`xinqiao compile_translations`: compile every app's catalogue, without GNU gettext."""

from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError, CommandParser

PACKAGE = Path(__file__).resolve().parents[4]


class Command(BaseCommand):
    """Writes a .mo beside every .po that is newer than it."""

    help = "Compile the translations of every app."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="compile again what is up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        compiled = 0
        for source in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not options["force"] and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            try:
                polib.pofile(str(source)).save_as_mofile(str(target))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{source.relative_to(PACKAGE)}: {error}") from error
            compiled += 1
        if options["verbosity"]:
            self.stdout.write(f"{compiled} catalogues compiled")
