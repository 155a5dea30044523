"""Answer sheets as FHIR R4 QuestionnaireResponses, alone or in a Bundle. A sheet has a pseudonym, never a person."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xinqiao.engines.fhir.faults import NotFhir
from xinqiao.engines.fhir.structure import flat_items, require
from xinqiao.engines.fhir.writing import canonical_url, code_system
from xinqiao.engines.scoring import Fault, Scale

SHEETS: Final = "urn:xinqiao:sheet"
_PSEUDONYM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# What in China names a person outright: an identity card's number, a mobile phone's.
_PERSONAL: Final = re.compile(r"\d{17}[\dXx]|1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer sheet: a pseudonym and an answer an item, None where there is none."""

    id: str
    answers: tuple[int | None, ...]


def sheet_faults(scale: Scale, sheet: Sheet, place: str) -> Iterator[Fault]:
    """Why a sheet cannot leave: its name is no pseudonym, or an answer is none of the scale's."""
    if not _PSEUDONYM.fullmatch(sheet.id) or _PERSONAL.fullmatch(sheet.id):
        yield Fault(place, "no_pseudonym")
    for item, answer in zip(scale.items, sheet.answers, strict=True):
        if answer is not None and answer not in item.codes:
            yield Fault(f"{place}, {item.number}", "illegal_code", str(answer))


def response_of(scale: Scale, sheet: Sheet) -> dict[str, Any]:
    """One sheet as a QuestionnaireResponse: codes, no wording, no subject."""
    system = code_system(scale)
    items = [
        {"linkId": str(item.number), "answer": [{"valueCoding": {"system": system, "code": str(answer)}}]}
        for item, answer in zip(scale.items, sheet.answers, strict=True)
        if answer is not None
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": SHEETS, "value": sheet.id},
        "questionnaire": f"{canonical_url(scale)}|{scale.version}",
        "status": "completed" if _is_complete(scale, sheet.answers) else "in-progress",
        **({"item": items} if items else {}),
    }


def _is_complete(scale: Scale, answers: Sequence[int | None]) -> bool:
    """Whether whatever was asked was answered."""
    for item, answer in zip(scale.items, answers, strict=True):
        gates = [answers[number - 1] for number in item.asked_if.items] if item.asked_if else []
        is_asked = item.asked_if is None or any(g is not None and g >= item.asked_if.at_least for g in gates)
        if is_asked and answer is None:
            return False
    return True


def bundle_of(scale: Scale, sheets: Iterable[Sheet]) -> dict[str, Any]:
    """Many sheets in one Bundle."""
    entries = [{"resource": response_of(scale, sheet)} for sheet in sheets]
    return {"resourceType": "Bundle", "type": "collection", **({"entry": entries} if entries else {})}


def read_responses(data: object, scale: Scale) -> list[Sheet]:
    """The sheets of one response or of a bundle. Raises NotFhir with every fault found."""
    faults: list[Fault] = []
    sheets: list[Sheet] = []
    seen: set[str] = set()
    for place, resource in _resources(data):
        try:
            sheet = _sheet(require(resource, "QuestionnaireResponse", place), scale, place)
        except NotFhir as refused:
            faults += refused.faults
            continue
        if sheet.id in seen:
            faults.append(Fault(_in(place, "identifier.value"), "duplicate", sheet.id))
        seen.add(sheet.id)
        sheets.append(sheet)
    if faults:
        raise NotFhir(faults)
    return sheets


def _in(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _resources(data: object) -> Iterator[tuple[str, object]]:
    if not isinstance(data, Mapping) or data.get("resourceType") != "Bundle":
        yield "", data
        return
    for n, entry in enumerate(require(data, "Bundle").get("entry", [])):
        place = f"entry[{n}].resource"
        if "resource" not in entry:
            raise NotFhir([Fault(place, "missing_key", "resource")])
        yield place, entry["resource"]


def _sheet(data: Mapping[str, Any], scale: Scale, place: str) -> Sheet:
    faults = list(_belonging(data, scale, place))
    name = data.get("identifier", {}).get("value") or data.get("id")
    if not name:
        faults.append(Fault(_in(place, "identifier.value"), "missing_key", "identifier.value"))
    answers: list[int | None] = [None] * len(scale.items)
    seen: set[str] = set()
    for here, item in flat_items(data, place):
        link = item["linkId"]
        if link in seen:
            faults.append(Fault(f"{here}.linkId", "duplicate", link))
        seen.add(link)
        if "answer" not in item:
            continue
        if not (link.isascii() and link.isdigit() and len(link) < 5 and 1 <= int(link) <= len(answers)):
            faults.append(Fault(f"{here}.linkId", "no_such_item", link[:80]))
            continue
        faults += _answer(item["answer"], scale, int(link), here, answers)
    if faults:
        raise NotFhir(faults)
    return Sheet(str(name), tuple(answers))


def _belonging(data: Mapping[str, Any], scale: Scale, place: str) -> Iterator[Fault]:
    """A response says whose it is; of another scale or version it would be scored with the wrong key."""
    cited = data.get("questionnaire")
    if cited is None:
        yield Fault(_in(place, "questionnaire"), "missing_key", "questionnaire")
    elif cited not in (canonical_url(scale), f"{canonical_url(scale)}|{scale.version}"):
        yield Fault(_in(place, "questionnaire"), "wrong_scale", f"{canonical_url(scale)}|{scale.version}")
    if data["status"] == "entered-in-error":
        yield Fault(_in(place, "status"), "withdrawn")


def _answer(
    given: Sequence[Mapping[str, Any]], scale: Scale, number: int, here: str, answers: list[int | None]
) -> Iterator[Fault]:
    if len(given) > 1:
        yield Fault(f"{here}.answer", "two_answers", str(len(given)))
        return
    coding = given[0].get("valueCoding", {})
    code = coding.get("code", given[0].get("valueInteger"))
    legal = {str(each): each for each in scale.items[number - 1].codes}
    if coding.get("system", code_system(scale)) != code_system(scale):
        yield Fault(f"{here}.answer[0].valueCoding.system", "wrong_scale", code_system(scale))
    elif str(code) not in legal:
        yield Fault(f"{here}.answer[0]", "illegal_code", str(code)[:80])
    else:
        answers[number - 1] = legal[str(code)]
