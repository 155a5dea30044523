"""A referral as FHIR R4: a ServiceRequest with whom and what it is about, and a Task that says where it stands.

What was not chosen to be shown is absent; nothing else is carried. `read_referral` reads what `referral_bundle` wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from xinqiao.engines.fhir.faults import NotFhir
from xinqiao.engines.fhir.structure import require
from xinqiao.engines.scoring import Fault

REFERRALS: Final = "urn:xinqiao:referral"
STATES: Final = "urn:xinqiao:referral-state"
AGE: Final = "urn:xinqiao:fhir:referral:age"
# Our states → (status of the request, status of the task).
STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "draft": ("draft", "draft"), "ready": ("draft", "draft"), "refused": ("draft", "draft"),
    "sent": ("active", "requested"), "accepted": ("active", "accepted"), "declined": ("revoked", "rejected"),
    "visit_dated": ("active", "accepted"), "attended": ("active", "in-progress"), "advice": ("active", "in-progress"),
    "returned": ("completed", "completed"), "closed": ("completed", "completed"),
    "withdrawn": ("revoked", "cancelled"),
}  # fmt: skip
_SEX: Final = {"female": "female", "male": "male", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """What a referral says, as values; `authored` and `visit` are ISO texts, empty where there are none."""

    id: str
    state: str
    school: str
    contact: str
    partner: str
    reason: str
    observed: str = ""
    name: str = ""
    sex: str = ""
    age: int | None = None
    family_name: str = ""
    family_phone: str = ""
    authored: str = ""
    visit: str = ""


def referral_bundle(facts: ReferralFacts) -> dict[str, Any]:
    """One referral as a Bundle of a ServiceRequest and a Task."""
    request_status, task_status = STATUS[facts.state]
    request = {
        "resourceType": "ServiceRequest", "id": facts.id, "contained": [_pupil(facts), _school(facts)],
        "identifier": [{"system": REFERRALS, "value": facts.id}], "status": request_status, "intent": "order",
        "subject": {"reference": "#pupil"}, "requester": {"reference": "#school"},
        "performer": [{"display": facts.partner}], "reasonCode": [{"text": facts.reason}],
        **({"note": [{"text": facts.observed}]} if facts.observed else {}),
        **({"authoredOn": facts.authored} if facts.authored else {}),
    }  # fmt: skip
    task = {
        "resourceType": "Task", "id": f"{facts.id}-task", "status": task_status, "intent": "order",
        "businessStatus": {"coding": [{"system": STATES, "code": facts.state}]},
        "focus": {"reference": f"ServiceRequest/{facts.id}"},
        **({"restriction": {"period": {"start": facts.visit}}} if facts.visit else {}),
    }  # fmt: skip
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": request}, {"resource": task}]}


def _pupil(facts: ReferralFacts) -> dict[str, Any]:
    family = {
        **({"name": {"text": facts.family_name}} if facts.family_name else {}),
        **({"telecom": [{"system": "phone", "value": facts.family_phone}]} if facts.family_phone else {}),
    }
    return {
        "resourceType": "Patient", "id": "pupil",
        **({"extension": [{"url": AGE, "valueInteger": facts.age}]} if facts.age is not None else {}),
        **({"name": [{"text": facts.name}]} if facts.name else {}),
        **({"gender": _SEX[facts.sex]} if facts.sex else {}),
        **({"contact": [family]} if family else {}),
    }  # fmt: skip


def _school(facts: ReferralFacts) -> dict[str, Any]:
    contact = [{"name": {"text": facts.contact}}] if facts.contact else []
    return {"resourceType": "Organization", "id": "school", "name": facts.school,
            **({"contact": contact} if contact else {})}  # fmt: skip


def read_referral(data: object) -> ReferralFacts:
    """Read a referral back. Raises NotFhir where it is none that `referral_bundle` could have written."""
    try:
        entries = [entry["resource"] for entry in require(data, "Bundle")["entry"]]
        request, task = require(entries[0], "ServiceRequest"), require(entries[1], "Task")
        return _facts(request, task)
    except (KeyError, IndexError, TypeError) as error:
        raise NotFhir([Fault("", "missing_key", str(error))]) from error


def _facts(request: Mapping[str, Any], task: Mapping[str, Any]) -> ReferralFacts:
    contained = {each["id"]: each for each in request["contained"]}
    pupil, school = contained["pupil"], contained["school"]
    family = (pupil.get("contact") or [{}])[0]
    return ReferralFacts(
        id=request["id"], state=task["businessStatus"]["coding"][0]["code"], school=school["name"],
        contact=(school.get("contact") or [{"name": {"text": ""}}])[0]["name"]["text"],
        partner=request["performer"][0]["display"], reason=request["reasonCode"][0]["text"],
        observed=(request.get("note") or [{"text": ""}])[0]["text"],
        name=(pupil.get("name") or [{"text": ""}])[0]["text"], sex=pupil.get("gender", ""),
        age=next((each["valueInteger"] for each in pupil.get("extension", ()) if each["url"] == AGE), None),
        family_name=family.get("name", {}).get("text", ""),
        family_phone=(family.get("telecom") or [{"value": ""}])[0]["value"], authored=request.get("authoredOn", ""),
        visit=task.get("restriction", {}).get("period", {}).get("start", ""),
    )  # fmt: skip
