"""The term a school is in or comes to, its school days, and what the policy says of its centre."""

import datetime as dt

from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import Term
from xinqiao.register.policy.calendar import calendar_for
from xinqiao.register.policy.centre_rules import CentreRules
from xinqiao.register.policy.selectors import parameters_for


def term_of(school_place: str, on: dt.date) -> Term | None:
    """Return the term of a school on a day, or else the next; of several units' calendars the nearest."""
    rows = Term.objects.filter(year__unit__path__in=places_above(school_place), end_on__gt=on).select_related(
        "year__unit"
    )
    found = sorted(rows, key=lambda term: (-len(term.year.unit.path), term.start_on))
    return found[0] if found else None


def school_days(school_place: str, first: dt.date, after: dt.date) -> list[dt.date]:
    """Return the school days of [first, after) by the calendar of a school, changed days and holidays heeded."""
    if first >= after:
        return []
    calendar = calendar_for(school_place, range(first.year, after.year + 1)).calendar
    days = (first + dt.timedelta(days=ahead) for ahead in range((after - first).days))
    return [day for day in days if calendar.is_school_day(day)]


def rules_at(school_place: str, on: dt.date) -> CentreRules:
    """Return what the policy in force says of the centre of a school."""
    return parameters_for(school_place, on).centre
