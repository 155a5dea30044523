"""Single sheets: what may never go wrong, each with the same test run once with its guard taken away."""

import numpy as np
import pytest

from xinqiao.engines.scoring import (
    ILLEGAL,
    MISSING,
    check_scale,
    compile_scale,
    many,
    one,
    pack_answers,
    plan,
    scale_from_mapping,
    score_many,
    score_one,
    unpack_answers,
)
from xinqiao.engines.tests.scoring_samples import bands, pack, pack_data, plan_of, small, small_data, words

guarded = pytest.mark.parametrize("guard", [True, False], ids=["guarded", "guard taken away"])


def expect_red(guard, check):
    """The check holds with the guard and fails without it."""
    if guard:
        check()
    else:
        with pytest.raises(AssertionError):
            check()


def both_ways(compiled, answers, **person):
    """One sheet scored alone and as a table; asserts that both agree and returns the single result."""
    alone = score_one(compiled, answers, **person)
    column = {"sex": {"male": 1, "female": 2}.get(person.get("sex"), 0)}
    column |= {name: -1 if person.get(name) is None else person[name] for name in ("grade", "age")}
    table = np.array([[MISSING if a is None else a for a in answers]], dtype=np.int32)
    together = score_many(compiled, table, **{name: np.array([value]) for name, value in column.items()})
    assert together.valid[0] == alone.valid
    assert together.critical_items(0) == alone.critical
    assert tuple(f for f, hit in zip(compiled.flag_ids, together.flags[0], strict=True) if hit) == alone.flags
    for subscale_id in compiled.subscale_ids if not alone.faults else ():
        assert together.score(subscale_id)[0] == alone.scores[subscale_id]
        assert together.band(subscale_id)[0] == alone.bands[subscale_id]
    return alone


@guarded
@pytest.mark.parametrize(("raw", "turned"), [(1, 3), (2, 2), (3, 1)])
def test_reversal_is_highest_plus_lowest_minus_raw(monkeypatch, guard, raw, turned):
    if not guard:
        monkeypatch.setattr(plan, "mirror_total", lambda item: item.codes[-1])
    compiled = compile_scale(small())

    def check():
        assert both_ways(compiled, [1, raw, 1, 1]).scores == {
            "first": (1 + turned) / 2,
            "second": 2,
            "total": 3 + turned,
        }

    expect_red(guard, check)


@guarded
@pytest.mark.parametrize("scale_id", ["phq-9", "ces-dc", "mht", "scl-90"])
def test_a_missing_answer_is_never_counted_as_nothing(monkeypatch, guard, scale_id):
    if not guard:
        monkeypatch.setattr(one, "answer_faults", lambda *_: ())
    codes = pack(scale_id).items[0].codes

    def check():
        for position in range(len(pack(scale_id).items)):
            answers = [codes[0]] * len(pack(scale_id).items)
            answers[position] = None
            result = score_one(plan_of(scale_id), answers)
            assert (result.error, result.scores, result.valid) == (f"missing_answer:{position + 1}", {}, False)

    expect_red(guard, check)


@guarded
def test_in_a_table_a_missing_answer_is_never_counted_as_nothing(monkeypatch, guard):
    if not guard:
        monkeypatch.setattr(many, "_refused", lambda _, missing: np.zeros_like(missing))
    sheets = np.zeros((9, 9), dtype=np.uint8)
    np.fill_diagonal(sheets, MISSING)

    def check():
        scored = score_many(plan_of("phq-9"), sheets)
        assert np.isnan(scored.scores).all()
        assert scored.error_item.tolist() == list(range(1, 10))
        assert not scored.valid.any()

    expect_red(guard, check)


@guarded
@pytest.mark.parametrize("answer", [4, 7, 200, 254, 300, -1, "2", 1.0, 2.5, "两"])
def test_an_illegal_answer_is_an_error_never_a_guess(monkeypatch, guard, answer):
    if not guard:
        monkeypatch.setattr(one, "_all_legal", lambda *_: True)

    def check():
        result = score_one(plan_of("phq-9"), [0, 0, 0, answer, 0, 0, 0, 0, 0])
        assert (result.error, result.scores, result.bands) == ("illegal_answer:4", {}, {})

    expect_red(guard, check)


