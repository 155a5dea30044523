"""What happened to one pupil, newest first."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import Attention, Interview, Signal
from xinqiao.care.alerts.selectors.queue import reasons_by_signal
from xinqiao.care.alerts.selectors.reports import words_of_reports
from xinqiao.care.alerts.states import Level, Outcome, TalkKind, Urgency
from xinqiao.care.alerts.wording import short_talk_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class TimelineEvent:
    """One entry as the component `timeline` shows it."""

    at: dt.datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = ""
    url: str = ""


def student_timeline(actor: Actor, student: Student) -> list[TimelineEvent]:
    """Return a pupil's signals, talks and levels, for one who may read the queue there; an audit event."""
    told = (signal_events(actor, student), talk_events(actor, student), level_events(actor, student))
    events = [event for own in told for event in own]
    note_reading(
        actor, "alerts.timeline.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"count": len(events)},
    )  # fmt: skip
    return sorted(events, key=lambda event: event.at, reverse=True)


def signal_events(actor: Actor, student: Student) -> list[TimelineEvent]:
    """Return a pupil's signals; whoever calls leaves the event of reading."""
    rows = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).filter(student_id=student.id)
    signals = list(rows.select_related("student"))
    return _of_signals(signals, actor, staff_names([each.acknowledged_by for each in signals if each.acknowledged_by]))


def talk_events(actor: Actor, student: Student) -> list[TimelineEvent]:
    """Return the talks with a pupil; whoever calls leaves the event of reading."""
    talks = list(Interview.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(student_id=student.id))
    return _of_talks(talks, staff_names([each.held_by for each in talks]))


def level_events(actor: Actor, student: Student, permission: Permission = Permission.QUEUE_VIEW) -> list[TimelineEvent]:
    """Return a pupil's levels with their advice; whoever calls leaves the event of reading."""
    levels = list(Attention.objects.visible_to(actor, permission).filter(student_id=student.id))
    return _of_levels(levels, staff_names([each.set_by for each in levels]))


def _of_signals(signals: list[Signal], actor: Actor, names: dict[UUID, str]) -> list[TimelineEvent]:
    reasons, words, events = reasons_by_signal(signals, actor), words_of_reports(actor, signals), []
    for signal in signals:
        title = _("Signal: {urgency}").format(urgency=Urgency(signal.urgency).label)
        said = (*reasons[signal.id], *filter(None, (words.get(signal.id),)))
        tone = signal.urgency if signal.urgency in ("red", "orange") else ""
        events.append(TimelineEvent(signal.raised_at, title, _joined(said), tone=tone))
        if signal.acknowledged_at:
            who = names.get(signal.acknowledged_by, "") if signal.acknowledged_by else ""
            events.append(TimelineEvent(signal.acknowledged_at, _("Signal taken"), who=who, tone="quiet"))
    return events


def _of_talks(talks: list[Interview], names: dict[UUID, str]) -> list[TimelineEvent]:
    return [
        TimelineEvent(
            at=talk.held_at,
            title=_talk_title(talk),
            text=_talk_text(opened),
            who=names.get(talk.held_by, ""),
        )
        for talk, opened in zip(talks, open_sealed(talks, "note", "asked", "standing"), strict=True)
    ]


def _talk_title(talk: Interview) -> str:
    if talk.kind == TalkKind.PAPER:
        return _("Settled after the second paper: {outcome}").format(outcome=Outcome(talk.outcome).label)
    if talk.kind == TalkKind.ASKED:
        return _("Settled after asking whoever reported it: {outcome}").format(outcome=Outcome(talk.outcome).label)
    if talk.kind == TalkKind.LOT:
        return _("Talk after a draw by lot: {outcome}").format(outcome=Outcome(talk.outcome).label)
    if talk.kind == TalkKind.GATE:
        outcome = Outcome(talk.outcome).label if talk.outcome else _("full interview needed")
        return _("Short talk: {outcome}").format(outcome=outcome)
    return _("Talk: {outcome}").format(outcome=Outcome(talk.outcome).label if talk.outcome else _("undecided"))


def _talk_text(opened: dict[str, str | None]) -> str:
    return _joined(
        tuple(filter(None, (short_talk_words(opened["asked"] or "", opened["standing"] or ""), opened["note"])))
    )


def _of_levels(levels: list[Attention], names: dict[UUID, str]) -> list[TimelineEvent]:
    return [
        TimelineEvent(
            at=row.set_at,
            title=_("Attention level: {level}").format(level=Level(row.level).label),
            text=opened["advice"] or "",
            who=names.get(row.set_by, ""),
        )
        for row, opened in zip(levels, open_sealed(levels, "advice"), strict=True)
    ]


def _joined(words: tuple[str, ...]) -> str:
    return _("; ").join(words)
