"""Looking once an hour for what is ordered up and not owed yet: a pack that came into force while a case ran, a case
whose last filing lapsed and that stands at an ordered level again."""

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.utils import timezone

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.filings.owing import owe_for_case
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.states import FilingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.policy.selectors import parameters_by_place


def owe_missing(now: dt.datetime) -> int:
    """Let what is missing be owed from now on; return how many filings are new. Run twice, it finds nothing more.

    Where nothing is missing the number of queries does not grow with the cases that run.
    """
    running = list(every_running_case().exclude(level="").select_related("student"))
    rules = parameters_by_place({case.student.place for case in running}, timezone.localtime(now).date())
    ordered = {
        case.id: wanted
        for case in running
        if (wanted := {each.code for each in rules[case.student.place].filings.orders if case.level in each.levels})
    }
    if not ordered:
        return 0
    newest: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = every_filing().filter(case__in=every_running_case().exclude(level="")).order_by("number")
    for case_id, order, state in rows.values_list("case_id", "order", "state"):
        newest[case_id][order] = state
    have = {key: {order for order, state in own.items() if state != FilingState.LAPSED} for key, own in newest.items()}
    return sum(_owe(case, now) for case in running if ordered.get(case.id, set()) - have.get(case.id, set()))


def _owe(case: Case, now: dt.datetime) -> int:
    with recording(system_actor("filings.owe")):
        return owe_for_case(case, before=case.level, at=now)
