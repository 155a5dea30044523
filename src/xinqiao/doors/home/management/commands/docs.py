"""`xinqiao docs [--check] [--json]`: draw the diagrams of docs/states from the code."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xinqiao.doors.home.drawings import CannotDraw, outdated


class Command(BaseCommand):
    """Writes each diagram that differs from its table of moves."""

    help = "Draw the diagrams of docs/states from the code; only in a checkout of the source."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a diagram differs")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = outdated()
        except CannotDraw as error:
            raise CommandError(str(error)) from error
        if not options["check"]:
            for path, text in changed.items():
                path.write_text(text, "utf-8")
        names = [path.name for path in changed]
        if options["as_json"]:
            self.stdout.write(json.dumps({"differing": names, "written": not options["check"]}))
        else:
            self.stdout.write(", ".join(names) or "every diagram is that of the code")
        if names and options["check"]:
            sys.exit(1)
