"""A bureau orders, schools answer: in one step, by each school's own hand, with no child named."""

import datetime as dt
import json

import pytest

from xinqiao.care.screening.jobs import ordering as ordering_job
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.ordering import follow_orders, make_plans
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.ordering import Standing, is_late, proposed_days, refusals_of_days, standing_of
from xinqiao.care.screening.selectors import orders as order_selectors
from xinqiao.care.screening.selectors.ordered import tasks_for
from xinqiao.care.screening.selectors.orders import OrderRow, area_rounds, order_rows, school_choices, schools_of
from xinqiao.care.screening.services import campaigns as campaign_services
from xinqiao.care.screening.services.answering import confirm_order, decline_order, reconsider_order
from xinqiao.care.screening.services.campaigns import (
    CampaignDraft,
    CannotRun,
    change_campaign,
    discard_campaign,
    launch_campaign,
)
from xinqiao.care.screening.services.orders import (
    Reminded,
    change_days,
    issue_order,
    remind_schools,
    withdraw_order,
)
from xinqiao.care.screening.states import ORDERED_MOVES
from xinqiao.care.screening.tests.bureau import ANSWER_BY, FIRST, LAST, Bureau, build_bureau
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.tests.world import MONDAY_10


@pytest.fixture
def bureau(school) -> Bureau:
    return build_bureau(school, 3)


def why(caught) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


def moved_to(campaign: Campaign, day: dt.date) -> CampaignDraft:
    """Return a plan as it is, on one other day."""
    opens_at = MONDAY_10.replace(year=day.year, month=day.month, day=day.day)
    return CampaignDraft(
        name=campaign.name, cohorts=tuple((s, y) for s, y in json.loads(campaign.grades)),
        scale_ids=campaign_services.scale_ids_of(campaign), opens_at=opens_at,
        closes_at=opens_at + dt.timedelta(hours=5), form_id=campaign.form_id,
    )  # fmt: skip


def outbox() -> int:
    return OutboxMessage.objects.for_system(reason="a test counts").filter(about_kind="order").count()


# ---- issuing


def test_one_step_gives_every_school_a_plan_of_its_own_and_asks_nobody_anything(bureau):
    order = bureau.issued()
    plans = list(Campaign.objects.for_system(reason="a test looks").filter(ordered__order=order))
    assert {plan.place for plan in plans} == {unit.path for unit in bureau.units}
    assert {plan.state for plan in plans} == {"draft"}
    assert {plan.grades for plan in plans} == {'[["junior", 2026]]'}
    assert all(FIRST <= plan.opens_at.date() <= plan.closes_at.date() <= LAST for plan in plans)
    assert all(plan.form_id for plan in plans)
    assert not Sitting.objects.for_system(reason="a test counts").exists()
    assert outbox() == 3
    events = AuditEvent.objects.filter(event="screening.order.prepared")
    assert {event.place for event in events} == {unit.path for unit in bureau.units}


def test_the_pack_in_force_at_each_school_says_whom(bureau, school, monkeypatch):
    everyone = {choice.unit.id: choice for choice in school_choices(school.world.county, clock.today())}
    assert school.unit.id in everyone
    assert everyone[school.unit.id].cohorts_in(["junior"]) == (("junior", 2026), ("junior", 2025))
    assert everyone[school.unit.id].cohorts_in(["primary"]) == ()


def test_schools_of_another_county_cannot_be_asked(bureau, school):
    with pytest.raises(CannotRun) as caught:
        bureau.issued(school_ids=(bureau.units[0].id, school.world.other_school.id))
    assert why(caught) == {"no_schools"}
    with pytest.raises(Forbidden):
        issue_order(school.world.other_school.parent, actor=bureau.officer, draft=bureau.draft())


def test_a_scale_that_a_school_cannot_use_is_named_with_the_school(bureau):
    with pytest.raises(CannotRun) as caught:
        bureau.issued(scale_codes=("phq-9", "mht"))
    assert {(r.code, r.about, r.details) for r in caught.value.reasons} == {
        ("school_scale", unit.name, ("mht", "no_wording")) for unit in bureau.units
    }


def test_a_crash_between_two_chunks_leaves_nothing_half_and_the_clock_finishes_it(bureau, monkeypatch):
    monkeypatch.setattr(ordering_job, "CHUNK", 1)
    order = issue_order(bureau.school.world.county, actor=bureau.officer, draft=bureau.draft())
    tell, told = ordering_job._tell, []

    def breaks(*given):
        if told:
            raise RuntimeError("the machine goes down")
        told.append(given)
        tell(*given)

    monkeypatch.setattr(ordering_job, "_tell", breaks)
    with pytest.raises(RuntimeError):
        make_plans(order, MONDAY_10)
    assert Campaign.objects.for_system(reason="a test counts").filter(ordered__order=order).count() == 1
    assert Campaign.objects.for_system(reason="a test counts").count() == 1  # no plan without its row
    monkeypatch.setattr(ordering_job, "_tell", tell)
    follow_orders(MONDAY_10)
    assert Campaign.objects.for_system(reason="a test counts").filter(ordered__order=order).count() == 3
    assert outbox() == 3
    assert make_plans(order, MONDAY_10) == 0


