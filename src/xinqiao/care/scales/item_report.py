"""The figures of an item table as JSON and as lines to read, each with how it was computed and where that is from."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xinqiao.care.scales.answer_files import UnreadableTable, answer_rows, opened_table
from xinqiao.engines.psychometrics import (
    Change,
    Interval,
    ItemFigures,
    ItemTable,
    Reliability,
    RowFault,
    SheetFigures,
    TableOptions,
    item_figures,
    read_items,
    reliability_of,
    reliable_changes,
    sheet_figures,
)
from xinqiao.engines.scoring import TableFault

Parts = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class ItemReport:
    """Everything that is said of one table, and of its second wave where there is one."""

    table: ItemTable
    reliability: Reliability
    items: tuple[ItemFigures, ...]
    sheets: tuple[SheetFigures, ...]
    changes: tuple[Change, ...] = ()
    later_rejected: tuple[RowFault, ...] = ()
    has_later: bool = False

    @property
    def rejected(self) -> tuple[RowFault, ...]:
        """Rows of either file that were left out."""
        return (*self.table.rejected, *self.later_rejected)


def report_on(source: Path, options: TableOptions, *, parts: Parts, later: Path | None = None) -> ItemReport:
    """Read one or two files and compute. Raises UnreadableTable where nothing can be read."""
    table = _read(source, options)
    reliability = reliability_of(table)
    changes: tuple[Change, ...] = ()
    later_rejected: tuple[RowFault, ...] = ()
    if later is not None:
        second = _read(later, TableOptions(table.items, options.lowest, options.highest, options.reverse))
        later_rejected = second.rejected
        changes = reliable_changes(table, second, sem=reliability.sem) if reliability.sem else ()
    items, sheets = item_figures(table), sheet_figures(table, parts)
    return ItemReport(table, reliability, items, sheets, changes, later_rejected, later is not None)


def _read(source: Path, options: TableOptions) -> ItemTable:
    with opened_table(source) as text:
        try:
            table = read_items(answer_rows(text), options)
        except TableFault as fault:
            raise UnreadableTable(fault.code, fault.column) from fault
    if not table.ids:
        raise UnreadableTable("no_sheets", source.name)
    return table


def as_json(report: ItemReport) -> dict[str, Any]:
    """Return plain values; a figure that cannot be had is null."""
    found = report.reliability
    told: dict[str, Any] = {
        "n": len(report.table.ids), "n_complete": found.complete, "n_items": len(report.table.items),
        "constant_items": list(report.table.constant),
        "alpha": _value(found.alpha), "alpha_ci": _ends(found.alpha),
        "alpha_standardized": found.alpha_standardized, "alpha_of_all_items": found.alpha_of_all_items,
        "omega": _value(found.omega), "omega_ci": _ends(found.omega), "omega_is_improper": found.omega_is_improper,
        "total_sd": found.total_sd, "sem": found.sem,
        "items": [asdict(item) for item in report.items],
        "sheets": [asdict(sheet) for sheet in report.sheets],
    }  # fmt: skip
    if report.has_later:
        told["change"] = [asdict(change) for change in report.changes]
    told["rejected"] = [{**asdict(fault), "message": row_message(fault)} for fault in report.rejected]
    return told | {"methods": methods()}


def _value(interval: Interval | None) -> float | None:
    return None if interval is None else interval.value


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None or interval.low is None else [interval.low, interval.high or 0.0]


def methods() -> dict[str, str]:
    """How each figure is computed, with its source."""
    return {
        "missing": _("Missing answers: covariances over the sheets that answered both items. Constant items are left "
                     "out of reliability and correlations, and named."),
        "alpha": _("Cronbach's alpha of the covariances (Cronbach 1951, Psychometrika 16:297-334); interval of 95 % "
                   "after Feldt 1965, Psychometrika 30:357-370."),
        "omega": _("McDonald's omega of one factor, maximum likelihood (McDonald 1999, Test Theory); interval of 95 % "
                   "by the delta method on the logit, over complete sheets (Raykov 2002, Multivar Behav Res "
                   "37:89-103)."),
        "sem": _("Standard error of measurement: standard deviation of the sum times the root of 1 - alpha."),
        "rest_correlation": _("Correlation of an item with the sum of the others."),
        "skewness": _("Third moment over the cube of the sample's standard deviation."),
        "longstring": _("Longest run of the same answer as given (Johnson 2005, J Res Pers 39:103-129). It grows with "
                        "severity where no item is reversed: never a reason of its own to void a sheet."),
        "irv": _("Standard deviation of a sheet's answers as given (Dunn et al. 2018, J Bus Psychol 33:105-121)."),
        "mahalanobis": _("Squared Mahalanobis distance over the items answered, with its chance by the chi-squared "
                         "distribution. It grows with severity (Conijn et al. 2019)."),
        "even_odd": _("Correlation over the subscales of the means of odd and even items, stepped up to full length "
                      "(Curran 2016, J Exp Soc Psychol 66:4-19); three subscales at least."),
        "rci": _("Reliable change index: difference of the sums over the root of 2 times the standard error of "
                 "measurement of the first wave; beyond 1.96 it is more than error (Jacobson & Truax 1991, J Consult "
                 "Clin Psychol 59:12-19)."),
    }  # fmt: skip


def row_message(fault: RowFault) -> str:
    """What is wrong in a row that was left out, and how to mend it."""
    told = {
        "wrong_length": _("Row {row} has {value} cells, another number than the header. Check its separators."),
        "not_a_number": _("Row {row}, column {column}: “{value}” is not a number. Leave the cell empty if there is no "
                          "answer."),
        "out_of_codes": _("Row {row}, column {column}: {value} is outside the codes that were named."),
        "no_such_code": _("Sheet “{value}”, column {column}: this answer does not exist for this item."),
        "no_id": _("Row {row} has no id. Give each sheet one."),
        "same_id": _("Row {row}: the id “{value}” stood there before. Each sheet needs its own."),
    }  # fmt: skip
    return told[fault.code].format(row=fault.row, column=fault.column, value=fault.value)


def as_lines(report: ItemReport) -> Iterator[str]:
    """The figures to read; those of single sheets are in the JSON only."""
    found = report.reliability
    yield _("{sheets} sheets, {complete} of them complete, {items} items").format(
        sheets=len(report.table.ids), complete=found.complete, items=len(report.table.items)
    )
    if report.table.constant:
        yield _("Answered alike by everybody, and left out: {items}").format(items=", ".join(report.table.constant))
    yield _("Cronbach's alpha {value}").format(value=_interval_text(found.alpha))
    yield _("McDonald's omega {value}").format(value=_interval_text(found.omega))
    yield _("Standard error of measurement {value}").format(value=_text(found.sem))
    yield ""
    heads = (_("item"), _("answered"), _("mean"), _("SD"), _("with the rest"), _("alpha without"))
    yield _row(heads)
    for item in report.items:
        figures = (_text(value) for value in (item.mean, item.sd, item.rest_correlation, item.alpha_without))
        yield _row((item.item, str(item.answered), *figures))
    if report.has_later:
        yield ""
        yield _change_line(report.changes)


def _change_line(changes: Sequence[Change]) -> str:
    higher = sum(change.direction == "higher" for change in changes)
    lower = sum(change.direction == "lower" for change in changes)
    return _("Between the waves: {higher} higher and {lower} lower by more than error, of {all}").format(
        higher=higher, lower=lower, all=len(changes)
    )


def _interval_text(interval: Interval | None) -> str:
    if interval is None:
        return _("cannot be had")
    if interval.low is None:
        return _text(interval.value)
    return f"{interval.value:.3f} (95 %: {interval.low:.3f} – {interval.high:.3f})"


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _row(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:>10}" for cell in cells)
