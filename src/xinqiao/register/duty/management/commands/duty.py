"""`xinqiao duty holes [SCHOOL] [--json]`: where would a warning reach nobody?"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xinqiao.foundation.core.clock import today
from xinqiao.register.duty.ladder import holes_of
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import UnitKind

WITH_A_LADDER = (UnitKind.SCHOOL, UnitKind.UNIVERSITY)


class Command(BaseCommand):
    """Looks for holes in the warning ladders: exit 0 if there is none, 1 if there are."""

    help = "List the places of the warning ladder at which nobody is named. SCHOOL is the code of one school."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["holes"])
        parser.add_argument("school", nargs="?", default="")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        schools = Unit.objects.filter(kind__in=WITH_A_LADDER, is_closed=False).order_by("code")
        if options["school"]:
            schools = schools.filter(code=options["school"])
            if not schools:
                raise CommandError(f"{options['school']}: no such school")
        rows = [
            {"school": school.code, "level": hole.level, "unit": hole.code, "hole": hole.hole}
            for school in schools
            for hole in holes_of(school, today())
        ]
        self._say(rows, as_json=options["as_json"])
        if rows:
            sys.exit(1)

    def _say(self, rows: list[dict[str, str]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"holes": rows}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['school']}: {row['level']} {row['unit']}: {row['hole']}")
