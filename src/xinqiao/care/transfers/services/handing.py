"""At the school that was left: a file is sent, kept with a reason, called back; consent that came on paper is noted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.transfers import rules
from xinqiao.care.transfers.clocks import (
    drop,
    due_to_take,
    rules_for,
    start_taking,
    stop_handing,
)
from xinqiao.care.transfers.composing import compose, going
from xinqiao.care.transfers.errors import CannotHand, demand_none
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.parcel import parcel_text
from xinqiao.care.transfers.returning import empty_out, give_back, move_handover
from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.states import ArrivalState, HandoverState
from xinqiao.care.transfers.telling import record_here, record_there
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.rules import ConsentState
from xinqiao.register.people.selectors.consent import consent_state, current_form
from xinqiao.register.people.services.consents import CannotRecord, write_decision
from xinqiao.register.people.states import Purpose
from xinqiao.register.policy.transfer_rules import TransferRules


@command(Permission.TRANSFER_HAND)
def send_files(school: Unit, *, actor: Actor, targets: Mapping[UUID, Unit]) -> int:
    """Send the files of pupils who left a school: by handover id, to which school. Returns how many left.

    What goes is chosen by the pack's rule and by consent, one pupil at a time; all leave or none. Raises CannotHand.
    """
    demand_none([] if targets else [rules.NOBODY_CHOSEN])
    rows, at = _locked(school, list(targets)), now()
    pack, form = rules_for(school.path, at).transfers, current_form(school.path, Purpose.TRANSFER)
    consent = consent_state([row.student for row in rows], form, today()) if form is not None else {}
    for handover in rows:
        _send(handover, school, targets[handover.id], actor, at, pack=pack, consent=consent.get(handover.student_id))
    for target in {unit.id: unit for unit in targets.values()}.values():
        send_neutral_word(("psychology_teachers",), (), target.path, about_kind="unit", about_id=target.id, at=at)
    return len(rows)


def _locked(school: Unit, ids: Sequence[UUID]) -> list[Handover]:
    rows = list(
        every_handover().filter(pk__in=ids, place=school.path).select_related("student")
        .select_for_update(of=("self",)).order_by("id")
    )  # fmt: skip
    if len(rows) != len(ids):
        raise CannotHand([rules.GONE])
    return rows


def _send(
    handover: Handover, school: Unit, target: Unit, actor: Actor, at: dt.datetime, *, pack: TransferRules,
    consent: ConsentState | None,
) -> None:  # fmt: skip
    demand_none(rules.refusals_to_send(handover.state, consent, has_school=True, is_same=target.path == handover.place))
    codes = rules.chosen_sections(pack.minimum, pack.by_consent, consent)
    parts = going(actor, handover.student, codes, pack.minimum)
    arrival = Arrival(
        handover=handover, county_id=target.shard_id, place=target.path, from_id=school.id,
        key_id=new_key(SubjectKind.STUDENT), parcel=parcel_text(compose(handover, school, parts)),
        arrived_at=at, due_at=due_to_take(target.path, at),
    )  # fmt: skip
    move_handover(
        handover, HandoverState.SENT, target_id=target.id, sections=",".join(part.code for part in parts),
        has_consent=consent == "given", decided_by=actor.person_id, decided_at=at, reason=None,
    )  # fmt: skip
    arrival.save(force_insert=True)
    stop_handing(handover.id, at=at, by=actor.person_id)
    start_taking(arrival, at=at)
    record_there(handover, "transfers.file.sent", sections=[part.code for part in parts], consent=consent == "given")
    record_here(arrival, "transfers.file.arrived")


@command(Permission.TRANSFER_HAND)
def keep_files(school: Unit, *, actor: Actor, handover_ids: Sequence[UUID], reason: str) -> int:
    """Note why files are not handed over; returns how many. Raises CannotHand."""
    demand_none([] if handover_ids else [rules.NOBODY_CHOSEN])
    rows, at = _locked(school, handover_ids), now()
    for handover in rows:
        demand_none(rules.refusals_to_keep(handover.state, reason))
        handover.reason = reason.strip()
        seal_rows([handover])
        move_handover(handover, HandoverState.KEPT, reason=handover.reason, decided_by=actor.person_id, decided_at=at,
              ended_at=at)  # fmt: skip
        stop_handing(handover.id, at=at, by=actor.person_id)
        record_there(handover, "transfers.file.kept")
    return len(rows)


@command(Permission.TRANSFER_HAND)
def recall_file(handover: Handover, *, actor: Actor) -> Handover:
    """Call a file back that nobody has taken in yet: it is destroyed there, and to be decided on again here.

    Raises CannotHand.
    """
    at = now()
    arrival = (
        every_arrival().filter(handover=handover, state=ArrivalState.WAITING).select_for_update(of=("self",)).first()
    )
    if arrival is None:
        raise CannotHand([rules.NOT_WAITING])
    empty_out(arrival, ArrivalState.RECALLED, at=at, by=actor.person_id)
    drop(arrival.id, at=at, reason="recalled")
    give_back(handover, at=at)
    record_here(arrival, "transfers.file.recalled")
    record_there(handover, "transfers.file.recalled")
    return handover


@command(Permission.TRANSFER_HAND)
def note_consent(handover: Handover, *, actor: Actor, decision: str, given_by: str) -> Handover:
    """Keep what a guardian (or the pupil) decided on paper on handing the file over, after the pupil left.

    Raises CannotHand: no form is published, or the pupil is too young to decide.
    """
    student = handover.student
    form = current_form(student.place, Purpose.TRANSFER)
    if form is None:
        raise CannotHand([rules.NO_FORM])
    try:
        write_decision(student, form, actor=actor, decision=decision, given_by=given_by)
    except CannotRecord:
        raise CannotHand([rules.TOO_YOUNG]) from None
    return handover
