"""A FHIR R4 Questionnaire as a scale: ours comes back whole, anybody else's becomes a draft whose gaps are listed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xinqiao.engines.fhir.extensions import language_of, other_language, read_extensions
from xinqiao.engines.fhir.structure import flat_items, require
from xinqiao.engines.fhir.writing import INSTRUCTION, ORDINAL, REVERSED
from xinqiao.engines.scoring import Fault, Scale
from xinqiao.engines.scoring.drafts import judge_draft
from xinqiao.engines.scoring.writing import fingerprint

_LONGEST_ID: Final = 24
_ORDINALS: Final = (ORDINAL, "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
                    "http://hl7.org/fhir/StructureDefinition/itemWeight")  # fmt: skip
_ASKS_NOTHING: Final = ("group", "display")


@dataclass(frozen=True, slots=True)
class ReadQuestionnaire:
    """What a Questionnaire says as a scale file would; `scale` is None while something keeps it from being read.

    `faults` are in the words of a scale file; `place_in_file` finds the spot in the resource.
    """

    mapping: dict[str, Any]
    scale: Scale | None
    faults: tuple[Fault, ...]
    is_ours: bool
    places: Mapping[str, str]

    def place_in_file(self, place: str) -> str:
        """The path inside the resource that is nearest to a place of the scale; empty where nothing there says it."""
        while place:
            if place in self.places:
                return self.places[place]
            place = re.sub(r"(^|\.)[^.\[\]]+$|\[\d+\]$", "", place)
        return ""


@dataclass(slots=True)
class _Reading:
    data: Mapping[str, Any]
    language: str
    is_ours: bool
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def phrase(self, holder: Mapping[str, Any], name: str) -> dict[str, str] | None:
        if not holder.get(name):
            return None
        return {self.language: str(holder[name]), **other_language(holder.get(f"_{name}"))}


def read_questionnaire(data: object) -> ReadQuestionnaire:
    """Read a decoded Questionnaire. Raises NotFhir where it is none that the standard would allow."""
    sound = require(data, "Questionnaire")
    ours = read_extensions(sound.get("extension", []))
    reading = _Reading(sound, language_of(sound.get("language", "zh")) or "zh-Hans", bool(ours.data))
    reading.faults += ours.faults
    reading.places |= ours.places
    said = ours.data.pop("fingerprint", None)
    mapping = _mapping(reading, ours.data)
    scale, faults = judge_draft(mapping)
    if said is not None and scale is not None and not reading.faults and said != fingerprint(scale):
        reading.faults.append(Fault(ours.places["fingerprint"], "fingerprint_differs", fingerprint(scale)[:12]))
    return ReadQuestionnaire(mapping, scale, (*reading.faults, *faults), reading.is_ours, reading.places)


def _mapping(reading: _Reading, ours: dict[str, Any]) -> dict[str, Any]:
    source = ours.pop("items_source", None)
    items, instruction = _items(reading)
    if source:
        items["source"] = source
    found: dict[str, Any] = {
        "id": _scale_id(reading), "version": reading.data.get("version"), "title": _title(reading), **ours,
        "instruction": instruction, "items": items,
    }  # fmt: skip
    if not reading.is_ours:
        found["wording"] = "full" if "texts" in items else None
        found["rendering"] = "licensed"
        found["wording_licence"] = reading.data.get("copyright")
    return {key: value for key, value in found.items() if value is not None}


def _scale_id(reading: _Reading) -> str | None:
    """Ours stands as it is; a foreign name is brought into the form of ours."""
    data = reading.data
    if reading.is_ours:
        return data.get("id")
    named = str(data.get("id") or data.get("name") or str(data.get("url", "")).rsplit("/", 1)[-1])
    plain = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")
    plain = plain if plain[:1].isalpha() or not plain else f"q-{plain}"
    return plain[:_LONGEST_ID].strip("-") or None


def _title(reading: _Reading) -> dict[str, str] | None:
    reading.places["title"] = "title"
    return reading.phrase(reading.data, "title")


def _items(reading: _Reading) -> tuple[dict[str, Any], dict[str, str] | None]:
    """The block `items`, and the instruction: the display item of that name, else the first that comes before all."""
    asked: list[tuple[str, Mapping[str, Any]]] = []
    instruction: dict[str, str] | None = None
    for place, item in flat_items(reading.data):
        if item["type"] not in _ASKS_NOTHING:
            asked.append((place, item))
        elif item["type"] == "display" and (item["linkId"] == INSTRUCTION or not (asked or reading.is_ours)):
            instruction = instruction or reading.phrase(item, "text")
            reading.places.setdefault("instruction", place)
    return (_block(reading, asked) if asked else {}), instruction


def _block(reading: _Reading, asked: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    numbers = {item["linkId"]: n for n, (_place, item) in enumerate(asked, 1)}
    codes: dict[str, list[int]] = {}
    labels: dict[str, dict[str, Any]] = {}
    texts: dict[str, Any] = {}
    gates: dict[str, Any] = {}
    turned: list[int] = []
    for n, (place, item) in enumerate(asked, 1):
        reading.places |= {f"items.{key}.{n}": place for key in ("texts", "labels_of", "codes_of", "asked_if")}
        if reading.is_ours and item["linkId"] != str(n):
            reading.faults.append(Fault(f"{place}.linkId", "not_in_order", str(n)))
        options = list(_options(reading, place, item))
        codes[str(n)] = [code for code, _worth, _label in options]
        labels[str(n)] = {str(code): label for code, _worth, label in options if label}
        if text := reading.phrase(item, "text"):
            texts[str(n)] = text
        if _is_turned(reading, place, item, options):
            turned.append(n)
        if "enableWhen" in item:
            gates[str(n)] = _gate(reading, place, item, numbers, codes)
    gathered = {
        "count": len(asked), "codes": codes["1"], "codes_of": _unlike(codes, codes["1"]), "reversed": turned,
        "labels": labels["1"], "labels_of": _unlike(labels, labels["1"]), "texts": texts,
        "asked_if": {name: gate for name, gate in gates.items() if gate},
    }  # fmt: skip
    return {key: value for key, value in gathered.items() if value}


def _unlike(by_item: Mapping[str, Any], common: Any) -> dict[str, Any]:
    return {name: value for name, value in by_item.items() if value != common}


def _options(
    reading: _Reading, place: str, item: Mapping[str, Any]
) -> Iterator[tuple[int, float, dict[str, str] | None]]:
    """Code, worth and label of each answer; what cannot be scored is noted."""
    options = _choices(reading, item)
    if not options:
        reading.faults.append(Fault(place, "no_coded_answers", item["type"]))
        return
    seen: set[int] = set()
    found = []
    for n, option in enumerate(options):
        here = f"{place}.answerOption[{n}]"
        coding = option.get("valueCoding") or {}
        worth = _worth(option, coding)
        code = _code(coding.get("code", option.get("valueInteger")), worth)
        if code is None:
            reading.faults.append(Fault(here, "no_number", str(coding.get("code", ""))[:80]))
            continue
        if code in seen:
            reading.faults.append(Fault(here, "duplicate", str(code)))
            continue
        if reading.is_ours and worth is None:
            reading.faults.append(Fault(here, "missing_key", "ordinalValue"))
        seen.add(code)
        found.append((code, code if worth is None else worth, reading.phrase(coding, "display")))
    yield from found if reading.is_ours else sorted(found, key=lambda each: each[0])


def _choices(reading: _Reading, item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The answers as options, also those of a contained value set, and the yes and no of a boolean."""
    if item["type"] == "boolean" and not reading.is_ours:
        return [{"valueInteger": 0}, {"valueInteger": 1}]  # no and yes; their words are for the scale to say
    if "answerOption" in item:
        return list(item["answerOption"]) if item["type"] in ("choice", "integer") else []
    name = str(item.get("answerValueSet", ""))
    for resource in reading.data.get("contained", []):
        if name == f"#{resource.get('id')}" and resource.get("resourceType") == "ValueSet":
            compose = resource.get("compose")
            includes = compose.get("include", []) if isinstance(compose, Mapping) else []
            return [{"valueCoding": concept} for include in includes for concept in include.get("concept", [])]
    return []


