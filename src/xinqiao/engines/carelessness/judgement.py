"""From indices to a suggestion. A doubtful sheet is given again, never dropped, and its critical answers stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from xinqiao.engines.carelessness.indices import Indices

TOO_FAST = "too_fast"
LONGSTRING = "longstring"
EVEN_ODD = "even_odd"
LOW_VARIABILITY = "low_variability"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where an index becomes a sign. The program uses these everywhere; no policy pack carries others yet.

    `seconds_per_item`: 2 s (Huang et al. 2012; for page times Bowling et al. 2023). Found with adults; that it also
    holds for children is our assumption.
    `longstring_share`: half of the scale (Curran 2016), and `longstring_least` answers, which is ours: half of a form
    of four questions is two, and two alike are chance. `even_odd`: below .30 (Jackson 1977, after Curran 2016).
    `irv`: no fixed number exists; `irv_floor` takes it from the group (Dunn et al. 2018). None: not judged.
    `signs_needed`: how many of the indices that may grow with severity must agree; two is our own rule.
    """

    seconds_per_item: float = 2.0
    longstring_share: float = 0.5
    longstring_least: int = 6
    even_odd: float = 0.30
    irv: float | None = None
    signs_needed: int = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whether to give the sheet again, every sign seen (also those too few to act on), and the measurements."""

    readminister: bool
    because: tuple[str, ...]
    indices: Indices


def suggest(indices: Indices, limits: Limits | None = None) -> Suggestion:
    """Suggest giving a sheet again where it was too fast, or where enough of the other signs agree.

    Time alone suffices because it does not depend on what was answered; the other indices do, and a very ill pupil
    may answer alike throughout in earnest.
    """
    limit = limits or Limits()
    too_fast = indices.seconds_per_item is not None and indices.seconds_per_item < limit.seconds_per_item
    others = tuple(_signs_in_answers(indices, limit))
    return Suggestion(
        readminister=too_fast or len(others) >= limit.signs_needed,
        because=(TOO_FAST, *others) if too_fast else others,
        indices=indices,
    )


def irv_floor(variabilities: Iterable[float | None], share: float = 0.10) -> float | None:
    """The variability below which the lowest `share` of a group lies, for `Limits.irv`; None for fewer than ten.

    The lowest tenth is the share Dunn et al. (2018) looked at. It is a rank in the group, not proof against anyone.
    """
    known = sorted(value for value in variabilities if value is not None)
    return known[int(len(known) * share)] if len(known) >= 10 else None


def _signs_in_answers(indices: Indices, limit: Limits) -> Iterable[str]:
    longest_by_chance = max(indices.items * limit.longstring_share, limit.longstring_least)
    if indices.longstring is not None and indices.longstring >= longest_by_chance:
        yield LONGSTRING
    if indices.even_odd is not None and indices.even_odd < limit.even_odd:
        yield EVEN_ODD
    if limit.irv is not None and indices.irv is not None and indices.irv < limit.irv:
        yield LOW_VARIABILITY
