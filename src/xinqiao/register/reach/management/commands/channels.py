"""`xinqiao channels list|test`: how messages leave, which notices reached nobody, and a trial."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.notifications.mail import mail_url
from xinqiao.foundation.notifications.models import PERSONAL
from xinqiao.foundation.notifications.services import note_trial
from xinqiao.foundation.notifications.trying import send_trial
from xinqiao.foundation.notifications.wording import channel_words, error_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.reach.selectors import all_settings, counts_of, unreached


class Command(BaseCommand):
    """Lists channels (exit 1 if a notice reached nobody) and tries one out (exit 1 if it did not leave)."""

    help = "List the channels and the notices that reached nobody (exit 1 if any), or try a channel out."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        listing = acts.add_parser("list", help="what is set up where, and what reached nobody in the last seven days")
        trial = acts.add_parser("test", help="send the one wording to an address at once")
        trial.add_argument("unit", help="code of the unit from which it leaves")
        trial.add_argument("channel", choices=[channel.value for channel in PERSONAL])
        trial.add_argument("address", help="mail address, number or account")
        for each in (listing, trial):
            each.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        is_sound = self._list(options) if options["act"] == "list" else self._try(options)
        if not is_sound:
            sys.exit(1)

    def _list(self, options: dict[str, Any]) -> bool:
        at = now()
        rows = []
        for unit, setting in all_settings():
            waiting, given_up = counts_of(setting, at)
            rows.append({"unit": unit.code if unit else "", "channel": setting.channel, "host": setting.host,
                         "set_at": setting.set_at.isoformat(), "waiting": waiting, "given_up": given_up})  # fmt: skip
        roots = Unit.objects.filter(parent=None).values_list("path", flat=True)
        stuck = [
            {"unit": row.unit, "since": row.created_at.isoformat(), "why": list(row.errors)}
            for row in unreached(list(roots), at)
        ]
        found = {"channels": rows, "mail_by_environment": bool(mail_url()), "unreached": stuck, "sound": not stuck}
        if options["as_json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._say(found)
        return not stuck

    def _say(self, found: dict[str, Any]) -> None:
        for row in found["channels"]:
            counts = _("{waiting} waiting, {given_up} given up").format(**row)
            self.stdout.write(f"{row['unit']}: {channel_words(row['channel'])} {row['host']} ({counts})")
        if not found["channels"]:
            self.stdout.write(_("No channel is set up; mail goes by XINQIAO_MAIL, if that is set."))
        for row in found["unreached"]:
            why = "; ".join(error_words(code) for code in row["why"])
            self.stdout.write(_("A notice reached nobody: {unit}, since {since}. {why}").format(
                unit=row["unit"], since=row["since"], why=why))  # fmt: skip

    def _try(self, options: dict[str, Any]) -> bool:
        unit = Unit.objects.filter(code=options["unit"], is_closed=False).first()
        if unit is None:
            raise CommandError(_("There is no unit with the code {code}.").format(code=options["unit"]))
        channel = options["channel"]
        error = send_trial(unit.path, channel, options["address"])
        note_trial(unit.path, actor=system_actor("channels test"), county_id=unit.shard_id, channel=channel,
                   has_left=not error)  # fmt: skip
        if options["as_json"]:
            self.stdout.write(json.dumps({"channel": channel, "left": not error, "error": error}))
        else:
            left = _("It left by {channel}. Has it arrived?").format(channel=channel_words(channel))
            failed = _("It did not leave: {why}.").format(why=error_words(error))
            self.stdout.write(failed if error else left)
        return not error
