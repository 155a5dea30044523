"""From plain data to a `Scale`. Decoding YAML or JSON is the caller's; each refusal names its place in the file."""

import re
from collections.abc import Mapping
from typing import Any, cast

from xinqiao.engines.scoring.faults import ScaleFault
from xinqiao.engines.scoring.model import (
    AnswerOption,
    AskedIf,
    Band,
    BandSet,
    Comparison,
    Condition,
    CriticalRule,
    Expectation,
    Flag,
    Item,
    Licence,
    MissingRule,
    Offered,
    Operator,
    Scale,
    Source,
    Subscale,
    Text,
    ValidityRule,
    WorkedExample,
)
from xinqiao.engines.scoring.reading import Block, integer_at, number_at, numbers_at, shown, text_at

_SCALE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SUBSCALE_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RESERVED_IDS = {"id", "valid", "critical", "error", "sex", "grade", "age", "flags"}
_COMPARISONS: tuple[Operator, ...] = ("at_least", "above", "at_most", "below")
_MAX_ITEMS = 2_000
MOST_NAME_CHARS = 24  # as many as a published version keeps of its id and its version
INFORMANTS = ("self", "parent", "teacher")


def scale_from_mapping(data: Mapping[str, Any]) -> Scale:
    """Read one scale file's content. Raises `ScaleFault`; whether the content is sound is for `check_scale`."""
    block = Block(data, "")
    informants = tuple(_informant(value, f"informants[{n}]") for n, value in enumerate(block.values("informants")))
    items_block = block.block("items")
    items = _items(items_block)
    scale = Scale(
        id=_short(block, "id", _matching(block, "id", _SCALE_ID)),
        version=_short(block, "version", block.string("version")),
        title=block.text("title"),
        informants=informants or ("self",),
        audience=cast(Any, block.choice("audience", ("pupils", "staff"), "pupils")),
        licence=_licence(block.block("licence")),
        wording=cast(Any, block.choice("wording", ("full", "missing"))),
        items=items,
        items_source=items_block.string("source"),
        subscales=_subscales(block),
        missing=_missing_rule(block.block("missing")),
        sources=tuple(_source(entry) for entry in block.blocks("sources")),
        examples=tuple(_example(entry, len(items)) for entry in block.blocks("examples")),
        offered=tuple(_offered(entry) for entry in block.blocks("offered")),
        validity=tuple(_validity_rule(entry) for entry in block.blocks("validity")),
        critical=tuple(_critical_rule(entry) for entry in block.blocks("critical")),
        flags=tuple(_flag(entry) for entry in block.blocks("flags")),
        suicide_items=block.numbers("suicide_items"),
        requires_duty=block.boolean("requires_duty", default=False),
        rendering=block.string("rendering", ""),
        wording_licence=block.string("wording_licence", ""),
        period=block.wording_or_none("period"),
        instruction=block.wording_or_none("instruction"),
    )
    items_block.close()
    block.close()
    return scale


def _short(block: Block, key: str, value: str) -> str:
    if len(value) > MOST_NAME_CHARS:
        raise ScaleFault(block.at(key), "too_long", value[:80])
    return value


def _matching(block: Block, key: str, pattern: re.Pattern[str]) -> str:
    value = block.string(key)
    if not pattern.fullmatch(value):
        raise ScaleFault(block.at(key), "bad_id", value)
    return value


def _informant(value: object, place: str) -> str:
    if value not in INFORMANTS:
        raise ScaleFault(place, "not_allowed", shown(value))
    return value


def _licence(block: Block) -> Licence:
    status = block.choice("status", ("full", "key"))
    licence = Licence(cast(Any, status), block.text("text"), block.string("source"))
    block.close()
    return licence


def _source(block: Block) -> Source:
    kind = block.choice("kind", ("publication", "owner", "own"))
    source = Source(block.string("id"), kind, block.string("citation"), block.string("note", ""))
    block.close()
    return source


def _missing_rule(block: Block) -> MissingRule:
    rule = block.choice("rule", ("refuse", "prorate"))
    up_to = block.integer("up_to") if rule == "prorate" else 0
    missing = MissingRule(cast(Any, rule), block.string("source"), up_to)
    block.close()
    return missing


def _items(block: Block) -> tuple[Item, ...]:
    count = block.integer("count")
    if not 1 <= count <= _MAX_ITEMS:
        raise ScaleFault(block.at("count"), "out_of_range", str(count))
    codes = _codes_by_item(block, count)
    labels = _labels_by_item(block, count)
    texts = _by_item(block, "texts", count)
    asked_if = _by_item(block, "asked_if", count)
    turned = set(block.numbers("reversed"))
    for number in turned - set(range(1, count + 1)):
        raise ScaleFault(block.at("reversed"), "no_such_item", str(number))
    return tuple(
        Item(
            number=number,
            options=tuple(AnswerOption(code, labels.get(number, {}).get(code)) for code in codes[number]),
            reversed=number in turned,
            text=_wording(texts[number], block.at(f"texts.{number}")) if number in texts else None,
            asked_if=_asked_if(asked_if[number], block.at(f"asked_if.{number}")) if number in asked_if else None,
        )
        for number in range(1, count + 1)
    )


