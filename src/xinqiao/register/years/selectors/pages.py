"""What the pages of a turn show: the school this year and next, what would be written, and what to look at first."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import class_name, grade_name, school_year_of
from xinqiao.register.orgs.selectors import schools_for, units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.years.models import TurnStep, YearTurn
from xinqiao.register.years.rules import GRADUATE, ClassOutcome, Layout, grade_key, grade_of, number_of, usual_way
from xinqiao.register.years.school import School, digest_of, layout_of
from xinqiao.register.years.selectors.doubts import ShownDoubt, doubts_about
from xinqiao.register.years.states import OPEN_STATES, StepKind, TurnState
from xinqiao.register.years.wording import fault_words

_WHY = "named on a page of a turn that was fetched for the actor"
NAMED_AT_MOST = 200


@dataclass(frozen=True)
class ClassRow:
    """A class this year and next."""

    key: str
    class_id: UUID | None
    name_now: str
    name_then: str
    outcome: str
    pupils: int
    staying: int
    leaving: int
    kept_back: int
    coming: int
    teachers: str
    has_other_teacher: bool


@dataclass(frozen=True)
class Totals:
    """What a turn comes to; `kept_back` is None where the number would speak of a handful to a reader without names.

    For such a reader `going_on` and `leaving` are the pupils of the classes: taken from the sizes they tell no more.
    """

    going_on: int
    leaving: int
    kept_back: int | None
    opened: int
    closed: int
    teachers: int
    leaderless: int


@dataclass(frozen=True)
class Progress:
    """How far an accepted turn is written, and what had to be left out."""

    done: int
    total: int
    skipped: tuple[tuple[str, str], ...]
    written: tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True)
class TurnPage:
    """A turn with everything its page shows."""

    turn: YearTurn
    school: Unit
    year: str
    state_label: str
    rows: tuple[ClassRow, ...]
    totals: Totals
    faults: tuple[tuple[str, str], ...]
    doubts: tuple[ShownDoubt, ...]
    digest: str
    progress: Progress
    tells_moves: bool

    @property
    def is_draft(self) -> bool:
        """Can the plan be changed?"""
        return self.turn.state == TurnState.DRAFT

    @property
    def is_working(self) -> bool:
        """Does the page ask again by itself?"""
        is_due = self.turn.state == TurnState.ACCEPTED and self.turn.on <= today()
        return is_due or self.turn.state == TurnState.WRITING

    @property
    def is_ended(self) -> bool:
        """Is the plan history? The school has gone on since, so it is not laid out anew."""
        return self.turn.state in (TurnState.DONE, TurnState.DROPPED, TurnState.WRITING)


def turn_page(turn: YearTurn, actor: Actor) -> TurnPage:
    """Return what the page of a turn shows to this reader."""
    school, layout = layout_of(turn)
    is_open = turn.state in (TurnState.DRAFT, TurnState.ACCEPTED)
    tells_moves = may_tell_moves(actor, turn)
    rows = class_rows(turn, school, layout, actor) if is_open else ()
    return TurnPage(
        turn=turn, school=school.unit, year=year_words(turn.starts_in), state_label=str(TurnState(turn.state).label),
        rows=rows, totals=_totals(layout) if tells_moves else _coarse_totals(layout),
        faults=_faults(turn, layout, actor) if is_open else (),
        doubts=tuple(doubts_about(turn, school, layout, actor)) if is_open else (),
        digest=digest_of(turn, layout), progress=_progress(turn, actor), tells_moves=tells_moves,
    )  # fmt: skip


def may_tell_moves(actor: Actor, turn: YearTurn) -> bool:
    """May the reader know how many of a class are kept back? Whoever lists the pupils by name may; a bureau may not."""
    return actor.can(Permission.STUDENT_LIST, turn.place)


def _coarse_totals(layout: Layout) -> Totals:
    """The totals for a reader without names: nothing in them can be taken from another number to find a handful."""
    exact = _totals(layout)
    graduating = sum(_pupils_of(one) for one in layout.classes if one.graduates)
    everybody = sum(_pupils_of(one) for one in layout.classes)
    is_few = exact.kept_back is not None and 0 < exact.kept_back < SMALLEST_CELL
    return replace(
        exact, going_on=everybody - graduating, leaving=graduating, kept_back=None if is_few else exact.kept_back
    )


def _pupils_of(one: ClassOutcome) -> int:
    return len(one.staying) + len(one.leaving) + len(one.kept_back)


def year_words(starts_in: int) -> str:
    """Return what a school year is called: 2027–2028."""
    return f"{starts_in}–{starts_in + 1}"


def _totals(layout: Layout) -> Totals:
    some = layout.classes
    return Totals(
        going_on=sum(len(one.staying) for one in some), leaving=len(layout.leaving),
        kept_back=sum(len(one.kept_back) for one in some), opened=len(layout.opened),
        closed=sum(one.graduates for one in some), teachers=sum(one.has_other_teacher for one in some),
        leaderless=len(layout.leaderless),
    )  # fmt: skip


def class_rows(turn: YearTurn, school: School, layout: Layout, actor: Actor) -> tuple[ClassRow, ...]:
    """Return a row for each class; who leads it only for whoever may see the staff."""
    may_see = actor.can(Permission.STAFF_VIEW, turn.place)
    ids = [UUID(one) for outcome in layout.classes for one in outcome.teachers]
    names = staff_names(ids) if may_see else {}
    rows = (_class_row(one, school, turn, names) for one in layout.classes)
    if may_tell_moves(actor, turn):
        return tuple(rows)
    return tuple(replace(row, staying=0, leaving=0, kept_back=0, coming=0) for row in rows)


def _class_row(one: ClassOutcome, school: School, turn: YearTurn, names: Mapping[UUID, str]) -> ClassRow:
    unit = school.classes.get(one.key)
    named = [names.get(UUID(each), "") for each in one.teachers]
    return ClassRow(
        key=one.key, class_id=unit.id if unit else None,
        name_now="" if one.is_new else name_of_class(one.key, school, day_before(turn)),
        name_then="" if one.graduates else name_of_class(one.key, school, day_in(turn)), outcome=_outcome_words(one),
        pupils=_pupils_of(one), staying=len(one.staying),
        leaving=len(one.leaving), kept_back=len(one.kept_back), coming=len(one.coming),
        teachers="、".join(filter(None, named)) or (_("named") if named else ""),
        has_other_teacher=one.has_other_teacher,
    )  # fmt: skip


def _outcome_words(one: ClassOutcome) -> str:
    if one.is_new:
        return _("opens")
    return _("graduates, closes") if one.graduates else _("goes on")


def day_in(turn: YearTurn) -> dt.date:
    """Return a day on which classes already bear the names of the new year."""
    return dt.date(turn.starts_in, 9, 1)


def day_before(turn: YearTurn) -> dt.date:
    """Return a day on which classes still bear the names of the year that ends."""
    return dt.date(turn.starts_in, 7, 1)


def name_of_class(key: str, school: School, on: dt.date) -> str:
    """Return what the class of a key is called on a day, also before it is there."""
    parent, stage, entry_year = grade_of(key).split(":")
    name = class_name(stage, int(entry_year), number_of(key), on, school.unit.primary_years)
    return name if parent == str(school.unit.id) else f"{school.parent_of(grade_of(key)).name} {name}"


def name_of_grade(key: str, school: School, on: dt.date) -> str:
    """Return what the grade of a key is called on a day, also before it is there."""
    parent, stage, entry_year = key.split(":")
    name = grade_name(stage, int(entry_year), on, school.unit.primary_years)
    return name if parent == str(school.unit.id) else f"{school.parent_of(key).name} {name}"


def pupil_names(ids: Iterable[UUID], turn: YearTurn, actor: Actor) -> dict[UUID, str]:
    """Return opened names of pupils of the turn's school, for whoever may list them."""
    wanted = list(ids)[:NAMED_AT_MOST]
    if not wanted or not actor.can(Permission.STUDENT_LIST, turn.place):
        return {}
    rows = list(Student.objects.for_system(reason=_WHY).filter(pk__in=wanted, school_place=turn.place))
    return {row.id: opened["name"] or "" for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}


