"""What to look at before a turn is accepted: what this app knows itself, and what the floors above answer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import Membership
from xinqiao.register.orgs.browsing import years_of
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.models import RosterRun, Student
from xinqiao.register.people.states import RosterState
from xinqiao.register.years.doubts import Doubt, Named, Question, ask_all
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.rules import Layout, grade_of
from xinqiao.register.years.school import School

TERMS = 2
_WHY = "the pupils whom a doubt names, for a reader who may list them"


@dataclass(frozen=True)
class ShownPupil:
    """A pupil named by a doubt."""

    student_id: UUID
    name: str
    class_name: str
    words: str


@dataclass(frozen=True)
class ShownDoubt:
    """A doubt with its pupils opened for the reader."""

    tone: str
    title: str
    advice: str
    pupils: tuple[ShownPupil, ...]
    url: str
    url_words: str


def doubts_about(turn: YearTurn, school: School, layout: Layout, actor: Actor) -> list[ShownDoubt]:
    """Return every doubt that this reader may know; naming pupils leaves one reading event."""
    leaving = frozenset(UUID(one) for one in layout.leaving)
    found = [*ask_all(Question(school.unit, actor, leaving, turn.on)), *_own(turn, school, layout, actor)]
    named = {one.student_id for doubt in found for one in doubt.pupils}
    people = _opened(named, turn)
    if named:
        note_reading(actor, "years.doubts.read", subject_kind="students", place=turn.place, county_id=turn.county_id,
                     facts={"pupils": len(named), "turn": turn.id})  # fmt: skip
    return [
        ShownDoubt(one.tone, str(one.title), str(one.advice), _shown(one.pupils, people), one.url, str(one.url_words))
        for one in found
    ]


def _opened(ids: set[UUID], turn: YearTurn) -> dict[UUID, tuple[str, str]]:
    rows = list(Student.objects.for_system(reason=_WHY).filter(pk__in=ids))
    classes = {
        path: name_on(unit, dt.date(turn.starts_in, 7, 1))
        for path, unit in units_by_path(row.place for row in rows).items()
    }
    return {
        row.id: (opened["name"] or "", classes.get(row.place, ""))
        for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)
    }


def _shown(pupils: tuple[Named, ...], people: dict[UUID, tuple[str, str]]) -> tuple[ShownPupil, ...]:
    return tuple(ShownPupil(one.student_id, *people.get(one.student_id, ("", "")), one.words) for one in pupils)


def _own(turn: YearTurn, school: School, layout: Layout, actor: Actor) -> Iterator[Doubt]:
    yield from _calendar(turn, school)
    yield from _leaderless(layout)
    yield from _headless(turn, school, layout)
    yield from _busy(turn, actor)


def _calendar(turn: YearTurn, school: School) -> Iterator[Doubt]:
    year = next((one for one in years_of(school.unit) if one.starts_in == turn.starts_in), None)
    if year is None or len(year.terms) < TERMS:
        yield Doubt(
            "orange", _("The terms of the new school year are not in the calendar"),
            _("Clocks and plans count school days. Add both terms, or ask the bureau to."),
            url=f"{reverse('orgs:calendar')}?unit={school.unit.id}", url_words=_("Open the calendar"),
        )  # fmt: skip


def _leaderless(layout: Layout) -> Iterator[Doubt]:
    count = len(layout.leaderless)
    if count:
        text = ngettext(
            "{n} class has no class teacher in the new year", "{n} classes have no class teacher in the new year", count
        )
        yield Doubt(
            "orange", text.format(n=count),
            _("Without one nobody who meets the class each day sees which pupil needs attention, and consents and PIN "
                "slips wait. Name one for each class, or do it later under staff and roles."
            ),
        )  # fmt: skip


def _headless(turn: YearTurn, school: School, layout: Layout) -> Iterator[Doubt]:
    """Grades that go on and had a head keep the head; an entering grade has none yet."""
    has_heads = Membership.objects.filter(
        Q(end_on=None) | Q(end_on__gt=turn.on), role=Role.GRADE_HEAD,
        place__in=[unit.path for unit in school.grades.values()],
    ).exists()  # fmt: skip
    new = {grade_of(key) for key in layout.opened} - set(school.grades)
    if has_heads and new:
        yield Doubt(
            "yellow", _("The entering grade has no grade head yet"),
            _("Grade heads go up with their grade. The security officer grants the new one under staff and roles."),
        )  # fmt: skip


def _busy(turn: YearTurn, actor: Actor) -> Iterator[Doubt]:
    runs = RosterRun.objects.for_system(reason="whether a roster is being written at the same school").filter(
        place=turn.place, state__in=[RosterState.APPLYING, RosterState.CHECKED]
    )
    if runs.exists():
        may_open = actor.can(Permission.ROSTER_IMPORT, turn.place)
        yield Doubt(
            "orange", _("A roster of this school is not finished"),
            _("Decide on the roster first: what it moves changes the counts below."),
            url=reverse("people:rosters") if may_open else "", url_words=_("Open the rosters"),
        )  # fmt: skip
