"""`xinqiao unit move`: hang a unit elsewhere in the tree.

Whoever can run it has the machine and its keys; what it does is in the audit as done by the system.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.moving import CannotMoveUnit, move_unit


class Command(BaseCommand):
    """The tree of units from the command line."""

    help = "Hang a unit, with all that is below it, under another parent of the same county."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        move = acts.add_parser("move", help="move a unit; exit 0 also where it hangs there already")
        move.add_argument("--unit", required=True, help="code of the unit that moves")
        move.add_argument("--to", required=True, help="code of its new parent")
        move.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        unit, parent = _unit(options["unit"]), _unit(options["to"])
        try:
            moved = move_unit(unit, actor=system_actor("command line"), parent=parent)
        except CannotMoveUnit as refused:
            raise CommandError(_refusal_words(refused.code)) from refused
        is_moved = not isinstance(moved, Unchanged)
        if options["as_json"]:
            self.stdout.write(json.dumps({"unit": unit.code, "to": parent.code, "moved": is_moved}))
        else:
            self.stdout.write(_("Moved.") if is_moved else _("It hangs there already; nothing was changed."))


def _unit(code: str) -> Unit:
    unit = Unit.objects.select_related("parent").filter(code=code).first()
    if unit is None:
        raise CommandError(_("There is no unit with the code {code}.").format(code=code))
    return unit


def _refusal_words(code: str) -> str:
    words = {
        "bad_parent": _("A unit of this kind cannot hang there. Choose another parent."),
        "parent_closed": _("The new parent is closed. Choose another."),
        "inside_itself": _("The new parent lies below the unit itself. Choose another."),
        "other_county": _("The rows of two counties are kept apart, so a unit moves only inside its own."),
        "other_school": _("What lies in a school stays in it. Pupils go to another school by its roster."),
        "too_deep": _("The tree would become too deep there. Choose a parent further up."),
    }
    return words[code]
