"""Background work of a staff list. Arguments are ids only: a task's arguments are stored readable."""

from uuid import UUID

from django_tasks import task

from xinqiao.foundation.access.actors import system_actor
from xinqiao.register.staffing.running import list_by_id, write_list
from xinqiao.register.staffing.services.lists import CannotImport

ACTOR = system_actor("staff list")


@task(queue_name="imports")
def write_staff(run_id: str) -> None:
    """Write an accepted list to its end; if another worker has it, leave it to that one."""
    run = list_by_id(UUID(run_id))
    if run is None:
        return
    try:
        write_list(run, actor=ACTOR)
    except CannotImport as cannot:
        if cannot.code != "lease_lost":
            raise