def test_all_faults_are_named_illegal_ones_first():
    result = score_one(plan_of("gad-7"), [None, 9, 0, None, 8, 0, 0])
    assert [str(fault) for fault in result.faults] == [
        "illegal_answer:2", "illegal_answer:5", "missing_answer:1", "missing_answer:4",
    ]  # fmt: skip
    assert result.error == "illegal_answer:2"


# Every way in which a sheet can be worth nothing while its critical answer stands.
SILENCERS = {
    "void": dict.fromkeys(range(82, 101, 2), 1),
    "missing elsewhere": {3: None},
    "illegal elsewhere": {3: 7},
    "everything else missing": dict.fromkeys(set(range(1, 101)) - {97}),
    "everything else illegal": dict.fromkeys(set(range(1, 101)) - {97}, 9),
    "other critical item illegal": {85: 5},
    "other critical item missing": {85: None},
}


@guarded
@pytest.mark.parametrize("silencer", SILENCERS)
def test_a_critical_answer_is_never_silenced(monkeypatch, guard, silencer):
    if not guard:
        # The mistake seen elsewhere: only a sound sheet may raise a signal.
        honest = one.critical_answers

        def silenced(compiled, raw):
            lies = sum(raw[n - 1] == 1 for n in range(82, 101, 2))
            return () if one.answer_faults(compiled, raw) or lies >= 7 else honest(compiled, raw)

        monkeypatch.setattr(one, "critical_answers", silenced)
    answers = [0] * 100
    for item, answer in {**SILENCERS[silencer], 97: 1}.items():
        answers[item - 1] = answer

    def check():
        result = score_one(plan_of("mht"), answers)
        assert 97 in result.critical
        assert not result.valid
        table = np.array([[MISSING if a is None else a for a in answers]], dtype=np.uint8)
        assert 97 in score_many(plan_of("mht"), table).critical_items(0)

    expect_red(guard, check)


def test_an_illegal_critical_answer_raises_an_error_and_no_signal():
    result = score_one(plan_of("phq-9"), [0] * 8 + [4])
    assert (result.error, result.critical) == ("illegal_answer:9", ())


@guarded
def test_item_9_signals_from_1_on(guard):
    data = pack_data("phq-9")
    if not guard:
        data["critical"][0]["at_least"] = 2  # the mistake seen elsewhere
    compiled = compile_scale(scale_from_mapping(data))

    def check():
        for answer, critical in ((0, ()), (1, (9,)), (2, (9,)), (3, (9,))):
            assert both_ways(compiled, [0] * 8 + [answer]).critical == critical

    expect_red(guard, check)


def test_a_void_sheet_keeps_its_scores_and_is_not_valid():
    result = both_ways(plan_of("mht"), [1] * 100)
    assert (result.scores["total"], result.valid, result.voided_by) == (90, False, ("lie",))
    assert both_ways(plan_of("mht"), [1] * 93 + [0] * 7).valid, "lie items 82 84 86 88 90 92 are six"


@guarded
def test_bands_over_fractional_scores_have_no_gaps(monkeypatch, guard):
    data = pack_data("phq-9")
    data["missing"].update(rule="prorate", up_to=1)
    compiled = compile_scale(scale_from_mapping(data))
    if not guard:
        # The mistake seen elsewhere: closed bands over whole numbers, 0-4, 5-9, 10-14.
        def closed(norm, score):
            ends = [*norm.thresholds[1:], 28]
            return next(
                (c for c, low, end in zip(norm.codes, norm.thresholds, ends, strict=True) if low <= score <= end - 1),
                "",
            )

        monkeypatch.setattr(plan.PlannedNorm, "code_of", closed)

    def check():
        wanted = {4: "minimal", 5: "mild", 8: "mild", 9: "moderate", 13: "moderate", 14: "moderately_severe"}
        for points, band in wanted.items():
            answers = [min(3, max(0, points - 3 * n)) for n in range(8)] + [None]
            result = score_one(compiled, answers)
            assert (result.scores["total"], result.bands["total"]) == (points * 9 / 8, band)

    expect_red(guard, check)


def test_bands_over_means_begin_at_their_threshold():
    for threes in range(61):
        result = both_ways(plan_of("mssmhs"), [3] * threes + [2] * (60 - threes))
        assert result.bands["total"] == ("moderate" if threes == 60 else "mild")


