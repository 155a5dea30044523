"""Background work of the register. Arguments are ids only: a task's arguments are stored readable."""

from uuid import UUID

from django_tasks import task

from xinqiao.foundation.access.actors import system_actor
from xinqiao.register.people.roster.running import apply_roster, check_roster, run_by_id
from xinqiao.register.people.services.rosters import CannotImport
from xinqiao.register.people.states import RosterState

ACTOR = system_actor("roster import")


@task(queue_name="imports")
def compare_roster(run_id: str) -> None:
    """Dry run of an uploaded roster; asked twice, it does nothing the second time."""
    run = run_by_id(UUID(run_id))
    if run is not None and run.state == RosterState.UPLOADED:
        check_roster(run, actor=ACTOR)


@task(queue_name="imports")
def write_roster(run_id: str) -> None:
    """Write an accepted roster to its end; if another worker takes it over, leave it to that one."""
    run = run_by_id(UUID(run_id))
    if run is None or run.state != RosterState.APPLYING:
        return
    try:
        apply_roster(run, actor=ACTOR)
    except CannotImport as cannot:
        if cannot.code != "lease_lost":
            raise
