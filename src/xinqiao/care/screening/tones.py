"""Colours of bands in charts, from quiet to red. Nothing is ever green: a low score does not say that all is well."""

from collections.abc import Sequence

from xinqiao.care.screening.selectors.distribution import Distribution

TONES = {
    1: ("quiet",),
    2: ("quiet", "red"),
    3: ("quiet", "yellow", "red"),
    4: ("quiet", "yellow", "orange", "red"),
    5: ("quiet", "accent", "yellow", "orange", "red"),
}
MOST_TONES = max(TONES)


def band_series(shown: Distribution) -> list[tuple[str, str]]:
    """Return (title, tone) of every band of a distribution, the harmless first."""
    return toned([title for _code, title in shown.bands])


def toned(titles: Sequence[str]) -> list[tuple[str, str]]:
    """Return (title, tone) of bands in order, the harmless first."""
    return [(title, _tone(index, len(titles))) for index, title in enumerate(titles)]


def _tone(index: int, count: int) -> str:
    if count in TONES:
        return TONES[count][index]
    return TONES[MOST_TONES][index * (MOST_TONES - 1) // (count - 1)]
