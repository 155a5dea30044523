"""`xinqiao demo load`: the demo city and its sign-ins."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.loading import (
    CannotLoad,
    Login,
    draw_pupil,
    has_data,
    is_demo_city,
    is_whole,
    load_city,
    logins,
    redraw_passwords,
    set_aside,
)
from xinqiao.foundation.core.clock import now

MEND = {
    "real_data": "This database holds a real register. Point XINQIAO_HOME at an empty directory for the demo city.",
    "not_embedded": "Only the embedded database of a demo (XINQIAO_DEMO=1) is put aside. Empty this one yourself.",
}


class Command(BaseCommand):
    """Loads the demo city; its passwords and a pupil's one-time code are drawn anew each time."""

    help = "Load the demo city and print one sign-in per role, and a pupil who may go in."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("load", help="load the city, or draw its passwords anew if it is there")
        load.add_argument("--if-empty", action="store_true", help="keep what is there and only draw passwords anew")
        load.add_argument("--anew", action="store_true", help="put the present demo database aside and begin again")
        load.add_argument("--size", type=int, default=0, help="pupils a class (default: as the cast says)")
        load.add_argument("--json", action="store_true", help="print the sign-ins as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.XINQIAO_DEMO:
            raise CommandError("The demo city is for trying out: set XINQIAO_DEMO=1.")
        city = read_city()
        is_broken = has_data() and is_demo_city(city) and not is_whole()
        if is_broken:
            self.stderr.write("The demo city here was not loaded to its end.")
        if options["anew"] or is_broken:
            self._begin_again()
        if not has_data():
            passwords = load_city(city, size=options["size"]).passwords
        elif not is_demo_city(city):
            raise CommandError(MEND["real_data"])
        elif options["if_empty"]:
            passwords = redraw_passwords(city)
        else:
            raise CommandError("The demo city is there already. Use --if-empty to keep it, --anew to begin again.")
        pupil = draw_pupil(now())
        if options["json"]:
            rows = [*logins(city, passwords), *([pupil] if pupil else [])]
            self.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        else:
            self._show(logins(city, passwords), pupil)

    def _begin_again(self) -> None:
        try:
            aside = set_aside()
        except CannotLoad as error:
            raise CommandError(MEND[error.code]) from error
        call_command("migrate", verbosity=0)
        self.stderr.write(f"The former database is kept as {aside.name}")

    def _show(self, rows: list[Login], pupil: Login | None) -> None:
        self._say(_("Sign in as (passwords were drawn just now):"))
        for row in rows:
            self.stdout.write(f"  {row.login:<18} {row.password:<14} {row.role:<20} {row.unit} {row.title}")
        if pupil:
            self._say(
                _("As a pupil who has not answered yet, at {address} (class code, student number, one-time code):"),
                address=pupil.address,
            )
            self.stdout.write(
                f"  {pupil.class_code:<10} {pupil.login:<12} {pupil.password:<14} {pupil.unit} {pupil.title}"
            )
        else:
            self._say(
                _("Nobody can go in as a pupil: all have answered, or the screening is over. `make demo` loads anew.")
            )
        self._say(_("Guardians have no sign-in of their own; pupils and committee members come in at /s/."))
        self.stdout.write("")

    def _say(self, words: Promise, **more: str) -> None:
        """Write a line in each language: nobody has chosen one yet."""
        self.stdout.write("")
        for language in ("zh-hans", "en"):
            with override(language):
                self.stdout.write(str(words).format(**more))
