"""From a table of full answer sheets to a file of item parameters, with what speaks against believing it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xinqiao.care.scales.answer_files import UnreadableTable, answer_rows, opened_table
from xinqiao.care.scales.parameter_file import FORMAT, Fitted, ItemEntry, ParameterFile, Twins
from xinqiao.care.scales.parameter_report import TWINS_FROM, expected_savings
from xinqiao.engines.adaptive import Rule, Savings, decision_of
from xinqiao.engines.adaptive.calibrating import Calibration, CannotCalibrate, calibrate
from xinqiao.engines.adaptive.fitting import Fit, fit_of
from xinqiao.engines.psychometrics import ItemTable, RowFault, TableOptions, read_items
from xinqiao.engines.scoring import Scale, TableFault

_STRAY = -2  # an answer that the scale does not have


@dataclass(frozen=True)
class Calibrating:
    """What a table gave, the rows that were left out, and what the rule in force would save with it."""

    file: ParameterFile
    rejected: tuple[RowFault, ...]
    savings: Savings


def calibrate_table(
    source: Path, scale: Scale, *, subscale: str | None, told_source: str, on: dt.date, rule: Rule, fewest_sheets: int,
    fewest_answers: int,
) -> Calibrating:  # fmt: skip
    """Calibrate. Raises UnreadableTable, CannotCalibrate (also `too_few_sheets`), CannotAdapt."""
    decision = decision_of(scale, subscale)
    numbers = sorted(scale.subscale(decision.subscale).items)
    table, strays = _read(source, scale, numbers)
    if len(table) < fewest_sheets:
        raise CannotCalibrate("too_few_sheets", detail=f"{len(table)}:{fewest_sheets}")
    names = tuple(map(str, numbers))
    counts = tuple(len(scale.items[n - 1].codes) for n in numbers)
    found = calibrate(table, names, counts, fewest_a_category=fewest_answers)
    file = _file(found, fit_of(found, table), scale, decision.subscale, told_source, on)
    return Calibrating(file, strays, expected_savings(scale, file, rule))


def _read(source: Path, scale: Scale, numbers: list[int]) -> tuple[NDArray[np.int64], tuple[RowFault, ...]]:
    """Categories in the direction of the score, -1 where missing; rows with an answer of no such code are left out."""
    codes = [code for n in numbers for code in scale.items[n - 1].codes]
    options = TableOptions(tuple(map(str, numbers)), min(codes), max(codes))
    with opened_table(source) as text:
        try:
            read = read_items(answer_rows(text), options)
        except TableFault as fault:
            raise UnreadableTable(fault.code, fault.column) from fault
    if not read.ids:
        raise UnreadableTable("no_sheets", source.name)
    table = np.stack([_categories(read, scale, at, number) for at, number in enumerate(numbers)], axis=1)
    strays = tuple(
        RowFault(0, str(numbers[int(np.argmax(row == _STRAY))]), "no_such_code", name)
        for name, row in zip(read.ids, table, strict=True)
        if (row == _STRAY).any()
    )
    return table[~(table == _STRAY).any(axis=1)], (*read.rejected, *strays)


def _categories(read: ItemTable, scale: Scale, at: int, number: int) -> NDArray[np.int64]:
    item, given = scale.items[number - 1], read.raw[:, at]
    found = np.where(np.isnan(given), -1, _STRAY).astype(np.int64)
    for category, code in enumerate(sorted(item.codes, reverse=item.reversed)):
        found[given == code] = category
    return found


def _file(found: Calibration, fit: Fit, scale: Scale, subscale: str, source: str, on: dt.date) -> ParameterFile:
    items = [
        ItemEntry(
            item=int(one.item), slope=_short(one.slope), thresholds=list(map(_short, one.thresholds)),
            slope_se=_short(one.slope_se), threshold_ses=list(map(_short, one.threshold_ses)),
            misfit=_short(fitted.distance),
        )
        for one, fitted in zip(found.items, fit.items, strict=True)
    ]  # fmt: skip
    twins = [
        Twins(items=(int(pair.first), int(pair.second)), excess=_short(pair.excess))
        for pair in fit.pairs
        if pair.excess > TWINS_FROM
    ]
    fitted = Fitted(
        converged=found.converged, cycles=found.cycles, log_likelihood=_short(found.log_likelihood), twins=twins,
        reliability=_short(fit.reliability),
        first_to_second=None if fit.first_to_second is None else _short(fit.first_to_second),
    )  # fmt: skip
    return ParameterFile(
        format=FORMAT, scale=scale.id, subscale=subscale, model="graded-response", sheets=found.sheets, source=source,
        items=items, calibrated_on=on, fit=fitted,
    )  # fmt: skip


def _short(value: float) -> float:
    """Six decimals: far below any standard error, and a file that can be read."""
    return round(float(value), 6)
