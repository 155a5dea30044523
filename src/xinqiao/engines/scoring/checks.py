"""Judging a scale that could be read: is it whole, does each number name its source, do its own examples pass?"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import floor
from typing import Any

from xinqiao.engines.scoring.faults import Fault, ScaleFault
from xinqiao.engines.scoring.model import BandSet, Comparison, Scale, Subscale, WorkedExample
from xinqiao.engines.scoring.one import Result, score_one
from xinqiao.engines.scoring.plan import Plan, compile_scale

MIN_EXAMPLES = 3
_WRITTEN_PRECISION = 0.00005  # means are written with four decimals
FIRST_SELF_REPORT_GRADE = 4  # our rule: self-report begins at grade 4 at the earliest


def check_scale(scale: Scale) -> list[Fault]:
    """Every fault found, in the order of the file; an empty list means that the scale may be used."""
    faults = [
        *_source_faults(scale),
        *_item_faults(scale),
        *_partition_faults(scale),
        *(fault for subscale in scale.subscales for fault in _subscale_faults(scale, subscale)),
        *_rule_faults(scale),
        *_critical_faults(scale),
        *_offer_faults(scale),
        *_wording_faults(scale),
    ]
    try:
        plans = {informant: compile_scale(scale, informant=informant) for informant in scale.informants}
    except ScaleFault as fault:
        return [*faults, Fault(fault.place, fault.code, fault.detail)]
    return faults + list(_example_faults(scale, plans))


def wording_gaps(scale: Scale, language: str) -> list[str]:
    """Places where a phrase a pupil must read is missing in `language` ("en" or "zh-Hans"); empty: may be shown."""

    def absent(text: object) -> bool:
        return text is None or not getattr(text, "en" if language == "en" else "zh_hans")

    gaps = ["instruction"] if absent(scale.instruction) else []
    for item in scale.items:
        if absent(item.text):
            gaps.append(f"items.texts.{item.number}")
        gaps += [f"items.labels.{o.code} (item {item.number})" for o in item.options if absent(o.label)]
    return gaps


def score_range(scale: Scale, subscale: Subscale) -> tuple[float, float]:
    """The lowest and the highest score a complete sheet can give."""
    if subscale.method in ("sum", "mean"):
        codes = [scale.items[number - 1].codes for number in subscale.items]
        points = sum(c[0] for c in codes), sum(c[-1] for c in codes)
    else:
        points = 0, len(subscale.steps) if subscale.method == "steps" else len(subscale.items)
    divisor = subscale.multiply[1] * (len(subscale.items) if subscale.method == "mean" else 1)
    low, high = (total * subscale.multiply[0] / divisor for total in points)
    return (floor(low), floor(high)) if subscale.truncate else (low, high)


def _source_faults(scale: Scale) -> Iterator[Fault]:
    counts = Counter(source.id for source in scale.sources)
    yield from (Fault(f"sources.{name}", "duplicate", name) for name, count in counts.items() if count > 1)
    cited = dict(_citations(scale))
    for place, source in cited.items():
        if source not in counts:
            yield Fault(place, "no_such_source", source)
    yield from (Fault(f"sources.{name}", "unused_source") for name in counts if name not in cited.values())


def _citations(scale: Scale) -> Iterator[tuple[str, str]]:
    """Every block that holds numbers or claims, with the source it names."""
    yield "licence", scale.licence.source
    yield "items", scale.items_source
    yield "missing", scale.missing.source
    for n, offered in enumerate(scale.offered):
        yield f"offered[{n}]", offered.source
    for subscale in scale.subscales:
        yield f"subscales.{subscale.id}", subscale.source
        for n, bands in enumerate(subscale.band_sets):
            yield f"subscales.{subscale.id}.bands[{n}]", bands.source
    for n, rule in enumerate(scale.validity):
        yield f"validity[{n}]", rule.source
    for n, critical in enumerate(scale.critical):
        yield f"critical[{n}]", critical.source
    for n, flag in enumerate(scale.flags):
        yield f"flags[{n}]", flag.source


def _item_faults(scale: Scale) -> Iterator[Fault]:
    for item in scale.items:
        if item.asked_if is None:
            continue
        place = f"items.asked_if.{item.number}"
        for gate in item.asked_if.items:
            if not 1 <= gate < item.number:
                yield Fault(place, "gate_not_before", str(gate))
            elif item.asked_if.at_least not in scale.items[gate - 1].codes:
                yield Fault(place, "not_a_code", str(item.asked_if.at_least))


def _partition_faults(scale: Scale) -> Iterator[Fault]:
    """The parts cover each item exactly once; composites may repeat them, but no item within themselves."""
    counts: Counter[int] = Counter()
    for subscale in scale.subscales:
        for number, times in Counter(subscale.items).items():
            if not 1 <= number <= len(scale.items):
                yield Fault(f"subscales.{subscale.id}.items", "no_such_item", str(number))
            if times > 1:
                yield Fault(f"subscales.{subscale.id}.items", "item_twice", str(number))
        if not subscale.composite:
            counts.update(set(subscale.items))
    for item in scale.items:
        if counts[item.number] == 0:
            yield Fault("subscales", "item_in_no_part", str(item.number))
        if counts[item.number] > 1:
            yield Fault("subscales", "item_in_two_parts", str(item.number))


def _subscale_faults(scale: Scale, subscale: Subscale) -> Iterator[Fault]:
    place = f"subscales.{subscale.id}"
    items = [scale.items[number - 1] for number in subscale.items if 1 <= number <= len(scale.items)]
    if len(items) != len(subscale.items):
        return
    if subscale.method in ("count", "steps"):
        yield from (Fault(place, "reversed_item_counted", str(i.number)) for i in items if i.reversed)
        if not any(subscale.at_least in item.codes for item in items):
            yield Fault(f"{place}.at_least", "not_a_code", str(subscale.at_least))
    limit = subscale.missing_up_to if subscale.missing_up_to is not None else scale.missing.up_to
    if scale.missing.rule == "prorate" and not 0 <= limit < len(items):
        yield Fault(f"{place}.missing_up_to", "out_of_range", str(limit))
    low, high = score_range(scale, subscale)
    for n, bands in enumerate(subscale.band_sets):
        yield from _band_faults(bands, f"{place}.bands[{n}]", low, high)
        if n and subscale.band_sets[n - 1].when is None:
            yield Fault(f"{place}.bands[{n}]", "never_used")


def _band_faults(bands: BandSet, place: str, low: float, high: float) -> Iterator[Fault]:
    """Bands start at or below the lowest score, climb strictly, and each can be reached."""
    first = bands.bands[0]
    if first.threshold > low or (first.strict and first.threshold >= low):
        yield Fault(f"{place}.steps[0]", "band_gap", f"{low:g}")
    ends = [(band.threshold, band.strict) for band in bands.bands]
    for n, (earlier, later) in enumerate(pairwise(ends), start=1):
        if later <= earlier:
            yield Fault(f"{place}.steps[{n}]", "bands_not_ascending", f"{later[0]:g}")
        elif later[0] < low or later == (low, False):
            yield Fault(f"{place}.steps[{n - 1}]", "unreachable", f"{earlier[0]:g}")
    for n, (threshold, strict) in enumerate(ends):
        if threshold > high or (strict and threshold >= high):
            yield Fault(f"{place}.steps[{n}]", "unreachable", f"{threshold:g}")
    for code, times in Counter(band.code for band in bands.bands).items():
        if times > 1:
            yield Fault(place, "duplicate", code)


def _rule_faults(scale: Scale) -> Iterator[Fault]:
    for name, ids in (("validity", [rule.id for rule in scale.validity]), ("flags", [flag.id for flag in scale.flags])):
        yield from (Fault(name, "duplicate", again) for again, times in Counter(ids).items() if times > 1)
    comparisons = [(f"validity[{n}]", rule.when) for n, rule in enumerate(scale.validity)]
    for n, flag in enumerate(scale.flags):
        comparisons += [(f"flags[{n}].any_of[{m}]", comparison) for m, comparison in enumerate(flag.any_of)]
    known = {subscale.id: score_range(scale, subscale) for subscale in scale.subscales if _exists(scale, subscale)}
    for place, comparison in comparisons:
        if comparison.subscale not in known:
            yield Fault(place, "no_such_subscale", comparison.subscale)
        elif _is_out_of_reach(comparison, *known[comparison.subscale]):
            yield Fault(place, "unreachable", f"{comparison.threshold:g}")


def _exists(scale: Scale, subscale: Subscale) -> bool:
    return all(1 <= number <= len(scale.items) for number in subscale.items)


def _is_out_of_reach(comparison: Comparison, low: float, high: float) -> bool:
    """A rule that always or never holds was written in another unit than the score's."""
    return comparison.holds(low) == comparison.holds(high)


