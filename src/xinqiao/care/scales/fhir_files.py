"""FHIR resources as files: JSON decoded strictly, each refusal with its place; scales written as JSON and as YAML."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from xinqiao.care.scales.packs import MAX_DEPTH, MAX_FILE_BYTES
from xinqiao.engines.fhir import (
    NotFhir,
    ReadQuestionnaire,
    Sheet,
    bundle_of,
    questionnaire_of,
    read_questionnaire,
    read_responses,
)
from xinqiao.engines.scoring import Fault, Scale

FHIR_JSON: Final = "application/fhir+json"
MAX_RESPONSES_BYTES: Final = 32_000_000  # ours: 3,000 sheets of a hundred questions
_TWICE: Final = object()


def decoded_json(body: bytes, *, most_bytes: int = MAX_FILE_BYTES) -> Any:
    """What a JSON file says. Raises NotFhir: too large, not UTF-8, not JSON (with line and column), an entry twice."""
    if len(body) > most_bytes:
        raise NotFhir([Fault("file", "unreadable_json", f"> {most_bytes // 1000} kB")])
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise NotFhir([Fault(f"line {line}", "unreadable_json", "UTF-8")]) from error
    _refuse_deep(text)
    try:
        data = json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise NotFhir([Fault(f"line {error.lineno}, column {error.colno}", "unreadable_json", error.msg)]) from error
    except ValueError as error:  # NaN and its kin, a number of thousands of digits
        raise NotFhir([Fault("file", "unreadable_json", str(error)[:80])]) from error
    if twice := [place for place, value in _walk(data, "") if value is _TWICE]:
        raise NotFhir([Fault(place, "duplicate", place.rsplit(".", 1)[-1]) for place in twice])
    return data


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping in which a name that stands there twice is marked, since the last one would silently win."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = _TWICE if name in found else value
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _refuse_deep(text: str) -> None:
    """Refuse nesting that no resource needs: the decoder goes down by recursion."""
    depth = deepest = line = 0
    is_text = is_escaped = False
    for character in text:
        if character == "\n":
            line += 1
        if is_text:
            is_text = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif character == '"':
            is_text = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
        if deepest > MAX_DEPTH:
            raise NotFhir([Fault(f"line {line + 1}", "too_deep", str(MAX_DEPTH))])


def _walk(data: Any, place: str) -> Iterator[tuple[str, Any]]:
    yield place, data
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _walk(value, f"{place}.{name}" if place else name)
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _walk(value, f"{place}[{n}]")


def questionnaire_text(scale: Scale) -> str:
    """The scale as a FHIR R4 Questionnaire in JSON, as far as its licence lets it go."""
    return json.dumps(questionnaire_of(scale), ensure_ascii=False, indent=1) + "\n"


def responses_text(scale: Scale, sheets: Iterable[Sheet]) -> str:
    """Answer sheets as a Bundle of QuestionnaireResponses in JSON."""
    return json.dumps(bundle_of(scale, sheets), ensure_ascii=False, indent=1) + "\n"


def responses_from(body: bytes, scale: Scale) -> list[Sheet]:
    """Read a file that should hold answer sheets of a scale. Raises NotFhir."""
    return read_responses(decoded_json(body, most_bytes=MAX_RESPONSES_BYTES), scale)


def questionnaire_from(body: bytes) -> ReadQuestionnaire:
    """Read a file that should hold a Questionnaire. Raises NotFhir."""
    return read_questionnaire(decoded_json(body))


def scale_file_text(mapping: Mapping[str, Any]) -> str:
    """A scale file in YAML, to be completed and checked."""
    return yaml.safe_dump(dict(mapping), allow_unicode=True, sort_keys=False, width=120)
