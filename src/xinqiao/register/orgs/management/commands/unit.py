"""`xinqiao unit list|move`: the codes that other commands ask for; hanging a unit elsewhere in the tree.

Whoever can run it has the machine and its keys; what it does is in the audit as done by the system.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.moving import CannotMoveUnit, move_unit
from xinqiao.register.orgs.states import UnitKind


class Command(BaseCommand):
    """The tree of units from the command line."""

    help = "List units with their codes; hang a unit, with all below it, under another parent of the same county."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        listing = acts.add_parser("list", help="list units with their codes, without grades and classes")
        listing.add_argument("--under", metavar="CODE", help="only this unit and what is below it")
        listing.add_argument("--all", action="store_true", dest="with_classes", help="grades and classes too")
        listing.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        move = acts.add_parser("move", help="move a unit; exit 0 also where it hangs there already")
        move.add_argument("--unit", required=True, help="code of the unit that moves")
        move.add_argument("--to", required=True, help="code of its new parent")
        move.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self._list, "move": self._move}[options["act"]](options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = Unit.objects.select_related("parent").filter(is_closed=False)
        if options["under"]:
            rows = rows.filter(within([_unit(options["under"]).path], "path"))
        if not options["with_classes"]:
            rows = rows.exclude(kind__in=(UnitKind.GRADE, UnitKind.CLASS))
        units = list(rows.order_by("path"))
        if options["as_json"]:
            told = [
                {"code": u.code, "kind": u.kind, "name": u.name, "under": u.parent.code if u.parent else None}
                for u in units
            ]
            self.stdout.write(json.dumps({"units": told}, ensure_ascii=False))
            return
        for unit in units:
            depth = "  " * (unit.path.count("/") - 1)
            self.stdout.write(f"{depth}{unit.code}  {unit.name} ({UnitKind(unit.kind).label})")

    def _move(self, options: dict[str, Any]) -> None:
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
