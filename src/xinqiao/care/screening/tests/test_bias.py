"""Item bias on the page of figures: each number once more by plain maximum likelihood, the bound, and who is named."""

import math

import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.selectors.answers import raw_sheets, scores_in
from xinqiao.care.screening.selectors.bias import bias_figures
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.tests.test_figures import cells, page_of, plain_text
from xinqiao.care.screening.tests.whole_school import enrol, hand_in_all, invented
from xinqiao.engines.psychometrics import bias as engine
from xinqiao.register.people.models import Student

MANY, BIASED = 420, 3  # item 3 is answered higher by girls


@pytest.fixture
def answered(school):
    version = ScaleVersion.objects.get(code="phq-9", retired_at=None)
    students = enrol(school, MANY)
    sexes = dict(Student.objects.for_system(reason="test").values_list("pk", "sex"))
    rows = invented(version, students, 4)
    for place, (student, sheet) in enumerate(rows.items()):
        if sexes[student] == "female" and place % 4 < 3:
            sheet[BIASED - 1] = min(3, sheet[BIASED - 1] + 1)
    campaign = school.launched(scale_ids=(version.id,))
    hand_in_all(campaign, version, rows)
    return campaign, list(rows.values()), [sexes[student] for student in rows]


def log_likelihood(answers, columns):
    """Of proportional odds, found by a general optimizer from the definition alone."""
    codes = sorted(set(answers))

    def loss(at):
        thresholds = [at[0]]
        for gap in at[1 : len(codes) - 1]:
            thresholds.append(thresholds[-1] + math.exp(gap))
        total = 0.0
        for (answer, *row), many in cells_of(answers, columns).items():
            place = codes.index(answer)
            pull = sum(slope * value for slope, value in zip(at[len(codes) - 1 :], row, strict=True))
            below = [0.0, *(1 / (1 + math.exp(pull - t)) for t in thresholds), 1.0]
            total -= many * math.log(max(below[place + 1] - below[place], 1e-300))
        return total

    found = minimize(loss, [-1.0] + [0.0] * (len(codes) - 2 + len(columns)), method="BFGS", options={"gtol": 1e-6})
    return -found.fun


def cells_of(answers, columns):
    counts = {}
    for cell in zip(answers, *columns, strict=True):
        counts[cell] = counts.get(cell, 0) + 1
    return counts


def expected(rows, sexes, at, anchors):
    """(effect, uniform, chance) of one item, the score made of the anchors and the item."""
    answers = [row[at] for row in rows]
    score = [(sum(row[i] for i in anchors | {at}) - 9) / 5 for row in rows]
    boys = [float(sex == "male") for sex in sexes]
    both = [a * b for a, b in zip(score, boys, strict=True)]
    nothing, alone, alike, whole = (
        log_likelihood(answers, columns) for columns in ([], [score], [score, boys], [score, boys, both])
    )
    count = len(rows)

    def r_squared(fitted):
        return (1 - math.exp(2 / count * (nothing - fitted))) / (1 - math.exp(2 / count * nothing))

    return (
        r_squared(whole) - r_squared(alone), r_squared(alike) - r_squared(alone), chi2.sf(2 * (whole - alone), 2),
    )  # fmt: skip


def check_items(text, rows, sexes, items):
    anchors = frozenset(range(9)) - {BIASED - 1}
    for at in items:
        shown = [float(cell) for cell in cells(text, "data-bias-item", f"sex.{at + 1}")[1:]]
        assert shown == pytest.approx(expected(rows, sexes, at, anchors), abs=0.00051)


def test_the_effects_follow_from_the_raw_rows_and_the_planted_item_is_named(school, answered):
    campaign, rows, sexes = answered
    text = page_of(school, campaign)
    check_items(text, rows, sexes, (0, BIASED - 1, 5))
    words = plain_text(text)
    assert f"Item {BIASED} “" in words
    assert words.count("answered higher by") == 1
    assert "answered higher by Female" in words
    assert f"Female {sexes.count('female')} · Male {sexes.count('male')}" in words


def test_control_a_falsified_effect_is_seen(school, answered, monkeypatch):
    campaign, rows, sexes = answered
    right = engine._r_squared
    monkeypatch.setattr(engine, "_r_squared", lambda *given: right(*given) * 1.05)
    with pytest.raises(AssertionError):
        check_items(page_of(school, campaign), rows, sexes, (BIASED - 1,))


def test_one_stage_alone_says_that_there_is_nothing_to_compare(school, answered):
    text = page_of(school, answered[0])
    assert "All sheets belong to one group, so there is nothing to compare." in text
    assert "Too few: it is computed between groups" not in text
    assert 'data-bias-item="stage.' not in text


@pytest.mark.parametrize(("least", "why_not"), [(210, ""), (211, "few")])
def test_a_group_must_be_large_enough(school, answered, least, why_not):
    campaign, _rows, _sexes = answered
    sheets = raw_sheets(school.actor("psych"), campaign)
    by_sex, by_stage = bias_figures(scores_in(sheets)[0], sheets, classes_of(campaign), least=least)
    assert by_sex.why_not == why_not
    assert (by_stage.why_not, by_stage.rows) == ("one_group", ())
    assert bool(by_sex.rows) == (why_not == "")
