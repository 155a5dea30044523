"""What a referral is made of: the words judged, the partner's standing, consent, and what will be shown."""

import datetime as dt

from xinqiao.care.crisis.models import Partner, Referral
from xinqiao.care.crisis.referral import rules
from xinqiao.care.crisis.referral.payload import Payload
from xinqiao.care.crisis.referral.states import Shared
from xinqiao.care.letters.rules import Finding, Forbidden, findings_in
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.selectors import school_of
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.consent import consent_to
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.people.states import Purpose
from xinqiao.register.policy.selectors import parameters_for


def standing_of_partner(partner: Partner, on: dt.date) -> str:
    """Return why nobody is referred to an institution on a day; empty where pupils may be."""
    return rules.partner_refusal(
        is_left=partner.left_on is not None, agreed_from=partner.agreed_from, agreed_until=partner.agreed_until, on=on
    )


def consent_of(student: Student, on: dt.date) -> tuple[str, bool]:
    """Return what the decisions on referral come to for a pupil, and whether a form for it is published at all."""
    state = consent_to(student, Purpose.REFERRAL, on)
    return state or "open", state is not None


def findings_in_draft(place: str, reason: str, observed: str, advice: str) -> list[Finding]:
    """Return spots that may not stand there: a diagnosis anywhere; to guardians no scale, level or score either."""
    lists = parameters_for(place, today()).letters
    forbidden = Forbidden(lists.scale_words, lists.level_words, lists.diagnosis_words, ())
    found = [each for each in findings_in(f"{reason}\n{observed}", forbidden) if each.code == "diagnosis"]
    if advice.strip():
        found += [
            each for each in findings_in(advice, forbidden) if each.code in ("diagnosis", "scale", "level", "score")
        ]
    return found


def payload_of(referral: Referral) -> Payload:
    """Return what the institution will see if the referral goes out as it stands."""
    student, chosen = referral.student, set(referral.shared.split(","))
    ((said,), (known,)) = open_sealed([referral], "reason", "observed", "contact"), open_sealed([student], "name")
    school = school_of(referral.place)
    families = guardians_of(student) if Shared.FAMILY_PHONE in chosen else ()
    first = next((each for each in families if each.phone), None)
    return Payload(
        school=school.name if school else "", contact=said["contact"] or "", partner=referral.partner.name,
        reason=said["reason"] or "", observed=(said["observed"] or "") if Shared.OBSERVED in chosen else "",
        name=(known["name"] or "") if Shared.NAME in chosen else "",
        sex=student.sex if Shared.SEX in chosen else "",
        age=age_of(student, today()) if Shared.AGE in chosen else None,
        family_name=first.name if first else "", family_phone=first.phone if first else "",
    )  # fmt: skip


def age_of(student: Student, on: dt.date) -> int | None:
    """Return a pupil's age in completed years; from the birth year alone where the day is not known."""
    (known,) = open_sealed([student], "birth_on")
    if known["birth_on"]:
        born = dt.date.fromisoformat(known["birth_on"])
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return on.year - student.birth_year if student.birth_year else None
