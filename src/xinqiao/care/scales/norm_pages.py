"""Local norms as rows for pages: whose, from how many, how the groups came about, and each table in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import listed
from xinqiao.care.scales.models import LocalNorm, ScaleVersion
from xinqiao.care.scales.norm_file import GroupEntry, NormFile, norm_of_text
from xinqiao.care.scales.norm_selectors import LocalStanding
from xinqiao.care.scales.presenting import phrase, title_of
from xinqiao.care.scales.selectors import scale_of
from xinqiao.engines.norms import Line, Standing, Table, standing_of
from xinqiao.engines.scoring import number_text
from xinqiao.foundation.audit.presenters import names_of_actors
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.orgs.states import Stage

CRAWFORD = ("Crawford, Garthwaite & Slick 2009, Clin Neuropsychol 23:1173-1195",
            "https://doi.org/10.1080/13854040902795018")  # fmt: skip
WILSON = ("Wilson 1927, J Am Stat Assoc 22:209-212", "https://doi.org/10.1080/01621459.1927.10502953")


@dataclass(frozen=True)
class NormRow:
    """One norm of a list."""

    id: UUID
    title: str
    version: str
    unit: str
    year: str
    number: int
    sheets: int
    groups: int
    published_at: datetime
    published_by: str
    retired_at: datetime | None


@dataclass(frozen=True)
class LineRow:
    """One line of a table in words; `t_linear` a range where the line holds several scores."""

    scores: str
    count: int
    percentile: str
    interval: str
    t_linear: str
    t_normal: str


@dataclass(frozen=True)
class GroupRow:
    """One group with the chosen score's table."""

    words: str
    n: int
    mean: float
    sd: float
    lines: tuple[LineRow, ...]


@dataclass(frozen=True)
class StandingWords:
    """What is said beside a pupil's score."""

    norm_id: UUID
    percentile: str
    interval: str
    group: str
    n: int
    name: str


def norm_rows(norms: Sequence[LocalNorm]) -> list[NormRow]:
    """Return norms as rows, in their order."""
    units = units_by_path({norm.place for norm in norms})
    names = names_of_actors({norm.published_by for norm in norms if norm.published_by})
    return [
        NormRow(
            id=norm.id, title=title_of(norm.version), version=norm.version.version, number=norm.number,
            unit=units[norm.place].name if norm.place in units else "", year=year_words(norm.school_year),
            sheets=norm.sheets, groups=len(norm_of_text(norm.definition).groups), published_at=norm.published_at,
            published_by=names.get(norm.published_by, "") if norm.published_by else _("The system"),
            retired_at=norm.retired_at,
        )
        for norm in norms
    ]  # fmt: skip


def year_words(year: int) -> str:
    """Return what a school year is called."""
    return f"{year}–{year + 1}"


def score_choices(version: ScaleVersion, file: NormFile) -> list[tuple[str, str]]:
    """Return (id, title) of the scores of a norm, in the order of the scale."""
    known = {key for group in file.groups for key in group.scores}
    return [(part.id, phrase(part.title)) for part in scale_of(version).subscales if part.id in known]


def group_rows(file: NormFile, score: str) -> list[GroupRow]:
    """Return each group with one score's table."""
    return [
        GroupRow(
            group_words(group), group.n, group.scores[score].mean, group.scores[score].sd,
            tuple(_line_rows(group.scores[score].table(group.n))),
        )
        for group in file.groups
        if score in group.scores
    ]  # fmt: skip


def group_words(group: GroupEntry) -> str:
    """Return whom a group holds."""
    sex = {"female": _("Girls"), "male": _("Boys"), "": _("Girls and boys")}[group.sex]
    bands = [
        _("{stage}, grades {grades}").format(stage=Stage(stage).label, grades=_span(grades))
        for stage, grades in group.bands
    ]
    return f"{sex} · {listed(bands)}"


def _span(grades: Sequence[int]) -> str:
    return f"{grades[0]}–{grades[-1]}" if len(grades) > 1 else str(grades[0])


def _line_rows(table: Table) -> Iterator[LineRow]:
    for line in table.lines:
        ends = standing_of(table, line.low), standing_of(table, line.high)
        low = "" if line is table.lines[0] and line.low < line.high else _t(ends[0].t_linear)
        high = "" if line is table.lines[-1] and line.low < line.high else _t(ends[1].t_linear)
        yield LineRow(
            scores=_scores(line, table), count=line.count, percentile=percentile_words(ends[0].percentile),
            interval=_interval(ends[0]), t_linear=_range(low, high), t_normal=_t(ends[0].t_normal),
        )  # fmt: skip


