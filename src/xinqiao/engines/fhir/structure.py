"""The structure of FHIR R4 (4.0.1) as far as questionnaires, responses and referrals go, and a check against it.

The tables follow hl7.org/fhir/R4: `!` marks an element that must be there, `*` one that is a list. Types that no
scale looks into (`object`) are only held to be mappings. Invariants of the standard are named as it names them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from xinqiao.engines.fhir.faults import NotFhir
from xinqiao.engines.scoring import Fault
from xinqiao.engines.scoring.reading import is_control

MOST_DEPTH: Final = 40
_SHOWN: Final = 80
_ANSWERS: Final = (
    "valueInteger:integer valueDate:string valueTime:string valueString:string valueCoding:Coding "
    "valueReference:object "
)
_ELEMENT: Final = "id:string extension:Extension* "
_BACKBONE: Final = _ELEMENT + "modifierExtension:Extension* "
_RESOURCE: Final = (
    "resourceType!:string id:id meta:object implicitRules:uri language:code text:object contained:object* "
    "extension:Extension* modifierExtension:Extension* "
)

TYPES: Final = {
    "Questionnaire": _RESOURCE
    + "url:uri identifier:object* version:string name:string title:string derivedFrom:uri* status!:status "
    "experimental:boolean subjectType:code* date:string publisher:string contact:object* description:string "
    "useContext:object* jurisdiction:object* purpose:string copyright:string approvalDate:string "
    "lastReviewDate:string effectivePeriod:object code:Coding* item:Item*",
    "Item": _BACKBONE
    + "linkId!:string definition:uri code:Coding* prefix:string text:string type!:itemType enableWhen:EnableWhen* "
    "enableBehavior:behavior required:boolean repeats:boolean readOnly:boolean maxLength:integer answerValueSet:uri "
    "answerOption:AnswerOption* initial:object* item:Item*",
    "EnableWhen": _BACKBONE
    + "question!:string operator!:operator answerBoolean:boolean answerDecimal:decimal answerInteger:integer "
    "answerDate:string answerDateTime:string answerTime:string answerString:string answerCoding:Coding "
    "answerQuantity:object answerReference:object",
    "AnswerOption": _BACKBONE + _ANSWERS + "initialSelected:boolean",
    "QuestionnaireResponse": _RESOURCE
    + "identifier:Identifier basedOn:object* partOf:object* questionnaire:uri status!:responseStatus subject:object "
    "encounter:object authored:string author:object source:object item:ResponseItem*",
    "ResponseItem": _BACKBONE + "linkId!:string definition:uri text:string answer:Answer* item:ResponseItem*",
    "Answer": _BACKBONE
    + _ANSWERS
    + "valueBoolean:boolean valueDecimal:decimal valueDateTime:string valueUri:uri valueAttachment:object "
    "valueQuantity:object item:ResponseItem*",
    "ServiceRequest": _RESOURCE
    + "identifier:Identifier* basedOn:object* status!:requestStatus intent!:code category:object* priority:code "
    "code:object subject!:object occurrenceDateTime:string authoredOn:string requester:object performerType:object "
    "performer:object* reasonCode:object* reasonReference:object* supportingInfo:object* note:object* "
    "patientInstruction:string",
    "Task": _RESOURCE
    + "identifier:Identifier* basedOn:object* status!:taskStatus statusReason:object businessStatus:object "
    "intent!:code priority:code code:object description:string focus:object for:object executionPeriod:object "
    "authoredOn:string lastModified:string requester:object owner:object note:object* restriction:object "
    "input:object* output:object*",
    "Bundle": "resourceType!:string id:id meta:object implicitRules:uri language:code identifier:object type!:code "
    "timestamp:string total:integer link:object* entry:Entry* signature:object",
    "Entry": _BACKBONE + "link:object* fullUrl:uri resource:object search:object request:object response:object",
    "Identifier": _ELEMENT + "use:code type:object system:uri value:string period:object assigner:object",
    "Coding": _ELEMENT + "system:uri version:string code:code display:string userSelected:boolean",
    "Extension": _ELEMENT + "url!:uri",
}  # fmt: skip
_WORDS: Final = {
    "status": "draft active retired unknown",
    "responseStatus": "in-progress completed amended entered-in-error stopped",
    "requestStatus": "draft active on-hold revoked completed entered-in-error unknown",
    "taskStatus": "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed "
    "entered-in-error",
    "itemType": "group display boolean decimal integer date dateTime time string text url choice open-choice "
    "attachment reference quantity",
    "operator": "exists = != > < >= <=",
    "behavior": "all any",
}
_PATTERNS: Final = {
    "id": re.compile(r"[A-Za-z0-9\-.]{1,64}"),
    "uri": re.compile(r"\S+"),
    "code": re.compile(r"[^\s]+(\s[^\s]+)*"),
    "string": re.compile(r"[ \r\n\t\S]+"),
}
_EXTENSION_VALUE: Final = re.compile(
    r"value(Base64Binary|Boolean|Canonical|Code|Date|DateTime|Decimal|Id|Instant|Integer|Markdown|Oid|PositiveInt|"
    r"String|Time|UnsignedInt|Uri|Url|Uuid|Coding|CodeableConcept|Quantity|Identifier|Reference|Period|Range|Ratio|"
    r"Address|Age|Annotation|Attachment|ContactPoint|Count|Distance|Duration|HumanName|Money|SampledData|Signature|"
    r"Timing|ContactDetail|Contributor|DataRequirement|Expression|ParameterDefinition|RelatedArtifact|"
    r"TriggerDefinition|UsageContext|Dosage|Meta)"
)
_VALUE_TYPES: Final = {
    "valueBoolean": "boolean", "valueInteger": "integer", "valuePositiveInt": "integer",
    "valueUnsignedInt": "integer", "valueDecimal": "decimal", "valueCode": "code", "valueId": "id",
    "valueCoding": "Coding",
}  # fmt: skip
_TEXT_VALUES: Final = {
    f"value{name}" for name in ("String", "Markdown", "Uri", "Url", "Canonical", "Oid", "Uuid", "Date", "DateTime",
                                "Instant", "Time", "Base64Binary")
}  # fmt: skip


def _fields(kind: str) -> dict[str, tuple[str, bool, bool]]:
    """By element: its type, whether it must be there, whether it is a list."""
    found = {}
    for entry in TYPES[kind].split():
        name, wanted = entry.split(":")
        found[name.rstrip("!")] = (wanted.rstrip("*"), name.endswith("!"), wanted.endswith("*"))
    return found


_FIELDS: Final = {kind: _fields(kind) for kind in TYPES}


def require(data: object, kind: str, place: str = "") -> Mapping[str, Any]:
    """The data itself where it is a sound resource of this kind. Raises NotFhir with every fault found."""
    if not isinstance(data, Mapping):
        raise NotFhir([Fault(place or "file", "not_a_mapping", type(data).__name__)])
    if data.get("resourceType") != kind:
        shown = str(data.get("resourceType"))[:_SHOWN]
        raise NotFhir([Fault(_in(place, "resourceType"), "wrong_resource", f"{kind}, {shown}")])
    faults = list(_element(data, kind, place))
    if kind == "Questionnaire" and not faults:
        faults = list(_questionnaire_rules(data))
    if faults:
        raise NotFhir(faults)
    return data


def _in(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _element(data: Mapping[str, Any], kind: str, place: str) -> Iterator[Fault]:
    if place.count(".") > MOST_DEPTH:
        yield Fault(place, "too_deep", str(MOST_DEPTH))
        return
    fields = _FIELDS[kind]
    for name, (_wanted, is_needed, _is_list) in fields.items():
        if is_needed and name not in data:
            yield Fault(_in(place, name), "missing_key", name)
    for name, value in data.items():
        yield from _field(kind, str(name), value, _in(place, str(name)))
    if kind == "Extension":
        yield from _extension_rules(data, place)
    elif sum(name.startswith(("value", "answer")) and name[5:6].isupper() for name in data) > 1:
        yield Fault(place, "one_of", ", ".join(sorted(n for n in data if n.startswith(("value", "answer")))))


def _field(kind: str, name: str, value: object, place: str) -> Iterator[Fault]:
    fields = _FIELDS[kind]
    if name.startswith("_"):
        if not _is_known(kind, name[1:]):
            yield Fault(place, "unknown_key", name)
        elif not isinstance(value, Mapping | list):
            yield Fault(place, "not_a_mapping", type(value).__name__)
        elif isinstance(value, Mapping):
            yield from _extensions_of(value, place)
        return
    if kind == "Extension" and name not in fields:
        yield from _extension_value(name, value, place)
        return
    if name not in fields:
        yield Fault(place, "unknown_key", name)
        return
    wanted, _is_needed, is_list = fields[name]
    if not is_list:
        yield from _value(value, wanted, place)
    elif not isinstance(value, list):
        yield Fault(place, "not_a_list", type(value).__name__)
    elif not value:
        yield Fault(place, "empty_list")
    else:
        for n, entry in enumerate(value):
            yield from _value(entry, wanted, f"{place}[{n}]")


def _is_known(kind: str, name: str) -> bool:
    return name in _FIELDS[kind] or (kind == "Extension" and bool(_EXTENSION_VALUE.fullmatch(name)))


def _extensions_of(data: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """What stands beside a primitive value: an id and extensions, nothing else."""
    for name, value in data.items():
        if name == "extension" and isinstance(value, list):
            for n, entry in enumerate(value):
                yield from _value(entry, "Extension", f"{place}.extension[{n}]")
        elif name != "id":
            yield Fault(_in(place, str(name)), "unknown_key", str(name))


def _extension_value(name: str, value: object, place: str) -> Iterator[Fault]:
    if not _EXTENSION_VALUE.fullmatch(name):
        yield Fault(place, "unknown_key", name)
    elif name in _TEXT_VALUES:
        yield from _value(value, "string", place)
    else:
        yield from _value(value, _VALUE_TYPES.get(name, "object"), place)


def _extension_rules(data: Mapping[str, Any], place: str) -> Iterator[Fault]:
    values = {name.lstrip("_") for name in data if name.lstrip("_").startswith("value")}
    if len(values) > 1 or bool(values) == ("extension" in data):
        yield Fault(place, "one_of", "value[x], extension")


def _value(value: object, wanted: str, place: str) -> Iterator[Fault]:
    if wanted in TYPES or wanted == "object":
        if not isinstance(value, Mapping) or not value:
            yield Fault(place, "not_a_mapping", type(value).__name__)
        elif wanted != "object":
            yield from _element(value, wanted, place)
    elif wanted == "boolean":
        if not isinstance(value, bool):
            yield Fault(place, "not_a_boolean", repr(value)[:_SHOWN])
    elif wanted == "integer":
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
            yield Fault(place, "not_an_integer", repr(value)[:_SHOWN])
    elif wanted == "decimal":
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e18:
            yield Fault(place, "not_a_number", repr(value)[:_SHOWN])
    else:
        yield from _word(value, wanted, place)


def _word(value: object, wanted: str, place: str) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield Fault(place, "not_a_string", repr(value)[:_SHOWN])
    elif any(map(is_control, value)):
        yield Fault(place, "control_character")
    elif wanted in _WORDS:
        if value not in _WORDS[wanted].split():
            yield Fault(place, "not_allowed", value[:_SHOWN])
    elif not _PATTERNS[wanted].fullmatch(value):
        yield Fault(place, "not_allowed", value[:_SHOWN])


def _questionnaire_rules(data: Mapping[str, Any]) -> Iterator[Fault]:
    """The standard's invariants on items; unique link ids are que-2."""
    flat = list(flat_items(data))
    for link, times in Counter(item["linkId"] for _place, item in flat).items():
        if times > 1:
            place = [place for place, item in flat if item["linkId"] == link][1]
            yield Fault(f"{place}.linkId", "duplicate", link)
    links = {item["linkId"] for _place, item in flat}
    for place, item in flat:
        yield from _item_rules(item, place, links)


