"""A screening that the county's bureau has ordered: one school has confirmed, one cannot, the silent ones are late."""

import datetime as dt

from xinqiao.care.screening.jobs.ordering import follow_orders, make_plans
from xinqiao.care.screening.models import OrderedSchool, ScreeningOrder
from xinqiao.care.screening.selectors.orders import school_choices
from xinqiao.care.screening.selectors.planning import launch_refusals
from xinqiao.care.screening.services.answering import confirm_order, decline_order, look_at_order
from xinqiao.care.screening.services.orders import OrderDraft, issue_order
from xinqiao.doors.demo.acting import actor_of
from xinqiao.doors.demo.cast import AnswerSeed, City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core import clock
from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.services.shifts import Weekly, assign_week

ISSUED_DAYS_AGO, ANSWERED_DAYS_AGO, ANSWER_IN_DAYS, FIRST_IN_DAYS, LAST_IN_DAYS = 9, 4, 7, 14, 35
SYSTEM = "the demo city is being built"


def add_order(built: Built, city: City) -> None:
    """Issue the order some days ago, and let the schools that answer answer."""
    seed, unit = city.order, built.units[city.order.at]
    with clock.frozen(clock.now() - dt.timedelta(days=ISSUED_DAYS_AGO)):
        on = clock.today()
        schools = [each for each in school_choices(unit, on) if each.cohorts_in(seed.stages)]
        if not schools:
            return
        draft = OrderDraft(
            name=seed.name, school_ids=tuple(each.unit.id for each in schools), stages=tuple(seed.stages),
            scale_codes=tuple(seed.scales), note=seed.note, provider=seed.provider,
            answer_by=on + dt.timedelta(days=ANSWER_IN_DAYS), earliest_on=on + dt.timedelta(days=FIRST_IN_DAYS),
            latest_on=on + dt.timedelta(days=LAST_IN_DAYS),
        )  # fmt: skip
        order = issue_order(unit, actor=actor_of(built, seed.by), draft=draft)
        make_plans(order, clock.now())
    with clock.frozen(clock.now() - dt.timedelta(days=ANSWERED_DAYS_AGO)):
        for answer in seed.answers:
            if answer.at in built.units:
                _answer(built, order, answer)
    follow_orders(clock.now())


def _answer(built: Built, order: ScreeningOrder, seed: AnswerSeed) -> None:
    """A school looks at its plan, puts its people on duty, and confirms it if nothing is missing; or says why not."""
    school, actor = built.units[seed.at], actor_of(built, seed.psych)
    row = OrderedSchool.objects.for_system(reason=SYSTEM).filter(order=order, school_id=school.id).first()
    if row is None or row.campaign is None:
        return
    days = Weekly(frozenset(range(5)), dt.time(7), dt.time(18), order.earliest_on, order.latest_on)
    staff_id = built.staff[seed.psych].id
    if not seed.obstacle:
        assign_week(school, actor=actor, staff_id=staff_id, role=DutyRole.PSYCHOLOGY, pattern=days)
    missing = launch_refusals(row.campaign, clock.now())
    look_at_order(row, actor=actor, missing=missing)
    if seed.obstacle:
        decline_order(row, actor=actor, obstacle=seed.obstacle, remark=seed.remark)
    elif (
        not missing
    ):  # in a holiday the days of the plan lie outside of the term, and the school has still to move them
        confirm_order(row, actor=actor)
