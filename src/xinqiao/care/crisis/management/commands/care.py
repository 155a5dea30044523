"""`xinqiao care audit`."""

import datetime as dt
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from xinqiao.care.crisis.limbo.faults import Allowance
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.clock import now


class Command(BaseCommand):
    """Proves that nothing waits unseen."""

    help = "Prove from the raw rows that no signal, clock, notice or case waits unseen; exit 1 if something does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        audit = acts.add_parser("audit", help="look at everything; exit 0 if nothing waits unseen, else 1")
        audit.add_argument("--json", action="store_true", help="print JSON")
        audit.add_argument("--late-seconds", type=int, default=60, help="how late a job may be before it counts (60)")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = prove(now(), Allowance(dt.timedelta(seconds=options["late_seconds"])))
        with recording(system_actor("care audit")):
            record("crisis.limbo.proved", facts={"faults": len(proof.faults), **proof.looked_at})
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(proof), "sound": not proof.faults}, default=str, sort_keys=True))
        else:
            for fault in proof.faults:
                self.stdout.write(f"{fault.code} {fault.subject_kind}={fault.subject_id} {fault.words}".rstrip())
            counted = ", ".join(f"{name}: {count}" for name, count in proof.looked_at.items())
            self.stdout.write(counted)
            self.stdout.write(
                _("Nothing waits unseen.") if not proof.faults else _("{n} faults.").format(n=len(proof.faults))
            )
        if proof.faults:
            sys.exit(1)
