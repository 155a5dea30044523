"""Whom a campaign screens: everyone of its grades, or of them only pupils of the register."""

import datetime as dt
import json
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign, CampaignPupil
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.support.selectors.members import members_at
from xinqiao.care.support.states import KEY_PUPILS
from xinqiao.care.support.wording import category_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.models import Student
from xinqiao.register.policy.selectors import parameters_for

_REASON = "the pupils of a campaign of the register, for whoever was checked at its school"


def categories_of(campaign: Campaign) -> tuple[str, ...]:
    """Return the categories of the register that a campaign screens; none where it screens everyone."""
    return tuple(str(code) for code in json.loads(campaign.register))


def within_population(campaign: Campaign, students: "QuerySet[Student]") -> "QuerySet[Student]":
    """Return those of some pupils whom a campaign screens: before its launch as the register stands today, after it
    as it stood then. A campaign of everyone leaves them as they are."""
    if not campaign.is_of_register:
        return students
    if campaign.state == CampaignState.DRAFT:
        return students.filter(pk__in=members_today(campaign))
    own = CampaignPupil.objects.for_system(reason=_REASON).filter(campaign=campaign, student_id=OuterRef("pk"))
    return students.filter(Exists(own))


def members_today(campaign: Campaign) -> Collection[UUID]:
    """Return who is on the register today under a campaign's categories, at its school."""
    rules = parameters_for(campaign.place, today())
    return members_at(campaign.place, categories_of(campaign), rules)


def register_choices(place: str, on: dt.date) -> list[tuple[str, str]]:
    """Return the categories that a campaign of a school may be of, as (code, name in the reader's language)."""
    categories = parameters_for(place, on).register_categories
    codes = [*(category.code for category in categories), KEY_PUPILS]
    return [(code, category_words(categories, code)) for code in codes]


def register_words(campaign: Campaign, on: dt.date) -> str:
    """Return the categories of a campaign of the register in the reader's language; empty where it asks everyone."""
    chosen = categories_of(campaign)
    return listed(name for code, name in register_choices(campaign.place, on) if code in chosen) if chosen else ""


def note_members(actor: Actor, campaign: Campaign, pupils: int) -> None:
    """Leave an event where names of a campaign of the register are read: each of them is on the register."""
    if campaign.is_of_register and pupils:
        note_reading(
            actor, "screening.register.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
            county_id=campaign.county_id, facts={"pupils": pupils},
        )  # fmt: skip
