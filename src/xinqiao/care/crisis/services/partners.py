"""Keeping the list of institutions to which pupils are referred."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral.states import PartnerKind
from xinqiao.care.crisis.referral_rows import every_partner
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit


@dataclass(frozen=True)
class PartnerDraft:
    """What is written of an institution."""

    name: str
    kind: str
    contact: str
    departments: str = ""
    capacity: str = ""
    agreement: str = ""
    agreed_from: dt.date | None = None
    agreed_until: dt.date | None = None
    duties: str = ""


@command(Permission.PARTNER_EDIT)
def add_partner(unit: Unit, *, actor: Actor, draft: PartnerDraft) -> Partner:
    """Put an institution on the list of a school or bureau."""
    partner = Partner(county_id=unit.shard_id, place=unit.path, written_by=actor.id, written_at=now(), **_fields(draft))
    partner.save(force_insert=True)
    _record(partner, "crisis.partner.added")
    return partner


@command(Permission.PARTNER_EDIT)
def change_partner(partner: Partner, *, actor: Actor, draft: PartnerDraft) -> Partner | Unchanged:
    """Write down what holds of an institution from now on."""
    fields = _fields(draft)
    if all(getattr(partner, name) == value for name, value in fields.items()):
        return Unchanged("same_already")
    every_partner().filter(pk=partner.pk).update(**fields, written_by=actor.id, written_at=now())
    partner.refresh_from_db()
    _record(partner, "crisis.partner.changed")
    return partner


@command(Permission.PARTNER_EDIT)
def end_partner(partner: Partner, *, actor: Actor) -> Partner | Unchanged:
    """Note that an institution takes nobody any more; referrals that run are not touched."""
    rows = every_partner().filter(pk=partner.pk, left_on=None)
    if not rows.update(left_on=today(), left_by=actor.id):
        return Unchanged("ended_already")
    partner.refresh_from_db()
    _record(partner, "crisis.partner.ended")
    return partner


def _fields(draft: PartnerDraft) -> dict[str, object]:
    return {
        "name": draft.name.strip(), "kind": PartnerKind(draft.kind), "contact": draft.contact.strip(),
        "departments": draft.departments.strip(), "capacity": draft.capacity.strip(),
        "agreement": draft.agreement.strip(), "agreed_from": draft.agreed_from, "agreed_until": draft.agreed_until,
        "duties": draft.duties.strip(),
    }  # fmt: skip


def _record(partner: Partner, event: str) -> None:
    record(event, subject_kind="partner", subject_id=partner.id, place=partner.place, county_id=partner.county_id,
           facts={"kind": partner.kind})  # fmt: skip
