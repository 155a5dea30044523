"""What one answered scale says to triage, taken from its scores."""

from dataclasses import dataclass

from xinqiao.engines.scoring.model import Scale, Subscale
from xinqiao.engines.scoring.one import Result


@dataclass(frozen=True, slots=True)
class Band:
    """The band a score lies in: `step` of `steps`, counted from the harmless end (1) to the worst."""

    subscale: str
    code: str
    step: int
    steps: int

    @property
    def share(self) -> float:
        """0.0 for the harmless band, 1.0 for the worst; 0.0 where there is only one."""
        return (self.step - 1) / (self.steps - 1) if self.steps > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One scale of one sitting. `critical` holds item numbers, `flags` the scale's own reasons for a second look.

    `is_valid` is False where a validity rule voids the scores: bands and flags then say nothing, critical items do.
    """

    scale: str
    critical: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    is_valid: bool = True


def finding_from(scale: Scale, result: Result) -> Finding:
    """Return the finding of one scored sheet."""
    bands = (_band(subscale, result.bands.get(subscale.id, "")) for subscale in scale.subscales)
    return Finding(
        scale=scale.id,
        critical=result.critical,
        flags=result.flags,
        bands=tuple(band for band in bands if band is not None),
        is_valid=result.valid,
    )


def _band(subscale: Subscale, code: str) -> Band | None:
    for norm in subscale.band_sets:
        codes = [band.code for band in norm.bands]
        if code in codes:
            index = codes.index(code)
            step = len(codes) - index if subscale.higher_means == "better" else index + 1
            return Band(subscale.id, code, step, len(codes))
    return None