def _codes_by_item(block: Block, count: int) -> dict[int, tuple[int, ...]]:
    codes = _codes(block.numbers("codes"), block.at("codes"))
    found = dict.fromkeys(range(1, count + 1), codes)
    for number, data in _by_item(block, "codes_of", count).items():
        place = block.at(f"codes_of.{number}")
        found[number] = _codes(Block({"codes": data}, place).numbers("codes"), place)
    return found


def _labels_by_item(block: Block, count: int) -> dict[int, dict[int, Text]]:
    labels = _labels(block.entries("labels"), block.at("labels"))
    found = dict.fromkeys(range(1, count + 1), labels)
    for number, data in _by_item(block, "labels_of", count).items():
        place = block.at(f"labels_of.{number}")
        found[number] = _labels(Block({"labels": data}, place).entries("labels"), place)
    return found


def _codes(codes: tuple[int, ...], place: str) -> tuple[int, ...]:
    if len(codes) < 2 or list(codes) != sorted(set(codes)) or codes[0] < 0 or codes[-1] > 253:
        raise ScaleFault(place, "bad_codes", ",".join(map(str, codes)))
    return codes


def _labels(entries: list[tuple[str, Any]], place: str) -> dict[int, Text]:
    return {integer_at(key, f"{place}.{key}"): _wording(value, f"{place}.{key}") for key, value in entries}


def _wording(value: object, place: str) -> Text:
    return text_at(value, place, bilingual=False)


