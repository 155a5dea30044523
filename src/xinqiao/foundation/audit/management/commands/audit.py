"""`xinqiao audit verify|seal|checkpoint|show`."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.presenters import raw_facts
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.audit.sealer import checkpoint_file, seal_pending, write_checkpoint
from xinqiao.foundation.audit.verification import Verification, verify_audit

FINDINGS_EXIT = 2
SHOWN = 50


class Command(BaseCommand):
    """Proves, seals and shows the audit."""

    help = "Prove that no event of the audit was changed, removed, added or reordered; seal it; show it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, told in (
            ("verify", "walk every chain; exit 0 if sound, 2 if there are findings"),
            ("seal", "seal what waits, as the ticker does twice a second"),
            ("checkpoint", "write the heads of the chains outside the database, as the ticker does every minute"),
            ("show", "list events, newest first, without names"),
        ):
            act = acts.add_parser(name, help=told)
            act.add_argument("--json", action="store_true", help="print JSON")
            if name == "show":
                act.add_argument("--event", default="", help="only events whose code begins with this")
                act.add_argument("--since", type=_date, help="only events from this day on (2026-11-22)")
                act.add_argument("--limit", type=int, default=SHOWN, help="at most so many (50)")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['act']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        found = verify_audit()
        with recording(system_actor("audit verify")):
            record("audit.verified", facts={"findings": len(found.findings), "events": found.events})
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(found), "sound": found.is_sound}, default=str, sort_keys=True))
        else:
            self._tell(found)
        if not found.is_sound:
            sys.exit(FINDINGS_EXIT)

    def _tell(self, found: Verification) -> None:
        self.stdout.write(
            _("{events} events, {seals} links, {unsealed} not sealed yet; last checkpoint: {at}").format(
                events=found.events, seals=found.seals, unsealed=found.unsealed, at=found.checkpoint_at or _("none")
            )
        )
        for finding in found.findings:
            self.stdout.write(
                f"{finding.code} county={finding.county_id} link={finding.number} event={finding.event_id}"
            )
        self.stdout.write(_("Sound.") if found.is_sound else _("{n} findings.").format(n=len(found.findings)))

    def _seal(self, options: dict[str, Any]) -> None:
        sealed = 0
        while some := seal_pending():
            sealed += some
        self.stdout.write(json.dumps({"sealed": sealed}))

    def _checkpoint(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps({"file": str(checkpoint_file()), "heads": dict(write_checkpoint())}))

    def _show(self, options: dict[str, Any]) -> None:
        rows = AuditEvent.objects.filter(event__startswith=options["event"]).order_by("-id")
        if options["since"]:
            rows = rows.filter(at__date__gte=options["since"])
        for row in rows[: options["limit"]]:
            told = {
                "id": row.id, "at": row.at.isoformat(), "event": row.event, "actor": row.actor_id,
                "role": row.actor_role, "subject": row.subject_id, "place": row.place, "facts": raw_facts(row),
            }  # fmt: skip
            self.stdout.write(json.dumps(told, default=str) if options["json"] else _line(told))


def _line(told: dict[str, Any]) -> str:
    facts = " ".join(f"{name}={value}" for name, value in told["facts"].items())
    return (
        f"{told['at'][:19]} {told['event']} {told['role']} {told['actor']} → {told['subject'] or '-'} {facts}".rstrip()
    )


def _date(text: str) -> Any:
    day = parse_date(text)
    if day is None:
        raise CommandError(_("{text}: write the day as 2026-11-22").format(text=text))
    return day
