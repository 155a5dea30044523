"""Slips for those whose sheet nobody else may know of: the second paper, and a whole screening of the register."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.screening.models import Campaign
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import name_on, units_by_path

USABLE = (SittingState.WAITING, SittingState.STARTED)


@dataclass(frozen=True)
class Slip:
    """One pupil's way in, while it opens something."""

    name: str
    number: str
    class_name: str
    window_code: str
    code: str
    until: dt.datetime


def slips_of(actor: Actor, campaign: Campaign, now: dt.datetime) -> list[Slip]:
    """Return the slips of pupils who can answer now: the second paper, and of the register the first; one event."""
    rows = list(
        Sitting.objects.visible_to(actor, Permission.RESULT_FULL)
        .filter(origin_id__in=_origins(campaign), state__in=USABLE, closes_at__gt=now)
        .select_related("student")
        .order_by("place", "id")
    )
    codes = open_sealed(rows, "code")
    people = open_sealed([row.student for row in rows], "name", "number")
    units = units_by_path({row.place for row in rows})
    if rows:
        note_reading(
            actor, "screening.slips.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
            county_id=campaign.county_id, facts={"pupils": len(rows)},
        )  # fmt: skip
    on = timezone.localtime(now).date()
    return [
        Slip(
            name=person["name"] or "", number=person["number"] or "", window_code=row.window_code,
            class_name=name_on(units[row.place], on) if row.place in units else "", code=code["code"] or "",
            until=row.closes_at,
        )
        for row, code, person in zip(rows, codes, people, strict=True)
    ]  # fmt: skip


def _origins(campaign: Campaign) -> list[UUID]:
    first = [campaign.id] if campaign.is_of_register else []
    return [*first, campaign.gate_origin_id] if campaign.gate_origin_id else first


def campaigns_of_origins(ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Return the campaign (id and name) behind each origin that is a second paper's."""
    found = Campaign.objects.for_system(reason="names of campaigns of sheets that were read").filter(
        gate_origin_id__in=list(ids)
    )
    return {row.gate_origin_id: (row.id, row.name) for row in found if row.gate_origin_id}