@pytest.mark.parametrize(("total", "code"), [(160, "below"), (161, "raised")])
def test_above_is_not_at_least(total, code):
    answers = [1] * 90
    for position in range(total - 90):
        answers[position % 90] += 1
    result = both_ways(plan_of("scl-90"), answers)
    assert (result.scores["total"], result.bands["total"]) == (total, code)


def test_truncation_cuts_and_does_not_round():
    for extra in range(16):
        answers = [4 if item.reversed else 1 for item in pack("sds").items]
        plain = [item.number - 1 for item in pack("sds").items if not item.reversed]
        for step in range(extra):
            answers[plain[step % 10]] += 1
        assert both_ways(plan_of("sds"), answers).scores["total"] == (20 + extra) * 5 // 4


@pytest.mark.parametrize(
    ("answers", "outcome", "critical", "error"),
    [
        ([0, 0, 0, 0, None], "negative", (), ""),
        ([0, 0, 0, 0, 0], "negative", (), ""),
        ([0, 0, 1, 0, 0], "non_acute", (3,), ""),
        ([0, 0, 1, 0, 1], "acute", (3, 5), ""),
        ([0, 0, 1, 0, None], None, (3,), "missing_answer:5"),
        ([0, None, 0, 0, None], None, (), "missing_answer:2"),
        ([0, None, 0, 1, 1], None, (4, 5), "missing_answer:2"),
        ([0, 0, 0, 0, 1], None, (5,), "unasked_answer:5"),
        ([0, 9, 0, 0, 1], None, (5,), "illegal_answer:2"),
        ([0, 0, 0, 0, 2], None, (), "illegal_answer:5"),
    ],
)
def test_asq_outcomes(answers, outcome, critical, error):
    result = both_ways(plan_of("asq"), answers)
    assert (result.bands.get("total"), result.critical, result.error) == (outcome, critical, error)
    assert bool(result.flags) == (outcome in ("non_acute", "acute"))


