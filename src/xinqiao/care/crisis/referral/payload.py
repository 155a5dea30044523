"""What an institution sees of a referral: the same rows for the school's preview, the institution's page and FHIR."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from django.utils.translation import gettext as _

from xinqiao.register.people.states import Sex


@dataclass(frozen=True)
class Payload:
    """Everything that leaves the school; what was not chosen is empty. No answer, score or level is ever in it."""

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

    def as_json(self) -> str:
        """Return it as the text that `Referral.payload` holds."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def payload_from(text: str) -> Payload:
    """Read what `Payload.as_json` wrote."""
    body: Mapping[str, object] = json.loads(text)
    return Payload(**{field.name: body[field.name] for field in fields(Payload)})  # type: ignore[arg-type]  # as written


def shown_rows(payload: Payload) -> list[tuple[str, str]]:
    """Return what is shown, label and value; the preview and the institution's page have nothing else to show."""
    rows = [
        (_("To which institution"), payload.partner),
        (_("From which school"), payload.school),
        (_("Whom to ask at the school"), payload.contact),
        (_("Pupil"), payload.name),
        (_("Sex"), str(Sex(payload.sex).label) if payload.sex else ""),
        (_("Age"), str(payload.age) if payload.age is not None else ""),
        (_("Why the school asks"), payload.reason),
        (_("What was observed"), payload.observed),
        (_("Guardian"), " ".join(part for part in (payload.family_name, payload.family_phone) if part)),
    ]
    return [(label, value) for label, value in rows if value]
