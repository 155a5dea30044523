"""Which term a growth plan belongs to."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import Term
from xinqiao.register.orgs.naming import school_year_of

WHOLE_YEAR = 0


@dataclass(frozen=True)
class TermNow:
    """The term of a place on a day; in holidays the last one. `number` is 0 where no calendar says terms: then a plan
    is for the school year."""

    year: int
    number: int
    start_on: dt.date | None


def term_at(place: str, on: dt.date) -> TermNow:
    """Return the term by the nearest calendar above a place."""
    rows = Term.objects.filter(year__unit__path__in=places_above(place), start_on__lte=on)
    found = sorted(rows.select_related("year__unit"), key=lambda row: (len(row.year.unit.path), row.start_on))
    if not found:
        return TermNow(school_year_of(on), WHOLE_YEAR, None)
    return TermNow(found[-1].year.starts_in, found[-1].number, found[-1].start_on)
