"""At the next school: a file is taken in once, acknowledged once, or sent back with a reason."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.transfers import rules
from xinqiao.care.transfers.clocks import ARRIVAL, stop_taking
from xinqiao.care.transfers.errors import CannotHand, demand_none
from xinqiao.care.transfers.models import Arrival
from xinqiao.care.transfers.parcel import Parcel, read_parcel
from xinqiao.care.transfers.returning import empty_out, give_back, move_handover
from xinqiao.care.transfers.rows import every_arrival
from xinqiao.care.transfers.rules import CALLS_FOR_A_LOOK, CAME_WITH_CASE, CAME_WITH_LEVEL
from xinqiao.care.transfers.states import ArrivalState, HandoverState, arrival_sources_of
from xinqiao.care.transfers.telling import record_here, record_there
from xinqiao.engines.triage import Reason, TriageRules
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed, seal_rows
from xinqiao.foundation.keys.store import destroy_keys
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


@command(Permission.TRANSFER_HAND)
def take_in(school: Unit, *, actor: Actor, pupils: Mapping[UUID, UUID]) -> int:
    """Take files that came into the files of pupils here: by arrival id, the pupil's id. Returns how many.

    What was sent is sealed anew under the pupil's key and the key of the way is destroyed: nobody opens it again.
    Where the school before had set a level or kept a case open, a signal is raised. All or none. Raises CannotHand.
    """
    demand_none([] if pupils else [rules.NOBODY_CHOSEN])
    rows = _locked(school.path, list(pupils))
    found = Student.objects.for_system(reason="body of a command").in_bulk(list(pupils.values()))
    at = now()
    for arrival in rows:
        student = found.get(pupils[arrival.id])
        is_here = student is not None and student.school_place == school.path and student.status == StudentStatus.ACTIVE
        demand_none(rules.refusals_to_take(arrival.state, is_found=is_here))
        assert student is not None
        _take(arrival, student, actor, at)
    return len(rows)


def _locked(place: str, ids: Sequence[UUID]) -> list[Arrival]:
    rows = list(
        every_arrival().filter(pk__in=ids, place=place).select_related("handover")
        .select_for_update(of=("self",)).order_by("id")
    )  # fmt: skip
    if len(rows) != len(ids):
        raise CannotHand([rules.GONE])
    return rows


def _take(arrival: Arrival, student: Student, actor: Actor, at: dt.datetime) -> None:
    old_key = arrival.key_id
    text = open_sealed([arrival], "parcel")[0]["parcel"]
    if text is None:
        raise CannotHand([rules.NOT_WAITING])
    arrival.parcel, arrival.key_id = text, student.key_id
    seal_rows([arrival])
    moved = every_arrival().filter(pk=arrival.pk, state__in=arrival_sources_of(ArrivalState.TAKEN)).update(
        state=ArrivalState.TAKEN, student=student, key_id=student.key_id, parcel=arrival.parcel,
        taken_by=actor.person_id, taken_at=at,
    )  # fmt: skip
    if not moved:
        raise CannotHand([rules.NOT_WAITING])
    destroy_keys([old_key])
    arrival.refresh_from_db()
    move_handover(arrival.handover, HandoverState.TAKEN, refusal=rules.NOT_WAITING)
    record_here(arrival, "transfers.file.taken")
    record_there(arrival.handover, "transfers.file.taken")
    _look_at(arrival, student, read_parcel(text), at)


def _look_at(arrival: Arrival, student: Student, parcel: Parcel, at: dt.datetime) -> None:
    """Whom the school before looked after is looked at here, too: a level stays a person's word, so a signal is raised.

    As urgent as the level there; an open case without a level as urgent as the lowest.
    """
    if parcel.level not in CALLS_FOR_A_LOOK and not parcel.has_case:
        return
    urgency = parcel.level if parcel.level in CALLS_FOR_A_LOOK else CALLS_FOR_A_LOOK[-1]
    reasons = [Reason(CAME_WITH_LEVEL, "", (parcel.level,))] if parcel.level in CALLS_FOR_A_LOOK else []
    reasons += [Reason(CAME_WITH_CASE)] if parcel.has_case else []
    raise_signal(
        student, source=Source.SCHOOL_BEFORE, urgency=urgency, evidence=TriageRules().points_critical_first,
        basis=reasons, origin_kind=ARRIVAL, origin_id=arrival.id, once=f"arrival:{arrival.id}", at=at,
    )  # fmt: skip


@command(Permission.TRANSFER_HAND)
def acknowledge_files(school: Unit, *, actor: Actor, arrival_ids: Sequence[UUID]) -> int:
    """Acknowledge files that were taken in, to the school before; returns how many. Raises CannotHand."""
    demand_none([] if arrival_ids else [rules.NOBODY_CHOSEN])
    rows, at = _locked(school.path, arrival_ids), now()
    for arrival in rows:
        moved = every_arrival().filter(pk=arrival.pk, state__in=arrival_sources_of(ArrivalState.ACKNOWLEDGED)).update(
            state=ArrivalState.ACKNOWLEDGED, ended_by=actor.person_id, ended_at=at
        )  # fmt: skip
        if not moved:
            raise CannotHand([rules.NOT_TAKEN])
        stop_taking(arrival.id, at=at, by=actor.person_id)
        move_handover(arrival.handover, HandoverState.ACKNOWLEDGED, refusal=rules.NOT_WAITING, ended_at=at)
        record_here(arrival, "transfers.file.acknowledged")
        record_there(arrival.handover, "transfers.file.acknowledged")
    return len(rows)


@command(Permission.TRANSFER_HAND)
def decline_file(arrival: Arrival, *, actor: Actor, reason: str) -> Arrival:
    """Send a file back that is not for this school, with a reason; its text is gone here. Raises CannotHand."""
    at = now()
    (locked,) = _locked(arrival.place, [arrival.id])
    demand_none(rules.refusals_to_decline(locked.state, reason))
    handover = locked.handover
    empty_out(locked, ArrivalState.DECLINED, at=at, by=actor.person_id)
    stop_taking(locked.id, at=at, by=actor.person_id)
    give_back(handover, at=at, reason=reason.strip())
    record_here(locked, "transfers.file.declined")
    record_there(handover, "transfers.file.declined")
    return locked
