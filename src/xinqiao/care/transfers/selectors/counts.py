"""How far files are handed over, school by school: for heads and bureaus. Names nobody."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.states import TO_DECIDE, UNDER_WAY, HandoverState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.people.sorting import sound_order

COUNT = Permission.TRANSFER_COUNT


@dataclass(frozen=True)
class SchoolCount:
    """One school in numbers. The share handed over is of those who left and did not come back, without those kept."""

    id: UUID
    name: str
    left: int
    handed: int
    acknowledged: int
    kept: int
    to_decide: int
    late: int
    came: int
    came_late: int

    @property
    def percent(self) -> int | None:
        """Return the share of files that were acknowledged, of all that had to go; None where none had to."""
        due = self.left - self.kept
        return round(100 * self.acknowledged / due) if due else None


def counts_by_school(actor: Actor) -> list[SchoolCount]:
    """Return the numbers of every school that the actor counts, by name; two queries and one for the names."""
    at = now()
    by_school: dict[str, Counter[str]] = defaultdict(Counter)
    left = Handover.objects.visible_to(actor, COUNT).exclude(state=HandoverState.BACK).order_by()
    for place, state, count, late in left.values_list("place", "state").annotate(
        count=Count("id"), late=Count("id", filter=Q(due_at__lt=at))
    ):
        by_school[place][state] += count
        by_school[place]["late"] += late if state in TO_DECIDE else 0
    came = Arrival.objects.visible_to(actor, COUNT).filter(state__in=UNDER_WAY).order_by()
    late_ones = Count("id", filter=Q(due_at__lt=at))
    for place, count, late in came.values_list("place").annotate(count=Count("id"), late=late_ones):
        by_school[place]["came"] += count
        by_school[place]["came_late"] += late
    units = units_by_path(by_school)
    note_reading(actor, "transfers.counts.read", subject_kind="unit", place=min(by_school, default=""))
    found = [_row(units[place], counts) for place, counts in by_school.items() if place in units]
    return sorted(found, key=lambda row: sound_order(row.name))


def _row(unit: Unit, counts: Counter[str]) -> SchoolCount:
    states = {state: counts[state] for state in HandoverState.values}
    return SchoolCount(
        id=unit.id, name=unit.name, left=sum(states.values()), acknowledged=states["done"], kept=states["kept"],
        handed=states["sent"] + states["taken"] + states["done"], to_decide=sum(states[each] for each in TO_DECIDE),
        late=counts["late"], came=counts["came"], came_late=counts["came_late"],
    )  # fmt: skip
