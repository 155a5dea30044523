"""A scale as a FHIR R4 Questionnaire. Wording that its licence does not let us pass on stays behind."""

from dataclasses import replace
from typing import Any, Final

from xinqiao.engines.fhir.extensions import BASE, translated, written
from xinqiao.engines.scoring import Scale, Text
from xinqiao.engines.scoring.model import AnswerOption, AskedIf, Item
from xinqiao.engines.scoring.writing import fingerprint, scale_to_mapping

LANGUAGE: Final = "zh-Hans"
INSTRUCTION: Final = "instruction"
ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
FINGERPRINT: Final = BASE + "fingerprint"
REVERSED: Final = BASE + "reversed"


def canonical_url(scale: Scale) -> str:
    """The name by which responses cite the questionnaire, without its version."""
    return f"urn:xinqiao:scale:{scale.id}"


def code_system(scale: Scale) -> str:
    """The name of the system that a scale's answer codes belong to."""
    return f"{canonical_url(scale)}:answers"


def may_pass_wording_on(scale: Scale) -> bool:
    """Whether the wording may leave the house: its owner lets anyone have it. A school's licence is the school's."""
    return scale.has_wording and scale.licence.status == "full" and not scale.wording_licence


def passed_on(scale: Scale) -> Scale:
    """The scale as it may be passed on: as it is, or its key alone."""
    if may_pass_wording_on(scale) or not scale.has_wording:
        return scale
    bare = tuple(
        replace(item, text=None, options=tuple(AnswerOption(code) for code in item.codes)) for item in scale.items
    )
    return replace(scale, items=bare, wording="missing", rendering="", wording_licence="", instruction=None)


def questionnaire_of(scale: Scale) -> dict[str, Any]:
    """The Questionnaire; reading it back gives `passed_on(scale)` and nothing less."""
    scale = passed_on(scale)
    mapping = scale_to_mapping(scale)
    ours = written({**mapping, "items_source": scale.items_source})
    return {
        "resourceType": "Questionnaire",
        "id": scale.id,
        "language": LANGUAGE,
        "extension": [{"url": FINGERPRINT, "valueString": fingerprint(scale)}, *ours],
        "url": canonical_url(scale),
        "version": scale.version,
        "name": _computable(scale.id),
        **_phrase("title", scale.title),
        "status": "active" if scale.has_wording else "draft",
        **({"subjectType": ["Patient"]} if scale.audience == "pupils" else {"subjectType": ["Practitioner"]}),
        **_phrase("copyright", scale.licence.text),
        "item": [*_instruction(scale), *(_item(scale, item) for item in scale.items)],
    }


def _computable(scale_id: str) -> str:
    """A name as programs want it: letters, digits, no hyphen, a capital first (que-0)."""
    return scale_id.upper().replace("-", "_")


def _phrase(name: str, text: Text | None) -> dict[str, Any]:
    if text is None:
        return {}
    beside = translated(text.zh_hans, text.en)
    return {name: text.zh_hans, **({f"_{name}": beside} if beside else {})}


def _instruction(scale: Scale) -> list[dict[str, Any]]:
    return (
        [{"linkId": INSTRUCTION, **_phrase("text", scale.instruction), "type": "display"}] if scale.instruction else []
    )


def _item(scale: Scale, item: Item) -> dict[str, Any]:
    return {
        "linkId": str(item.number),
        **({"extension": [{"url": REVERSED, "valueBoolean": True}]} if item.reversed else {}),
        "prefix": str(item.number),
        **_phrase("text", item.text),
        "type": "choice",
        **(_enable_when(scale, item.asked_if) if item.asked_if else {}),
        "required": scale.missing.rule == "refuse",
        "answerOption": [_option(scale, item, option) for option in item.options],
    }


def _enable_when(scale: Scale, asked: AskedIf) -> dict[str, Any]:
    """R4 knows no order among codings, so every answer that opens the question is named."""
    system = code_system(scale)
    whens = [
        {"question": str(number), "operator": "=", "answerCoding": {"system": system, "code": str(code)}}
        for number in asked.items
        for code in (scale.items[number - 1].codes if 1 <= number <= len(scale.items) else ())
        if code >= asked.at_least
    ]
    return {"enableWhen": whens, "enableBehavior": "any"}


def _option(scale: Scale, item: Item, option: AnswerOption) -> dict[str, Any]:
    """`code` is the answer as it is stored, the ordinal value what it adds to a score: they differ where reversed."""
    worth = item.codes[0] + item.codes[-1] - option.code if item.reversed else option.code
    coding = {"system": code_system(scale), "code": str(option.code), **_phrase("display", option.label)}
    return {"extension": [{"url": ORDINAL, "valueDecimal": worth}], "valueCoding": coding}
