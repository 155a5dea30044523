"""Who is owed feedback, one feedback with its story, and how many are owed by school."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.feedback.models import Feedback, GuardianTry, TeacherWord
from xinqiao.care.feedback.states import NOT_HEARD, RUNNING, Audience, FeedbackState, Through, TryOutcome, TryWay
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.people.selectors.students import guardians_of

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

MOST_IDS_IN_AUDIT = 200
SCHOOL_YEAR_BEGINS = (9, 1)


@dataclass(frozen=True)
class Cell:
    """One of the two feedbacks of a pupil as a list shows it."""

    id: UUID
    state: str
    words: str
    due_at: dt.datetime
    is_running: bool
    is_overdue: bool
    tone: str


@dataclass(frozen=True)
class OwedRow:
    """One flagged pupil with both feedbacks."""

    student_id: UUID
    name: str
    class_name: str
    level: str
    flagged_at: dt.datetime
    teachers: Cell | None
    guardian: Cell | None

    @property
    def is_missing(self) -> bool:
        return any(cell is not None and cell.is_running for cell in (self.teachers, self.guardian))

    @property
    def is_overdue(self) -> bool:
        return any(cell is not None and cell.is_overdue for cell in (self.teachers, self.guardian))


def since_this_year() -> dt.date:
    """Return the first day of this school year."""
    return dt.date(school_year_of(today()), *SCHOOL_YEAR_BEGINS)


def _counted(rows: "ScopedQuerySet[Feedback]") -> "ScopedQuerySet[Feedback]":
    """Leave out what ended because a pupil left; what a person let go still counts, as never given."""
    return rows.exclude(state=FeedbackState.DROPPED, reason__isnull=True)


def owed_rows(actor: Actor) -> list[OwedRow]:
    """Return the pupils flagged this school year, those with something missing first; reading it is an audit event."""
    visible = _counted(Feedback.objects.visible_to(actor, Permission.FEEDBACK_EDIT))
    wanted = Q(flagged_at__date__gte=since_this_year()) | Q(state__in=RUNNING)
    pupils = list(visible.filter(wanted).values_list("student_id", flat=True).distinct())
    found = list(visible.filter(student_id__in=pupils).select_related("student").order_by("flagged_at", "id"))
    by_pupil: dict[UUID, dict[str, Feedback]] = {}
    for row in found:  # the newest of each audience stands
        by_pupil.setdefault(row.student_id, {})[row.to] = row
    students = list({row.student_id: row.student for row in found}.values())
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    levels = levels_of([each.id for each in students])
    if found:
        note_reading(
            actor, "feedback.list.read", subject_kind="students", place=min(each.place for each in students),
            county_id=found[0].county_id,
            facts={"count": len(students), "ids": [str(each.id) for each in students[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    at = now()
    rows = [
        OwedRow(
            student_id=each.id, name=names[each.id], class_name=classes.get(each.place, ""),
            level=levels.get(each.id, ("", ""))[0] or "none",
            flagged_at=max(row.flagged_at for row in by_pupil[each.id].values()),
            teachers=_cell(by_pupil[each.id].get(Audience.TEACHERS), at),
            guardian=_cell(by_pupil[each.id].get(Audience.GUARDIAN), at),
        )
        for each in students
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row.is_overdue, not row.is_missing, row.flagged_at))


def _cell(row: Feedback | None, at: dt.datetime) -> Cell | None:
    if row is None:
        return None
    is_running = row.state in RUNNING
    is_late = is_running and row.due_at < at
    tone = "red" if is_late else "orange" if is_running else "yellow" if row.state in NOT_HEARD else "green"
    words = str(FeedbackState(row.state).label)
    return Cell(row.id, row.state, words, row.due_at, is_running=is_running, is_overdue=is_late, tone=tone)


def count_missing(actor: Actor) -> int:
    """Return how many feedbacks an actor's pupils are owed. Names nobody."""
    rows = Feedback.objects.visible_to(actor, Permission.FEEDBACK_EDIT)
    return int(rows.filter(state__in=RUNNING).count())


def find_feedback(actor: Actor, feedback_id: UUID) -> Feedback | None:
    """Return one feedback that the actor may give; None otherwise."""
    rows = Feedback.objects.visible_to(actor, Permission.FEEDBACK_EDIT).select_related("student", "signal__student")
    found: Feedback | None = rows.filter(pk=feedback_id).first()
    return found


@dataclass(frozen=True)
class WordLine:
    """One teacher who may open the words, and the receipt."""

    name: str
    released_at: dt.datetime
    released_by: str
    opened_at: dt.datetime | None
    is_ended: bool


@dataclass(frozen=True)
class TryLine:
    """One try to reach a guardian."""

    at: dt.datetime
    way: str
    whom: str
    outcome: str
    words: str
    by: str


@dataclass(frozen=True)
class FeedbackPage:
    """One feedback as its page shows it."""

    row: Feedback
    name: str
    class_name: str
    level: str
    advice: str
    state_words: str
    through_words: str
    done_by: str
    words: str
    reason: str
    is_running: bool
    is_overdue: bool
    may_still_hear: bool
    teachers: Sequence[WordLine]
    tries: Sequence[TryLine]
    tries_of_nobody: int


