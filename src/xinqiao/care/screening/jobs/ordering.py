"""Making the plans of an order at its schools, in short transactions, and keeping what the bureau sees of them fresh.
Whatever is left undone by a crash is done at the next run.
"""

import datetime as dt
import json
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from xinqiao.care.screening.models import Campaign, OrderedSchool, ScreeningOrder
from xinqiao.care.screening.ordering import missing_text, proposed_days
from xinqiao.care.screening.recipients import addresses_at
from xinqiao.care.screening.rules import SCHOOL_DAY_FROM, SCHOOL_DAY_UNTIL
from xinqiao.care.screening.selectors.orders import SchoolChoice, school_choices
from xinqiao.care.screening.selectors.planning import launch_refusals
from xinqiao.care.screening.states import CampaignState, Obstacle, OrderedState, OrderState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.people.models import ConsentForm
from xinqiao.register.people.states import Purpose
from xinqiao.register.policy.calendar import zone

CHUNK = 25  # schools a transaction: well under a second of writing
FRESH = dt.timedelta(minutes=10)  # what is missing at a school is looked up again after so long …
MOST_AT_ONCE = 25  # … for so many schools a run
_REASON = "the clock makes the plans of an issued order"


def follow_orders(now: dt.datetime) -> int:
    """Make the plans that are still to be made, and look up again what is missing; return how many schools."""
    orders = ScreeningOrder.objects.for_system(reason=_REASON).filter(state=OrderState.ISSUED)
    made = sum(make_plans(order, now) for order in orders.filter(_unmade()).distinct().order_by("issued_at"))
    return made + _look_again(now)


def _unmade() -> Q:
    return Q(schools__campaign=None, schools__state=OrderedState.WAITING)


def make_plans(order: ScreeningOrder, now: dt.datetime) -> int:
    """Make a plan for each school of an order that has none, and tell its psychology teachers; return how many.

    The pack in force at each school says whom; nothing happens the second time.
    """
    unit, made = Unit.objects.get(pk=order.unit_id), 0
    choices = {choice.unit.id: choice for choice in school_choices(unit, timezone.localtime(now).date())}
    while True:
        with recording(system_actor("screening.order")):
            rows = list(_waiting(order)[:CHUNK]) if _still_issued(order) else []
            _make_chunk(order, rows, choices, now)
        made += len(rows)
        if len(rows) < CHUNK:
            return made


def _still_issued(order: ScreeningOrder) -> bool:
    """Lock the order for this chunk, so that two runs do not make the same plans."""
    locked = ScreeningOrder.objects.for_system(reason=_REASON).select_for_update()
    found: bool = locked.filter(pk=order.pk, state=OrderState.ISSUED).exists()
    return found


def _waiting(order: ScreeningOrder) -> "QuerySet[OrderedSchool]":
    rows: QuerySet[OrderedSchool] = OrderedSchool.objects.for_system(reason=_REASON).filter(
        order=order, campaign=None, state=OrderedState.WAITING
    )
    return rows.order_by("pk")


def _make_chunk(
    order: ScreeningOrder, rows: Sequence[OrderedSchool], choices: dict[UUID, SchoolChoice], now: dt.datetime
) -> None:
    if not rows:
        return
    forms = _newest_forms([row.place for row in rows])
    stages = json.loads(order.stages)
    plans = []
    for row in rows:
        choice = choices.get(row.school_id)
        if choice is None or not choice.cohorts_in(stages):
            row.state, row.obstacle, row.answered_at = OrderedState.CANNOT, Obstacle.NOBODY, now
            continue
        row.campaign = _plan(order, row, choice, forms.get(row.place), now)
        plans.append(row.campaign)
    Campaign.objects.for_system(reason=_REASON).bulk_create(plans)
    fields = ["campaign", "state", "obstacle", "answered_at"]
    OrderedSchool.objects.for_system(reason=_REASON).bulk_update(rows, fields)
    for row in rows:
        record(
            "screening.order.prepared", subject_kind="ordered", subject_id=row.id, place=row.place,
            county_id=row.county_id, facts={"order": str(order.id)},
        )  # fmt: skip
    _tell(order, [row for row in rows if row.campaign is not None], now)


def _plan(
    order: ScreeningOrder, row: OrderedSchool, choice: SchoolChoice, form: ConsentForm | None, now: dt.datetime
) -> Campaign:
    first, last = proposed_days(order.earliest_on, order.latest_on, timezone.localtime(now).date())
    versions = [choice.versions[code] for code in json.loads(order.scale_codes) if code in choice.versions]
    cohorts = choice.cohorts_in(json.loads(order.stages))
    return Campaign(
        county_id=row.county_id, place=row.place, school_id=row.school_id, name=order.name,
        grades=json.dumps([list(cohort) for cohort in cohorts]),
        scale_ids=json.dumps([str(version.id) for version in versions]), form_id=form.id if form else None,
        opens_at=dt.datetime.combine(first, SCHOOL_DAY_FROM, zone()),
        closes_at=dt.datetime.combine(last, SCHOOL_DAY_UNTIL, zone()), school_year=school_year_of(first),
        created_by=order.issued_by, created_at=now,
    )  # fmt: skip


def _newest_forms(places: Sequence[str]) -> dict[str, ConsentForm]:
    """Return by school the consent form that it would choose: the nearest one, and of that place the newest."""
    above = {place: places_above(place) for place in places}
    forms = ConsentForm.objects.for_system(reason="wording that the schools' families were shown").filter(
        purpose=Purpose.SCREENING, place__in={each for path in above.values() for each in path}
    )
    newest: dict[str, ConsentForm] = {}
    for form in forms.order_by("place", "version"):
        newest[form.place] = form
    found = {place: next((newest[p] for p in reversed(path) if p in newest), None) for place, path in above.items()}
    return {place: form for place, form in found.items() if form is not None}


def _tell(order: ScreeningOrder, rows: Sequence[OrderedSchool], now: dt.datetime) -> None:
    found = addresses_at({row.place for row in rows}, timezone.localtime(now).date())
    addresses = [address for each in found.values() for address in each]
    post_messages(addresses, about_kind="order", about_id=order.id, at=now)


def _look_again(now: dt.datetime) -> int:
    """Look up what is missing at schools that have not launched, those first whose answer is oldest."""
    stale = OrderedSchool.objects.for_system(reason=_REASON).filter(
        Q(missing_at=None) | Q(missing_at__lt=now - FRESH), campaign__state=CampaignState.DRAFT,
        order__state=OrderState.ISSUED, state__in=(OrderedState.WAITING, OrderedState.CONFIRMED),
    )  # fmt: skip
    rows = list(stale.select_related("campaign").order_by(F("missing_at").asc(nulls_first=True), "pk")[:MOST_AT_ONCE])
    for row in rows:
        assert row.campaign is not None
        row.missing, row.missing_at = missing_text(launch_refusals(row.campaign, now)), now
    # What was looked up is no change of anybody's: it can be looked up again, so it leaves no event.
    OrderedSchool.objects.for_system(reason=_REASON).bulk_update(rows, ["missing", "missing_at"])
    return len(rows)