def _faults(turn: YearTurn, layout: Layout, actor: Actor) -> tuple[tuple[str, str], ...]:
    names = pupil_names([UUID(one.pupil) for one in layout.faults if one.pupil], turn, actor)
    shown = [
        (names.get(UUID(one.pupil), _("A pupil")) if one.pupil else "", fault_words(one.code)) for one in layout.faults
    ]
    return tuple(shown if may_tell_moves(actor, turn) else dict.fromkeys(shown))


def _progress(turn: YearTurn, actor: Actor) -> Progress:
    steps = list(TurnStep.objects.for_system(reason=_WHY).filter(turn=turn).order_by("number"))
    skipped = [(step, key, code) for step in steps for key, code in sorted(step.skipped.items())]
    pupils = [UUID(key) for step, key, _c in skipped if step.kind in (StepKind.KEEP_BACK, StepKind.GRADUATE)]
    staff = [UUID(key) for step, key, _c in skipped if step.kind == StepKind.TEACHER]
    names = pupil_names(pupils, turn, actor)
    if actor.can(Permission.STAFF_VIEW, turn.place):
        names |= staff_names(staff)
    shown = [
        (str(StepKind(step.kind).label) if step.kind == StepKind.OPEN else names.get(UUID(key), _("Someone")),
         fault_words(code))
        for step, key, code in skipped
    ]  # fmt: skip
    done = [step for step in steps if step.done_at is not None]
    tells_moves = may_tell_moves(actor, turn)
    written = tuple(_written(kind, done, tells_moves) for kind in StepKind if any(s.kind == kind for s in done))
    return Progress(len(done), len(steps), tuple(shown if tells_moves else dict.fromkeys(shown)), written)


