"""Item parameters as a panel of a scale's page: whose, from how many sheets, how far to be believed, what to expect."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from xinqiao.care.scales.adapting import precise_savings
from xinqiao.care.scales.messages import doubt_message
from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.parameter_file import ItemEntry, ParameterFile, parameters_of_text
from xinqiao.care.scales.parameter_report import doubts_of, methods, precise_line, savings_line
from xinqiao.care.scales.presenting import Fact, phrase
from xinqiao.care.scales.selectors import parameters_in_force, scale_of
from xinqiao.engines.adaptive import Savings
from xinqiao.register.orgs.selectors import units_by_path


@dataclass(frozen=True)
class ParameterRow:
    """One question's parameters, each with its standard error where that is known."""

    number: int
    slope: str
    thresholds: tuple[str, ...]
    misfit: str


@dataclass(frozen=True)
class ParameterPanel:
    """What stands on the page."""

    facts: tuple[Fact, ...]
    expected: str
    precise: str
    doubts: tuple[str, ...]
    rows: tuple[ParameterRow, ...]
    methods: tuple[str, ...]


def panel_of(version: ScaleVersion, place: str) -> ParameterPanel | None:
    """Return the panel for whoever looks from `place`; None where no parameters hold there."""
    kept = parameters_in_force(version, place)
    if kept is None:
        return None
    file, precise = parameters_of_text(kept.definition), precise_savings(kept)
    return ParameterPanel(
        facts=tuple(_facts(version, kept, file)), expected=savings_line(Savings(**json.loads(kept.expected))),
        precise=precise_line(precise[1], precise[0]) if precise else "",
        doubts=tuple(doubt_message(code, detail) for code, detail in doubts_of(file)),
        rows=tuple(map(_row, file.items)), methods=tuple(methods().values()),
    )  # fmt: skip


def _facts(version: ScaleVersion, kept: ItemParameterSet, file: ParameterFile) -> Iterator[Fact]:
    unit = units_by_path([kept.place]).get(kept.place)
    yield Fact(_("Score that is had from fewer questions"), (phrase(scale_of(version).subscale(file.subscale).title),))
    yield Fact(_("Where from"), (kept.source, _("{n} full sheets").format(n=kept.sheets)))
    if kept.calibrated_on:
        yield Fact(_("Calibrated on"), (formats.date_format(kept.calibrated_on),))
    yield Fact(_("Loaded on"), (formats.date_format(timezone.localtime(kept.loaded_at).date()),))
    yield Fact(_("Holds for"), (_("{unit} and all below").format(unit=unit.name if unit else "—"),))
    if file.fit is not None:
        yield Fact(_("Reliability"), (f"{file.fit.reliability:.2f}",))
    yield Fact(_("Fingerprint"), (kept.digest[:16],))


def _row(item: ItemEntry) -> ParameterRow:
    errors: list[float | None] = [*item.threshold_ses] if item.threshold_ses else [None] * len(item.thresholds)
    return ParameterRow(
        number=item.item, slope=_with_error(item.slope, item.slope_se),
        thresholds=tuple(_with_error(at, error) for at, error in zip(item.thresholds, errors, strict=False)),
        misfit="–" if item.misfit is None else f"{item.misfit:.3f}",
    )  # fmt: skip


def _with_error(value: float, error: float | None) -> str:
    return f"{value:.2f}" if error is None else f"{value:.2f} ± {error:.2f}"
