"""Reads of partner institutions: the list of whoever keeps one, and those a school may refer to."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral.states import PartnerKind
from xinqiao.care.crisis.referral_building import standing_of_partner
from xinqiao.care.crisis.referral_rows import every_partner
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for, units_by_path, units_for
from xinqiao.register.orgs.states import UnitKind


@dataclass(frozen=True)
class PartnerRow:
    """One institution in a list; `refusal` as `rules.partner_refusal`, `days_left` until its agreement ends."""

    partner: Partner
    kind: str
    kept_by: str
    refusal: str
    days_left: int | None
    may_edit: bool


def partner_rows(actor: Actor, on: dt.date) -> list[PartnerRow]:
    """Return the institutions that an actor keeps, or that are kept for the actor's schools; usable ones first."""
    places = actor.places(Permission.PARTNER_EDIT)
    above = {up for place in places for up in places_above(place)}
    seen = {row.id: row for row in every_partner().filter(place__in=above)}
    seen |= {row.id: row for row in Partner.objects.visible_to(actor, Permission.PARTNER_EDIT)}
    units = units_by_path(row.place for row in seen.values())
    rows = [_row(row, units.get(row.place), actor, on) for row in seen.values()]
    return sorted(rows, key=lambda row: (row.refusal != "", row.partner.name))


def _row(partner: Partner, unit: Unit | None, actor: Actor, on: dt.date) -> PartnerRow:
    return PartnerRow(
        partner=partner, kind=str(PartnerKind(partner.kind).label), kept_by=unit.name if unit else "",
        refusal=standing_of_partner(partner, on),
        days_left=(partner.agreed_until - on).days if partner.agreed_until else None,
        may_edit=actor.can(Permission.PARTNER_EDIT, partner.place) and partner.left_on is None,
    )  # fmt: skip


def usable_partners(place: str, on: dt.date) -> list[Partner]:
    """Return the institutions to which pupils at a place may be referred on a day."""
    rows = every_partner().filter(place__in=places_above(place), left_on=None).order_by("name", "id")
    return [row for row in rows if not standing_of_partner(row, on)]


def partner_for(actor: Actor, partner_id: UUID) -> Partner | None:
    """Return an institution that the actor keeps, else None."""
    found: Partner | None = Partner.objects.visible_to(actor, Permission.PARTNER_EDIT).filter(pk=partner_id).first()
    return found


def keepers_units(actor: Actor) -> list[Unit]:
    """Return the units on whose list an actor may put an institution: own schools, or the bureau's county."""
    counties = units_for(actor, Permission.PARTNER_EDIT, UnitKind.COUNTY)
    return counties or schools_for(actor, Permission.PARTNER_EDIT)


@dataclass(frozen=True)
class Reach:
    """How many schools of a bureau have an institution to refer to, and which have none."""

    schools: int
    without: tuple[str, ...]

    @property
    def served(self) -> int:
        return self.schools - len(self.without)


def reach_of(actor: Actor, on: dt.date) -> Reach:
    """Return how far the lists reach that an actor keeps or is served by (S1-11b); a constant number of queries."""
    schools = schools_for(actor, Permission.PARTNER_EDIT)
    above = {up for school in schools for up in places_above(school.path)}
    kept = {
        row.place for row in every_partner().filter(place__in=above, left_on=None) if not standing_of_partner(row, on)
    }
    without = [school.name for school in schools if not kept & set(places_above(school.path))]
    return Reach(len(schools), tuple(sorted(without)))
