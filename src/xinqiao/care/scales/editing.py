"""A draft as the fields of the editor, and back. Lines of a text field part their cells by "|".

What the editor cannot show (norms for some pupils only, questions asked only after an answer, validity rules) would be
lost on the way: whether a draft can be edited here at all is for `editor_forms.fits` to say.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from xinqiao.engines.scoring import ScaleFault, scale_from_mapping
from xinqiao.engines.scoring.writing import scale_to_mapping

OPEN, CLOSED = "open", "closed"
_SIGNS: Final = {">=": "at_least", ">": "above", "<=": "at_most", "<": "below"}
_NAMES: Final = {name: sign for sign, name in _SIGNS.items()}
_SPANS: Final = ("ages", "grades")


class BadLine(ValueError):
    """A line that cannot be understood: its number, and what was written there."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"{number}: {text}")
        self.number, self.text = number, text


def skeleton(code: str, title: str) -> dict[str, Any]:
    """What a new form begins with: a pupil's form of the unit's own in which nothing is decided yet."""
    return {
        "id": code, "version": "1.0", "title": {"en": title, "zh-Hans": title}, "informants": ["self"],
        "audience": "pupils", "offered": [{"informant": "self"}], "licence": {"status": "key"}, "wording": "full",
        "rendering": "licensed", "missing": {"rule": "refuse"},
    }  # fmt: skip


# ---- from a draft to the fields