def _critical_faults(scale: Scale) -> Iterator[Fault]:
    for n, rule in enumerate(scale.critical):
        if not 1 <= rule.item <= len(scale.items):
            yield Fault(f"critical[{n}].item", "no_such_item", str(rule.item))
        elif rule.at_least not in scale.items[rule.item - 1].codes[1:]:
            yield Fault(f"critical[{n}].at_least", "not_a_code", str(rule.at_least))
    watched = Counter(rule.item for rule in scale.critical)
    yield from (Fault("critical", "item_twice", str(item)) for item, times in watched.items() if times > 1)
    # Whoever asks about suicide must be told of the answer.
    yield from (
        Fault("suicide_items", "not_critical", str(item)) for item in scale.suicide_items if item not in watched
    )


def _offer_faults(scale: Scale) -> Iterator[Fault]:
    for name, times in Counter(scale.informants).items():
        if times > 1:
            yield Fault("informants", "duplicate", name)
    offered = {entry.informant for entry in scale.offered}
    yield from (Fault("offered", "informant_not_offered", name) for name in scale.informants if name not in offered)
    for n, entry in enumerate(scale.offered):
        if entry.informant not in scale.informants:
            yield Fault(f"offered[{n}].informant", "not_allowed", entry.informant)
        if entry.ages is None and entry.grades is None:
            yield Fault(f"offered[{n}]", "missing_key", "ages, grades")
        first_grade = entry.grades.low if entry.grades else None
        if entry.informant == "self" and first_grade is not None and first_grade < FIRST_SELF_REPORT_GRADE:
            yield Fault(f"offered[{n}].grades.from", "self_report_too_early", str(first_grade))


