"""What the front page of a reader shows: only what the reader may see, most urgent first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.alerts.selectors.attention import AttentionRow, attention_rows
from xinqiao.care.alerts.selectors.notices import NoticeRow, my_notices
from xinqiao.care.alerts.selectors.queue import QueueRow, count_at_the_gate, queue
from xinqiao.care.alerts.selectors.warnings import BeyondRow, WarningRow, beyond_rows, my_warnings
from xinqiao.care.alerts.states import SignalState
from xinqiao.care.archives.selectors.classes import count_without_plan
from xinqiao.care.archives.selectors.requests import count_waiting as count_requests
from xinqiao.care.centre.selectors.bookings import counts_of_day
from xinqiao.care.centre.selectors.waiting import counts_of_waiting
from xinqiao.care.counselling.selectors.courses import count_waiting as count_courses_waiting
from xinqiao.care.crisis.selectors.cases import count_due
from xinqiao.care.crisis.selectors.referrals import count_waiting
from xinqiao.care.crisis.selectors.watches import count_looks_due
from xinqiao.care.feedback.selectors.meetings import count_due as count_meetings
from xinqiao.care.feedback.selectors.owed import count_missing
from xinqiao.care.feedback.selectors.tasks import count_open_tasks
from xinqiao.care.feedback.selectors.words import count_unopened
from xinqiao.care.filings.selectors.bureau import count_for_bureau
from xinqiao.care.filings.selectors.school import Waiting, waiting_for
from xinqiao.care.incidents.selectors.care import count_waiting as count_to_look_after
from xinqiao.care.incidents.selectors.incidents import count_late
from xinqiao.care.letters.selectors.wishes import Wish, wishes
from xinqiao.care.mailbox.selectors.letters import count_waiting as count_letters
from xinqiao.care.mailbox.selectors.requests import count_to_decide as count_names
from xinqiao.care.rounds.selectors.following import missing_lists
from xinqiao.care.rounds.selectors.own import ListRow, own_lists
from xinqiao.care.screening.selectors.campaigns import CampaignRow, campaign_rows
from xinqiao.care.screening.selectors.ordered import Task, tasks_for
from xinqiao.care.screening.selectors.orders import OrderRow, order_rows
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.support.selectors.pages import count_to_look_at
from xinqiao.care.voices.selectors.classes import count_new_reports
from xinqiao.care.voices.selectors.worries import count_open_worries
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.duty.ladder import count_holes
from xinqiao.register.duty.selectors import ShiftRow, on_duty
from xinqiao.register.orgs.selectors import schools_for

FEW = 8
MOST_SCHOOLS = 3


@dataclass(frozen=True)
class DutyPanel:
    """Who is on duty now at one school."""

    school: str
    shifts: Sequence[ShiftRow]


@dataclass(frozen=True)
class Today:
    """The front page. A panel that does not concern the reader is None; one without rows is empty."""

    roles: Sequence[str]
    waiting: Sequence[QueueRow] | None
    waiting_count: int
    at_gate_count: int
    notices: Sequence[NoticeRow] | None
    notices_count: int
    wishes: Sequence[Wish]
    ordered: Sequence[Task]
    orders: Sequence[OrderRow] | None
    campaigns: Sequence[CampaignRow] | None
    may_plan: bool
    may_report: bool
    attention: Sequence[AttentionRow] | None
    attention_count: int
    reviews: Sequence[AttentionRow]
    reviews_count: int
    register_count: int
    courses_count: int
    worries_count: int
    letters_count: int
    names_count: int
    reports_count: int
    round_lists: Sequence[ListRow]
    missing_lists: int
    incidents: tuple[int, int]
    aftercare: tuple[int, int]
    bookings: tuple[int, int, int]
    hours_waited: tuple[int, int]
    cases_count: int
    looks_count: int
    referrals_count: int
    feedback_count: int
    words_count: int
    meetings_count: int
    tasks_count: int
    filings: Waiting | None
    filings_to_confirm: int
    filings_missing: int
    requests_count: int
    unplanned_count: int
    duty: Sequence[DutyPanel] | None
    warnings: Sequence[WarningRow]
    beyond: Sequence[BeyondRow]
    holes_count: int
    may_see_coverage: bool
    may_see_operation: bool
    may_read_audit: bool
    may_keep_staff: bool

    @property
    def is_quiet(self) -> bool:
        """Is there nothing at all for this role yet?"""
        panels = (self.waiting, self.notices, self.campaigns, self.attention, self.duty, self.orders)
        rights = (
            self.may_see_coverage, self.may_see_operation, self.may_read_audit, self.may_keep_staff, self.may_report,
        )  # fmt: skip
        return all(panel is None for panel in panels) and not any(rights)


def today_for(actor: Actor, now: dt.datetime) -> Today:
    """Return the front page of an actor."""
    waiting = queue(actor, now) if actor.can_somewhere(Permission.QUEUE_VIEW) else None
    attention = attention_rows(actor, now) if actor.can_somewhere(Permission.ATTENTION_VIEW) else None
    calling = _calling(actor, now) if waiting is None else None
    sets_levels = actor.can_somewhere(Permission.ATTENTION_SET)
    to_confirm, missing = _received(actor, now)
    reviews = [row for row in attention or () if sets_levels and row.is_review_due]
    return Today(
        roles=[str(ROLE_LABELS[role]) for role in sorted(actor.roles())],
        waiting=waiting[:FEW] if waiting is not None else None,
        waiting_count=len(waiting or ()),
        at_gate_count=count_at_the_gate(actor) if waiting is not None else 0,
        notices=calling[:FEW] if calling is not None else None,
        notices_count=len(calling or ()),
        wishes=wishes(actor, now)[:FEW] if actor.can_somewhere(Permission.LETTER_WRITE) else [],
        ordered=_ordered(actor, now),
        orders=_orders(actor, now),
        campaigns=_campaigns(actor, now),
        may_plan=actor.can_somewhere(Permission.CAMPAIGN_EDIT),
        may_report=actor.can_somewhere(Permission.WORRY_REPORT),
        attention=attention[:FEW] if attention is not None and waiting is None else None,
        attention_count=len(attention or ()),
        reviews=reviews[:FEW],
        reviews_count=len(reviews),
        courses_count=count_courses_waiting(actor) if actor.can_somewhere(Permission.COUNSEL_WRITE) else 0,
        register_count=_register(actor, now),
        worries_count=count_open_worries(actor) if actor.can_somewhere(Permission.WORRY_SETTLE) else 0,
        letters_count=count_letters(actor) if actor.can_somewhere(Permission.MAIL_ANSWER) else 0,
        names_count=count_names(actor) if actor.can_somewhere(Permission.MAIL_NAME) else 0,
        reports_count=count_new_reports(actor, now) if actor.can_somewhere(Permission.COMMITTEE_VIEW) else 0,
        round_lists=_round_lists(actor, now),
        missing_lists=missing_lists(actor, now) if actor.can_somewhere(Permission.ROUND_FOLLOW) else 0,
        bookings=counts_of_day(actor, now) if actor.can_somewhere(Permission.BOOKING_HOLD) else (0, 0, 0),
        hours_waited=counts_of_waiting(actor, now) if actor.can_somewhere(Permission.BOOKING_HOLD) else (0, 0),
        incidents=count_late(actor, now) if actor.can_somewhere(Permission.INCIDENT_LEAD) else (0, 0),
        aftercare=count_to_look_after(actor, now) if actor.can_somewhere(Permission.INCIDENT_AFTERCARE) else (0, 0),
        cases_count=_cases(actor, now),
        looks_count=_looks(actor, now),
        referrals_count=count_waiting(actor, now) if actor.can_somewhere(Permission.REFERRAL_EDIT) else 0,
        feedback_count=count_missing(actor) if actor.can_somewhere(Permission.FEEDBACK_EDIT) else 0,
        words_count=count_unopened(actor) if actor.can_somewhere(Permission.FEEDBACK_OWN) else 0,
        meetings_count=count_meetings(actor) if actor.can_somewhere(Permission.MEETING_HOLD) else 0,
        tasks_count=count_open_tasks(actor) if actor.can_somewhere(Permission.FEEDBACK_OWN) else 0,
        filings=waiting_for(actor, now) if actor.can_somewhere(Permission.FILING_VIEW) else None,
        filings_to_confirm=to_confirm,
        filings_missing=missing,
        requests_count=count_requests(actor) if actor.can_somewhere(Permission.FILE_REQUEST) else 0,
        unplanned_count=_unplanned(actor, now),
        duty=_duty(actor, now),
        warnings=_warnings(actor, now),
        beyond=_beyond(actor, now),
        holes_count=_holes(actor, now),
        may_see_coverage=actor.can_somewhere(Permission.COVERAGE_VIEW),
        may_see_operation=actor.can_somewhere(Permission.OPERATION_VIEW),
        may_read_audit=actor.can_somewhere(Permission.AUDIT_READ),
        may_keep_staff=actor.can_somewhere(Permission.STAFF_VIEW),
    )


def _unplanned(actor: Actor, now: dt.datetime) -> int:
    if not actor.can_somewhere(Permission.FILE_PLAN):
        return 0
    return count_without_plan(actor, timezone.localtime(now).date())


def _received(actor: Actor, now: dt.datetime) -> tuple[int, int]:
    return count_for_bureau(actor, now) if actor.can_somewhere(Permission.FILING_RECEIVE) else (0, 0)


def _register(actor: Actor, now: dt.datetime) -> int:
    if not actor.can_somewhere(Permission.REGISTER_EDIT):
        return 0
    return count_to_look_at(actor, timezone.localtime(now).date())


def _warnings(actor: Actor, now: dt.datetime) -> Sequence[WarningRow]:
    """What the ladder asks of those who read no notices."""
    if actor.can_somewhere(Permission.NOTICE_VIEW) or not actor.can_somewhere(Permission.WARNING_VIEW):
        return []
    return [row for row in my_warnings(actor, now) if row.state != SignalState.CLOSED][:FEW]


def _beyond(actor: Actor, now: dt.datetime) -> Sequence[BeyondRow]:
    if not actor.can_somewhere(Permission.WARNING_BEYOND):
        return []
    return [row for row in beyond_rows(actor, now) if not row.is_taken][:FEW]


def _holes(actor: Actor, now: dt.datetime) -> int:
    if not actor.can_somewhere(Permission.DUTY_EDIT):
        return 0
    return count_holes(actor, timezone.localtime(now).date())


def _round_lists(actor: Actor, now: dt.datetime) -> Sequence[ListRow]:
    if not actor.can_somewhere(Permission.ROUND_SIGN):
        return []
    return [row for row in own_lists(actor, now) if row.is_waiting][:FEW]


def _cases(actor: Actor, now: dt.datetime) -> int:
    return count_due(actor, timezone.localtime(now).date()) if actor.can_somewhere(Permission.CASE_EDIT) else 0


def _looks(actor: Actor, now: dt.datetime) -> int:
    return count_looks_due(actor, timezone.localtime(now).date()) if actor.can_somewhere(Permission.CASE_EDIT) else 0


def _calling(actor: Actor, now: dt.datetime) -> Sequence[NoticeRow] | None:
    if not actor.can_somewhere(Permission.NOTICE_VIEW):
        return None
    return [row for row in my_notices(actor, now) if row.is_calling]


def _ordered(actor: Actor, now: dt.datetime) -> Sequence[Task]:
    if not actor.can_somewhere(Permission.CAMPAIGN_EDIT):
        return []
    return tasks_for(actor, timezone.localtime(now).date())[:FEW]


def _orders(actor: Actor, now: dt.datetime) -> Sequence[OrderRow] | None:
    if not actor.can_somewhere(Permission.ORDER_EDIT):
        return None
    return [row for row in order_rows(actor, timezone.localtime(now).date()) if row.is_current][:FEW]


def _campaigns(actor: Actor, now: dt.datetime) -> Sequence[CampaignRow] | None:
    if not actor.can_somewhere(Permission.CAMPAIGN_PROGRESS):
        return None
    rows = campaign_rows(actor, timezone.localtime(now).date())
    return [row for row in rows if row.state == CampaignState.OPEN][:FEW]


def _duty(actor: Actor, now: dt.datetime) -> Sequence[DutyPanel] | None:
    if not actor.can_somewhere(Permission.DUTY_VIEW):
        return None
    schools = schools_for(actor, Permission.DUTY_VIEW)[:MOST_SCHOOLS]
    return [DutyPanel(school.name, on_duty(school.path, now)) for school in schools]
