"""The analysis meeting: who leads it, opening it with its agenda, what was looked at, what was decided, closing it."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.feedback import rules
from xinqiao.care.feedback.calling import agenda_of, call_next, record_meeting
from xinqiao.care.feedback.colleagues import colleagues_at, may_lead
from xinqiao.care.feedback.models import AgendaItem, Decision, Meeting
from xinqiao.care.feedback.rows import every_decision, every_item, every_meeting
from xinqiao.care.feedback.states import DecisionState, MeetingState
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.register.deadlines.kinds import DECISION, MEETING
from xinqiao.register.deadlines.services.clocks import meet_deadline, start_deadline
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class DecisionDraft:
    """What was decided: the task, who does it, until when, and about which pupil of the agenda (None: nobody's)."""

    what: str
    owner: UUID
    due_on: dt.date
    item_id: UUID | None = None


@dataclass(frozen=True)
class ClosingDraft:
    """Who sat (staff ids, and others in words), and what was looked at beyond single pupils."""

    present: tuple[UUID, ...]
    words: str
    others: str = ""


@command(Permission.MEETING_HOLD)
def name_leader(meeting: Meeting, *, actor: Actor, to: UUID) -> Meeting | Unchanged:  # noqa: ARG001 - asked by @command
    """Name who leads the meeting, of those who may hold it. Raises CannotDo."""
    if meeting.led_by == to:
        return Unchanged("leads_already")
    rules.demand("" if to in may_lead(meeting.place, today()) else rules.NOT_OF_THE_SCHOOL)
    rows = every_meeting().filter(pk=meeting.pk).exclude(state=MeetingState.HELD)
    rules.demand("" if rows.update(led_by=to) else rules.HELD_ALREADY)
    record_meeting(meeting, "feedback.meeting.led", to=str(to))
    return meeting


@command(Permission.MEETING_HOLD)
def open_meeting(meeting: Meeting, *, actor: Actor) -> Meeting | Unchanged:
    """Open a meeting: the agenda is what is open at this moment, and stays as it is. Of two at once one opens it."""
    at = now()
    rows = every_meeting().filter(pk=meeting.pk, state=MeetingState.CALLED)
    if not rows.update(state=MeetingState.OPEN, opened_at=at, opened_by=actor.person_id):
        return Unchanged("opened_already")
    found = agenda_of(meeting.place, at)
    students = Student.objects.for_system(reason="agenda of a meeting that is being opened").filter(pk__in=found)
    levels = levels_of(list(found))
    items = [
        AgendaItem(
            county_id=meeting.county_id, place=student.place, meeting=meeting, student=student, key_id=student.key_id,
            level=levels.get(student.id, ("", ""))[0], why=json.dumps(found[student.id]),
        )
        for student in students
    ]  # fmt: skip
    seal_rows(items)
    every_item().bulk_create(items)
    meeting.refresh_from_db()
    record_meeting(meeting, "feedback.meeting.opened", count=len(items))
    return meeting


@command(Permission.MEETING_HOLD)
def note_item(item: AgendaItem, *, actor: Actor, words: str) -> AgendaItem:  # noqa: ARG001 - asked by @command
    """Note what was said of one pupil, while the meeting is under way; noting again replaces it. Raises CannotDo."""
    rules.demand(rules.NO_WORDS if len(words.strip()) < rules.SHORTEST else "")
    meeting = _under_way(item.meeting_id)
    item.words = words.strip()
    seal_rows([item])
    every_item().filter(pk=item.pk).update(words=item.words, looked_at=True)
    item.refresh_from_db()
    record("feedback.item.noted", subject_kind="student", subject_id=item.student_id, place=item.place,
           county_id=item.county_id, facts={"meeting": str(meeting.id)})  # fmt: skip
    return item


@command(Permission.MEETING_HOLD)
def record_decision(meeting: Meeting, *, actor: Actor, draft: DecisionDraft) -> Decision | Unchanged:  # noqa: ARG001 - asked by @command
    """Note what was decided, with an owner and a day; its clock begins. Raises CannotDo."""
    at, found = now(), colleagues_at(meeting.place, today())
    rules.demand(
        rules.NO_WORDS if len(draft.what.strip()) < rules.SHORTEST else "",
        "" if draft.owner in found else rules.NOT_OF_THE_SCHOOL,
        rules.DAY_NOT_AHEAD if draft.due_on < today() else "",
    )
    _under_way(meeting.pk)
    item = every_item().filter(pk=draft.item_id, meeting=meeting).first() if draft.item_id else None
    if item is None:
        _demand_nameless(meeting, draft.what)
    same = every_decision().filter(meeting=meeting, item=item, owner=draft.owner, due_on=draft.due_on)
    row = Decision(
        county_id=meeting.county_id, place=found[draft.owner].place, meeting=meeting, item=item,
        key_id=item.key_id if item else meeting.key_id, what=draft.what.strip(), owner=draft.owner,
        due_on=draft.due_on, written_at=at,
    )  # fmt: skip
    if _twin(list(same), draft.what.strip()):
        return Unchanged("decided_already")
    row.save(force_insert=True)
    start_deadline(
        DECISION, subject_kind="decision", subject_id=row.id, place=meeting.place, county_id=meeting.county_id,
        urgency="yellow", parameters=parameters_for(meeting.place, today()), began_at=at,
        due_at=end_of_day(draft.due_on, zone()),
    )  # fmt: skip
    record_meeting(meeting, "feedback.decision.written", decision=str(row.id))
    return row


def _twin(rows: list[Decision], what: str) -> Decision | None:
    """The same task noted a moment ago: a second click changes nothing."""
    opened = open_sealed(rows, "what")
    return next((row for row, said in zip(rows, opened, strict=True) if said["what"] == what), None)


def _under_way(meeting_id: UUID) -> Meeting:
    """Lock the meeting: whoever notes and whoever closes it come one after the other. Raises CannotDo."""
    row = every_meeting().select_for_update().filter(pk=meeting_id, state=MeetingState.OPEN).first()
    if row is None:
        raise rules.CannotDo(rules.HELD_ALREADY)
    return row


def _demand_nameless(meeting: Meeting, words: str) -> None:
    students = [item.student for item in every_item().filter(meeting=meeting).select_related("student")]
    spots = tuple(name for name in names_of(students).values() if len(name) > 1 and name in words)
    if spots:
        raise rules.CannotDo(rules.NAMES_A_PUPIL, spots=spots)


@command(Permission.MEETING_HOLD)
def close_meeting(meeting: Meeting, *, actor: Actor, draft: ClosingDraft) -> Meeting:
    """Close a meeting: its clock is met, the minutes stand, and the next one is dated. Raises CannotDo."""
    at, found = now(), colleagues_at(meeting.place, today())
    row = _under_way(meeting.pk)
    unseen = every_item().filter(meeting=row, looked_at=False).count()
    unknown = [each for each in draft.present if each not in found]
    rules.demand(
        *rules.refusals_to_close(
            present=len(draft.present), unknown=len(unknown), unseen=unseen, words=draft.words
        )
    )  # fmt: skip
    _demand_nameless(row, draft.words)
    row.words, row.others = draft.words.strip(), draft.others.strip() or None
    seal_rows([row])
    every_meeting().filter(pk=row.pk, state=MeetingState.OPEN).update(
        state=MeetingState.HELD, held_at=at, held_by=actor.person_id, words=row.words, others=row.others,
        present=json.dumps([str(each) for each in dict.fromkeys(draft.present)]),
    )  # fmt: skip
    meet_deadline(MEETING, row.id, at=at, by=actor.staff_id)
    record_meeting(row, "feedback.meeting.held", people=len(set(draft.present)))
    school = Unit.objects.get(pk=row.school_id)
    call_next(school, after=timezone.localtime(at).date(), at=at, led_by=row.led_by)
    row.refresh_from_db()
    return row


@command(Permission.FEEDBACK_OWN)
def finish_decision(decision: Decision, *, actor: Actor, words: str) -> Decision | Unchanged:
    """Note that a task was done: by its owner, or by whoever holds the meetings of the school. Raises CannotDo."""
    may = decision.owner == actor.staff_id or actor.can(Permission.MEETING_HOLD, decision.place)
    rules.demand("" if may else rules.NOT_OF_THE_SCHOOL, rules.NO_WORDS if len(words.strip()) < rules.SHORTEST else "")
    at = now()
    decision.done_words = words.strip()
    seal_rows([decision])
    rows = every_decision().filter(pk=decision.pk, state=DecisionState.OPEN)
    if not rows.update(state=DecisionState.DONE, done_at=at, done_by=actor.person_id, done_words=decision.done_words):
        return Unchanged("done_already")
    meet_deadline(DECISION, decision.pk, at=at, by=actor.staff_id)
    decision.refresh_from_db()
    record("feedback.decision.done", subject_kind="meeting", subject_id=decision.meeting_id, place=decision.place,
           county_id=decision.county_id, facts={"decision": str(decision.id)})  # fmt: skip
    return decision
