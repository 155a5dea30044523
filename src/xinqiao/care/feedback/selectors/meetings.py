"""Meetings of a school, and one meeting as each reader may see it."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.feedback.colleagues import colleagues_at, missing_roles
from xinqiao.care.feedback.models import AgendaItem, Decision, Meeting
from xinqiao.care.feedback.states import DecisionState, MeetingState
from xinqiao.care.feedback.wording import why_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.named import WORDS
from xinqiao.register.duty.selectors import staff_with_role
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.policy.selectors import parameters_for
from xinqiao.register.policy.wording import recipient_words

MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list; names nobody of the pupils."""

    id: UUID
    school: str
    state: str
    state_words: str
    due_on: dt.date
    held_at: dt.datetime | None
    is_overdue: bool
    items: int
    decisions: int
    open_decisions: int


def meeting_rows(actor: Actor) -> list[MeetingRow]:
    """Return the meetings of the reader's schools, what is ahead first."""
    rows = Meeting.objects.visible_to(actor, Permission.MEETING_ATTEND).annotate(
        pupils=Count("items", distinct=True), decided=Count("decisions", distinct=True),
        undone=Count("decisions", distinct=True, filter=Q(decisions__state=DecisionState.OPEN)),
    )  # fmt: skip
    found = list(rows.order_by("-due_on", "-called_at"))
    schools = units_by_path([row.place for row in found])
    shown = [
        MeetingRow(
            id=row.id, school=schools[row.place].name if row.place in schools else "", state=row.state,
            state_words=str(MeetingState(row.state).label), due_on=row.due_on, held_at=row.held_at,
            is_overdue=is_overdue(row), items=row.pupils, decisions=row.decided, open_decisions=row.undone,
        )
        for row in found
    ]  # fmt: skip
    return sorted(shown, key=lambda row: row.state == MeetingState.HELD)


def is_overdue(meeting: Meeting) -> bool:
    """Should it have been held by now?"""
    return meeting.state != MeetingState.HELD and meeting.due_on < today()


def count_due(actor: Actor) -> int:
    """Return how many meetings of the reader's schools are due within a week, or overdue."""
    rows = Meeting.objects.visible_to(actor, Permission.MEETING_HOLD).exclude(state=MeetingState.HELD)
    return int(rows.filter(due_on__lte=today() + dt.timedelta(days=7)).count())


def find_meeting(actor: Actor, permission: Permission, meeting_id: UUID) -> Meeting | None:
    """Return a meeting that the reader may reach; None otherwise."""
    found: Meeting | None = Meeting.objects.visible_to(actor, permission).filter(pk=meeting_id).first()
    return found


def find_item(actor: Actor, item_id: UUID) -> AgendaItem | None:
    """Return one pupil of an agenda, for whoever holds the meeting."""
    rows = AgendaItem.objects.visible_to(actor, Permission.MEETING_HOLD).select_related("student", "meeting")
    found: AgendaItem | None = rows.filter(pk=item_id).first()
    return found


