"""Calling for a round that no calendar brings: at a school, or at a bureau for every school below it; and taking it
back."""

from django.utils import timezone

from xinqiao.care.rounds import rules
from xinqiao.care.rounds.models import RoundCall
from xinqiao.care.rounds.opening import open_round
from xinqiao.care.rounds.rows import every_call, every_list
from xinqiao.care.rounds.services.lists import CannotNote
from xinqiao.care.rounds.states import ListState
from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import cancel_deadlines
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.selectors import parameters_for


@command(Permission.ROUND_CALL)
def call_round(unit: Unit, *, actor: Actor, window: str, reason: str) -> RoundCall:
    """Call for a round. At a school it opens here and now; below a bureau `follow_calls` opens it school by school.

    Raises CannotNote. The reason names nobody: every class teacher reads it.
    """
    at = now()
    parameters = parameters_for(unit.path, timezone.localtime(at).date())
    chosen = next((each for each in parameters.round_rules.windows if each.code == window), None)
    if chosen is None or chosen.when != "declared":
        raise CannotNote(rules.NO_SUCH_WINDOW)
    if not reason.strip():
        raise CannotNote(rules.NO_REASON)
    call = RoundCall(
        county_id=unit.shard_id, place=unit.path, window=window, reason=reason.strip(), called_by=actor.person_id,
        called_at=at,
    )  # fmt: skip
    call.save(force_insert=True)
    if unit.kind in SCHOOL_KINDS and not open_round(unit, chosen, call.id.hex, parameters=parameters, at=at, call=call):
        raise CannotNote(rules.NOBODY_THERE)
    record("rounds.round.called", subject_kind="call", subject_id=call.id, place=call.place, county_id=call.county_id,
           facts={"window": window})  # fmt: skip
    return call


@command(Permission.ROUND_CALL)
def withdraw_call(call: RoundCall, *, actor: Actor) -> int | Unchanged:
    """Take a call of the own unit back: lists that are not signed are no longer asked; return how many. What was
    signed stays. A bureau does not take back what a school called for: Forbidden."""
    if call.place not in actor.places(Permission.ROUND_CALL):
        raise Forbidden(Permission.ROUND_CALL, call.place)
    at = now()
    open_calls = every_call().filter(pk=call.pk, withdrawn_at__isnull=True)
    if not open_calls.update(withdrawn_at=at, withdrawn_by=actor.person_id):
        return Unchanged("withdrawn_already")
    waiting = every_list().filter(round__call=call, state=ListState.WAITING)
    ids = list(waiting.values_list("pk", flat=True))
    every_list().filter(pk__in=ids, state=ListState.WAITING).update(state=ListState.DROPPED)
    for list_id in ids:
        cancel_deadlines(list_id, at=at, reason="withdrawn", kind=ROUND)
    record("rounds.round.withdrawn", subject_kind="call", subject_id=call.id, place=call.place,
           county_id=call.county_id, facts={"lists": len(ids)})  # fmt: skip
    return len(ids)
