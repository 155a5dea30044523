"""A referral taken out as FHIR: what was looked through and sent, and where it stands; no more."""

from typing import Any

from django.utils import timezone

from xinqiao.care.crisis.models import Referral
from xinqiao.care.crisis.referral.payload import payload_from
from xinqiao.engines.fhir import ReferralFacts, referral_bundle
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed


def bundle_of_referral(actor: Actor, referral: Referral) -> dict[str, Any] | None:
    """Return a referral that was looked through as a Bundle, None for one that was not; taking it out is an event."""
    (opened,) = open_sealed([referral], "payload")
    if not opened["payload"]:
        return None
    payload = payload_from(opened["payload"])
    note_reading(actor, "crisis.referral.exported", subject_kind="student", subject_id=referral.student_id,
                 place=referral.place, county_id=referral.county_id, facts={"referral": str(referral.id)})  # fmt: skip
    return referral_bundle(
        ReferralFacts(
            id=str(referral.id), state=referral.state, school=payload.school, contact=payload.contact,
            partner=payload.partner, reason=payload.reason, observed=payload.observed, name=payload.name,
            sex=payload.sex, age=payload.age, family_name=payload.family_name, family_phone=payload.family_phone,
            authored=timezone.localtime(referral.sent_at).isoformat(timespec="seconds") if referral.sent_at else "",
            visit=referral.visit_on.isoformat() if referral.visit_on else "",
        )
    )  # fmt: skip
