"""What the policy asks for the pupils of the register in the present term, school by school, and how far it is.

Measured as S2a-3.3h says: special pupils assessed in the term of all special pupils.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.screening.cadence import DueState
from xinqiao.care.screening.disclosure import coarse_share
from xinqiao.care.screening.models import OF_EVERYONE, Campaign
from xinqiao.care.screening.register_cadence import Told, days_of_term, fewest, state_of, told
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.care.support.selectors.members import members_by_school
from xinqiao.care.support.selectors.terms import Span, terms_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.selectors import parameters_by_place

_REASON = "whether pupils of the register were screened, counted for the school's psychology teachers and the clock"


@dataclass(frozen=True)
class RegisterDue:
    """One school in the present term, in pupils: `assessed` of `members` have handed in. For its keepers.

    `has_term` is false where no calendar says which term it is; then nothing is due.
    """

    unit: Unit
    members: int
    assessed: int
    due_on: dt.date | None
    state: DueState
    has_term: bool


@dataclass(frozen=True)
class RegisterTold:
    """What is said of some schools above them: each one's standing, and a share only where it speaks of many."""

    schools: tuple[tuple[str, Told], ...]
    share: int | None


def register_due_for(actor: Actor, on: dt.date) -> list[RegisterDue]:
    """Return the schools whose register the actor keeps."""
    return register_due(units_for(actor, Permission.REGISTER_VIEW, *SCHOOL_KINDS), on)


def register_told(actor: Actor, on: dt.date) -> RegisterTold:
    """Return what may be said of the schools whose coverage the actor sees, to whoever is not to know the register."""
    rows = register_due(units_for(actor, Permission.COVERAGE_VIEW, *SCHOOL_KINDS), on)
    assessed, members = sum(row.assessed for row in rows), sum(row.members for row in rows)
    # No school's own count is ever shown, so the share over all is said in steps.
    share = coarse_share(assessed, members)
    schools = sorted(((row.unit.name, told(row.state)) for row in rows if row.has_term), key=_pressing)
    return RegisterTold(tuple(schools), share)


def _pressing(row: tuple[str, Told]) -> tuple[int, str]:
    return [Told.LATE, Told.SOON, Told.NOTHING].index(row[1]), row[0]


def register_due(schools: Sequence[Unit], on: dt.date) -> list[RegisterDue]:
    """Return what is asked of some schools; the number of queries does not depend on how many."""
    if not schools:
        return []
    places = [school.path for school in schools]
    members, rules, terms = members_by_school(places), parameters_by_place(places, on), terms_at(places, on)
    asked = _asked(places, terms)
    rows = []
    for school in schools:
        own, rule, term = members[school.path], rules[school.path], terms.get(school.path)
        found = asked[school.path]
        handed_in = sum(found.handed_in[member] > 0 for member in own)
        if term is None:
            rows.append(RegisterDue(school, len(own), 0, None, DueState.DONE, has_term=False))
            continue
        times = rule.register_times_per_term
        days = days_of_term(times, term, rule.register_due_days)
        due_on, state = state_of(
            fewest(own, found.settled, times), days, on, rule.remind_days_before, is_running=found.is_running
        )
        rows.append(RegisterDue(school, len(own), handed_in, due_on, state, has_term=True))
    return rows


class _Asked:
    """What was asked of the pupils of one school this term: by pupil how many sheets, how many settled screenings."""

    def __init__(self) -> None:
        self.handed_in: Counter[UUID] = Counter()
        self.settled: Counter[UUID] = Counter()
        self.is_running = False


def _asked(places: Sequence[str], terms: Mapping[str, Span]) -> dict[str, _Asked]:
    """A screening belongs to the term in which it opens; one that ended settles also who has a reason why not."""
    found: dict[str, _Asked] = defaultdict(_Asked)
    launched = Campaign.objects.for_system(reason=_REASON).filter(place__in=list(places), launched_at__isnull=False)
    own: dict[UUID, Campaign] = {}
    for campaign in launched:
        term = terms.get(campaign.place)
        if term is not None and term[0] <= _day(campaign) < term[1]:
            own[campaign.id] = campaign
            if campaign.state == CampaignState.OPEN and campaign.register != OF_EVERYONE:
                found[campaign.place].is_running = True
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id__in=list(own), state__in=(SittingState.SUBMITTED, SittingState.EXCUSED)
    )
    best: dict[tuple[UUID, UUID], str] = {}
    for origin_id, student_id, state in sittings.values_list("origin_id", "student_id", "state"):
        if best.get((origin_id, student_id)) != SittingState.SUBMITTED:
            best[origin_id, student_id] = state
    for (origin_id, student_id), state in best.items():
        campaign = own[origin_id]
        school = found[campaign.place]
        is_in = state == SittingState.SUBMITTED
        school.handed_in[student_id] += is_in
        school.settled[student_id] += is_in or campaign.state == CampaignState.CLOSED
    return found


def _day(campaign: Campaign) -> dt.date:
    return timezone.localtime(campaign.opens_at).date()
