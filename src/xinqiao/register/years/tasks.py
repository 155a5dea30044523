"""Background work of a turn. Arguments are ids only: a task's arguments are stored readable."""

from uuid import UUID

from django_tasks import task

from xinqiao.foundation.access.actors import system_actor
from xinqiao.register.years.running import turn_by_id, write_turn
from xinqiao.register.years.services.turns import CannotTurn
from xinqiao.register.years.states import TurnState

ACTOR = system_actor("turn of the school year")


@task(queue_name="imports")
def turn_year(turn_id: str) -> None:
    """Write an accepted turn to its end; if another worker has it, leave it to that one."""
    turn = turn_by_id(UUID(turn_id))
    if turn is None or turn.state not in (TurnState.ACCEPTED, TurnState.WRITING):
        return
    try:
        write_turn(turn, actor=ACTOR)
    except CannotTurn as cannot:
        if cannot.code not in ("lease_lost", "wrong_state"):
            raise
