"""Colours of bands in charts, from quiet to red. Nothing is ever green: a low score does not say that all is well."""

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
    count = len(shown.bands)
    return [(title, _tone(index, count)) for index, (_code, title) in enumerate(shown.bands)]


def _tone(index: int, count: int) -> str:
    if count in TONES:
        return TONES[count][index]
    return TONES[MOST_TONES][index * (MOST_TONES - 1) // (count - 1)]
