"""Drafts of a unit's own forms as values: what they say, what is left to mend, and what comes in by a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from xinqiao.care.scales.fhir_files import questionnaire_from
from xinqiao.care.scales.models import ScaleDraft, ScaleVersion
from xinqiao.care.scales.packs import mapping_of
from xinqiao.engines.fhir import NotFhir
from xinqiao.engines.scoring import Fault, Scale, ScaleFault
from xinqiao.engines.scoring.drafts import judge_draft
from xinqiao.engines.scoring.loading import MOST_NAME_CHARS

OWN: Final = "own-"
MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True)
class Judged:
    """A draft as it stands: the scale where it can be read, and everything that is left before it may be published."""

    mapping: Mapping[str, Any]
    scale: Scale | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class BroughtIn:
    """What a file gives: the draft's content, and what the file says that a scale cannot."""

    mapping: dict[str, Any]
    remarks: tuple[Fault, ...]


class Unusable(ValueError):
    """A file of which no draft can be made; `faults` name the places."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def own_id(scale_id: object) -> str:
    """The id of a unit's own form: it can never be taken for one that ships."""
    plain = str(scale_id or "form")
    return (plain if plain.startswith(OWN) else OWN + plain)[:MOST_NAME_CHARS].rstrip("-")


def judged(draft: ScaleDraft) -> Judged:
    """Judge a draft as the file of a scale, and as a form of its unit."""
    remarks = tuple(Fault(*remark) for remark in json.loads(draft.remarks))
    return judged_form(json.loads(draft.definition), draft.place, remarks)


def judged_form(mapping: Mapping[str, Any], place: str, remarks: tuple[Fault, ...] = ()) -> Judged:
    """Judge a content that is not stored yet, as a form of the unit at `place`."""
    scale, faults = judge_draft(mapping)
    return Judged(mapping, scale, (*remarks, *faults, *_own_faults(place, mapping)))


def _own_faults(place: str, mapping: Mapping[str, Any]) -> list[Fault]:
    code, version = str(mapping.get("id") or ""), str(mapping.get("version") or "")
    if code and not code.startswith(OWN):
        return [Fault("id", "not_own_id", code)]
    if ScaleVersion.objects.filter(code=code, version=version, place=place).exists():
        return [Fault("version", "version_used", version)]
    return []


def brought_in(body: bytes, name: str) -> BroughtIn:
    """Read a scale file (YAML) or a FHIR Questionnaire (JSON). Raises Unusable."""
    if len(body) > MAX_BYTES:
        raise Unusable((Fault("file", "unreadable", "> 1 MB"),))
    try:
        if name.lower().endswith(".json"):
            read = questionnaire_from(body)
            # What the judge says of the content it will say again; only what the file alone shows is kept.
            known = judge_draft(read.mapping)[1]
            remarks = tuple(fault for fault in read.faults if fault not in known)
            return BroughtIn(_as_own(read.mapping), remarks)
        return BroughtIn(_as_own(mapping_of(body)), ())
    except NotFhir as refused:
        raise Unusable(refused.faults) from refused
    except ScaleFault as fault:
        raise Unusable((Fault(fault.place, fault.code, fault.detail),)) from fault


def _as_own(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The content as JSON keeps it, under an id of the unit's own."""
    plain: dict[str, Any] = json.loads(json.dumps(mapping, default=str))
    return {**plain, "id": own_id(plain.get("id"))}
