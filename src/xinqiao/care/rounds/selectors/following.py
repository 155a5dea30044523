"""What those see who follow a round: class by class for psychology teacher and grade head, counted for all others."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.rounds.models import Round, RoundCall, RoundList
from xinqiao.care.rounds.pupils import counts_at, looked_at
from xinqiao.care.rounds.recipients import class_teachers
from xinqiao.care.rounds.states import ListState
from xinqiao.care.rounds.wording import round_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import cohort_order, name_on, units_by_id, units_by_path

MOST_ROUNDS = 40


@dataclass(frozen=True)
class RoundRow:
    """One round with the lists that the reader follows, counted."""

    id: UUID
    name: str
    reason: str
    school: str
    opened_at: dt.datetime
    due_at: dt.datetime
    lists: int
    signed: int
    nil: int
    late: int
    without_teacher: int

    @property
    def is_done(self) -> bool:
        """Are all lists signed?"""
        return self.signed == self.lists


@dataclass(frozen=True)
class ClassRow:
    """One class in a round. `worries` is None for whoever is not to know, and while the list is not signed."""

    list_id: UUID
    class_name: str
    teachers: str
    has_teacher: bool
    pupils: int
    looked_at: int
    state: str
    state_label: str
    is_late: bool
    rung: int
    worries: int | None
    is_nil: bool
    signed_by: str
    signed_at: dt.datetime | None


@dataclass(frozen=True)
class RoundPage:
    """One round, class by class; the call behind it, if the reader may take it back."""

    row: RoundRow
    classes: tuple[ClassRow, ...]
    call_id: UUID | None


def rounds_for(actor: Actor, at: dt.datetime) -> list[RoundRow]:
    """Return the newest rounds of which the reader follows lists."""
    lists = RoundList.objects.visible_to(actor, Permission.ROUND_FOLLOW).exclude(state=ListState.DROPPED)
    newest = list(lists.order_by("-round__opened_at").values_list("round_id", flat=True).distinct()[:MOST_ROUNDS])
    return _round_rows(list(lists.filter(round_id__in=newest).select_related("round__call")), at)


def missing_lists(actor: Actor, at: dt.datetime) -> int:
    """Return how many lists are late, or have no class teacher, of those that the reader follows. Names nobody."""
    lists = RoundList.objects.visible_to(actor, Permission.ROUND_FOLLOW).filter(state=ListState.WAITING)
    return int(lists.filter(Q(rung__gt=0) | Q(round__due_at__lt=at)).count())


def _round_rows(lists: Sequence[RoundList], at: dt.datetime) -> list[RoundRow]:
    by_round: dict[UUID, list[RoundList]] = defaultdict(list)
    for row in lists:
        by_round[row.round_id].append(row)
    waiting = {row.place for row in lists if row.state == ListState.WAITING}
    teachers = class_teachers(waiting, timezone.localtime(at).date())
    schools = units_by_id({row.round.school_id for row in lists})
    rows = [_round_row(rows[0].round, rows, teachers, schools, at) for rows in by_round.values()]
    return sorted(rows, key=lambda row: row.opened_at, reverse=True)


def _round_row(
    each: Round, lists: Sequence[RoundList], teachers: Mapping[str, Sequence[UUID]], schools: Mapping[UUID, Unit],
    at: dt.datetime,
) -> RoundRow:  # fmt: skip
    waiting = [row for row in lists if row.state == ListState.WAITING]
    signed = [row for row in lists if row.state == ListState.SIGNED]
    return RoundRow(
        id=each.id, name=round_words(each.names), reason=each.call.reason if each.call else "",
        school=schools[each.school_id].name if each.school_id in schools else "", opened_at=each.opened_at,
        due_at=each.due_at, lists=len(waiting) + len(signed), signed=len(signed),
        nil=sum(row.worries == 0 for row in signed), late=len(waiting) if each.due_at < at else 0,
        without_teacher=sum(not teachers.get(row.place) for row in waiting),
    )  # fmt: skip


def round_page(actor: Actor, round_id: UUID, at: dt.datetime) -> RoundPage | None:
    """Return a round class by class, as far as the reader follows it; None where that is nowhere."""
    rows = RoundList.objects.visible_to(actor, Permission.ROUND_FOLLOW).exclude(state=ListState.DROPPED)
    lists = list(rows.filter(round_id=round_id).select_related("round__call"))
    if not lists:
        return None
    call = lists[0].round.call
    may_withdraw = call is not None and _may_withdraw(actor, call)
    row = _round_rows(lists, at)[0]
    return RoundPage(row, _class_rows(actor, lists, at), call.id if call and may_withdraw else None)


def _class_rows(actor: Actor, lists: Sequence[RoundList], at: dt.datetime) -> tuple[ClassRow, ...]:
    on, places = timezone.localtime(at).date(), {row.place for row in lists}
    units, pupils, looked = units_by_path(places), counts_at(places), looked_at(lists)
    teachers = class_teachers(places, on)
    people = {each for found in teachers.values() for each in found} | {r.signed_by for r in lists if r.signed_by}
    names = staff_names(list(people))
    known = sorted((row for row in lists if row.place in units), key=lambda row: cohort_order(units[row.place]))
    return tuple(
        ClassRow(
            list_id=row.id, class_name=name_on(units[row.place], on),
            teachers=" · ".join(names.get(each, "") for each in teachers[row.place]),
            has_teacher=bool(teachers[row.place]), pupils=row.pupils if row.pupils is not None else pupils[row.place],
            looked_at=looked[row.id], state=row.state, state_label=str(ListState(row.state).label),
            is_late=row.state == ListState.WAITING and row.round.due_at < at, rung=row.rung,
            worries=row.worries if actor.can(Permission.QUEUE_VIEW, row.place) else None, is_nil=row.worries == 0,
            signed_by=names.get(row.signed_by, "") if row.signed_by else "", signed_at=row.signed_at,
        )
        for row in known
    )  # fmt: skip


@dataclass(frozen=True)
class CountRow:
    """One window over the schools that the reader may count: how many have all lists in, and which are late."""

    name: str
    reason: str
    opened_at: dt.datetime
    due_at: dt.datetime
    schools: int
    done: int
    late: int
    lists: int
    signed: int
    late_schools: tuple[str, ...]
    call_id: UUID | None


def counts_for(actor: Actor, at: dt.datetime) -> list[CountRow]:
    """Return the newest windows, counted in lists and schools alone: no pupil, no worry, nobody's name."""
    rounds = list(
        Round.objects.visible_to(actor, Permission.ROUND_COUNT).select_related("call").order_by("-opened_at")[:2000]
    )
    tally = _tally(actor, rounds)
    by_window: dict[tuple[str, str], list[Round]] = defaultdict(list)
    for each in rounds:
        by_window[each.window, each.occasion].append(each)
    schools = units_by_id({each.school_id for each in rounds})
    rows = [_count_row(actor, found, tally, schools, at) for found in by_window.values()]
    return [row for row in rows if row.lists][:MOST_ROUNDS]


