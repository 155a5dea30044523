"""`xinqiao roster import FILE --unit CODE` and `xinqiao roster resume`."""

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from xinqiao.engines.roster import UnreadableRoster
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import RosterRun
from xinqiao.register.people.roster.collecting import without_collecting
from xinqiao.register.people.roster.files import sheets_of
from xinqiao.register.people.roster.messages import message_of, note_message, refusal_message
from xinqiao.register.people.roster.outcome import Counts
from xinqiao.register.people.roster.planning import plan_roster
from xinqiao.register.people.roster.reading import read_roster
from xinqiao.register.people.roster.running import apply_read, apply_roster, survey, unfinished_runs
from xinqiao.register.people.roster.wanted import Note, ReadRoster, Refusal
from xinqiao.register.people.roster_file import Limits
from xinqiao.register.people.services.rosters import accept_command_line_roster, upload_roster

ACTOR = system_actor("roster import")
EXIT_UNREADABLE, EXIT_REFUSED = 1, 2
MOST_PRINTED = 80


class Command(BaseCommand):
    """Rosters from the command line. Exit code: 0 all rows taken, 2 some refused, 1 nothing could be read."""

    help = "Import a school's roster as it is, or finish imports that were interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        importing = commands.add_parser("import", help="import a roster file (.xlsx, .xls, .csv)")
        importing.add_argument("file", type=Path)
        importing.add_argument("--unit", required=True, help="code of the school, or of a unit with several schools")
        importing.add_argument("--dry-run", action="store_true", help="show what would change and write nothing")
        importing.add_argument("--strict", action="store_true", help="write nothing if any row is refused")
        importing.add_argument("--json", action="store_true", help="print JSON")
        importing.add_argument("--on", type=dt.date.fromisoformat, help="day from which moves count (default: today)")
        resuming = commands.add_parser("resume", help="finish accepted imports that were interrupted")
        resuming.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the chosen command; Django names this method."""
        code = self._resume(**options) if options["command"] == "resume" else self._import(**options)
        if code:
            sys.exit(code)

    def _import(self, **options: Any) -> int:
        unit, on, path = self._unit(options["unit"]), options["on"] or today(), options["file"]
        try:
            body = _read(path)
            with without_collecting():
                read = read_roster(unit, sheets_of(body, path.name), on)
        except UnreadableRoster as unreadable:
            return self._unreadable(unreadable, is_json=options["json"])
        if options["dry_run"] or options["strict"]:
            outcome, refused = survey(plan_roster(read), on)
            if options["dry_run"] or refused:
                counts = outcome.counts if options["dry_run"] else _nothing_written(outcome.counts)
                return self._print(counts, refused, read, is_json=options["json"], is_dry=True)
        run = upload_roster(unit, actor=ACTOR, file_name=path.name, body=body, on=on)
        accept_command_line_roster(run, actor=ACTOR, row_count=read.pupil_count)
        run, refused = apply_read(run, read, actor=ACTOR)
        return self._print(_counts(run), refused, read, is_json=options["json"])

    def _resume(self, **options: Any) -> int:
        worst = 0
        for run in unfinished_runs():
            try:
                run, refused = apply_roster(run, actor=ACTOR)
            except UnreadableRoster as unreadable:
                worst = max(worst, self._unreadable(unreadable, is_json=options["json"]))
                continue
            worst = max(worst, self._print(_counts(run), refused, None, is_json=options["json"]))
        return worst

    def _unit(self, code: str) -> Unit:
        try:
            return Unit.objects.get(code=code)
        except Unit.DoesNotExist:
            raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code}) from None

    def _unreadable(self, unreadable: UnreadableRoster, *, is_json: bool) -> int:
        message = message_of(unreadable.code, unreadable.params)
        if is_json:
            body = {"row": int(unreadable.params.get("row", 0)), "column": "", "code": unreadable.code}
            self._write_json(Counts(), [body | {"message": message}])
        self.stderr.write(message)
        return EXIT_UNREADABLE

    def _print(
        self, counts: Counts, refused: list[Refusal], read: ReadRoster | None, *, is_json: bool, is_dry: bool = False
    ) -> int:
        if is_json:
            self._write_json(counts, [_as_json(one) for one in refused])
        else:
            self._write_table(counts, refused, read.notes if read is not None else (), is_dry=is_dry)
        return EXIT_REFUSED if refused else 0

    def _write_json(self, counts: Counts, rejected: list[dict[str, Any]]) -> None:
        body = {name: getattr(counts, name) for name in ("created", "updated", "moved", "unchanged", "missing")}
        self.stdout.write(json.dumps(body | {"rejected": rejected}, ensure_ascii=False))

    def _write_table(
        self, counts: Counts, refused: list[Refusal], notes: tuple[Note, ...], *, is_dry: bool
    ) -> None:  # fmt: skip
        if is_dry:
            self.stdout.write(_("Nothing was written."))
        for label, count in _labelled(counts):
            self.stdout.write(f"{count:>8}  {label}")
        for note in notes:
            self.stdout.write(f"· {note_message(note)}")
        for one in refused[:MOST_PRINTED]:
            where = f"{one.sheet} " if one.sheet else ""
            self.stdout.write(f"{where}{one.row:>6}  {one.said.get('name', '')}  {refusal_message(one)}")
        if len(refused) > MOST_PRINTED:
            self.stdout.write(_("… and %(count)s more refused.") % {"count": len(refused) - MOST_PRINTED})


def _read(path: Path) -> bytes:
    most = Limits().file_bytes
    try:
        if path.stat().st_size > most:
            raise UnreadableRoster("file_too_big", file=path.name, most_mib=most // 2**20)
        body = path.read_bytes()
    except OSError:
        raise UnreadableRoster("file_missing", file=path.name) from None
    if not body:
        raise UnreadableRoster("file_empty", file=path.name)
    return body


def _counts(run: RosterRun) -> Counts:
    return Counts(run.created, run.updated, run.moved, run.unchanged, run.missing, run.rejected)


def _nothing_written(counts: Counts) -> Counts:
    return Counts(unchanged=counts.unchanged, missing=counts.missing, rejected=counts.rejected)


def _as_json(refusal: Refusal) -> dict[str, Any]:
    return {
        "row": refusal.row, "column": refusal.column, "code": refusal.code, "message": refusal_message(refusal),
    }  # fmt: skip


def _labelled(counts: Counts) -> list[tuple[str, int]]:
    return [
        (_("created"), counts.created), (_("updated"), counts.updated), (_("moved"), counts.moved),
        (_("unchanged"), counts.unchanged), (_("missing from the file, left alone"), counts.missing),
        (_("rows refused"), counts.rejected),
    ]  # fmt: skip
