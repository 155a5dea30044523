"""Looking once an hour for what is ordered up and not owed yet: a pack that came into force while a case ran."""

import datetime as dt

from xinqiao.care.crisis.clocks import rules_at
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.filings.owing import owe_for_case
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.states import FilingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording


def owe_missing(now: dt.datetime) -> int:
    """Let what is missing be owed from now on; return how many filings are new. Run twice, it finds nothing more."""
    return sum(_owe(case, now) for case in every_running_case().exclude(level="").select_related("student"))


def _owe(case: Case, now: dt.datetime) -> int:
    wanted = {order.code for order in rules_at(case).filings.orders if case.level in order.levels}
    if not wanted:
        return 0
    rows = every_filing().filter(case=case).exclude(state=FilingState.LAPSED)
    if wanted <= set(rows.values_list("order", flat=True)):
        return 0
    with recording(system_actor("filings.owe")):
        return owe_for_case(case, before=case.level, at=now)
