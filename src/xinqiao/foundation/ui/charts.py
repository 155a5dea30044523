"""Geometry of the small charts: numbers in, rectangles out. Pure; the drawing is in the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = int | float

TREND_WIDTH, TREND_HEIGHT, TREND_EDGE = 160.0, 48.0, 6.0  # a small curve, drawn at this very size
PLOT_WIDTH = 1000.0  # in the chart's own units; the SVG stretches to its container


@dataclass(frozen=True)
class Bar:
    """One bar: its row, its length as a share of the plot in permille of width, and the text for its value."""

    label: str
    value: Number
    width: float
    tone: str


@dataclass(frozen=True)
class Segment:
    """One piece of a stacked bar; `x` and `width` in plot units, `percent` of its row."""

    label: str
    value: Number
    x: float
    width: float
    percent: float
    tone: str


@dataclass(frozen=True)
class StackedRow:
    """One stacked bar with its pieces in order."""

    label: str
    total: Number
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Point:
    """One value of a small curve, and where it stands."""

    value: Number
    x: float
    y: float


def bar_rows(rows: Sequence[Sequence[object]], *, maximum: Number | None = None) -> list[Bar]:
    """Bars from rows of (label, value) or (label, value, tone). The longest is `maximum`, or the largest value.

    Raises ValueError for a negative value: a bar chart from zero cannot show it.
    """
    parsed = [(str(row[0]), _number(row[1]), str(row[2]) if len(row) > 2 else "accent") for row in rows]
    top = maximum if maximum is not None else max((value for _label, value, _tone in parsed), default=0)
    return [
        Bar(label, value, _rounded(min(1.0, value / top) * PLOT_WIDTH) if top else 0.0, tone)
        for label, value, tone in parsed
    ]


def stacked_rows(
    rows: Sequence[Sequence[object]], series: Sequence[tuple[object, str]], *, gap: float = 2.0
) -> list[StackedRow]:
    """Stacked bars from rows of (label, [values in the order of `series`]); `series` is (label, tone).

    Each bar fills the plot: it shows shares, its total stands beside it. Raises ValueError if a row has another
    number of values than there are series, or a negative one.
    """
    return [_stacked_row(str(label), _values(values, len(series)), series, gap) for label, values in rows]


def trend_points(values: Sequence[Number], *, lowest: Number, highest: Number) -> list[Point]:
    """Points of a small curve in the order given, evenly spaced, between the lowest and highest value there can be."""
    if not highest > lowest:
        message = "a curve needs a highest value above its lowest"
        raise ValueError(message)
    step = (TREND_WIDTH - 2 * TREND_EDGE) / max(1, len(values) - 1)
    tall = TREND_HEIGHT - 2 * TREND_EDGE
    return [
        Point(
            value, _rounded(TREND_EDGE + at * step),
            _rounded(TREND_EDGE + tall * (1 - min(1.0, max(0.0, (value - lowest) / (highest - lowest))))),
        )
        for at, value in enumerate(values)
    ]  # fmt: skip


def _stacked_row(label: str, values: Sequence[Number], series: Sequence[tuple[object, str]], gap: float) -> StackedRow:
    total = sum(values)
    segments: list[Segment] = []
    x = 0.0
    for value, (name, tone) in zip(values, series, strict=True):
        width = value / total * PLOT_WIDTH if total else 0.0
        percent = value / total * 100 if total else 0.0
        segments.append(Segment(str(name), value, _rounded(x), _rounded(max(0.0, width - gap)), percent, tone))
        x += width
    return StackedRow(label, total, tuple(segments))


def _values(values: object, expected: int) -> list[Number]:
    if not isinstance(values, Sequence) or len(values) != expected:
        message = f"a stacked row needs {expected} values"
        raise ValueError(message)
    return [_number(value) for value in values]


def _number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        message = f"a bar needs a number from zero up, not {value!r}"
        raise ValueError(message)
    return value


def _rounded(value: float) -> float:
    return round(value, 1)