@dataclass(frozen=True)
class ItemLine:
    """One pupil on the agenda. Of a class teacher's own pupils level and advice alone; `why` and `words` are empty."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    level: str
    why: tuple[str, ...]
    looked_at: bool
    words: str
    advice: str


@dataclass(frozen=True)
class DecisionLine:
    """One task that was decided."""

    id: UUID
    what: str
    about: str
    owner: str
    due_on: dt.date
    is_open: bool
    is_overdue: bool
    done_words: str


@dataclass(frozen=True)
class MeetingPage:
    """One meeting as a reader may see it; `may_hold` says whether as whoever holds it."""

    meeting: Meeting
    school: str
    state_words: str
    is_overdue: bool
    may_hold: bool
    leader: str
    leads_by_role: tuple[str, ...]
    items: Sequence[ItemLine]
    decisions: Sequence[DecisionLine]
    people: tuple[str, ...]
    missing: tuple[str, ...]
    wanted: tuple[str, ...]
    words: str
    held_by: str

    @property
    def unseen(self) -> int:
        return sum(not item.looked_at for item in self.items)


def meeting_page(actor: Actor, meeting: Meeting, *, event: str = "feedback.meeting.read") -> MeetingPage:
    """Return one meeting: for whoever holds it all of it, for others their own pupils; reading it is an audit event."""
    may_hold, rules = actor.can(Permission.MEETING_HOLD, meeting.place), parameters_for(meeting.place, today()).meetings
    items = _items(actor, meeting, may_hold=may_hold)
    note_reading(
        actor, event, subject_kind="students", place=meeting.place, county_id=meeting.county_id,
        facts={"count": len(items), "ids": [str(item.student_id) for item in items[:MOST_IDS_IN_AUDIT]],
               "meeting": str(meeting.id)},
    )  # fmt: skip
    present = [UUID(each) for each in json.loads(meeting.present)]
    names = staff_names([each for each in (*present, meeting.led_by, meeting.held_by) if each])
    (said,) = open_sealed([meeting], "words", "others") if may_hold else [{"words": "", "others": ""}]
    school = units_by_path([meeting.place]).get(meeting.place)
    is_held = meeting.state == MeetingState.HELD
    missing = missing_roles(rules.present, present, colleagues_at(meeting.place, today())) if is_held else ()
    return MeetingPage(
        meeting=meeting, school=school.name if school else "", state_words=str(MeetingState(meeting.state).label),
        is_overdue=is_overdue(meeting), may_hold=may_hold,
        leader=names.get(meeting.led_by, "") if meeting.led_by else "", leads_by_role=_leads(meeting, rules.led_by),
        items=items, decisions=_decisions(actor, meeting, items) if may_hold else (),
        people=(*(names[each] for each in present if each in names), *_lines(said["others"])),
        missing=tuple(recipient_words(word) for word in missing),
        wanted=tuple(recipient_words(word) for word in rules.present), words=said["words"] or "",
        held_by=names.get(meeting.held_by, "") if meeting.held_by else "",
    )  # fmt: skip


def _leads(meeting: Meeting, words: Sequence[str]) -> tuple[str, ...]:
    """Who leads by the rules where nobody was named: the holders of the role."""
    if meeting.led_by is not None:
        return ()
    ids = [each for word in words for each in staff_with_role(Role(WORDS[word][0]), meeting.place, today())]
    names = staff_names(ids)
    return tuple(dict.fromkeys(names[each] for each in ids if each in names))


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _items(actor: Actor, meeting: Meeting, *, may_hold: bool) -> list[ItemLine]:
    permission = Permission.MEETING_HOLD if may_hold else Permission.MEETING_ATTEND
    rows = AgendaItem.objects.visible_to(actor, permission).filter(meeting=meeting).select_related("student")
    found = list(rows)
    students = [row.student for row in found]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    now_levels = levels_of([each.id for each in students]) if not may_hold else {}
    blank = [{"why": "[]", "words": ""} for _row in found]
    opened = open_sealed(found, "why", "words") if may_hold else blank
    lines = [
        ItemLine(
            id=row.id, student_id=row.student_id, name=names[row.student_id],
            class_name=classes.get(row.student.place, ""),
            level=(row.level if may_hold else now_levels.get(row.student_id, ("", ""))[0]) or "none",
            why=tuple(why_words(each) for each in json.loads(said["why"] or "[]")), looked_at=row.looked_at,
            words=said["words"] or "", advice=now_levels.get(row.student_id, ("", ""))[1],
        )
        for row, said in zip(found, opened, strict=True)
    ]  # fmt: skip
    order = {"red": 0, "orange": 1, "yellow": 2}
    return sorted(lines, key=lambda line: (order.get(line.level, 3), line.class_name, line.name))


def _decisions(actor: Actor, meeting: Meeting, items: Sequence[ItemLine]) -> list[DecisionLine]:
    found = list(
        Decision.objects.visible_to(actor, Permission.MEETING_HOLD).filter(meeting=meeting).order_by("written_at", "id")
    )
    names, about = staff_names([row.owner for row in found]), {item.id: item.name for item in items}
    return [
        DecisionLine(
            id=row.id, what=said["what"] or "", about=about.get(row.item_id, "") if row.item_id else "",
            owner=names.get(row.owner, ""), due_on=row.due_on, is_open=row.state == DecisionState.OPEN,
            is_overdue=row.state == DecisionState.OPEN and row.due_on < today(), done_words=said["done_words"] or "",
        )
        for row, said in zip(found, open_sealed(found, "what", "done_words"), strict=True)
    ]  # fmt: skip