def _written(kind: StepKind, done: list[TurnStep], tells_moves: bool) -> tuple[str, int | None, int | None]:  # noqa: FBT001
    steps, pupils = (sum(s.kind == kind for s in done), sum(s.pupils for s in done if s.kind == kind))
    shows_steps = tells_moves or kind != StepKind.KEEP_BACK  # a step of these is a class with somebody kept back
    return str(kind.label), steps if shows_steps else None, pupils if tells_moves else None


@dataclass(frozen=True)
class SchoolRow:
    """A school in the list of turns: its open plan or its last turn."""

    school: Unit
    turn: YearTurn | None
    state_label: str
    year: str
    may_begin: bool


def school_rows(actor: Actor) -> list[SchoolRow]:
    """Return the schools the actor may see, each with its open plan or its last turn; three queries."""
    schools = schools_for(actor, Permission.YEAR_VIEW)
    latest: dict[UUID, YearTurn] = {}
    rows = YearTurn.objects.visible_to(actor, Permission.YEAR_VIEW).exclude(state=TurnState.DROPPED)
    for turn in rows.order_by("drafted_at"):
        latest[turn.unit_id] = turn
    found = []
    for school in schools:
        known = latest.get(school.id)
        is_open = known is not None and known.state in OPEN_STATES
        found.append(
            SchoolRow(
                school, known, str(TurnState(known.state).label) if known else "",
                year_words(known.starts_in) if known else "",
                actor.can(Permission.YEAR_TURN, school.path) and not is_open,
            )
        )  # fmt: skip
    return found


def usual_day(schools: Sequence[Unit]) -> dt.date:
    """Return the first of September that these schools turn to: this year's while a grade has outgrown its stage."""
    year = school_year_of(today())
    for school in schools:
        for grade in units_below(school.path, UnitKind.GRADE):
            key = grade_key(str(grade.parent_id), grade.stage, grade.entry_year or year)
            if usual_way(key, grade.primary_years, year) == GRADUATE:
                return dt.date(year, 9, 1)
    return dt.date(year + 1, 9, 1)
