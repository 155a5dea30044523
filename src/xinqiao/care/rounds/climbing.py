"""What happens when a list is not signed in time, or has nobody to sign it: those on the next rung hear of it."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import addresses_of
from xinqiao.care.rounds.models import RoundList
from xinqiao.care.rounds.pupils import counts_at
from xinqiao.care.rounds.recipients import who_hears
from xinqiao.care.rounds.rows import every_list
from xinqiao.care.rounds.states import ListState
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import cancel_deadlines
from xinqiao.register.policy.selectors import parameters_for


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Tell those on the rung that a list's clock climbed to; connected to `clock_climbed`, in its transaction."""
    for climb in climbs:
        if climb.subject_kind == "round_list":
            row = every_list().filter(pk=climb.subject_id, state=ListState.WAITING).first()
            if row is not None:
                _tell(row, climb)


def _tell(row: RoundList, climb: Climb) -> None:
    if not counts_at([row.place])[row.place]:
        _drop(row, climb)
        return
    on = timezone.localtime(climb.at).date()
    ladder = parameters_for(row.place, on).round_rules.ladder
    people = who_hears((climb.recipients, *ladder[climb.rung + 1 :], *reversed(ladder)), row.place, on)
    every_list().filter(pk=row.pk).update(rung=climb.rung)
    sent = post_messages(addresses_of(people, row.place), about_kind="round", about_id=row.id, at=climb.at)
    record(
        "rounds.list.climbed", subject_kind="class", subject_id=row.class_id, place=row.place, county_id=row.county_id,
        facts={"rung": climb.rung, "told": len(people), "sent": sent, "due_at": climb.due_at.isoformat()},
    )  # fmt: skip
    if climb.rung >= len(ladder) - 1:
        # Everybody has heard once: it stays late on their pages, and nobody is written to every day of a vacation.
        cancel_deadlines(row.id, at=climb.at, reason="last_rung", kind=ROUND)


def _drop(row: RoundList, climb: Climb) -> None:
    """Nobody is in the class any more (it was dissolved, or graduated): nobody can be looked at."""
    if every_list().filter(pk=row.pk, state=ListState.WAITING).update(state=ListState.DROPPED):
        cancel_deadlines(row.id, at=climb.at, reason="class_empty", kind=ROUND)
        record("rounds.list.dropped", subject_kind="class", subject_id=row.class_id, place=row.place,
               county_id=row.county_id)  # fmt: skip
