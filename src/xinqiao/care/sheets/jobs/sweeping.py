"""Typings that no sheet waits for any more: handed in on a device meanwhile, consent withdrawn, the pupil gone."""

import datetime as dt

from xinqiao.care.sheets.models import PaperTyping
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording

MOST_AT_ONCE = 500


def sweep_typings(now: dt.datetime) -> int:
    """Delete the typings of sittings that are over; return how many."""
    del now
    rows = PaperTyping.objects.for_system(reason="answers that nobody waits for are not kept")
    over = rows.filter(sitting__state__in=(SittingState.SUBMITTED, SittingState.EXCUSED)).order_by("pk")
    found = list(over.values_list("pk", "place", "county_id")[:MOST_AT_ONCE])
    if not found:
        return 0
    with recording(system_actor("sheets.sweep_typings")):
        rows.filter(pk__in=[pk for pk, _place, _county in found]).delete()
        record("sheets.paper.swept", place=found[0][1], county_id=found[0][2], facts={"typings": len(found)})
    return len(found)
