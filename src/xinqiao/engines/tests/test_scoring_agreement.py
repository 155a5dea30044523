"""Three ways to one score: a sheet alone, a table at once, and a plain reading of the definition in fractions."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinqiao.engines.scoring import (
    ANSWER_FAULT_CODES,
    MISSING,
    SEX_CODES,
    compile_scale,
    many,
    one,
    scale_from_mapping,
    score_many,
    score_one,
)
from xinqiao.engines.scoring.model import RELATIONS
from xinqiao.engines.tests.scoring_samples import PACK_IDS, pack, plan_of, small_data, words


def plain_reading(scale, answers, sex, grade, age):
    """(scores, bands, valid, critical, flags, first error) straight from the definition, slowly."""
    critical = tuple(
        sorted(
            r.item
            for r in scale.critical
            if answers[r.item - 1] in scale.items[r.item - 1].codes and answers[r.item - 1] >= r.at_least
        )
    )
    error = _first_error(scale, answers)
    if error:
        return {}, {}, False, critical, (), error
    scores = {s.id: _score(scale, s, answers) for s in scale.subscales}
    bands = {s.id: _band(s, scores[s.id], sex, grade, age) for s in scale.subscales}
    valid = not any(_holds(rule.when, scores) for rule in scale.validity)
    flags = tuple(
        f.id
        for f in scale.flags
        if any(_holds(c, scores) for c in f.any_of)
        and (f.when is None or (f.when.informant in (None, "self") and f.when.accepts(sex, grade, age, unknown=True)))
    )
    return {k: float(v) for k, v in scores.items()}, bands, valid, critical, flags, ""


def _first_error(scale, answers):
    legal = {i.number: answers[i.number - 1] in i.codes for i in scale.items}
    asked = {
        i.number: i.asked_if is None
        or any(legal[g] and answers[g - 1] >= i.asked_if.at_least for g in i.asked_if.items)
        for i in scale.items
    }
    illegal = [n for n, a in enumerate(answers, 1) if a is not None and not legal[n]]
    missing = [n for n, a in enumerate(answers, 1) if a is None and asked[n]]
    if scale.missing.rule == "prorate":
        over = [s for s in scale.subscales if len(set(missing) & set(s.items)) > _limit(scale, s)]
        missing = [n for n in missing if any(n in s.items for s in over)]
    stray = [n for n in legal if legal[n] and not asked[n] and answers[n - 1] != scale.items[n - 1].codes[0]]
    for code, items in (("illegal_answer", illegal), ("missing_answer", missing), ("unasked_answer", stray)):
        if items:
            return f"{code}:{items[0]}"
    return ""


def _limit(scale, subscale):
    if subscale.method == "steps":
        return 0
    wanted = scale.missing.up_to if subscale.missing_up_to is None else subscale.missing_up_to
    return min(wanted, len(subscale.items) - 1)


def _score(scale, subscale, answers):
    given_answers = {n: answers[n - 1] for n in subscale.items if answers[n - 1] is not None}
    if subscale.method == "steps":
        passed = 0
        for step in subscale.steps:
            if not any(given_answers.get(n, -1) >= subscale.at_least for n in step):
                break
            passed += 1
        share, points = Fraction(1), passed
    elif subscale.method == "count":
        share = Fraction(len(subscale.items), len(given_answers))
        points = sum(a >= subscale.at_least for a in given_answers.values())
    else:
        share = Fraction(len(subscale.items), len(given_answers))
        points = 0
        for number, answer in given_answers.items():
            item = scale.items[number - 1]
            points += max(item.codes) + min(item.codes) - answer if item.reversed else answer
    score = points * share * Fraction(*subscale.multiply)
    if subscale.method == "mean":
        score /= len(subscale.items)
    return Fraction(floor(score)) if subscale.truncate else score


def _holds(comparison, scores):
    return RELATIONS[comparison.operator](float(scores[comparison.subscale]), comparison.threshold)


def _band(subscale, score, sex, grade, age):
    for bands in subscale.band_sets:
        if bands.when is None or bands.when.accepts(sex, grade, age, unknown=False):
            reached = [
                b.code for b in bands.bands if (float(score) > b.threshold if b.strict else float(score) >= b.threshold)
            ]
            return reached[-1] if reached else ""
    return ""


@st.composite
def band_lists(draw):
    sets = []
    for n in range(draw(st.integers(0, 2))):
        ends = sorted(set(draw(st.lists(st.integers(-2, 40).map(lambda i: i / 4), min_size=1, max_size=4))))
        steps = [
            {"code": f"b{i}", draw(st.sampled_from(["from", "above"])): end, "title": words("b")}
            for i, end in enumerate(ends)
        ]
        when = (
            {}
            if n
            else draw(st.sampled_from([{}, {"sex": "male"}, {"ages": {"from": 9, "to": 12}}, {"grades": {"to": 6}}]))
        )
        sets.append({"source": "s", "steps": steps, **({"when": when} if when else {})})
    return sets


@st.composite
def scales(draw):
    """Descriptions of scales of every kind the engine knows."""
    n = draw(st.integers(2, 9))
    codes = sorted(draw(st.sets(st.integers(0, 6), min_size=2, max_size=4)))
    items = {"count": n, "codes": codes, "source": "s"}
    owner = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    parts = [part for part in ([i + 1 for i in range(n) if owner[i] == k] for k in range(3)) if part]
    counted, subscales = set(), {}
    for k, part in enumerate(parts):
        method = draw(st.sampled_from(["sum", "mean", "count", "sum", "steps"]))
        subscale = {"title": words("p"), "method": method, "source": "s", "bands": draw(band_lists())}
        if method == "steps":
            cut = draw(st.integers(1, len(part)))
            subscale["steps"] = [step for step in (part[:cut], part[cut:]) if step]
        else:
            subscale["items"] = part
        if method in ("count", "steps"):
            counted |= set(part)
            subscale["at_least"] = draw(st.sampled_from(codes))
        subscale["multiply"] = draw(st.sampled_from([1, 2, 4, 1.25, 0.1]))
        subscale["truncate"] = draw(st.booleans())
        if draw(st.booleans()):
            subscale["missing_up_to"] = draw(st.integers(0, 2))
        subscales[f"p{k}"] = subscale
    summed = list(subscales)
    last = next(name for name, part in zip(subscales, parts, strict=True) if n in part)
    if subscales[last]["method"] == "steps" and draw(st.booleans()):
        items["asked_if"] = {n: {"items": [1], "at_least": codes[-1]}}
        summed.remove(last)
    if summed:
        total = {"title": words("t"), "of": summed, "composite": True, "source": "s", "bands": draw(band_lists())}
        subscales["total"] = total
    items["reversed"] = sorted(draw(st.sets(st.integers(1, n))) - counted)
    if draw(st.booleans()):
        items["codes_of"] = {draw(st.integers(1, n)): sorted({*codes, draw(st.integers(0, 9))})}
    operators = st.sampled_from(["at_least", "above", "at_most", "below"])
    comparison = st.builds(
        lambda s, o, t: {"subscale": s, o: t}, st.sampled_from(list(subscales)), operators, st.integers(0, 12)
    )
    return small_data(
        items=items,
        subscales=subscales,
        missing=draw(
            st.sampled_from([{"rule": "refuse", "source": "s"}, {"rule": "prorate", "up_to": 1, "source": "s"}])
        ),
        validity=[{"id": "v", "title": words("v"), "source": "s", **draw(comparison)}],
        flags=[
            {"id": "f", "title": words("f"), "source": "s", "any_of": [draw(comparison)], "when": {"ages": {"to": 12}}}
        ],
        critical=[
            {"item": i, "at_least": codes[1], "source": "s"}
            for i in sorted(draw(st.sets(st.integers(1, n), max_size=3)))
        ],
        examples=[],
    )


def sheets_for(scale, rows):
    """Mostly legal answers, some missing, some that no code allows."""
    legal = [st.sampled_from(item.codes) for item in scale.items]
    odd = st.one_of(st.none(), st.integers(-3, 254), st.integers(256, 300))
    sheet = st.one_of(
        st.tuples(*legal),
        st.tuples(*(st.one_of(s, s, s, st.none()) for s in legal)),
        st.tuples(*(st.one_of(s, s, s, odd) for s in legal)),
    )
    return st.lists(sheet, min_size=1, max_size=rows)


PEOPLE = st.tuples(
    st.sampled_from([None, "male", "female"]),
    st.one_of(st.none(), st.integers(1, 12)),
    st.one_of(st.none(), st.integers(6, 20)),
)


def assert_agreement(scale, compiled, sheets, people):
    table = np.array([[MISSING if a is None else a for a in sheet] for sheet in sheets], dtype=np.int16)
    scored = score_many(
        compiled,
        table,
        sex=np.array([SEX_CODES.get(sex, 0) for sex, _, _ in people]),
        grade=np.array([-1 if grade is None else grade for _, grade, _ in people]),
        age=np.array([-1 if age is None else age for _, _, age in people]),
    )
    for row, (sheet, (sex, grade, age)) in enumerate(zip(sheets, people, strict=True)):
        scores, bands, valid, critical, flags, error = plain_reading(scale, sheet, sex, grade, age)
        alone = score_one(compiled, sheet, sex=sex, grade=grade, age=age)
        assert (alone.scores, alone.bands, alone.valid, alone.critical, alone.flags, alone.error) == (
            scores,
            bands,
            valid,
            critical,
            flags,
            error,
        )
        code = ANSWER_FAULT_CODES[scored.error[row]]
        assert (f"{code}:{scored.error_item[row]}" if code else "") == error
        assert scored.valid[row] == valid
        assert scored.critical_items(row) == critical
        assert tuple(f for f, hit in zip(compiled.flag_ids, scored.flags[row], strict=True) if hit) == flags
        for column, subscale_id in enumerate(compiled.subscale_ids):
            if error:
                assert np.isnan(scored.scores[row, column])
                assert scored.bands[row, column] == -1
            else:
                assert scored.scores[row, column] == scores[subscale_id]
                assert scored.band(subscale_id)[row] == bands[subscale_id]


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_any_scale_scores_alike_three_ways(data):
    scale = scale_from_mapping(data.draw(scales()))
    sheets = data.draw(sheets_for(scale, 6))
    assert_agreement(scale, compile_scale(scale), sheets, [data.draw(PEOPLE) for _ in sheets])


@pytest.mark.parametrize("scale_id", PACK_IDS)
def test_shipped_scales_score_alike_three_ways(scale_id):
    rng = np.random.default_rng(20_261_122)
    sheets = []
    for row in range(300):
        sheet = [int(rng.choice(item.codes)) for item in pack(scale_id).items]
        if row % 4 == 1:
            sheet[int(rng.integers(len(sheet)))] = None
        if row % 5 == 2:
            sheet[int(rng.integers(len(sheet)))] = int(rng.choice([-1, 6, 77, 254, 400]))
        if row % 7 == 3:
            sheet = [item.codes[0] if rng.random() < 0.9 else item.codes[-1] for item in pack(scale_id).items]
        sheets.append(tuple(sheet))
    people = [(("male", "female", None)[row % 3], row % 13 or None, (row % 20) + 6) for row in range(len(sheets))]
    assert_agreement(pack(scale_id), plan_of(scale_id), sheets, people)


@pytest.mark.parametrize(
    ("module", "name", "bent"),
    [
        (one, "_points", lambda score, raw: sum(raw[i] for i in score.indices)),
        (many, "_as_bytes", lambda answers: answers.astype(np.uint8)),
        (one, "floor", round),
        (many, "_refused", lambda _, missing: np.zeros_like(missing)),
    ],
    ids=["reversal forgotten", "wide answers wrapped round", "rounded, not cut", "missing as zero"],
)
def test_the_agreement_notices_a_bent_engine(monkeypatch, module, name, bent):
    monkeypatch.setattr(module, name, bent)
    sheets = [(2, *[1] * 19), tuple([2] * 19 + [3]), tuple([2] * 19 + [256 + 2]), tuple([2] * 19 + [None])]
    with pytest.raises(AssertionError):
        assert_agreement(pack("sds"), plan_of("sds"), sheets, [(None, None, None)] * 4)


def test_chunks_join_without_seams(monkeypatch):
    rng = np.random.default_rng(7)
    sheets = rng.integers(0, 2, size=(100, 100)).astype(np.uint8)
    sheets[::9, 4] = MISSING
    whole = score_many(plan_of("mht"), sheets)
    monkeypatch.setattr(many, "_CHUNK_SHEETS", 7)
    pieces = score_many(plan_of("mht"), sheets)
    for name in ("scores", "bands", "valid", "critical", "flags", "error", "error_item"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))
