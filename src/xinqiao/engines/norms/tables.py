"""One score of one group as a table of lines, and where a score stands in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist, fmean

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)  # an interval of 95 percent


@dataclass(frozen=True, slots=True)
class Line:
    """`count` sheets with a score from `low` to `high`, both observed."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Table:
    """How a score lies in a group: `sd` is that of a sample (0 for one sheet), lines ascend and do not overlap."""

    n: int
    mean: float
    sd: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a score stands. `percentile`, `se`, `low` and `high` (Wilson, 95 percent) are percent, 0 to 100.

    `t_linear` is 50 plus 10 times the distance from the mean in standard deviations, None where all scores are alike;
    `t_normal` is 50 plus 10 times the normal deviate of the percentile, None at 0 and 100 percent.
    """

    n: int
    percentile: float
    se: float
    low: float
    high: float
    t_linear: float | None
    t_normal: float | None


def table_of(scores: Sequence[float], fewest: int = 1) -> Table:
    """Return the table of a group's scores, with neighbouring scores joined until each line has `fewest` sheets.

    Joined from the lowest upwards; what is left at the top joins the line below. Raises ValueError for no scores.
    """
    if not scores:
        raise ValueError("no scores")
    mean = fmean(scores)
    squares = fsum((score - mean) ** 2 for score in scores)
    sd = sqrt(squares / (len(scores) - 1)) if len(scores) > 1 else 0.0
    return Table(len(scores), mean, sd, tuple(_lines(scores, fewest)))


def _lines(scores: Sequence[float], fewest: int) -> list[Line]:
    lines: list[Line] = []
    for score, count in sorted(Counter(map(float, scores)).items()):
        if lines and lines[-1].count < fewest:
            last = lines.pop()
            lines.append(Line(last.low, score, last.count + count))
        else:
            lines.append(Line(score, score, count))
    if len(lines) > 1 and lines[-1].count < fewest:
        top, last = lines.pop(), lines.pop()
        lines.append(Line(last.low, top.high, last.count + top.count))
    return lines


def standing_of(table: Table, score: float) -> Standing:
    """Return where a score stands: the lowest line is open downwards, the highest upwards, so that no extreme is told.

    A score between two lines has all lower ones below it and none equal to it.
    """
    at = max(min(score, table.lines[-1].high), table.lines[0].low)
    below = sum(line.count for line in table.lines if line.high < at)
    equal = sum(line.count for line in table.lines if line.low <= at <= line.high)
    share, tie = below / table.n, equal / table.n
    rank = share + tie / 2
    low, high = wilson(rank, table.n)
    return Standing(
        n=table.n, percentile=100 * rank, se=100 * sqrt(max(share + tie / 4 - rank**2, 0.0) / table.n),
        low=100 * low, high=100 * high,
        t_linear=50 + 10 * (score - table.mean) / table.sd if table.sd else None,
        t_normal=50 + 10 * _NORMAL.inv_cdf(rank) if 0 < rank < 1 else None,
    )  # fmt: skip


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 percent for a share of `n` (Wilson 1927, J Am Stat Assoc 22:209-212).

    With tied scores a mid-rank varies less than a share of yes and no, so the interval is then rather too wide.
    """
    z2 = _Z**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(centre - half, 0.0), min(centre + half, 1.0)
