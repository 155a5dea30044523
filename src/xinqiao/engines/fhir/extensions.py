"""Our own extensions: what a scale says beyond the standard's elements, as nested FHIR extensions and back.

`SHAPE` is their whole definition (docs/guides/exchange-by-fhir.md explains it): each key is an extension below
`BASE`, a mapping nests its keys, a list repeats its entry, `Named` repeats a block that carries its name as `id`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from xinqiao.engines.scoring import Fault

BASE: Final = "urn:xinqiao:fhir:scale:"
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
WORD, WHOLE, NUMBER, TRUTH, ROW = "word", "whole", "number", "truth", "row"
# A phrase of ours nests its languages: not every program reads a translation beside the value of an extension.
TEXT: Final = {"en": WORD, "zh-Hans": WORD}
_SPAN: Final = {"from": WHOLE, "to": WHOLE}
_WHEN: Final = {"sex": WORD, "grades": _SPAN, "ages": _SPAN, "informant": WORD}
_COMPARISON: Final = {
    "subscale": WORD, "at_least": NUMBER, "above": NUMBER, "at_most": NUMBER, "below": NUMBER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping by name: each entry becomes a block with `id`, and `value` where the entry is no block itself."""

    entry: Any


SHAPE: Final[dict[str, Any]] = {
    "fingerprint": WORD,
    "informants": [WORD], "audience": WORD, "period": TEXT, "requires_duty": TRUTH,
    "offered": [{"informant": WORD, "ages": _SPAN, "grades": _SPAN, "source": WORD}],
    "licence": {"status": WORD, "text": TEXT, "source": WORD},
    "wording": WORD, "rendering": WORD, "wording_licence": WORD, "items_source": WORD,
    "missing": {"rule": WORD, "up_to": WHOLE, "source": WORD},
    "subscales": Named({
        "title": TEXT, "items": [WHOLE], "method": WORD, "steps": [[WHOLE]], "at_least": WHOLE, "multiply": NUMBER,
        "truncate": TRUTH, "composite": TRUTH, "higher_means": WORD, "missing_up_to": WHOLE, "source": WORD,
        "bands": [{
            "when": _WHEN, "source": WORD,
            "steps": [{"code": WORD, "from": NUMBER, "above": NUMBER, "confirmed": TRUTH, "title": TEXT}],
        }],
    }),
    "validity": [{"id": WORD, "title": TEXT, **_COMPARISON, "source": WORD}],
    "critical": [{"item": WHOLE, "at_least": WHOLE, "assumption": TRUTH, "source": WORD}],
    "suicide_items": [WHOLE],
    "flags": [{
        "id": WORD, "title": TEXT, "any_of": [_COMPARISON], "when": _WHEN, "confirmed": TRUTH, "source": WORD,
    }],
    "sources": [{"id": WORD, "kind": WORD, "citation": WORD, "note": WORD}],
    "examples": [{
        "name": WORD, "arithmetic": WORD, "informant": WORD, "sex": WORD, "grade": WHOLE, "age": WHOLE,
        "answers": ROW,
        "expect": {
            "scores": Named(NUMBER), "bands": Named(WORD), "valid": TRUTH, "critical": [WHOLE], "flags": [WORD],
            "error": WORD,
        },
    }],
}  # fmt: skip
_VALUES: Final = {
    WORD: ("valueString",), ROW: ("valueString",), WHOLE: ("valueInteger",),
    NUMBER: ("valueInteger", "valueDecimal"), TRUTH: ("valueBoolean",),
}  # fmt: skip
_COMPLAINTS: Final = {
    WORD: "not_a_string", ROW: "not_a_string", WHOLE: "not_an_integer",
    NUMBER: "not_a_number", TRUTH: "not_a_boolean",
}  # fmt: skip


def translated(text: str, english: str) -> dict[str, Any]:
    """What stands beside a Chinese phrase (`_title`, `_text`) to carry its English."""
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": english}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]} if english and text else {}


def other_language(beside: object) -> dict[str, str]:
    """The translations that stand beside a phrase, of the two languages that a scale speaks."""
    found: dict[str, str] = {}
    for extension in beside.get("extension", []) if isinstance(beside, Mapping) else []:
        if extension.get("url") == TRANSLATION:
            parts = {part.get("url"): part for part in extension.get("extension", [])}
            content = parts.get("content", {})
            language = language_of(parts.get("lang", {}).get("valueCode", ""))
            if language:
                found[language] = str(content.get("valueString", content.get("valueMarkdown", "")))
    return found


def language_of(code: object) -> str:
    """How a scale file names a language that FHIR calls "en-GB" or "zh-CN"; empty for any other."""
    start = str(code).lower().split("-")[0]
    return {"en": "en", "zh": "zh-Hans"}.get(start, "")


