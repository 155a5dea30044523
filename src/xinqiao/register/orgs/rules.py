"""What may hang where in the tree, and what a school year must look like. Pure: codes out, "" for allowed."""

import datetime as dt
import itertools
from collections.abc import Sequence

# Kinds that may be added by hand below a kind; grades and classes come with `add_class` and the roster.
# Ours, after the domain paper's tree: levels may be skipped, other units hang at the level that they serve.
_SERVICES = ("institute", "teacher_college", "station", "hospital", "partner")
KINDS_BELOW: dict[str, tuple[str, ...]] = {
    "province": ("city", "school", "university", *_SERVICES),
    "city": ("county", "school", "university", "kindergarten", *_SERVICES),
    "county": ("school", "kindergarten", *_SERVICES),
    "school": ("campus", "dormitory", "department"),
    "university": ("campus", "department", "dormitory"),
    "kindergarten": ("campus",),
    "campus": ("dormitory", "department"),
}
SCHOOLS = ("school", "university", "kindergarten")
LONGEST_YEAR_DAYS = 400  # ours: a school year is a year, give or take its holidays


def may_hang(kind: str, parent_kind: str) -> bool:
    """May a unit of this kind be added below a unit of that kind?"""
    return kind in KINDS_BELOW.get(parent_kind, ())


def refusal_to_set_year(start_on: dt.date, end_on: dt.date, terms: Sequence[tuple[dt.date, dt.date]]) -> str:
    """Return why a school year [start_on, end_on) with these terms cannot be kept.

    bad_year: it ends before it begins or is longer than 400 days. bad_term: a term ends before it begins.
    outside_year, overlapping: terms stand inside the year, one after the other.
    """
    if not 0 < (end_on - start_on).days <= LONGEST_YEAR_DAYS:
        return "bad_year"
    if any(end <= start for start, end in terms):
        return "bad_term"
    if any(start < start_on or end > end_on for start, end in terms):
        return "outside_year"
    return "overlapping" if any(a[1] > b[0] for a, b in itertools.pairwise(terms)) else ""
