"""Columns of a histogram as rows of a bar chart."""

from collections.abc import Iterable

from xinqiao.engines.scoring import number_text

Limits = tuple[float, float, int]


def column_rows(columns: Iterable[Limits]) -> list[tuple[str, int]]:
    """Return (label, count) of columns given as (from, up to, count); the upper limit itself is not inside."""
    return [(_label(low, high), count) for low, high, count in columns]


def _label(low: float, high: float) -> str:
    width = high - low
    if not (low.is_integer() and high.is_integer()):
        return f"{number_text(low)}–<{number_text(high)}"
    return number_text(low) if width == 1 else f"{number_text(low)}–{number_text(high - 1)}"
