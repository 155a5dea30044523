"""The present term of places, by the nearest calendar, and the day by which families are reached in it."""

import datetime as dt
from collections.abc import Collection

from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import Term

Span = tuple[dt.date, dt.date]


def terms_at(places: Collection[str], on: dt.date) -> dict[str, Span]:
    """Return the term of each place that holds a day, [first, after), by the nearest calendar; absent without one."""
    above = {place: places_above(place) for place in places}
    wanted = {each for path in above.values() for each in path}
    rows = Term.objects.filter(year__unit__path__in=wanted, start_on__lte=on, end_on__gt=on)
    kept = {path: (first, after) for path, first, after in rows.values_list("year__unit__path", "start_on", "end_on")}
    found = {
        place: next((kept[each] for each in reversed(path) if each in kept), None) for place, path in above.items()
    }
    return {place: span for place, span in found.items() if span is not None}


def due_day(term: Span, days_before_end: int) -> dt.date:
    """Return the last day on which a family is reached in time; never before the term begins."""
    return max(term[0], term[1] - dt.timedelta(days=1 + days_before_end))
