"""Filters that put codes of screening into words."""

from django import template

from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.selectors.progress import PupilProgress, Seat
from xinqiao.care.screening.wording import standing_words

register = template.Library()


@register.filter
def standing(row: PupilProgress | Seat) -> str:
    """Return how far one pupil is."""
    return standing_words(row.state, row.excuse)


register.filter("listed", listed)


@register.filter
def grouped(code: str) -> str:
    """Return a one-time code in two groups, easier to copy: K7PM 2WQX."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