def _by_item(block: Block, key: str, count: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for name, value in block.entries(key):
        number = integer_at(name, block.at(f"{key}.{name}"))
        if not 1 <= number <= count:
            raise ScaleFault(block.at(f"{key}.{name}"), "no_such_item", name)
        found[number] = value
    return found


def _asked_if(data: object, place: str) -> AskedIf:
    block = Block(data, place)
    asked = AskedIf(block.numbers("items"), block.integer("at_least"))
    block.close()
    return asked


def _subscales(block: Block) -> tuple[Subscale, ...]:
    entries = block.entries("subscales")
    if not entries:
        raise ScaleFault("subscales", "missing_key", "subscales")
    found: dict[str, Subscale] = {}
    for name, data in entries:
        place = f"subscales.{name}"
        if not _SUBSCALE_ID.fullmatch(name) or name in _RESERVED_IDS or name.endswith("_band"):
            raise ScaleFault(place, "bad_id", name)
        found[name] = _subscale(name, Block(data, place), found)
    return tuple(found.values())


def _subscale(name: str, block: Block, earlier: Mapping[str, Subscale]) -> Subscale:
    method = block.choice("method", ("sum", "mean", "count", "steps"), "sum")
    steps = tuple(_step(entry, f"{block.at('steps')}[{n}]") for n, entry in enumerate(block.values("steps")))
    items = tuple(item for step in steps for item in step) if steps else _subscale_items(block, earlier)
    if not items or (method == "steps") != bool(steps):
        key = "steps" if method == "steps" else "items"
        raise ScaleFault(block.at(key), "missing_key", key)
    subscale = Subscale(
        id=name,
        title=block.text("title"),
        items=items,
        method=cast(Any, method),
        source=block.string("source"),
        multiply=_factor(block.take_or("multiply", 1), block.at("multiply")),
        truncate=block.boolean("truncate", default=False),
        at_least=block.integer("at_least", 1),
        steps=steps,
        composite=block.boolean("composite", default=False),
        higher_means=cast(Any, block.choice("higher_means", ("worse", "better"), "worse")),
        band_sets=tuple(_band_set(entry) for entry in block.blocks("bands")),
        missing_up_to=block.integer("missing_up_to") if block.has("missing_up_to") else None,
    )
    block.close()
    return subscale


def _step(value: object, place: str) -> tuple[int, ...]:
    return Block({"items": value}, place).numbers("items")


def _subscale_items(block: Block, earlier: Mapping[str, Subscale]) -> tuple[int, ...]:
    """Items by number, or by the names of parts that stand earlier in the file."""
    items: list[int] = list(block.numbers("items"))
    for index, name in enumerate(block.values("of")):
        if not isinstance(name, str) or name not in earlier:
            raise ScaleFault(f"{block.at('of')}[{index}]", "no_such_subscale", shown(name))
        items.extend(earlier[name].items)
    return tuple(items)


def _factor(value: object, place: str) -> tuple[int, int]:
    """A multiplier as an exact fraction: a number with at most four decimals."""
    number = number_at(value, place)
    thousandths = round(number * 10_000)
    if thousandths <= 0 or thousandths / 10_000 != number:
        raise ScaleFault(place, "bad_factor", repr(value))
    numerator, denominator = thousandths, 10_000
    for prime in (2, 5):
        while numerator % prime == 0 and denominator % prime == 0:
            numerator, denominator = numerator // prime, denominator // prime
    return numerator, denominator


def _band_set(block: Block) -> BandSet:
    when = _condition(block.block_or_none("when"))
    bands = BandSet(tuple(_band(entry) for entry in block.blocks("steps")), block.string("source"), when)
    block.close()
    if not bands.bands:
        raise ScaleFault(block.at("steps"), "missing_key", "steps")
    return bands


def _band(block: Block) -> Band:
    if block.has("from") == block.has("above"):
        raise ScaleFault(block.place, "one_of", "from, above")
    key = "from" if block.has("from") else "above"
    band = Band(
        code=_matching(block, "code", _SUBSCALE_ID),
        title=block.text("title"),
        threshold=number_at(block.take(key), block.at(key)),
        strict=key == "above",
        confirmed=block.boolean("confirmed", default=True),
    )
    block.close()
    return band


def _condition(block: Block | None) -> Condition | None:
    if block is None:
        return None
    condition = Condition(
        sex=cast(Any, block.choice("sex", ("male", "female"))) if block.has("sex") else None,
        grades=block.span_or_none("grades"),
        ages=block.span_or_none("ages"),
        informant=block.choice("informant", INFORMANTS) if block.has("informant") else None,
    )
    block.close()
    return condition


def _comparison(block: Block) -> Comparison:
    named = [operator for operator in _COMPARISONS if block.has(operator)]
    if len(named) != 1:
        raise ScaleFault(block.place, "one_of", ", ".join(_COMPARISONS))
    return Comparison(block.string("subscale"), named[0], number_at(block.take(named[0]), block.at(named[0])))


def _validity_rule(block: Block) -> ValidityRule:
    rule = ValidityRule(block.string("id"), block.text("title"), _comparison(block), block.string("source"))
    block.close()
    return rule


def _critical_rule(block: Block) -> CriticalRule:
    rule = CriticalRule(
        item=block.integer("item"),
        at_least=block.integer("at_least"),
        source=block.string("source"),
        assumption=block.boolean("assumption", default=False),
    )
    block.close()
    return rule


def _flag(block: Block) -> Flag:
    comparisons = []
    for entry in block.blocks("any_of"):
        comparisons.append(_comparison(entry))
        entry.close()
    flag = Flag(
        id=_matching(block, "id", _SUBSCALE_ID),
        title=block.text("title"),
        any_of=tuple(comparisons),
        source=block.string("source"),
        when=_condition(block.block_or_none("when")),
        confirmed=block.boolean("confirmed", default=True),
    )
    block.close()
    if not comparisons:
        raise ScaleFault(block.at("any_of"), "missing_key", "any_of")
    return flag


def _offered(block: Block) -> Offered:
    offered = Offered(
        informant=block.choice("informant", INFORMANTS, "self"),
        source=block.string("source"),
        ages=block.span_or_none("ages"),
        grades=block.span_or_none("grades"),
    )
    block.close()
    return offered


def _example(block: Block, item_count: int) -> WorkedExample:
    expect = block.block("expect")
    example = WorkedExample(
        name=block.string("name"),
        arithmetic=block.string("arithmetic"),
        answers=_answers(block.take("answers"), block.at("answers"), item_count),
        expect=_expectation(expect),
        informant=block.choice("informant", INFORMANTS) if block.has("informant") else None,
        sex=cast(Any, block.choice("sex", ("male", "female"))) if block.has("sex") else None,
        grade=block.integer("grade") if block.has("grade") else None,
        age=block.integer("age") if block.has("age") else None,
    )
    expect.close()
    block.close()
    return example


def _answers(value: object, place: str, item_count: int) -> tuple[int | None, ...]:
    """A list with one answer an item (null where missing), or `{fill: 0, set: {5: 1, "8-10": 2}}`."""
    if isinstance(value, list | tuple):
        if len(value) != item_count:
            raise ScaleFault(place, "wrong_length", str(len(value)))
        return tuple(None if answer is None else integer_at(answer, f"{place}[{n}]") for n, answer in enumerate(value))
    block = Block(value, place)
    answers: list[int | None] = [block.integer("fill")] * item_count
    for key, answer in block.entries("set"):
        for number in numbers_at(key, block.at(f"set.{key}")):
            if not 1 <= number <= item_count:
                raise ScaleFault(block.at(f"set.{key}"), "no_such_item", key)
            answers[number - 1] = None if answer is None else integer_at(answer, block.at(f"set.{key}"))
    block.close()
    return tuple(answers)


def _expectation(block: Block) -> Expectation:
    error = block.string("error", "")
    return Expectation(
        scores={name: number_at(value, block.at(f"scores.{name}")) for name, value in block.entries("scores")},
        bands={name: str(value) for name, value in block.entries("bands")},
        valid=block.boolean("valid", default=not error),
        critical=block.numbers("critical"),
        flags=tuple(str(value) for value in block.values("flags")),
        error=error,
    )
