"""Statistics of a school's files: by category of the register, by stage, sex and level. Small cells are hidden, and as
many more as it takes that nobody finds them by taking sums apart."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Attention
from xinqiao.care.alerts.states import Level
from xinqiao.care.archives.models import FamilyNote, GrowthPlan
from xinqiao.care.archives.terms import term_at
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import EntryState
from xinqiao.care.support.wording import category_words
from xinqiao.engines.disclosure import Group, Protected, protected
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.orgs.states import Stage
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import sections
from xinqiao.register.people.states import Sex, StudentStatus
from xinqiao.register.policy.selectors import parameters_for

_REASON = "counts of a school's files; nobody is named"
SEVERAL, NONE = ".several", ".none"  # no code of a category begins with a dot


@dataclass(frozen=True)
class Table:
    """One table: what its rows are, its columns, and the counts as they may be shown (None: too few to be shown)."""

    title: str
    first: str
    columns: tuple[str, ...]
    counts: Protected | None

    @property
    def rows(self) -> list[tuple[str, tuple[int | None, ...], int]]:
        """Label, cells and sum of each row; rows that were joined have both labels."""
        if self.counts is None:
            return []
        pairs = zip(self.counts.groups, self.counts.shown, strict=True)
        return [(_(", ").join(group.labels), shown, group.total) for group, shown in pairs]


@dataclass(frozen=True)
class FileFigures:
    """The files of one school. `fresh` is None where it, or what it leaves of the whole, is a handful."""

    school: str
    pupils: int
    planned: int
    family: int
    fresh: int | None
    fresh_days: int
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class _Pupil:
    id: UUID
    stage: str
    sex: str
    category: str
    level: str


def file_figures(actor: Actor, school: Unit, on: dt.date) -> FileFigures:
    """Return the statistics of a school that was found for the actor; reading them is an event."""
    note_reading(
        actor, "archives.figures.read", subject_kind="unit", subject_id=school.id, place=school.path,
        county_id=school.shard_id,
    )  # fmt: skip
    rules, pupils = parameters_for(school.path, on), _pupils(school)
    codes = [each.code for each in rules.register_categories]
    codes += sorted({p.category for p in pupils} - {*codes, SEVERAL, NONE})
    names = tuple(category_words(rules.register_categories, code) for code in codes)
    by_category = (*codes, SEVERAL, NONE), (*names, _("several categories"), _("not on the register"))
    by_level = (*Level.values, ""), (*(str(label) for label in Level.labels), _("no level"))
    fresh_days = rules.archives.fresh_days
    stage, sex = _("Stage of schooling"), _("Sex")
    return FileFigures(
        school=school.name, pupils=len(pupils), planned=_planned(school, on), family=_told(school),
        fresh=_unless_few(_fresh(school, {p.id for p in pupils}, on - dt.timedelta(days=fresh_days)), len(pupils)),
        fresh_days=fresh_days,
        tables=(
            _table(_("Categories of the register by stage"), stage, by_category, pupils, "stage", "category"),
            _table(_("Categories of the register by sex"), sex, by_category, pupils, "sex", "category"),
            _table(_("Levels by stage"), stage, by_level, pupils, "stage", "level"),
            _table(_("Levels by sex"), sex, by_level, pupils, "sex", "level"),
        ),
    )  # fmt: skip


def _pupils(school: Unit) -> list[_Pupil]:
    rows = list(
        Student.objects.for_system(reason=_REASON)
        .filter(within([school.path]), status=StudentStatus.ACTIVE)
        .values_list("id", "place", "sex")
    )
    units = units_by_path({place for _id, place, _sex in rows})
    kept: dict[UUID, set[str]] = defaultdict(set)
    entries = RegisterEntry.objects.for_system(reason=_REASON).filter(
        within([school.path], "student__school_place"), state=EntryState.KEPT
    )
    for key, category in entries.values_list("student_id", "category"):
        kept[key].add(category)
    open_ones = Attention.objects.for_system(reason=_REASON).filter(
        within([school.path], "student__school_place"), ended_at__isnull=True
    )
    levels = dict(open_ones.values_list("student_id", "level"))
    return [
        _Pupil(key, units[place].stage if place in units else "", sex, _category(kept[key]), levels.get(key, ""))
        for key, place, sex in rows
    ]


def _category(own: set[str]) -> str:
    """Each pupil stands in one column, so that the columns of a row add up to its pupils."""
    return NONE if not own else SEVERAL if len(own) > 1 else next(iter(own))


def _table(
    title: str, first: str, columns: tuple[Sequence[str], tuple[str, ...]], pupils: Sequence[_Pupil], row: str,
    column: str,
) -> Table:  # fmt: skip
    codes, labels = columns
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for pupil in pupils:
        counted[getattr(pupil, row)][getattr(pupil, column)] += 1
    groups = [
        Group((_row_words(row, key),), tuple(counted[key][code] for code in codes))
        for key in sorted(counted, key=_row_order(row))
    ]
    return Table(title, first, labels, protected(groups, SMALLEST_CELL))


def _row_words(row: str, key: str) -> str:
    if row == "sex":
        return str(Sex(key).label)
    return str(Stage(key).label) if key else _("in no class")


def _row_order(row: str) -> Callable[[str], int]:
    order: Mapping[str, int] = {key: n for n, key in enumerate((Sex if row == "sex" else Stage).values)}
    return lambda key: order.get(key, len(order))


def _unless_few(part: int, whole: int) -> int | None:
    is_few = 0 < part < SMALLEST_CELL or 0 < whole - part < SMALLEST_CELL
    return None if is_few else part


def _planned(school: Unit, on: dt.date) -> int:
    term = term_at(school.path, on)
    rows = GrowthPlan.objects.for_system(reason=_REASON).filter(
        within([school.path], "student__place"), is_current=True, year=term.year, term=term.number,
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    return int(rows.count())


def _told(school: Unit) -> int:
    rows = FamilyNote.objects.for_system(reason=_REASON).filter(
        within([school.path], "student__place"), is_current=True, is_whole=True,
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    return int(rows.count())


def _fresh(school: Unit, pupils: set[UUID], since: dt.date) -> int:
    found: set[UUID] = set()
    for section in sections():
        if section.latest is not None:
            found |= {key for key, at in section.latest(school.path).items() if timezone.localtime(at).date() >= since}
    return len(found & pupils)
