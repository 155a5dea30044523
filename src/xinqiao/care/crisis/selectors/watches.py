"""Reads of watches: who is kept in view, and one with its looks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.crisis.models import Watch, WatchLook
from xinqiao.care.crisis.selectors.papers import finding_words
from xinqiao.care.crisis.states import Finding, Way
from xinqiao.care.crisis.watch.states import OVER, WatchState
from xinqiao.care.crisis.watch_rows import every_look
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

MOST_IDS_IN_AUDIT = 200
SHOWN_AFTER_THE_END = dt.timedelta(days=90)
TONES = {Finding.ACUTE: "red", Finding.WORSE: "orange"}


@dataclass(frozen=True)
class WatchRow:
    """One pupil kept in view as a list shows it: level, dates and people, no notes."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    level: str
    state: str
    state_words: str
    looks: int
    calm: int
    calm_at_least: int
    look_on: dt.date | None
    is_overdue: bool
    is_over: bool
    end_words: str
    ended_at: dt.datetime | None
    owner: str
    is_mine: bool
    is_ownerless: bool
    has_left: bool

    @property
    def is_signalled(self) -> bool:
        """Does a new signal come before the next look?"""
        return self.state == WatchState.SIGNALLED

    @property
    def may_look(self) -> bool:
        """Is a look what comes next?"""
        return self.state == WatchState.WATCHING


@dataclass(frozen=True)
class LookRow:
    """One look as the timeline shows it."""

    at: dt.datetime
    title: str
    text: str
    who: str
    tone: str = ""


@dataclass(frozen=True)
class WatchPage:
    """One watch with its looks, the newest first, and why it ended."""

    watch: Watch
    row: WatchRow
    looks: Sequence[LookRow]
    end_words: str


def find_watch(actor: Actor, permission: Permission, watch_id: UUID) -> Watch | None:
    """Return a watch that the actor may reach by a permission, its pupil with it; None otherwise."""
    rows = Watch.objects.visible_to(actor, permission).select_related("student")
    found: Watch | None = rows.filter(pk=watch_id).first()
    return found


def watch_list(actor: Actor, now: dt.datetime) -> tuple[list[WatchRow], list[WatchRow]]:
    """Return who is kept in view, what is overdue first, and whose watch ended lately; reading it is one event."""
    rows = Watch.objects.visible_to(actor, Permission.CASE_VIEW).select_related("student")
    found = [each for each in rows.order_by("look_on", "id")
             if each.state not in OVER or (each.ended_at and each.ended_at > now - SHOWN_AFTER_THE_END)]  # fmt: skip
    if found:
        note_reading(
            actor, "crisis.watches.read", subject_kind="students", place=min(each.student.place for each in found),
            county_id=found[0].county_id,
            facts={"count": len(found), "ids": [str(each.student_id) for each in found[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    shown = _rows(actor, found)
    running = sorted((row for row in shown if not row.is_over), key=_order)
    ended = [row for row in shown if row.is_over and row.ended_at]
    return running, sorted(ended, key=lambda row: row.ended_at or now, reverse=True)


def count_looks_due(actor: Actor, on: dt.date) -> int:
    """Return how many looks are due by a day. Names nobody."""
    rows = Watch.objects.visible_to(actor, Permission.CASE_EDIT).exclude(state__in=OVER)
    return int(rows.filter(look_on__lte=on).count())


def watch_page(actor: Actor, watch: Watch) -> WatchPage:
    """Return one watch with what was seen; reading it is an event."""
    note_watch_read(actor, watch)
    looks = list(every_look().filter(watch=watch).order_by("-held_at", "-number"))
    names = staff_names([look.held_by for look in looks])
    said = open_sealed(looks, "seen_words", "finding")
    (ended,) = open_sealed([watch], "end_words")
    return WatchPage(
        watch=watch, row=_rows(actor, [watch])[0], end_words=ended["end_words"] or "",
        looks=[_look(look, words, names) for look, words in zip(looks, said, strict=True)],
    )  # fmt: skip


def note_watch_read(actor: Actor, watch: Watch) -> None:
    """Leave an event: a page names this pupil."""
    note_reading(actor, "crisis.watch.read", subject_kind="student", subject_id=watch.student_id, place=watch.place,
                 county_id=watch.county_id, facts={"watch": str(watch.id)})  # fmt: skip


def _look(look: WatchLook, said: dict[str, str | None], names: dict[UUID, str]) -> LookRow:
    finding = Finding(said["finding"]) if said["finding"] else None
    title = _("Look: {way}").format(way=Way(look.way).label)
    text = " · ".join([finding_words(finding, is_there=True), said["seen_words"] or "",
                       _("next look on {day}").format(day=day_words(look.next_on))])  # fmt: skip
    return LookRow(look.held_at, title, text, names.get(look.held_by, ""), TONES.get(finding, "") if finding else "")


def _rows(actor: Actor, found: Sequence[Watch]) -> list[WatchRow]:
    on, students = today(), [each.student for each in found]
    schools = {student.school_place for student in students}
    names, classes = names_of(students), class_names({student.place for student in students}, on)
    staff = staff_names([each.owner for each in found])
    levels = dict(
        every_attention()
        .filter(student_id__in=[student.id for student in students], ended_at__isnull=True)
        .values_list("student_id", "level")
    )
    leaders = {place: frozenset(staff_who_may(Permission.CASE_EDIT, place, on)) for place in schools}
    least = {place: parameters_for(place, on).clean_looks_to_end for place in schools}
    return [
        WatchRow(
            id=each.id, student_id=each.student_id, name=names[each.student_id],
            class_name=classes.get(each.student.place, ""), level=levels.get(each.student_id, "none"),
            state=each.state, state_words=str(WatchState(each.state).label), looks=each.looks, calm=each.calm,
            calm_at_least=least[each.student.school_place], look_on=each.look_on,
            is_overdue=each.look_on is not None and each.look_on < on, is_over=each.state in OVER,
            end_words=each.get_end_reason_display() if each.end_reason else str(WatchState(each.state).label),
            ended_at=each.ended_at, owner=staff.get(each.owner, ""), is_mine=each.owner == actor.staff_id,
            is_ownerless=each.owner not in leaders[each.student.school_place],
            has_left=each.student.status != StudentStatus.ACTIVE,
        )
        for each in found
    ]  # fmt: skip


def _order(row: WatchRow) -> tuple[bool, bool, dt.date, str, str]:
    return not row.is_signalled, not row.is_overdue, row.look_on or dt.date.max, row.class_name, row.name