def test_asq_never_calls_a_sheet_negative_that_holds_a_yes():
    for number in range(3**5):
        answers = [(0, 1, None)[number // 3**i % 3] for i in range(5)]
        result = both_ways(plan_of("asq"), answers)
        if 1 in answers:
            assert result.bands.get("total") != "negative"
            assert result.critical == tuple(i + 1 for i, a in enumerate(answers) if a == 1)


def test_the_adolescents_line_counts_for_adolescents_and_where_the_age_is_unknown():
    answers = [3, 3, 3, 2, 0, 0, 0, 0, 0]
    found = {age: both_ways(plan_of("phq-9"), answers, age=age).flags for age in (12, 17, 18, None)}
    assert found == {12: ("adolescent_positive",), 17: ("adolescent_positive",), 18: (), None: ("adolescent_positive",)}


def prorated(up_to=1, **subscale):
    data = small_data(missing={"rule": "prorate", "up_to": up_to, "source": "s"})
    data["subscales"]["total"]["missing_up_to"] = 2
    data["subscales"]["first"].update(subscale)
    return compile_scale(scale_from_mapping(data))


@pytest.mark.parametrize(
    ("answers", "scores"),
    [
        ([3, None, 1, 2], {"first": 3, "second": 3, "total": 8}),  # (3 + 1 + 2) / 3 * 4
        ([None, 1, 1, 2], {"first": 3, "second": 3, "total": 8}),  # item 2 is reversed: 3 + 1 - 1 = 3
        ([3, None, None, 2], {"first": 3, "second": 4, "total": 10}),  # 2 * 2; (3 + 2) / 2 * 4
        ([3, 2, None, 2], {"first": 2.5, "second": 4, "total": 28 / 3}),  # (3 + 2 + 2) / 3 * 4
    ],
)
def test_prorating_lets_the_answered_items_stand_for_the_missing(answers, scores):
    assert both_ways(prorated(), answers).scores == scores


@pytest.mark.parametrize(
    ("answers", "error"), [([None, None, 1, 1], "missing_answer:1"), ([1, 1, None, None], "missing_answer:3")]
)
def test_prorating_ends_at_its_limit(answers, error):
    assert both_ways(prorated(), answers).error == error


def test_a_subscale_may_bear_fewer_missing_answers_than_the_scale():
    assert both_ways(prorated(missing_up_to=0), [None, 1, None, 1]).error == "missing_answer:1"
    assert both_ways(prorated(missing_up_to=0), [1, 1, None, 1]).error == ""


def test_norms_are_chosen_by_sex_grade_and_age_and_never_guessed():
    norms = [
        {**bands(("boy", 2), ("boy_high", 4))[0], "when": {"sex": "male", "ages": {"to": 12}}},
        {**bands(("girl", 2), ("girl_high", 5))[0], "when": {"sex": "female", "grades": {"from": 4, "to": 6}}},
        {**bands(("old", 2))[0], "when": {"ages": {"from": 13}}},
    ]
    data = small_data()
    data["subscales"]["second"]["bands"] = norms
    compiled = compile_scale(scale_from_mapping(data))
    wanted = {
        ("male", None, 12): "boy_high",
        ("female", 5, 11): "girl",
        ("female", 7, 13): "old",
        ("female", 7, 12): "",
        ("male", None, None): "",
        (None, 5, 11): "",
        (None, None, 13): "old",
    }
    for (sex, grade, age), band in wanted.items():
        assert both_ways(compiled, [1, 1, 2, 2], sex=sex, grade=grade, age=age).bands["second"] == band


def test_items_may_have_codes_of_their_own():
    data = small_data()
    data["items"]["codes_of"] = {3: [0, 5]}
    compiled = compile_scale(scale_from_mapping(data))
    assert both_ways(compiled, [1, 1, 5, 1]).scores["second"] == 6
    assert both_ways(compiled, [1, 1, 1, 1]).error == "illegal_answer:3"
    assert both_ways(compiled, [5, 1, 0, 1]).error == "illegal_answer:1"


def test_forms_differ_in_their_bands_only():
    answers = [0] * 25
    answers[2] = answers[7] = 2  # 14 with the reversed items
    codes = {who: score_one(plan_of("sdq", who), answers).bands["total"] for who in ("self", "parent", "teacher")}
    assert codes == {"self": "average", "parent": "slightly_raised", "teacher": "slightly_raised"}
    with pytest.raises(ValueError, match="informants: not_allowed"):
        compile_scale(pack("sdq"), informant="neighbour")


@pytest.mark.parametrize("count", [0, 8, 10])
def test_a_sheet_of_another_length_is_refused(count):
    with pytest.raises(ValueError, match="answers"):
        score_one(plan_of("phq-9"), [0] * count)
    with pytest.raises(ValueError, match="answers"):
        score_many(plan_of("phq-9"), np.zeros((1, count), dtype=np.uint8))


def test_tables_of_other_kinds_are_refused():
    with pytest.raises(ValueError, match="float64"):
        score_many(plan_of("phq-9"), np.zeros((2, 9)))
    with pytest.raises(ValueError, match="facts"):
        score_many(plan_of("phq-9"), np.zeros((2, 9), dtype=np.uint8), age=np.array([12]))


def test_an_empty_table_has_empty_scores():
    scored = score_many(plan_of("mht"), np.zeros((0, 100), dtype=np.uint8))
    assert scored.scores.shape == (0, 10)
    assert scored.valid.size == 0


def test_packing_gives_one_byte_an_answer_and_never_invents_one():
    answers = [0, 3, None, 253, 300, -1, "2", 1.5, True]
    packed = pack_answers(answers)
    assert packed == bytes([0, 3, MISSING, 253, ILLEGAL, ILLEGAL, ILLEGAL, ILLEGAL, 1])
    assert unpack_answers(packed, 9) == [0, 3, None, 253, ILLEGAL, ILLEGAL, ILLEGAL, ILLEGAL, 1]
    with pytest.raises(ValueError, match="9 packed answers for 8 items"):
        unpack_answers(packed, 8)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64])
def test_packing_reads_arrays_by_value_and_not_by_memory(dtype):
    assert pack_answers(np.array([1, 2, 3], dtype=dtype)) == bytes([1, 2, 3])


def test_scored_alike_packed_or_listed():
    answers = [1, None, 2, 0, 0, 0, 3, 0, 1]
    assert score_one(plan_of("phq-9"), answers) == score_one(plan_of("phq-9"), pack_answers(answers))


def test_the_small_scale_itself_is_sound():
    assert check_scale(small()) == []
    assert small().title.in_language("en") == small().title.in_language("zh-hans") == words("small")["en"]
