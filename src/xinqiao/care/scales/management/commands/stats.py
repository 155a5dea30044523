"""`xinqiao stats items FILE`."""

import json
import re
import sys
from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from xinqiao.care.scales.answer_files import UnreadableTable
from xinqiao.care.scales.item_report import Parts, as_json, as_lines, report_on, row_message
from xinqiao.care.scales.messages import table_message
from xinqiao.care.scales.packs import read_pack, shipped_files
from xinqiao.engines.psychometrics import TableOptions
from xinqiao.engines.scoring import Scale

EXIT_FAULTY: Final = 1
EXIT_SOME_ROWS: Final = 2
_SPAN = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)")


class Command(BaseCommand):
    """Item statistics of a plain table: no database, no keys."""

    help = "Compute reliability, item statistics, carelessness and change from a table of answers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        items = acts.add_parser("items", help="exit 2 if rows were left out, 1 if nothing can be read")
        items.add_argument("file", type=Path, help="CSV with the column id and a column an item")
        items.add_argument("--scale", choices=[path.stem for path in shipped_files()], metavar="ID",
                           help="take items, codes, reversed items and subscales from a scale that ships")  # fmt: skip
        items.add_argument(
            "--items", type=names, default=(), help="columns that are items: 1,2,3 (default: all but id)"
        )
        items.add_argument("--codes", type=span, help="lowest and highest answer: 0-3 (default: as they occur)")
        items.add_argument("--reverse", type=names, default=(), help="items to turn: 4,8,12,16")
        items.add_argument("--part", type=part, action="append", default=[], metavar="NAME=1,2,3",
                           help="items of a subscale, for even-odd consistency; may be repeated")  # fmt: skip
        items.add_argument("--later", type=Path, metavar="FILE", help="the same pupils' second wave, for change")
        items.add_argument("--json", action="store_true", dest="as_json", help="print JSON, with a row a sheet")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted, parts = _wanted(options)
        try:
            report = report_on(options["file"], wanted, parts=parts, later=options["later"])
        except UnreadableTable as fault:
            self.stderr.write(f"{options['file'].name}: {table_message(fault.code, fault.detail)}")
            sys.exit(EXIT_FAULTY)
        if options["as_json"]:
            self.stdout.write(json.dumps(as_json(report), ensure_ascii=False, allow_nan=False))
        else:
            for line in as_lines(report):
                self.stdout.write(line)
            for rejected in report.rejected:
                self.stderr.write(row_message(rejected))
        if report.rejected:
            sys.exit(EXIT_SOME_ROWS)


def _wanted(options: dict[str, Any]) -> tuple[TableOptions, Parts]:
    """What was asked for; a scale gives what was not said."""
    scale = _shipped(options["scale"]) if options["scale"] else None
    low, high = options["codes"] or (None, None)
    if scale is None:
        return TableOptions(options["items"], low, high, options["reverse"]), dict(options["part"])
    codes = [code for item in scale.items for code in item.codes]
    items = options["items"] or tuple(str(n) for n in range(1, len(scale.items) + 1))
    turned = tuple(str(n) for n, item in enumerate(scale.items, start=1) if item.reversed)
    return TableOptions(
        items, min(codes) if low is None else low, max(codes) if high is None else high, options["reverse"] or turned
    ), dict(options["part"]) or _parts_of(scale)


def _shipped(code: str) -> Scale:
    path = next(path for path in shipped_files() if path.stem == code)
    return read_pack(path).scale


def _parts_of(scale: Scale) -> Parts:
    return {
        part.id: tuple(map(str, part.items)) for part in scale.subscales if not part.composite and len(part.items) > 1
    }


def names(text: str) -> tuple[str, ...]:
    """Columns parted by commas."""
    return tuple(name.strip() for name in re.split("[,，]", text) if name.strip())


def span(text: str) -> tuple[float, float]:
    """Lowest and highest answer, written 0-3."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or float(found[1]) >= float(found[2]):
        raise ArgumentTypeError(_("“{text}” is not a span of codes. Write the lowest and the highest: 0-3.").format(
            text=text))  # fmt: skip
    return float(found[1]), float(found[2])


def part(text: str) -> tuple[str, tuple[str, ...]]:
    """A subscale, written NAME=1,2,3."""
    name, equals, listed = text.partition("=")
    items: Sequence[str] = names(listed)
    if not (name.strip() and equals and items):
        raise ArgumentTypeError(_("“{text}” is not a subscale. Write NAME=1,2,3.").format(text=text))
    return name.strip(), tuple(items)