def _tally(actor: Actor, rounds: Sequence[Round]) -> dict[UUID, Counter[str]]:
    lists = RoundList.objects.visible_to(actor, Permission.ROUND_COUNT).exclude(state=ListState.DROPPED)
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for round_id, state in lists.filter(round_id__in=[each.id for each in rounds]).values_list("round_id", "state"):
        found[round_id][state] += 1
    return found


def _count_row(
    actor: Actor, rounds: Sequence[Round], tally: Mapping[UUID, Counter[str]], schools: Mapping[UUID, Unit],
    at: dt.datetime,
) -> CountRow:  # fmt: skip
    asked = [each for each in rounds if sum(tally[each.id].values())]
    open_ones = [each for each in asked if tally[each.id][ListState.WAITING]]
    late = sorted(schools[each.school_id].name for each in open_ones if each.due_at < at and each.school_id in schools)
    call, first = rounds[0].call, rounds[-1]
    may = call is not None and _may_withdraw(actor, call)
    return CountRow(
        name=round_words(first.names), reason=call.reason if call else "", opened_at=first.opened_at,
        due_at=max(each.due_at for each in rounds), schools=len(asked), done=len(asked) - len(open_ones),
        late=len(late), lists=sum(sum(tally[each.id].values()) for each in asked),
        signed=sum(tally[each.id][ListState.SIGNED] for each in asked), late_schools=tuple(late),
        call_id=call.id if call and may else None,
    )  # fmt: skip


def call_for(actor: Actor, call_id: UUID) -> RoundCall | None:
    """Return a call of the reader's own unit, else None: a bureau does not take back what a school called for."""
    rows = RoundCall.objects.visible_to(actor, Permission.ROUND_CALL)
    found: RoundCall | None = rows.filter(pk=call_id, place__in=actor.places(Permission.ROUND_CALL)).first()
    return found


def _may_withdraw(actor: Actor, call: RoundCall) -> bool:
    return call.withdrawn_at is None and call.place in actor.places(Permission.ROUND_CALL)
