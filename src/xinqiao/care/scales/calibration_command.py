"""`xinqiao scale calibrate` and `xinqiao scale parameters`: their options, and what they say."""

import json
from argparse import Action
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.scales.adapting import precise_savings
from xinqiao.care.scales.answer_files import UnreadableTable
from xinqiao.care.scales.calibration import Calibrating, calibrate_table
from xinqiao.care.scales.messages import doubt_message, parameter_message, table_message
from xinqiao.care.scales.parameter_file import ParameterFile, UnreadableParameters, read_parameters
from xinqiao.care.scales.parameter_report import doubts_of, methods, precise_line, savings_line
from xinqiao.care.scales.services.parameters import CannotLoadParameters, load_parameters
from xinqiao.engines.adaptive import CannotAdapt, Savings
from xinqiao.engines.adaptive.calibrating import CannotCalibrate
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


class Refused(Exception):
    """It ends here; the words were made for the reader."""


def add_arguments(acts: Any) -> tuple[Action, ...]:
    """Add both subcommands to the parser of `xinqiao scale`."""
    first = acts.add_parser("calibrate", help="find item parameters; exit 2 if rows were left out, 1 if there are none")
    second = acts.add_parser("parameters", help="keep item parameters for a unit and those below it")
    return (
        first.add_argument("file", type=Path, help="CSV of full sheets: the column id and a column an item"),
        first.add_argument("--scale", required=True, help="id of a scale that ships, or a file"),
        first.add_argument("--score", help="id of the score to be had from fewer items (default: total)"),
        first.add_argument("--source", default="", help="whose answers these are; stands in the file and on the page"),
        first.add_argument("--json", action="store_true", dest="as_json", help="print JSON"),
        first.add_argument("--output", type=Path, dest="target", help="write the parameters to this file"),
        second.add_argument("scale", help="id of a scale that is published"),
        second.add_argument("file", type=Path, help="JSON as `scale calibrate --output` writes it"),
        second.add_argument("--unit", required=True, help="code of the unit for which they hold, with those below"),
    )


def calibrated(options: Mapping[str, Any], scale: Scale) -> Calibrating:
    """Calibrate as the options say, and write the file where one is wanted. Raises Refused."""
    today = timezone.localtime(now()).date()
    policy = parameters_for("", today)
    source = options["source"].strip() or _("Sheets of {file}").format(file=options["file"].name)
    try:
        found = calibrate_table(
            options["file"], scale, subscale=options["score"], told_source=source, on=today, rule=policy.adaptive_rule,
            fewest_sheets=policy.calibration_sheets, fewest_answers=policy.calibration_answers,
        )  # fmt: skip
    except UnreadableTable as fault:
        raise Refused(f"{options['file'].name}: {table_message(fault.code, fault.detail)}") from fault
    except CannotCalibrate as fault:
        needed = policy.calibration_answers if fault.code == "rare_category" else 0
        raise Refused(parameter_message(fault.code, fault.detail, item=fault.item, needed=needed)) from fault
    except CannotAdapt as fault:
        raise Refused(parameter_message(fault.code, fault.detail)) from fault
    if options["target"] is not None:
        _write(found.file, options["target"])
    return found


def _write(file: ParameterFile, target: Path) -> None:
    try:
        target.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
    except OSError as error:
        raise Refused(table_message("not_written", str(target))) from error


def lines_of(found: Calibrating, *, as_json: bool) -> Iterator[str]:
    """The parameters, what speaks against them, and what they would save."""
    if as_json:
        yield json.dumps(_as_json(found), ensure_ascii=False, allow_nan=False)
        return
    file = found.file
    yield _("{scale}, score {score}: {items} items from {sheets} sheets").format(
        scale=file.scale, score=file.subscale, items=len(file.items), sheets=file.sheets
    )
    yield ""
    yield _row((_("item"), _("slope"), _("error"), _("misfit"), _("thresholds")))
    for item in file.items:
        steps = "  ".join(f"{each:.2f}" for each in item.thresholds)
        yield _row((str(item.item), f"{item.slope:.2f}", f"{item.slope_se or 0:.2f}", f"{item.misfit or 0:.3f}", steps))
    yield ""
    for code, detail in doubts_of(file):
        yield doubt_message(code, detail)
    yield savings_line(found.savings)


def _as_json(found: Calibrating) -> dict[str, Any]:
    file: dict[str, Any] = msgspec.to_builtins(found.file)
    doubts = [{"code": code, "message": doubt_message(code, detail)} for code, detail in doubts_of(found.file)]
    rejected = [asdict(fault) for fault in found.rejected]
    return {"parameters": file, "doubts": doubts, "expected": asdict(found.savings), "rejected": rejected,
            "methods": methods()}  # fmt: skip


def loaded(options: Mapping[str, Any], unit: Unit) -> str:
    """Keep the parameters of a file for a unit, and say so. Raises Refused."""
    try:
        file = read_parameters(options["file"])
        if file.scale != options["scale"]:
            raise Refused(parameter_message("other_scale", file.scale))
        done = load_parameters(unit, actor=system_actor("scale parameters"), file=file)
    except (UnreadableParameters, CannotLoadParameters, CannotAdapt) as fault:
        raise Refused(parameter_message(fault.code, fault.detail)) from fault
    if isinstance(done, Unchanged):
        return _("These parameters are in force already; nothing was changed.")
    told_unit = _("In force for {unit}: parameters of {scale} from {sheets} sheets.").format(
        unit=unit.name, scale=file.scale, sheets=file.sheets
    )
    precise = precise_savings(done)
    lines = [told_unit, savings_line(Savings(**json.loads(done.expected)))]
    return "\n".join([*lines, precise_line(precise[1], precise[0])] if precise else lines)


def _row(cells: tuple[str, ...]) -> str:
    return "  ".join(f"{cell:>8}" for cell in cells)
