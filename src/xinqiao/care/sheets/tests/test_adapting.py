"""What a sheet is worth whose questions were chosen by adapting: the decision, its chance, and never a sum."""

import json

import pytest

from xinqiao.care.sheets.adapting import Kept, Who, finding_of, kept_designs, score_short
from xinqiao.care.sheets.scoring import read_result, result_text, score_sheet
from xinqiao.engines.adaptive import Crowd, NotAsAsked, answers_of, ask_all, estimate, table_of, walk_of
from xinqiao.engines.scoring import compile_scale, pack_answers
from xinqiao.engines.tests.adaptive_samples import design, invented, path_of
from xinqiao.engines.tests.scoring_samples import pack

PHQ = design("phq-9")
KEPT = Kept("parameters", PHQ)
PLAN = compile_scale(PHQ.scale)
SLOW = [50] * 9


def short_of(sheet, made=PHQ):
    """The sheet of somebody who would answer so, with what was not asked left out."""
    asked = ask_all(made, sheet).asked
    return [sheet[item.number] if item.number in asked else None for item in made.scale.items]


def scored(answers, kept=KEPT, plan=PLAN):
    return score_short(plan, kept, pack_answers(answers), SLOW, Who(grade=7, age=13))


def crowd(pupils=120):
    return answers_of(PHQ.scale, invented(PHQ.scale, "total"), Crowd(pupils, 21))


def test_what_was_not_asked_is_not_missing_and_no_sum_is_told():
    for sheet in crowd():
        answers = short_of(sheet)
        found = scored(answers)
        if None in answers:
            assert (found.result.scores, found.result.faults, found.result.valid) == ({}, (), True)
            told = read_result(result_text(found))
            assert told["short"]["low"] <= told["short"]["value"] <= told["short"]["high"]
            assert told["short"]["asked"] == list(ask_all(PHQ, sheet).asked)
        else:
            assert found.result == score_sheet(PLAN, pack_answers(answers), SLOW, grade=7, age=13).result
        assert found.short is not None


def test_control_scored_as_a_whole_sheet_it_would_be_missing():
    answers = short_of(dict.fromkeys(range(1, 10), 0))
    assert None in answers
    assert score_sheet(PLAN, pack_answers(answers), SLOW).result.faults


def test_the_flag_is_the_decision_and_its_chance_is_kept():
    flagged = 0
    for sheet in crowd():
        found = scored(short_of(sheet))
        decided = estimate(PHQ, walk_of(PHQ, {n: sheet[n] for n in ask_all(PHQ, sheet).asked}).answers)
        assert found.result.flags == (("adolescent_positive",) if decided.reaches else ())
        if found.short.stopped_by == "decided":
            assert decided.chance >= (1 - PHQ.rule.false_at_most if decided.reaches else 1 - PHQ.rule.missed_at_most)
        flagged += decided.reaches
    assert 0 < flagged < 120


def test_whom_the_flag_does_not_concern_is_not_flagged():
    answers = short_of(dict.fromkeys(range(1, 10), 3))
    assert scored(answers).result.flags
    assert score_short(PLAN, KEPT, pack_answers(answers), SLOW, Who(age=18)).result.flags == ()


def test_a_critical_answer_counts_whatever_was_asked():
    sheet = dict.fromkeys(range(1, 9), 0) | {9: 1}
    assert scored(short_of(sheet)).result.critical == (9,)
    passed_over = [None] * 8 + [2]
    assert scored(passed_over).result.critical == (9,)


def test_a_question_that_was_asked_and_not_answered_is_missing():
    sheet = dict.fromkeys(range(1, 10), 0)
    first = ask_all(PHQ, sheet).asked[0]
    path = path_of(PHQ, sheet, passed_over={first})
    found = scored([path.get(n) for n in range(1, 10)])
    assert [str(fault) for fault in found.result.faults] == [f"missing_answer:{first}"]
    assert (found.result.scores, found.result.valid) == ({}, False)
    assert "value" not in read_result(result_text(found))["short"]


def spared(sheet):
    return next(item.number for item in PHQ.scale.items if item.number not in ask_all(PHQ, sheet).asked)


def test_answers_that_were_not_due_are_refused():
    sheet = dict.fromkeys(range(1, 10), 0)
    answers = short_of(sheet)
    answers[spared(sheet) - 1] = 0
    with pytest.raises(NotAsAsked) as told:
        scored(answers)
    assert told.value.item == spared(sheet)


@pytest.mark.parametrize("code", [9, 254])
def test_an_answer_that_does_not_exist_is_refused(code):
    sheet = dict.fromkeys(range(1, 10), 0)
    answers = short_of(sheet)
    answers[ask_all(PHQ, sheet).asked[-1] - 1] = code
    with pytest.raises(NotAsAsked):
        scored(answers)


def test_the_lie_scale_is_asked_whole_and_voids_what_was_shortened():
    made = design("mht")
    kept, plan = Kept("parameters", made), compile_scale(made.scale)
    lying = made.scale.subscale(made.scale.validity[0].when.subscale).items
    sheet = {item.number: 1 if item.number in lying else 0 for item in made.scale.items}
    found = score_short(plan, kept, pack_answers(short_of(sheet, made)), None, Who())
    assert None in short_of(sheet, made)
    assert (found.result.valid, len(found.result.voided_by)) == (False, 1)
    honest = {item.number: 0 for item in made.scale.items}
    assert score_short(plan, kept, pack_answers(short_of(honest, made)), None, Who()).result.valid


def test_triage_hears_of_the_band_that_is_likelier_than_not():
    severe = scored(short_of(dict.fromkeys(range(1, 9), 3) | {9: 0}))
    assert [band.code for band in finding_of(PHQ.scale, severe).bands][-1:] == ["severe"]
    calm = scored(short_of(dict.fromkeys(range(1, 10), 0)))
    assert {band.code for band in finding_of(PHQ.scale, calm).bands} <= {"minimal"}


def test_only_the_pace_of_a_short_sheet_says_how_it_was_answered():
    answers = short_of(dict.fromkeys(range(1, 10), 0))
    asked = 9 - answers.count(None)
    found = score_short(PLAN, KEPT, pack_answers(answers), [5 * (code is not None) for code in answers], Who())
    assert found.care.because == ("too_fast",)
    assert found.care.indices.seconds_per_item == pytest.approx(0.5)
    assert found.care.indices.answered == asked
    assert (found.care.indices.longstring, found.care.indices.even_odd, found.care.indices.irv) == (None, None, None)


def test_a_paper_keeps_what_is_needed_to_ask_again():
    rule: dict[str, object] = {
        "missed_at_most": 0.01,
        "false_at_most": 0.05,
        "precision": None,
        "lead": 2,
        "fewest": 4,
        "most": None,
    }
    text = json.dumps({"phq-9": {"parameters": "p", "score": "total", "rule": rule,
                                 "items": [[each.number, each.slope, each.thresholds]
                                           for each in invented(PHQ.scale, "total")]}})  # fmt: skip
    (kept,) = kept_designs(text, {"phq-9": pack("phq-9")}).values()
    assert table_of(kept.design) == table_of(PHQ)
    assert kept_designs("", {}) == {}