def test_control_one_transaction_for_all_would_lose_what_was_made(bureau, monkeypatch):
    order = issue_order(bureau.school.world.county, actor=bureau.officer, draft=bureau.draft())
    monkeypatch.setattr(ordering_job, "_tell", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_plans(order, MONDAY_10)
    assert Campaign.objects.for_system(reason="a test counts").count() == 0


# ---- the school's own hand


def test_an_officer_never_launches_and_never_confirms(bureau):
    order = bureau.issued()
    bureau.guard(1)
    with pytest.raises(Forbidden):
        launch_campaign(bureau.plan(order, 1), actor=bureau.officer)
    with pytest.raises(Forbidden):
        confirm_order(bureau.row(order, 1), actor=bureau.officer)


def test_nothing_is_confirmed_or_launched_while_nobody_is_on_duty(bureau):
    order = bureau.issued()
    for act, subject in ((confirm_order, bureau.row(order, 1)), (launch_campaign, bureau.plan(order, 1))):
        with pytest.raises(CannotRun) as caught:
            act(subject, actor=bureau.psych(1))
        assert why(caught) == {"nobody_on_duty"}
    bureau.guard(1)
    assert confirm_order(bureau.row(order, 1), actor=bureau.psych(1)).state == "confirmed"
    assert isinstance(confirm_order(bureau.row(order, 1), actor=bureau.psych(1)), Unchanged)
    assert launch_campaign(bureau.plan(order, 1), actor=bureau.psych(1)).state == "open"


def test_a_plan_stays_within_the_days_of_its_order(bureau):
    order = bureau.issued()
    plan = bureau.plan(order, 1)
    with pytest.raises(CannotRun) as caught:
        change_campaign(plan, actor=bureau.psych(1), draft=moved_to(plan, LAST + dt.timedelta(days=3)))
    assert why(caught) == {"outside_order"}
    change_days(order, actor=bureau.officer, earliest_on=FIRST, latest_on=LAST + dt.timedelta(days=7),
                answer_by=ANSWER_BY)  # fmt: skip
    change_campaign(plan, actor=bureau.psych(1), draft=moved_to(plan, LAST + dt.timedelta(days=3)))
    change_days(order, actor=bureau.officer, earliest_on=FIRST, latest_on=LAST, answer_by=ANSWER_BY)
    bureau.guard(1, days=30)
    with pytest.raises(CannotRun) as caught:
        launch_campaign(bureau.plan(order, 1), actor=bureau.psych(1))
    assert why(caught) == {"outside_order"}


def test_control_without_the_bounds_the_plan_leaves_the_order(bureau, monkeypatch):
    monkeypatch.setattr(campaign_services, "bounds_refusals", lambda *given: [])
    order = bureau.issued()
    plan = bureau.plan(order, 1)
    changed = change_campaign(plan, actor=bureau.psych(1), draft=moved_to(plan, LAST + dt.timedelta(days=3)))
    assert changed.closes_at.date() > LAST


def test_whom_and_with_what_is_the_orders(bureau, school):
    plan = bureau.plan(bureau.issued(), 1)
    fewer = moved_to(plan, FIRST)
    with pytest.raises(CannotRun) as caught:
        change_campaign(plan, actor=bureau.psych(1), draft=CampaignDraft(**{**vars(fewer), "scale_ids": ()}))
    assert why(caught) == {"ordered_fixed"}
    with pytest.raises(CannotRun) as caught:
        discard_campaign(plan, actor=bureau.psych(1))
    assert why(caught) == {"ordered"}


def test_cannot_because_goes_back_to_the_officer_and_can_be_taken_back(bureau):
    order = bureau.issued()
    bureau.guard(2)
    decline_order(bureau.row(order, 2), actor=bureau.psych(2), obstacle="dates", remark="期中考试")
    row = next(row for row in schools_of(order, clock.today()) if row.school_id == bureau.units[1].id)
    assert (row.standing, row.obstacle, row.remark) == (Standing.CANNOT, "dates", "期中考试")
    with pytest.raises(CannotRun) as caught:
        launch_campaign(bureau.plan(order, 2), actor=bureau.psych(2))
    assert why(caught) == {"declined"}
    reconsider_order(bureau.row(order, 2), actor=bureau.psych(2))
    assert launch_campaign(bureau.plan(order, 2), actor=bureau.psych(2)).state == "open"
    with pytest.raises(CannotRun) as caught:
        decline_order(bureau.row(order, 2), actor=bureau.psych(2), obstacle="dates")
    assert why(caught) == {"not_draft"}


def test_the_task_stands_on_the_page_of_the_school_that_owes_it_until_it_answers(bureau):
    order = bureau.issued()
    bureau.guard(1)
    (task,) = tasks_for(bureau.psych(1), clock.today())
    assert (task.name, task.answer_by, task.is_late) == (order.name, ANSWER_BY, False)
    (task,) = tasks_for(bureau.psych(1), ANSWER_BY + dt.timedelta(days=1))
    assert task.is_late
    confirm_order(bureau.row(order, 1), actor=bureau.psych(1))
    assert tasks_for(bureau.psych(1), clock.today()) == []
    assert len(tasks_for(bureau.psych(2), clock.today())) == 1
    assert tasks_for(bureau.school.actor("psych"), clock.today()) == []


# ---- what the bureau sees


def test_the_bureau_reads_what_is_missing_as_codes_and_counts(bureau):
    order = bureau.issued()
    follow_orders(MONDAY_10)
    (row, *_others) = schools_of(order, clock.today())
    assert row.standing == Standing.UNSEEN
    assert dict(row.missing).keys() == {"nobody_on_duty"}
    assert dict(row.missing)["nobody_on_duty"] >= 1
    bureau.guard(1)
    assert follow_orders(MONDAY_10 + dt.timedelta(minutes=5)) == 0  # fresh enough
    follow_orders(MONDAY_10 + dt.timedelta(minutes=11))
    found = {row.school_id: row.missing for row in schools_of(order, clock.today())}
    assert found[bureau.units[0].id] == ()
    assert found[bureau.units[1].id] != ()


def test_few_who_answered_are_blurred(bureau, monkeypatch):
    order = bureau.issued()
    bureau.guard(1)
    fill_campaign(launch_campaign(bureau.plan(order, 1), actor=bureau.psych(1)), MONDAY_10)
    row = next(row for row in schools_of(order, clock.today()) if row.school_id == bureau.units[0].id)
    assert (row.standing, row.answered.code, row.share) == (Standing.RUNNING, "hidden", None)
    monkeypatch.setattr(order_selectors, "beside_year", lambda answered, *_given: _exact(answered))
    row = next(row for row in schools_of(order, clock.today()) if row.school_id == bureau.units[0].id)
    assert (row.answered.code, row.eligible, row.share) == ("exact", 2, 0)  # the control: it could have been told


def _exact(answered: int):
    return order_selectors.Cell("exact", answered)


# ---- late, reminded, withdrawn


def test_only_the_late_are_reminded_once_a_click(bureau):
    order = bureau.issued()
    bureau.guard(1)
    confirm_order(bureau.row(order, 1), actor=bureau.psych(1))
    assert isinstance(remind_schools(order, actor=bureau.officer), Unchanged)
    before = outbox()
    with clock.frozen(MONDAY_10 + dt.timedelta(days=6)):
        assert remind_schools(order, actor=bureau.officer) == Reminded(schools=2, unreached=0)
        (task,) = tasks_for(bureau.psych(2), clock.today())
    assert task.reminded_at is not None
    assert bureau.row(order, 1).reminders == 0
    assert outbox() == before + 2
    bodies = set(OutboxMessage.objects.for_system(reason="a test reads").values_list("body", flat=True))
    assert len(bodies) == 1  # neutral: every message says the same
    assert "测评" not in bodies.pop()
    event = AuditEvent.objects.get(event="screening.order.reminded")
    assert json.loads(event.facts) == {"schools": 2, "unreached": 0}


def test_rounds_of_the_area_stand_by_school_year_with_the_body_that_helped(bureau):
    """S1-07a: rounds a year, and the provider on record."""
    first = bureau.issued(provider="县心理健康指导中心")
    bureau.issued(name="补测", earliest_on=FIRST + dt.timedelta(days=7))
    withdrawn = bureau.issued(name="撤回的", provider="别家")
    withdraw_order(withdrawn, actor=bureau.officer)
    (year,) = area_rounds(order_rows(bureau.officer, MONDAY_10.date()))
    assert (year.year, year.until, year.ordered, year.held) == (2026, 2027, 2, 0)
    assert (year.providers, year.without_provider) == (("县心理健康指导中心",), 1)
    held = Campaign.objects.for_system(reason="a test ends it").filter(pk=bureau.plan(first, 1).pk)
    held.update(state="closed", launched_at=MONDAY_10, closed_at=MONDAY_10, paper_id=new_id(), form_id=new_id())
    (year,) = area_rounds(order_rows(bureau.officer, MONDAY_10.date()))
    assert year.held == 1


def test_a_round_before_august_belongs_to_the_school_year_before():
    def row(day, **more):
        return OrderRow(
            id=new_id(), name="", ordered_by="", earliest_on=day, latest_on=day, answer_by=day, schools=1, late=0,
            **{"is_withdrawn": False, "provider": "", "standings": {}, **more},
        )  # fmt: skip

    rows = [row(dt.date(2026, 7, 31)), row(dt.date(2026, 8, 1)), row(dt.date(2027, 3, 1), is_withdrawn=True)]
    assert [(each.year, each.ordered) for each in area_rounds(rows)] == [(2026, 1), (2025, 1)]
    assert area_rounds([]) == []


def test_withdrawing_takes_the_plans_and_leaves_what_runs(bureau):
    order = bureau.issued()
    bureau.guard(1)
    running = launch_campaign(bureau.plan(order, 1), actor=bureau.psych(1))
    withdraw_order(order, actor=bureau.officer)
    left = Campaign.objects.for_system(reason="a test looks").values_list("pk", flat=True)
    assert list(left) == [running.pk]
    standings = sorted(str(row.standing) for row in schools_of(order, clock.today()))
    assert standings == ["running", "withdrawn", "withdrawn"]
    assert isinstance(withdraw_order(order, actor=bureau.officer), Unchanged)
    assert make_plans(order, MONDAY_10) == 0
    assert follow_orders(MONDAY_10) == 0
    with pytest.raises(CannotRun) as caught:
        decline_order(bureau.row(order, 2), actor=bureau.psych(2), obstacle="other")
    assert why(caught) == {"order_withdrawn"}


def test_the_list_counts_schools_by_where_they_stand(bureau):
    order = bureau.issued()
    bureau.guard(1)
    confirm_order(bureau.row(order, 1), actor=bureau.psych(1))
    (row,) = order_rows(bureau.officer, ANSWER_BY + dt.timedelta(days=1))
    assert (row.schools, row.unanswered, row.standings["confirmed"], row.late) == (3, 2, 1, 2)
    assert order.id == row.id


# ---- pure


@pytest.mark.parametrize(
    ("state", "campaign", "is_seen", "found"),
    [
        ("waiting", None, False, "making"),
        ("waiting", "draft", False, "unseen"),
        ("waiting", "draft", True, "preparing"),
        ("confirmed", "draft", True, "confirmed"),
        ("waiting", "open", True, "running"),
        ("confirmed", "closed", True, "ended"),
        ("cannot", "draft", True, "cannot"),
        ("withdrawn", None, True, "withdrawn"),
    ],
)
def test_where_a_school_stands(state, campaign, is_seen, found):
    assert standing_of(state, campaign, is_looked_at=is_seen) == found


def test_who_is_late():
    day = dt.timedelta(days=1)
    assert not is_late(Standing.UNSEEN, ANSWER_BY, ANSWER_BY, LAST)
    assert is_late(Standing.UNSEEN, ANSWER_BY + day, ANSWER_BY, LAST)
    assert not is_late(Standing.CONFIRMED, ANSWER_BY + day, ANSWER_BY, LAST)
    assert is_late(Standing.RUNNING, LAST + day, ANSWER_BY, LAST)
    for done in (Standing.ENDED, Standing.CANNOT, Standing.WITHDRAWN):
        assert not is_late(done, LAST + 9 * day, ANSWER_BY, LAST)


def test_what_is_wrong_with_the_days_of_an_order():
    on, day = dt.date(2026, 11, 23), dt.timedelta(days=1)

    def found(first, last, answer):
        return [reason.code for reason in refusals_of_days(first, last, answer, on)]

    assert found(FIRST, LAST, ANSWER_BY) == []
    assert found(LAST, FIRST, ANSWER_BY) == ["order_turned"]
    assert found(on - 9 * day, on - day, on) == ["order_past"]
    assert found(FIRST, FIRST + 121 * day, ANSWER_BY) == ["order_long"]
    assert found(FIRST, LAST, LAST + day) == ["answer_outside"]
    assert found(FIRST, LAST, on - day) == ["answer_outside"]


@pytest.mark.parametrize("ahead", range(14))
def test_proposed_days_lie_within_the_order(ahead):
    first, last = proposed_days(FIRST, LAST, FIRST + dt.timedelta(days=ahead))
    assert FIRST <= first <= last <= LAST
    assert (last - first).days < 5
    assert proposed_days(FIRST, LAST, LAST + dt.timedelta(days=ahead)) == (LAST, LAST)


def test_every_move_of_the_table_has_an_event_that_is_declared():
    from xinqiao.foundation.audit.events import event_kind

    assert {event_kind(move.event).code for move in ORDERED_MOVES} == {
        "screening.order.confirmed", "screening.order.declined", "screening.order.reconsidered",
        "screening.order.withdrawn", "screening.order.prepared",
    }  # fmt: skip
