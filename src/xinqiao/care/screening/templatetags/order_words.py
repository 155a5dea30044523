"""Filters that put codes of a bureau's orders into words."""

import json
from collections.abc import Sequence

from django import template
from django.utils.translation import get_language

from xinqiao.care.scales.selectors import scale_of, versions_at
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import ScreeningOrder
from xinqiao.care.screening.order_wording import (
    due_state_words,
    missing_words,
    register_told_words,
    standing_of_school_words,
)
from xinqiao.care.screening.states import Obstacle
from xinqiao.register.orgs.states import Stage

register = template.Library()


@register.filter
def school_standing(standing: str) -> str:
    """Return where a school of an order stands."""
    return standing_of_school_words(standing)


@register.filter
def due_words(state: str) -> str:
    """Return where a grade stands that the policy asks to screen."""
    return due_state_words(state)


@register.filter
def told_words(standing: str) -> str:
    """Return what is said above a school of the screening of its register."""
    return register_told_words(standing)


@register.filter
def obstacle_words(code: str) -> str:
    """Return why a school cannot."""
    return str(Obstacle(code).label) if code else ""


@register.filter
def all_missing(rows: Sequence[tuple[str, int]]) -> str:
    """Return everything that is missing at a school, in one line."""
    return listed(dict.fromkeys(missing_words(code, count) for code, count in rows))


@register.filter
def stages_of_order(order: ScreeningOrder) -> str:
    """Return the stages that an order asks to screen."""
    return listed(str(Stage(stage).label) for stage in json.loads(order.stages))


@register.filter
def scales_of_order(order: ScreeningOrder) -> str:
    """Return the titles of an order's scales, as the unit that ordered knows them."""
    language = get_language() or "zh-hans"
    known = {v.code: scale_of(v).title.in_language(language) for v in versions_at([order.place])}
    return listed(known.get(code, code) for code in json.loads(order.scale_codes))