def fields_of(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the plain fields; nothing for what is not there yet."""
    items = _block(mapping, "items")
    offered: Mapping[str, Any] = next(iter(mapping.get("offered") or [{}]), {})
    licence = _block(mapping, "licence")
    is_open = licence.get("status") == "full"
    return {
        "code": mapping.get("id", ""), "version": mapping.get("version", ""), **_pair("title", mapping.get("title")),
        "informants": list(mapping.get("informants") or ["self"]),
        **{f"{name}_{end}": _block(offered, name).get(end) for name in _SPANS for end in ("from", "to")},
        "rights": OPEN if is_open else CLOSED, **_pair("licence", licence.get("text")),
        "wording_licence": mapping.get("wording_licence", ""),
        **_pair("period", mapping.get("period")), **_pair("instruction", mapping.get("instruction")),
        "options": _lines((code, *_words(label)) for code, label in _labels(items)),
        "items": _lines(_words(text) for _n, text in sorted(_block(items, "texts").items(), key=lambda p: int(p[0]))),
        "reversed": _numbers(items.get("reversed")),
        "missing_up_to": _block(mapping, "missing").get("up_to"),
        "critical": _lines((each.get("item"), each.get("at_least"), each.get("source"))
                           for each in mapping.get("critical") or []),
        "suicide_items": _numbers(mapping.get("suicide_items")),
        "flags": _lines(_flag_cells(flag) for flag in mapping.get("flags") or []),
        "sources": _lines((each.get("id"), each.get("kind"), each.get("citation"))
                          for each in mapping.get("sources") or []),
        "items_source": items.get("source", ""), "licence_source": licence.get("source", ""),
        "offered_source": offered.get("source", ""), "missing_source": _block(mapping, "missing").get("source", ""),
    }  # fmt: skip


def parts_of(mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of parts."""
    return [
        {
            "id": name, **_pair("title", part.get("title")), "items": _numbers(part.get("items")),
            "method": part.get("method", "sum"), "multiply": part.get("multiply"),
            "is_total": bool(part.get("composite")), "is_better": part.get("higher_means") == "better",
            "source": part.get("source", ""),
            "bands": _lines(_band_cells(band) for each in part.get("bands") or [] for band in each.get("steps") or []),
            "bands_source": next((bands.get("source", "") for bands in part.get("bands") or []), ""),
        }
        for name, part in _block(mapping, "subscales").items()
    ]  # fmt: skip


def examples_of(mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of worked examples."""
    return [
        {
            "name": example.get("name", ""), "arithmetic": example.get("arithmetic", ""),
            "answers": ", ".join("" if answer is None else str(answer) for answer in example.get("answers") or []),
            "scores": _equations(_block(example, "expect").get("scores")),
            "bands": _equations(_block(example, "expect").get("bands")),
            "critical": _numbers(_block(example, "expect").get("critical")),
            "flags": ", ".join(_block(example, "expect").get("flags") or []),
            "error": _block(example, "expect").get("error", ""),
        }
        for example in mapping.get("examples") or []
    ]  # fmt: skip


def _block(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _words(text: Any) -> tuple[str, ...]:
    said = text if isinstance(text, Mapping) else {}
    zh, en = said.get("zh-Hans", ""), said.get("en", "")
    return (zh, en) if en and en != zh else (zh,)


def _pair(name: str, text: Any) -> dict[str, str]:
    zh, *en = _words(text)
    return {f"{name}_zh": zh, f"{name}_en": en[0] if en else ""}


def _labels(items: Mapping[str, Any]) -> list[tuple[int, Any]]:
    labels = _block(items, "labels")
    return [(code, labels.get(str(code))) for code in items.get("codes") or []]


def _lines(rows: Any) -> str:
    return "\n".join(" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)


def _numbers(numbers: Any) -> str:
    return ", ".join(str(number) for number in numbers or [])


def _equations(pairs: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in (pairs or {}).items())


def _band_cells(band: Mapping[str, Any]) -> tuple[Any, ...]:
    start = f"> {band.get('above')}" if "above" in band else band.get("from", "")
    return (start, band.get("code", ""), *_words(band.get("title")))


def _flag_cells(flag: Mapping[str, Any]) -> tuple[Any, ...]:
    first: Mapping[str, Any] = next(iter(flag.get("any_of") or [{}]), {})
    name = next((key for key in first if key in _NAMES), "at_least")
    return (flag.get("id"), f"{first.get('subscale')} {_NAMES[name]} {first.get(name)}", flag.get("source"),
            *_words(flag.get("title")))  # fmt: skip


# ---- from the fields to a draft


def mapping_from(
    fields: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], examples: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The draft that the fields describe; whether it is sound is for the judge."""
    is_open = fields["rights"] == OPEN
    statement = fields["wording_licence"]
    found: dict[str, Any] = {
        "id": fields["code"], "version": fields["version"], "title": _text(fields, "title"),
        "informants": list(fields["informants"]), "audience": "pupils", "period": _text(fields, "period", bare=True),
        "offered": [
            _some({"informant": who, **{name: _span(fields, name) for name in _SPANS},
                   "source": fields["offered_source"]})
            for who in fields["informants"]
        ],
        "licence": _some({"status": "full" if is_open else "key", "text": _text(fields, "licence"),
                          "source": fields["licence_source"]}),
        "wording": "full", "rendering": "own" if is_open else "licensed",
        "wording_licence": "" if is_open else statement, "instruction": _text(fields, "instruction", bare=True),
        "items": _items(fields),
        "missing": _some({"rule": "refuse" if fields["missing_up_to"] is None else "prorate",
                          "up_to": fields["missing_up_to"], "source": fields["missing_source"]}),
        "subscales": {part["id"]: _part(part) for part in parts},
        "critical": list(fields["critical"]), "suicide_items": list(fields["suicide_items"]),
        "flags": list(fields["flags"]), "sources": list(fields["sources"]),
        "examples": [_example(example) for example in examples],
    }  # fmt: skip
    return _some(found)


def _some(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and value not in ("", [], {})}


def phrase(zh: str, en: str, *, bare: bool = False) -> dict[str, str] | None:
    """A phrase; where no English was written the Chinese stands for it, unless it may be missing (`bare`)."""
    if not zh:
        return None
    return {"zh-Hans": zh} if bare and not en else {"en": en or zh, "zh-Hans": zh}


def _text(fields: Mapping[str, Any], name: str, *, bare: bool = False) -> dict[str, str] | None:
    return phrase(fields[f"{name}_zh"], fields[f"{name}_en"], bare=bare)


def _span(fields: Mapping[str, Any], name: str) -> dict[str, int] | None:
    ends = {end: fields[f"{name}_{end}"] for end in ("from", "to") if fields[f"{name}_{end}"] is not None}
    return ends or None


def _items(fields: Mapping[str, Any]) -> dict[str, Any]:
    options, texts = fields["options"], fields["items"]
    return _some({
        "count": len(texts) or None, "codes": [code for code, _label in options],
        "reversed": list(fields["reversed"]),
        "labels": {str(code): label for code, label in options if label},
        "texts": {str(n): text for n, text in enumerate(texts, 1)}, "source": fields["items_source"],
    })  # fmt: skip


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    bands = part["bands"]
    return _some({
        "title": _text(part, "title"), "items": list(part["items"]), "method": part["method"],
        "multiply": part["multiply"] if part["multiply"] not in (None, 1) else None,
        "composite": True if part["is_total"] else None, "higher_means": "better" if part["is_better"] else None,
        "source": part["source"],
        "bands": [_some({"source": part["bands_source"], "steps": list(bands)})] if bands else None,
    })  # fmt: skip


def _example(example: Mapping[str, Any]) -> dict[str, Any]:
    expect = _some({
        "scores": example["scores"], "bands": example["bands"], "critical": list(example["critical"]),
        "flags": list(example["flags"]), "error": example["error"],
    })  # fmt: skip
    return {"name": example["name"], "arithmetic": example["arithmetic"], "answers": list(example["answers"]),
            "expect": expect}  # fmt: skip


# ---- lines


def cells_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, by number, as cells; a full-width bar parts them as well."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, [cell.strip() for cell in line.replace("｜", "|").split("|")]


def options_from(text: str) -> list[tuple[int, dict[str, str] | None]]:
    """`code | Chinese | English`."""
    found = []
    for number, cells in cells_of(text):
        zh, en = _two(cells[1:], number)
        found.append((_whole(cells[0], number), phrase(zh, en, bare=True)))
    return found


def texts_from(text: str) -> list[dict[str, str]]:
    """`Chinese | English`, a question a line."""
    found = []
    for number, cells in cells_of(text):
        said = phrase(*_two(cells, number), bare=True)
        if said is None:
            raise BadLine(number, " | ".join(cells))
        found.append(said)
    return found


def critical_from(text: str) -> list[dict[str, Any]]:
    """`question | from which answer on | source`."""
    return [
        _some({"item": _whole(item, n), "at_least": _whole(code, n), "source": source})
        for n, (item, code, source) in _rows(text, 3)
    ]


def sources_from(text: str) -> list[dict[str, Any]]:
    """`id | kind | citation`."""
    return [_some({"id": key, "kind": kind, "citation": said}) for _n, (key, kind, said) in _rows(text, 3)]


def flags_from(text: str) -> list[dict[str, Any]]:
    """`id | score >= number | source | Chinese | English`."""
    found = []
    for number, (key, test, source, zh, en) in _rows(text, 5):
        sign = next((sign for sign in _SIGNS if sign in test), "")
        if not sign:
            raise BadLine(number, test)
        name, _sign, value = (part.strip() for part in test.partition(sign))
        comparison = {"subscale": name, _SIGNS[sign]: _number(value, number)}
        found.append(_some({"id": key, "title": phrase(zh, en), "any_of": [comparison], "source": source}))
    return found


def bands_from(text: str) -> list[dict[str, Any]]:
    """`lower end | code | Chinese | English`; `> 28` leaves the end itself out."""
    found = []
    for number, (start, code, zh, en) in _rows(text, 4):
        is_strict = start.startswith(">")
        end = _number(start.lstrip("> ="), number)
        found.append(_some({"code": code, "above" if is_strict else "from": end, "title": phrase(zh, en)}))
    return found


def numbers_from(text: str) -> list[int]:
    """`2, 5-7`, parted by any comma."""
    found: list[int] = []
    for cell in _cells(text):
        low, _dash, high = cell.replace("–", "-").partition("-")
        first, last = _whole(low.strip(), 1), _whole((high or low).strip(), 1)
        if last - first > 2_000:
            raise BadLine(1, cell)
        found += range(first, last + 1)
    return found


def answers_from(text: str) -> list[int | None]:
    """`1, 0, , 2`: empty where an answer is missing."""
    plain = text.replace("，", ",").strip()
    return [_whole(cell.strip(), 1) if cell.strip() else None for cell in plain.split(",")] if plain else []


def equations_from(text: str) -> dict[str, str]:
    """`total=12, sleep=4`."""
    found = {}
    for cell in _cells(text.replace("＝", "=")):
        name, sign, value = (part.strip() for part in cell.partition("="))
        if not sign or not name or not value:
            raise BadLine(1, cell)
        found[name] = value
    return found


def scores_from(text: str) -> dict[str, float]:
    """The same with numbers."""
    return {name: _number(value, 1) for name, value in equations_from(text).items()}


def words_from(text: str) -> list[str]:
    """Words parted by any comma."""
    return _cells(text)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.replace("，", ",").replace("、", ",").split(",") if cell.strip()]


def _rows(text: str, width: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in cells_of(text):
        if len(cells) > width:
            raise BadLine(number, " | ".join(cells))
        yield number, [*cells, *[""] * (width - len(cells))]


def _two(cells: list[str], number: int) -> tuple[str, str]:
    if len(cells) > 2:
        raise BadLine(number, " | ".join(cells))
    zh, en = [*cells, "", ""][:2]
    return zh, en


def _whole(text: str, number: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadLine(number, text)
    return int(text)


def _number(text: str, number: int) -> int | float:
    try:
        value = float(text) if len(text) < 12 else float("nan")
    except ValueError as error:
        raise BadLine(number, text) from error
    if not abs(value) < 1e6:
        raise BadLine(number, text)
    return int(value) if value == int(value) else value


# ---- whether it fits


def plain(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A draft in the canonical form where it can be read; short forms such as "1-9" are then written out."""
    try:
        return json.loads(json.dumps(scale_to_mapping(scale_from_mapping(mapping))))  # type: ignore[no-any-return]
    except ScaleFault:
        return json.loads(json.dumps(mapping))  # type: ignore[no-any-return]