def feedback_page(actor: Actor, row: Feedback) -> FeedbackPage:
    """Return one feedback for whoever gives it; reading it is an audit event."""
    student = row.student
    note_reading(
        actor, "feedback.one.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=row.county_id, facts={"feedback": str(row.id)},
    )  # fmt: skip
    (said,) = open_sealed([row], "words", "reason")
    level, advice = levels_of([student.id]).get(student.id, ("", ""))
    tries = _tries(actor, row)
    names = staff_names([row.done_by] if row.done_by else [])
    is_running = row.state in RUNNING
    return FeedbackPage(
        row=row, name=names_of([student])[student.id], level=level or "none", advice=advice,
        class_name=class_names([student.place], today()).get(student.place, ""),
        state_words=str(FeedbackState(row.state).label),
        through_words=str(Through(row.through).label) if row.through else "",
        done_by=names.get(row.done_by, "") if row.done_by else "", words=said["words"] or "",
        reason=said["reason"] or "", is_running=is_running, is_overdue=is_running and row.due_at < now(),
        may_still_hear=row.to == Audience.GUARDIAN and (row.state == FeedbackState.OWED or row.state in NOT_HEARD),
        teachers=_words(row), tries=[line for line, _outcome in tries],
        tries_of_nobody=sum(outcome == TryOutcome.NOBODY for _line, outcome in tries),
    )  # fmt: skip


def _words(row: Feedback) -> list[WordLine]:
    found = list(
        TeacherWord.objects.for_system(reason="of a feedback that was fetched for the actor")
        .filter(feedback=row).order_by("released_at", "id")
    )  # fmt: skip
    names = staff_names([each for word in found for each in (word.staff_id, word.released_by) if each])
    return [
        WordLine(
            names.get(word.staff_id, ""), word.released_at,
            names.get(word.released_by, "") if word.released_by else "", word.opened_at,
            is_ended=word.ended_at is not None,
        )
        for word in found
    ]  # fmt: skip


def _tries(actor: Actor, row: Feedback) -> list[tuple[TryLine, str]]:
    found = list(
        GuardianTry.objects.visible_to(actor, Permission.FEEDBACK_EDIT).filter(feedback=row).order_by("-tried_at")
    )
    names = staff_names([each.recorded_by for each in found])
    guardians = {each.guardian_id: each.name for each in guardians_of(row.student)} if found else {}
    return [
        (
            TryLine(
                at=each.tried_at, way=str(TryWay(each.way).label),
                whom=guardians.get(each.guardian_id, "") if each.guardian_id else "",
                outcome=str(TryOutcome(each.outcome).label), words=said["words"] or "",
                by=names.get(each.recorded_by, ""),
            ),
            each.outcome,
        )
        for each, said in zip(found, open_sealed(found, "words"), strict=True)
    ]  # fmt: skip


@dataclass(frozen=True)
class CountRow:
    """How one school stands; `is_hidden` where the number of flagged pupils would speak of a handful."""

    school: str
    flagged: int
    both: int
    running: int
    overdue: int
    is_hidden: bool


def count_rows(actor: Actor) -> list[CountRow]:
    """Return by school how many pupils were flagged this school year and how far both feedbacks are. Names nobody.

    Whoever reads the ledger of the school reads the numbers; beyond the school a handful is not told.
    """
    rows = _counted(Feedback.objects.visible_to(actor, Permission.FEEDBACK_COUNT))
    rows = rows.filter(flagged_at__date__gte=since_this_year(), to=Audience.GUARDIAN)
    twin = Feedback.objects.for_system(reason="counts alone").filter(student=OuterRef("student"), to=Audience.TEACHERS)
    is_told = Exists(twin.filter(flagged_at=OuterRef("flagged_at"), state=FeedbackState.GIVEN))
    waits = Exists(twin.filter(state__in=RUNNING))
    late = Exists(twin.filter(state__in=RUNNING, due_at__lt=now()))
    is_running = Q(state__in=RUNNING)
    counted = rows.annotate(told=is_told, waits=waits, late=late).values("student__school_place").annotate(
        flagged=Count("student", distinct=True),
        both=Count("student", distinct=True, filter=Q(state=FeedbackState.GIVEN, told=True)),
        running=Count("student", distinct=True, filter=is_running | Q(waits=True)),
        overdue=Count("student", distinct=True, filter=Q(is_running, due_at__lt=now()) | Q(late=True)),
    )  # fmt: skip
    found = list(counted.order_by("student__school_place"))
    schools = units_by_path([each["student__school_place"] for each in found])
    return [
        CountRow(
            schools[each["student__school_place"]].name, each["flagged"], each["both"], each["running"],
            each["overdue"],
            is_hidden=each["flagged"] < SMALLEST_CELL
            and not actor.can(Permission.LEDGER_VIEW, each["student__school_place"]),
        )
        for each in found
        if each["student__school_place"] in schools
    ]  # fmt: skip
