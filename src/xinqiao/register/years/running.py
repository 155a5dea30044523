"""Writing an accepted turn to its end: by a background task and, after a crash, by the clock. Whoever calls last takes
the turn over; whoever had it stops at the next step."""

import secrets
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.years.models import TurnStep, YearTurn
from xinqiao.register.years.services.turns import CannotTurn, apply_step, begin_writing, finish_turn
from xinqiao.register.years.states import TurnState

_WHY = "work on a turn by its id"


def turn_by_id(turn_id: UUID) -> YearTurn | None:
    """Return a turn, for the background only: pages ask `visible_to`."""
    found: YearTurn | None = YearTurn.objects.for_system(reason=_WHY).filter(pk=turn_id).first()
    return found


def write_turn(turn: YearTurn, *, actor: Actor) -> None:
    """Write what is not written yet, step by step, and finish; before its day nothing happens."""
    if turn.state == TurnState.ACCEPTED:
        if turn.on > today():
            return
        begin_writing(turn, actor=actor)
    token = take_over(turn)
    steps = TurnStep.objects.for_system(reason=_WHY).filter(turn=turn, done_at=None).select_related("turn")
    for step in list(steps.order_by("number")):
        apply_step(step, actor=actor, token=token)
    finish_turn(turn, actor=actor, token=token)


def take_over(turn: YearTurn) -> str:
    """Take the lease of a turn that is being written and return its token."""
    token = secrets.token_hex(16)
    rows = YearTurn.objects.for_system(reason=_WHY).filter(pk=turn.pk, state=TurnState.WRITING)
    if not rows.update(token=token, worked_at=now()):
        raise CannotTurn("lease_lost")
    return token