def written(mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The extensions that say what `mapping` says, in its order; keys that SHAPE does not know are left out."""
    return [
        entry for key, value in mapping.items() if key in SHAPE for entry in _written(BASE + key, value, SHAPE[key])
    ]


def _written(url: str, value: Any, shape: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shape, Named):
        for name, entry in value.items():
            inner = list(_inside(entry, shape.entry))
            yield {"url": url, "extension": [{"url": "id", "valueString": name}, *inner]}
    elif isinstance(shape, list):
        for entry in value:
            if isinstance(shape[0], list):
                yield {"url": url, "extension": list(_written("entry", entry, shape[0]))}
            else:
                yield from _written(url, entry, shape[0])
    elif isinstance(shape, dict):
        yield {"url": url, "extension": list(_inside(value, shape))}
    else:
        yield {"url": url, **_leaf(value, shape)}


def _inside(value: Any, shape: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(shape, dict):
        if value != "":  # FHIR knows no empty string: an entry without a value is one
            yield {"url": "value", **_leaf(value, shape)}
        return
    for key, entry in value.items():
        yield from _written(key, entry, shape[key])


def _leaf(value: Any, shape: str) -> dict[str, Any]:
    if shape == ROW:
        return {"valueString": ",".join("" if answer is None else str(answer) for answer in value)}
    if shape == NUMBER and isinstance(value, float):
        return {"valueDecimal": value}
    return {_VALUES[shape][0]: value}


@dataclass(slots=True)
class Extensions:
    """What was read: `data` as a scale file says it, `places` from there to the path in the resource, `faults`."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_extensions(extensions: list[Mapping[str, Any]], place: str = "extension") -> Extensions:
    """Read our extensions of a questionnaire; those of others are passed over."""
    found = Extensions()
    ours: list[tuple[str, Mapping[str, Any]]] = [
        (f"{place}[{n}]", {**entry, "url": entry["url"].removeprefix(BASE)})
        for n, entry in enumerate(extensions)
        if entry["url"].startswith(BASE)
    ]
    found.data = _block(found, ours, SHAPE, "")
    return found


def _block(
    found: Extensions, entries: list[tuple[str, Mapping[str, Any]]], shape: dict[str, Any], at: str
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    by_key: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for place, entry in entries:
        if entry["url"] not in shape:
            found.faults.append(Fault(f"{place}.url", "unknown_key", entry["url"]))
            continue
        by_key.setdefault(entry["url"], []).append((place, entry))
    for key, them in by_key.items():
        here = f"{at}.{key}" if at else key
        found.places[here] = them[0][0]
        data[key] = _many(found, them, shape[key], here)
    return data


def _many(found: Extensions, them: list[tuple[str, Mapping[str, Any]]], shape: Any, here: str) -> Any:
    if isinstance(shape, Named):
        return _named(found, them, shape, here)
    if isinstance(shape, list):
        values = []
        for n, (place, entry) in enumerate(them):
            found.places[f"{here}[{n}]"] = place
            if isinstance(shape[0], list):
                inner = _nested(found, place, entry)
                values.append([_one(found, each, shape[0][0], here) for each in inner])
            else:
                values.append(_one(found, (place, entry), shape[0], f"{here}[{n}]"))
        return values
    for place, entry in them[1:]:
        found.faults.append(Fault(place, "duplicate", entry["url"]))
    return _one(found, them[0], shape, here)


def _named(found: Extensions, them: list[tuple[str, Mapping[str, Any]]], shape: Named, here: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, entry in them:
        inner = _nested(found, place, entry)
        names = [each for each in inner if each[1]["url"] == "id"]
        if len(names) != 1 or not isinstance(names[0][1].get("valueString"), str):
            found.faults.append(Fault(place, "missing_key" if not names else "duplicate", "id"))
            continue
        name = names[0][1]["valueString"]
        if name in values:
            found.faults.append(Fault(place, "duplicate", name))
        found.places[f"{here}.{name}"] = place
        rest = [each for each in inner if each not in names]
        is_block = isinstance(shape.entry, dict)
        data = _block(found, rest, shape.entry if is_block else {"value": shape.entry}, f"{here}.{name}")
        if shape.entry == NUMBER and "value" not in data:
            found.faults.append(Fault(place, "missing_key", "value"))
        values[name] = data if is_block else data.get("value", "")
    return values


def _nested(found: Extensions, place: str, entry: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    if "extension" not in entry:
        found.faults.append(Fault(place, "not_a_mapping", "value[x]"))
    return [(f"{place}.extension[{n}]", each) for n, each in enumerate(entry.get("extension", []))]


def _one(found: Extensions, at: tuple[str, Mapping[str, Any]], shape: Any, here: str) -> Any:
    place, entry = at
    if isinstance(shape, dict):
        return _block(found, _nested(found, place, entry), shape, here)
    name = next((name for name in _VALUES[shape] if name in entry), "")
    if not name:
        shown = next((key for key in entry if key.startswith("value")), "extension")
        found.faults.append(Fault(place, _COMPLAINTS[shape], shown))
        return None
    return _row(found, entry[name], place) if shape == ROW else entry[name]


def _row(found: Extensions, text: str, place: str) -> list[int | None]:
    answers: list[int | None] = []
    for n, cell in enumerate(text.split(",")):
        cell = cell.strip()
        if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 10):
            found.faults.append(Fault(place, "not_an_integer", f"{n + 1}: {cell[:80]}"))
        answers.append(int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None)
    return answers
