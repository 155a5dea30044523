"""When a filing becomes due: with a judgement at a level that the pack orders up, and after a filing the next visits.

Private bodies: of the command that judges (through its hook), of the one that sends, and of the job that looks for what
fell between, such as a pack that came into force meanwhile.
"""

import datetime as dt
import secrets

from django.utils import timezone

from xinqiao.care.crisis.clocks import rules_at
from xinqiao.care.crisis.models import Case
from xinqiao.care.filings.bureaus import bureau_above
from xinqiao.care.filings.clocks import start_sending
from xinqiao.care.filings.facts import case_now, is_ordered_up
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.rows import every_filing, every_owed_filing
from xinqiao.care.filings.rules import is_higher
from xinqiao.care.filings.states import FilingKind, FilingState
from xinqiao.care.filings.telling import record_filing
from xinqiao.care.filings.terms import terms_of, terms_text
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.register.orgs.services.units import WINDOW_ALPHABET
from xinqiao.register.policy.calendar import clock_due_at, zone
from xinqiao.register.policy.packs import FilingOrder

REFERENCE_SIGNS = 8


def owe_for_case(case: Case, *, before: str, at: dt.datetime) -> int:
    """Let everything stand that the pack orders up for a case at its level; return how much is new or sooner.

    `before` is the level of the judgement before. The same level said again owes nothing twice.
    """
    found = 0
    for order in rules_at(case).filings.orders:
        if case.level in order.levels:
            found += _owe(case, order, before=before, at=at)
    return found


def _owe(case: Case, order: FilingOrder, *, before: str, at: dt.datetime) -> bool:
    rows = every_filing().filter(case=case, order=order.code)
    due_at = clock_due_at(order.within.rule(), at, case.student.school_place)
    owed = every_owed_filing().filter(case=case, order=order.code).select_related("student").first()
    if owed is not None:
        return _hasten(owed, case.level, due_at=due_at, at=at)
    last = rows.order_by("number").last()
    is_on_its_way = last is not None and last.state != FilingState.LAPSED  # what lapsed had ended
    if last is not None and is_on_its_way and before in order.levels and not is_higher(case.level, last.level):
        return False
    return write_filing(case, order, FilingKind.FIRST, due_at=due_at, at=at) is not None


def _hasten(owed: Filing, level: str, *, due_at: dt.datetime, at: dt.datetime) -> bool:
    """A level that rises makes what is owed due sooner; nothing is ever put off."""
    if not is_higher(level, owed.level):
        return False
    every_filing().filter(pk=owed.pk).update(level=level, due_at=min(owed.due_at, due_at))
    owed.level = level
    if due_at < owed.due_at:
        owed.due_at = due_at
        start_sending(owed, due_at=due_at, at=at)
    record_filing(owed, "filings.filing.hastened", level=level)
    return True


def write_filing(
    case: Case, order: FilingOrder, kind: FilingKind, *, due_at: dt.datetime, at: dt.datetime
) -> Filing | None:
    """Write that a filing is owed, with its clock; None where one is owed already or no bureau stands above."""
    student, rows = case.student, every_filing().filter(case=case, order=order.code)
    bureau = bureau_above(student.school_place, order.to)
    if bureau is None:
        return None
    last = rows.order_by("number").last()
    filing = Filing(
        county_id=student.county_id, place=student.school_place, student=student, case=case, key_id=student.key_id,
        order=order.code, number=last.number + 1 if last else 1, kind=kind, level=case.level, terms=terms_text(order),
        reference=last.reference if last else new_reference(), bureau=bureau.id, owed_at=at, due_at=due_at,
    )  # fmt: skip
    every_filing().bulk_create([filing], ignore_conflicts=True)
    if not every_filing().filter(pk=filing.pk).exists():
        return None
    start_sending(filing, due_at=due_at, at=at)
    record_filing(filing, "filings.filing.owed", level=filing.level)
    return filing


def owe_next_visits(filing: Filing, *, at: dt.datetime) -> Filing | None:
    """After a filing was sent: the next one about the visits back, while the case runs at an ordered level."""
    terms, case = terms_of(filing.terms), case_now(filing)
    days = {str(level): count for level, count in terms.visits_every_days.items()}.get(case.level)
    if days is None or not is_ordered_up(filing, case):
        return None
    on = timezone.localtime(at).date() + dt.timedelta(days=days)
    return write_filing(case, terms, FilingKind.VISIT, due_at=end_of_day(on, zone()), at=at)


def new_reference() -> str:
    """Return a fresh number under which a bureau knows the filings of one case; it says nothing about the pupil."""
    return "".join(secrets.choice(WINDOW_ALPHABET) for _ in range(REFERENCE_SIGNS))