def _wording_faults(scale: Scale) -> Iterator[Fault]:
    if not scale.has_wording:
        worded = [item.number for item in scale.items if item.text or any(option.label for option in item.options)]
        if worded or scale.instruction:
            yield Fault("wording", "wording_not_licensed", ",".join(map(str, worded)))
        if scale.licence.status == "full":
            yield Fault("wording", "missing_key", "wording")
        return
    if scale.licence.status == "key" and not scale.wording_licence:
        yield Fault("wording_licence", "wording_not_licensed")
    # What we ship we ship in both languages; a school's own wording may be Chinese only.
    for language in ("zh-Hans", "en") if scale.licence.status == "full" else ("zh-Hans",):
        yield from (Fault(place, "missing_key", language) for place in wording_gaps(scale, language))
    if not scale.rendering:
        yield Fault("rendering", "missing_key", "rendering")


def _example_faults(scale: Scale, plans: dict[str, Plan]) -> Iterator[Fault]:
    if len(scale.examples) < MIN_EXAMPLES:
        yield Fault("examples", "too_few_examples", str(len(scale.examples)))
    for n, example in enumerate(scale.examples):
        plan = plans.get(example.informant or scale.informants[0])
        if plan is None:
            yield Fault(f"examples[{n}].informant", "not_allowed", str(example.informant))
            continue
        result = score_one(plan, example.answers, sex=example.sex, grade=example.grade, age=example.age)
        yield from _differences(example, result, f"examples[{n}].expect")


def _plain(score: float | None) -> str:
    return "—" if score is None else f"{score:g}"


def _differences(example: WorkedExample, result: Result, place: str) -> Iterator[Fault]:
    expect = example.expect
    if not expect.error and not expect.scores:
        yield Fault(place, "missing_key", "scores")
    for name, value in expect.scores.items():
        if name not in result.scores or abs(result.scores[name] - value) > _WRITTEN_PRECISION:
            yield Fault(f"{place}.scores.{name}", "example_differs", f"{value:g} ≠ {_plain(result.scores.get(name))}")
    for name, code in expect.bands.items():
        if result.bands.get(name) != code:
            yield Fault(f"{place}.bands.{name}", "example_differs", f"{code} ≠ {result.bands.get(name)}")
    others: list[tuple[str, Any, Any]] = [
        ("valid", expect.valid, result.valid),
        ("critical", expect.critical, result.critical),
        ("flags", expect.flags, result.flags),
        ("error", expect.error, result.error),
    ]
    for name, wanted, found in others:
        if wanted != found:
            yield Fault(f"{place}.{name}", "example_differs", f"{wanted} ≠ {found}")