def _worth(option: Mapping[str, Any], coding: Mapping[str, Any]) -> float | None:
    for extension in [*option.get("extension", []), *coding.get("extension", [])]:
        if extension.get("url") in _ORDINALS:
            value = extension.get("valueDecimal", extension.get("valueInteger"))
            return value if isinstance(value, int | float) else None
    return None


def _code(code: object, worth: float | None) -> int | None:
    """The answer's own number where it has one, else what it is worth."""
    text = str(code)
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    return int(worth) if worth is not None and worth == int(worth) and 0 <= worth <= 253 else None


def _is_turned(
    reading: _Reading, place: str, item: Mapping[str, Any], options: Sequence[tuple[int, float, Any]]
) -> bool:
    """Ours says so and its worths must agree; of others the worths alone tell."""
    said = any(e["url"] == REVERSED and e.get("valueBoolean") is True for e in item.get("extension", []))
    if not options:
        return said
    codes = [code for code, _worth, _label in options]
    worths = [worth for _code, worth, _label in options]
    mirrored = [max(codes) + min(codes) - code for code in codes]
    is_mirrored = worths == mirrored and mirrored != codes
    if reading.is_ours and (said != is_mirrored or worths not in (codes, mirrored)):
        reading.faults.append(Fault(f"{place}.answerOption", "worth_differs", ", ".join(f"{w:g}" for w in worths)))
    elif worths not in (codes, mirrored):
        reading.faults.append(Fault(f"{place}.answerOption", "worth_not_code", ", ".join(f"{w:g}" for w in worths)))
    return said or is_mirrored


def _gate(
    reading: _Reading, place: str, item: Mapping[str, Any], numbers: Mapping[str, int],
    codes: Mapping[str, Sequence[int]],
) -> dict[str, Any] | None:  # fmt: skip
    """`asked_if` as far as ours can say it: any of these questions, with this answer or a higher one."""
    whens = item["enableWhen"]
    opened: dict[int, set[int]] = {}
    for n, when in enumerate(whens):
        gate = numbers.get(when["question"])
        code = _code(when.get("answerCoding", {}).get("code", when.get("answerInteger")), None)
        if when["operator"] != "=" or code is None or gate is None:
            reading.faults.append(Fault(f"{place}.enableWhen[{n}]", "condition_too_rich", when["operator"]))
            return None
        opened.setdefault(gate, set()).add(code)
    lowest = min(min(found) for found in opened.values())
    upward = all(found == {c for c in codes.get(str(g), ()) if c >= lowest} for g, found in opened.items())
    if not upward or (len(opened) > 1 and item.get("enableBehavior") == "all"):
        reading.faults.append(Fault(f"{place}.enableWhen", "condition_too_rich", "all"))
        return None
    return {"items": list(opened), "at_least": lowest}
