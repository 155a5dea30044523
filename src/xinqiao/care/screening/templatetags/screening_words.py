"""Filters that put codes of screening into words."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from xinqiao.care.scales.norm_pages import StandingWords
from xinqiao.care.scales.norm_pages import standing_words as local_words
from xinqiao.care.scales.norm_selectors import LocalStanding
from xinqiao.care.screening.agreeing import Agreement
from xinqiao.care.screening.informant_words import agreement_sentence, form_words
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.selectors.paper import PileRow
from xinqiao.care.screening.selectors.progress import PupilProgress, Seat
from xinqiao.care.screening.wording import pile_words, standing_words
from xinqiao.engines.accuracy import Figure

register = template.Library()


@register.filter
def standing(row: PupilProgress | Seat) -> str:
    """Return how far one pupil is."""
    return standing_words(row.state, row.excuse)


@register.filter
def pile_standing(row: PileRow) -> str:
    """Return how one pupil's printed sheet stands."""
    return pile_words(row.standing, row.excuse)


@register.filter
def typed_standing(standing: str) -> str:
    """Return how far a printed sheet is typed."""
    return pile_words(standing, "")


@register.filter
def standing_in(found: LocalStanding, names: Mapping[UUID, str]) -> StandingWords:
    """Return where a score stands in a local norm, in words; `names` of norms by id."""
    return local_words(found, names)


@register.filter
def listed_numbers(numbers: tuple[int, ...]) -> str:
    """Return numbers as 1、2、3."""
    return listed(map(str, numbers))


register.filter("listed", listed)


@register.filter
def form_standing(standing: str) -> str:
    """Return how far a form about a pupil is."""
    return form_words(standing)


@register.filter
def agreement_words(found: Agreement) -> str:
    """Return how far informants agree on a score."""
    return agreement_sentence(found)


@register.filter
def in_fours(code: str) -> str:
    """Return a long code in groups of four, easier to copy: K7PM 2WQX 9RTA."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


@register.filter
def grouped(code: str) -> str:
    """Return a one-time code in two groups, easier to copy: K7PM 2WQX."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


@register.filter
def share_with_interval(figure: Figure) -> str:
    """Return a share and its interval in whole percent."""
    return _("{share} % ({low}–{high} %)").format(
        share=round(100 * figure.value), low=round(100 * figure.low), high=round(100 * figure.high)
    )
