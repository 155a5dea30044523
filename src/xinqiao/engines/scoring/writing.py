"""From a `Scale` back to plain data: the one canonical way to write it, and a fingerprint of what is written.

`scale_from_mapping(scale_to_mapping(scale)) == scale`. Short forms of a file ("1-9", `of`, `fill`) are written out.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from xinqiao.engines.scoring.model import (
    BandSet,
    Comparison,
    Condition,
    Expectation,
    Flag,
    Item,
    Scale,
    Span,
    Subscale,
    Text,
    WorkedExample,
)


def scale_to_mapping(scale: Scale) -> dict[str, Any]:
    """Everything the scale says, in the model's own order; what is at its default is left out."""
    return _without_empty({
        "id": scale.id, "version": scale.version, "title": _text(scale.title),
        "informants": list(scale.informants), "audience": scale.audience, "period": _text(scale.period),
        "requires_duty": scale.requires_duty or None,
        "offered": [
            _without_empty({
                "informant": each.informant, "ages": _span(each.ages), "grades": _span(each.grades),
                "source": each.source,
            })
            for each in scale.offered
        ],
        "licence": {
            "status": scale.licence.status, "text": _text(scale.licence.text), "source": scale.licence.source
        },
        "wording": scale.wording, "rendering": scale.rendering, "wording_licence": scale.wording_licence,
        "instruction": _text(scale.instruction),
        "items": {**_items(scale.items), "source": scale.items_source},
        "missing": _without_empty({
            "rule": scale.missing.rule, "up_to": scale.missing.up_to if scale.missing.rule == "prorate" else None,
            "source": scale.missing.source,
        }),
        "subscales": {each.id: _subscale(each) for each in scale.subscales},
        "validity": [
            {"id": rule.id, "title": _text(rule.title), **_comparison(rule.when), "source": rule.source}
            for rule in scale.validity
        ],
        "critical": [
            _without_empty({
                "item": rule.item, "at_least": rule.at_least, "assumption": rule.assumption or None,
                "source": rule.source,
            })
            for rule in scale.critical
        ],
        "suicide_items": list(scale.suicide_items),
        "flags": [_flag(flag) for flag in scale.flags],
        "sources": [
            _without_empty({"id": each.id, "kind": each.kind, "citation": each.citation, "note": each.note})
            for each in scale.sources
        ],
        "examples": [_example(example) for example in scale.examples],
    })  # fmt: skip


def fingerprint(scale: Scale) -> str:
    """SHA-256 of the canonical form: equal for two scales exactly when nothing in them differs."""
    written = json.dumps(scale_to_mapping(scale), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and value not in ("", [], {})}


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _text(text: Text | None) -> dict[str, str] | None:
    if text is None:
        return None
    return {"en": text.en, "zh-Hans": text.zh_hans} if text.en else {"zh-Hans": text.zh_hans}


def _span(span: Span | None) -> dict[str, int] | None:
    if span is None:
        return None
    ends = {"from": span.low, "to": span.high}
    return {name: end for name, end in ends.items() if end is not None}


def _items(items: Sequence[Item]) -> dict[str, Any]:
    """Codes and labels that most items share are written once, the others by item."""
    codes = Counter(item.codes for item in items).most_common(1)[0][0]
    labels = dict(Counter(tuple(_labels(item).items()) for item in items if item.codes == codes).most_common(1)[0][0])
    others = [item for item in items if _labels(item) != {c: labels[c] for c in item.codes if c in labels}]
    return _without_empty({
        "count": len(items), "codes": list(codes),
        "codes_of": {str(item.number): list(item.codes) for item in items if item.codes != codes},
        "reversed": [item.number for item in items if item.reversed],
        "labels": _written(labels),
        "labels_of": {str(item.number): _written(_labels(item)) for item in others},
        "texts": {str(item.number): _text(item.text) for item in items if item.text},
        "asked_if": {
            str(item.number): {"items": list(item.asked_if.items), "at_least": item.asked_if.at_least}
            for item in items
            if item.asked_if
        },
    })  # fmt: skip


def _labels(item: Item) -> dict[int, Text]:
    return {option.code: option.label for option in item.options if option.label}


def _written(labels: dict[int, Text]) -> dict[str, Any]:
    return {str(code): _text(label) for code, label in labels.items()}


def _subscale(subscale: Subscale) -> dict[str, Any]:
    numerator, denominator = subscale.multiply
    is_steps = subscale.method == "steps"
    return _without_empty({
        "title": _text(subscale.title),
        "items": None if is_steps else list(subscale.items), "method": subscale.method,
        "steps": [list(step) for step in subscale.steps],
        "at_least": subscale.at_least if subscale.at_least != 1 else None,
        "multiply": _number(numerator / denominator) if (numerator, denominator) != (1, 1) else None,
        "truncate": subscale.truncate or None, "composite": subscale.composite or None,
        "higher_means": subscale.higher_means if subscale.higher_means != "worse" else None,
        "missing_up_to": subscale.missing_up_to, "source": subscale.source,
        "bands": [_bands(bands) for bands in subscale.band_sets],
    })  # fmt: skip


def _bands(bands: BandSet) -> dict[str, Any]:
    return _without_empty({
        "when": _condition(bands.when), "source": bands.source,
        "steps": [
            _without_empty({
                "code": band.code, "above" if band.strict else "from": _number(band.threshold),
                "confirmed": None if band.confirmed else False, "title": _text(band.title),
            })
            for band in bands.bands
        ],
    })  # fmt: skip


def _condition(when: Condition | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {
        key: value
        for key, value in {
            "sex": when.sex, "grades": _span(when.grades), "ages": _span(when.ages), "informant": when.informant
        }.items()
        if value is not None
    }  # fmt: skip


def _comparison(when: Comparison) -> dict[str, Any]:
    return {"subscale": when.subscale, when.operator: _number(when.threshold)}


def _flag(flag: Flag) -> dict[str, Any]:
    return _without_empty({
        "id": flag.id, "title": _text(flag.title), "any_of": [_comparison(each) for each in flag.any_of],
        "when": _condition(flag.when), "confirmed": None if flag.confirmed else False, "source": flag.source,
    })  # fmt: skip


def _example(example: WorkedExample) -> dict[str, Any]:
    return {
        **_without_empty({
            "name": example.name, "arithmetic": example.arithmetic, "informant": example.informant,
            "sex": example.sex, "grade": example.grade, "age": example.age, "answers": list(example.answers),
        }),
        "expect": _expectation(example.expect),
    }  # fmt: skip


def _expectation(expect: Expectation) -> dict[str, Any]:
    return _without_empty({
        "scores": {name: _number(value) for name, value in expect.scores.items()}, "bands": dict(expect.bands),
        "valid": expect.valid if expect.valid == bool(expect.error) else None,
        "critical": list(expect.critical), "flags": list(expect.flags), "error": expect.error,
    })  # fmt: skip