def _scores(line: Line, table: Table) -> str:
    low = "" if line is table.lines[0] and len(table.lines) > 1 else number_text(line.low)
    high = "" if line is table.lines[-1] and len(table.lines) > 1 else number_text(line.high)
    return _range(low, high)


def _range(low: str, high: str) -> str:
    """A range, open at the end that is empty."""
    if low == high:
        return low or "–"
    if not low:
        return f"≤ {high}"
    return f"{low}–{high}" if high else f"≥ {low}"


def _t(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def percentile_words(percentile: float) -> str:
    """Return a percentile rank as a whole number, never 0 and never 100."""
    if percentile < 1:
        return "< 1"
    return "> 99" if percentile > 99 else f"{percentile:.0f}"


def _interval(found: Standing) -> str:
    return f"{found.low:.0f}–{found.high:.0f}"


def norm_names(norms: Sequence[LocalNorm]) -> dict[UUID, str]:
    """Return what norms are called, by id."""
    return {
        row.id: _("{unit}, {year}, norm {number}").format(unit=row.unit, year=row.year, number=row.number)
        for row in norm_rows(norms)
    }


def standing_words(found: LocalStanding, names: Mapping[UUID, str]) -> StandingWords:
    """Return what is said beside a pupil's score; `names` as of `norm_names`."""
    return StandingWords(
        norm_id=found.norm.id, percentile=percentile_words(found.standing.percentile),
        interval=_interval(found.standing), group=group_words(found.group), n=found.group.n,
        name=names[found.norm.id],
    )  # fmt: skip


def left_out_rows(file: NormFile) -> list[tuple[str, str]]:
    """Return why sheets were left out, and how many; few are not counted out."""
    words = {
        "void": _("Void by the scale's own rule"),
        "not_scored": _("Not scored: too many answers missing"),
        "adapted": _("Asked by adapting: an estimate is no score"),
        "no_consent": _("Consent was withdrawn, or is no longer enough"),
        "too_fast": _("Answered too fast to be read"),
        "longstring": _("The same answer throughout"),
        "even_odd": _("Like questions answered differently"),
        "another_sheet": _("A further sheet of the same pupil: the first that counts was taken"),
        "no_band": _("Grade outside of those looked at"),
        "no_sex": _("Sex not stated, where girls and boys stand apart"),
        "too_few": _("In groups that are too small, or of too few schools"),
    }
    few = _("fewer than {n}").format(n=file.rules.line_sheets)
    return [(words[code], few if count is None else str(count)) for code, count in file.left_out.items()]


def why_not_words(code: str, detail: str) -> str:
    """Return why a norm cannot be published, and what mends it."""
    has, _colon, needed = detail.partition(":")
    words = {
        "few_sheets": _(
            "Too few: {has} sheets count, and a norm needs {needed} of one group. Wait for further screenings to end, "
            "or look at a larger unit."
        ),
        "few_schools": _(
            "Only {has} schools gave sheets, and {needed} are needed, so that no school can find out another's figures."
        ),
        "too_close": _(
            "It would differ by only {has} sheets from another norm of the same year here, above or below; held "
            "against each other the two would speak of these few. From {needed} on it can be published."
        ),
    }
    return words[code].format(has=has, needed=needed)


def method_words(file: NormFile) -> list[str]:
    """Return how a norm is computed."""
    return [
        _(
            "Whom: pupils who filled in this version of the scale themselves, on a screen or on paper, in a screening "
            "of that school year that is over. Each pupil counts once: the first sheet that counts. A second paper "
            "never does."
        ),
        _(
            "Groups: girls and boys of a stage stand apart where each are {n} at least, together where only both are; "
            "a stage with fewer is joined with the next. Above a school each group is of {schools} schools at least. "
            "No pupil is in two groups."
        ).format(n=file.rules.group_sheets, schools=file.rules.schools),
        _(
            "Percentile rank: the share with a lower score plus half of the share with the same one. The interval of "
            "95 percent is Wilson's; with many equal scores it is rather too wide. Nothing is smoothed."
        ),
        _(
            "T, linear: 50 plus 10 for each standard deviation from the mean. T, by rank: 50 plus 10 times the normal "
            "deviate of the percentile rank. Mean and deviation are kept to one decimal."
        ),
        _(
            "Neighbouring scores share a line until {n} pupils stand in it; the lowest and the highest line are open, "
            "so that no single child's score is told. A score between two lines stands above everybody below it."
        ).format(n=file.rules.line_sheets),
    ]
