"""Whom to talk to first."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors.likelihood import Likelihood, likelihoods
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.services.raising import reasons_of
from xinqiao.care.alerts.states import AT_GATE, URGENCY_ORDER, SignalState, Source, Urgency
from xinqiao.care.alerts.wording import clock_words, reasons_words
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.policy.selectors import parameters_by_place

FAR = 10**9
MINUTES_A_DAY = 1440
MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class QueueRow:
    """One pupil who waits: the most urgent of the open signals, reasons of all of them.

    `minutes_left` and `waits_for` belong to the clock that runs out first; None and "" where none runs. `reasons` are
    phrases; `evidence` (0–100) orders rows of one urgency and is not shown as a number. `likelihood` is None where
    nothing is known of what was flagged, or the reader may not read results.
    """

    signal_id: UUID
    student_id: UUID
    name: str
    class_name: str
    urgency: str
    evidence: int
    reasons: tuple[str, ...]
    minutes_left: int | None
    waits_for: str
    state: str
    state_label: str
    raised_at: dt.datetime
    signals: int
    rung: int
    gate: str = ""
    gate_state: str = ""
    likelihood: Likelihood | None = None


def queue(actor: Actor, now: dt.datetime) -> list[QueueRow]:
    """Return the pupils with open signals whom the actor may see, by urgency, days left, likelihood.

    A pupil all of whose signals wait at the second gate is in `at_the_gate` instead. Reading it is one audit event. The
    number of queries does not depend on the number of rows.
    """
    signals = list(
        Signal.objects.visible_to(actor, Permission.QUEUE_VIEW)
        .exclude(state=SignalState.CLOSED)
        .select_related("student")
        .order_by("raised_at")
    )
    signals = _of_pupils(signals, are_at_gate=False)
    rows = queue_rows(signals, actor, now)
    note_queue_read(actor, "alerts.queue.read", signals, rows)
    return rows


def at_the_gate(actor: Actor, now: dt.datetime) -> list[QueueRow]:
    """Return the pupils all of whose open signals wait at the second gate, whose time runs out first; one event."""
    rows = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).exclude(state=SignalState.CLOSED)
    in_doubt = rows.filter(student_id__in=rows.filter(gate_state__in=AT_GATE).values("student_id"))
    signals = _of_pupils(list(in_doubt.select_related("student").order_by("raised_at")), are_at_gate=True)
    found = queue_rows(signals, actor, now)
    note_queue_read(actor, "alerts.gate.read", signals, found)
    return sorted(found, key=lambda row: (FAR if row.minutes_left is None else row.minutes_left, -row.evidence))


def count_at_the_gate(actor: Actor) -> int:
    """Return how many pupils wait at the second gate alone; a number, no names, so no event."""
    rows = Signal.objects.visible_to(actor, Permission.QUEUE_VIEW).exclude(state=SignalState.CLOSED)
    pupils: dict[UUID, bool] = {}
    for student_id, gate_state in rows.values_list("student_id", "gate_state"):
        pupils[student_id] = pupils.get(student_id, True) and gate_state in AT_GATE
    return sum(pupils.values())


def _of_pupils(signals: Sequence[Signal], *, are_at_gate: bool) -> list[Signal]:
    """Return the signals of those pupils who wait at the gate alone, or of all others."""
    beyond = {signal.student_id for signal in signals if signal.gate_state not in AT_GATE}
    return [signal for signal in signals if (signal.student_id not in beyond) is are_at_gate]


def note_queue_read(actor: Actor, event: str, signals: Sequence[Signal], rows: Sequence[QueueRow]) -> None:
    """Leave the event of reading a list of pupils who wait; nothing for an empty one."""
    if not rows:
        return
    note_reading(
        actor, event, subject_kind="students", place=min(row.student.place for row in signals),
        county_id=signals[0].county_id,
        facts={"count": len(rows), "ids": [str(row.student_id) for row in rows[:MOST_IDS_IN_AUDIT]]},
    )  # fmt: skip


def queue_rows(signals: Sequence[Signal], actor: Actor, now: dt.datetime) -> list[QueueRow]:
    clocks = running_clocks([signal.id for signal in signals], now)
    students = {signal.student_id: signal.student for signal in signals}
    names = names_of(list(students.values()))
    classes = class_names({student.place for student in students.values()}, timezone.localtime(now).date())
    opened = _opened_reasons(signals, actor)
    reasons, likely = _words(signals, opened), likelihoods(signals, opened)
    by_student: dict[UUID, list[Signal]] = {}
    for signal in signals:
        by_student.setdefault(signal.student_id, []).append(signal)
    rows = [
        replace(
            _row(group, clocks, reasons, names[student_id], classes.get(students[student_id].place, "")),
            likelihood=likely.get(student_id),
        )
        for student_id, group in by_student.items()
    ]
    return sorted(rows, key=_order)


def _order(row: QueueRow) -> tuple[int, int, float, int, int, dt.datetime]:
    """Nobody overtakes a clock that runs out on an earlier day: likelihood orders those of one day alone."""
    left = FAR if row.minutes_left is None else row.minutes_left
    share = row.likelihood.share if row.likelihood else 0.0
    return URGENCY_ORDER[Urgency(row.urgency)], left // MINUTES_A_DAY, -share, left, -row.evidence, row.raised_at


def _row(
    group: list[Signal],
    clocks: Mapping[UUID, list[ClockRow]],
    reasons: Mapping[UUID, tuple[str, ...]],
    name: str,
    class_name: str,
) -> QueueRow:
    first = min(group, key=lambda s: (URGENCY_ORDER[Urgency(s.urgency)], -s.evidence, s.raised_at))
    running = sorted((clock for s in group for clock in clocks.get(s.id, [])), key=lambda clock: clock.due_at)
    return QueueRow(
        signal_id=first.id, student_id=first.student_id, name=name, class_name=class_name, urgency=first.urgency,
        evidence=max(s.evidence for s in group),
        reasons=tuple(dict.fromkeys(words for s in group for words in reasons[s.id])),
        minutes_left=running[0].minutes_left if running else None,
        waits_for=clock_words(running[0].kind) if running else "",
        state=first.state, state_label=str(SignalState(first.state).label), raised_at=first.raised_at,
        signals=len(group), gate=first.gate, gate_state=first.gate_state,
        rung=max((clock.rung for clock in running), default=0),
    )  # fmt: skip


def listed_words(places: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what the policy calls what staff can tick, by place and code, in the reader's language."""
    language = get_language() or ""
    return {
        place: {
            **{row.code: row.name.in_language(language) for row in parameters.worry_factors},
            **{row.code: row.name.in_language(language) for row in parameters.worry_observations},
        }
        for place, parameters in parameters_by_place(places, today()).items()
    }


def reasons_by_signal(
    signals: Sequence[Signal], actor: Actor, *, is_whole: bool = False
) -> dict[UUID, tuple[str, ...]]:
    """Return why each signal was raised: the reasons for those who may read results there, else only its source.

    `is_whole` brings somebody's own words, too.
    """
    return _words(signals, _opened_reasons(signals, actor), is_whole=is_whole)


def _opened_reasons(signals: Sequence[Signal], actor: Actor) -> dict[UUID, tuple[Reason, ...]]:
    readable = [s for s in signals if actor.can(Permission.RESULT_FULL, s.student.place)]
    opened = open_sealed(readable, "basis")
    return {s.id: reasons_of(text["basis"]) for s, text in zip(readable, opened, strict=True)}


def _words(
    signals: Sequence[Signal], opened: Mapping[UUID, tuple[Reason, ...]], *, is_whole: bool = False
) -> dict[UUID, tuple[str, ...]]:
    listed = listed_words(signal.student.place for signal in signals if signal.id in opened)
    words = {
        s.id: reasons_words(opened[s.id], listed.get(s.student.place), is_whole=is_whole)
        for s in signals
        if s.id in opened
    }
    return {s.id: words.get(s.id) or (str(Source(s.source).label),) for s in signals}