def _item_rules(item: Mapping[str, Any], place: str, links: set[str]) -> Iterator[Fault]:
    kind, options = item["type"], "answerOption" in item
    if kind == "group" and not item.get("item"):
        yield Fault(f"{place}.item", "missing_key", "item")  # que-1
    if kind == "display" and ("item" in item or "required" in item or "repeats" in item):
        yield Fault(f"{place}.type", "not_allowed", kind)  # que-1, que-6
    if options and "answerValueSet" in item:
        yield Fault(place, "one_of", "answerOption, answerValueSet")  # que-4
    if options and kind not in ("choice", "open-choice", "integer", "date", "time", "string"):
        yield Fault(f"{place}.answerOption", "not_allowed", kind)  # que-5
    for n, option in enumerate(item.get("answerOption", [])):
        if not any(name.startswith("value") for name in option):
            yield Fault(f"{place}.answerOption[{n}]", "missing_key", "value[x]")
    for n, when in enumerate(item.get("enableWhen", [])):
        if when["question"] not in links or when["question"] == item["linkId"]:
            yield Fault(f"{place}.enableWhen[{n}].question", "no_such_item", when["question"])
        if not any(name.startswith("answer") for name in when):
            yield Fault(f"{place}.enableWhen[{n}]", "missing_key", "answer[x]")
        elif when["operator"] == "exists" and "answerBoolean" not in when:
            yield Fault(f"{place}.enableWhen[{n}]", "missing_key", "answerBoolean")  # que-7
    if len(item.get("enableWhen", [])) > 1 and "enableBehavior" not in item:
        yield Fault(f"{place}.enableBehavior", "missing_key", "enableBehavior")  # que-12


def flat_items(data: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every item with its path, in the order in which it is asked; nested ones after their parent."""
    for n, item in enumerate(data.get("item", [])):
        here = _in(place, f"item[{n}]")
        yield here, item
        yield from flat_items(item, here)
