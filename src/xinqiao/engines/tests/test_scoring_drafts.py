"""A draft is told all that is wrong with it at once, and nothing that only follows from what is wrong."""

import copy

import pytest

from xinqiao.engines.scoring import drafts
from xinqiao.engines.scoring.drafts import judge_draft

SOUND = {
    "id": "own-rest", "version": "1.0", "title": {"en": "Rest", "zh-Hans": "作息"},
    "offered": [{"informant": "self", "grades": {"from": 7}, "source": "school"}],
    "licence": {"status": "key", "text": {"en": "ours", "zh-Hans": "自编"}, "source": "school"},
    "wording": "full", "rendering": "licensed", "wording_licence": "自编", "instruction": {"zh-Hans": "照实选"},
    "items": {"count": 3, "codes": [0, 1, 2], "reversed": [3], "source": "school",
              "labels": {code: {"zh-Hans": str(code)} for code in (0, 1, 2)},
              "texts": {number: {"zh-Hans": str(number)} for number in (1, 2, 3)}},
    "missing": {"rule": "refuse", "source": "school"},
    "subscales": {"total": {"title": {"en": "Total", "zh-Hans": "总分"}, "items": ["1-3"], "source": "school",
                            "bands": [
        {"source": "school", "steps": [{"code": "low", "from": 0, "title": {"en": "low", "zh-Hans": "少"}},
                                       {"code": "high", "from": 4, "title": {"en": "high", "zh-Hans": "多"}}]}]}},
    "critical": [{"item": 2, "at_least": 1, "source": "school"}], "suicide_items": [2],
    "sources": [{"id": "school", "kind": "own", "citation": "talked over"}],
    "examples": [
        {"name": name, "arithmetic": "by hand", "answers": answers, "expect": expect}
        for name, answers, expect in (
            ("none", [0, 0, 2], {"scores": {"total": 0}, "bands": {"total": "low"}}),
            ("all", [2, 2, 0], {"scores": {"total": 6}, "critical": [2]}),
            ("gap", [1, None, 1], {"error": "missing_answer:2"}),
        )
    ],
}  # fmt: skip


def with_changes(**changes):
    draft = copy.deepcopy(SOUND)
    for key, value in changes.items():
        *path, last = key.split("__")
        at = draft
        for part in path:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if value is None:
            del at[last]
        else:
            at[last] = value
    return draft


def places(draft):
    return [(fault.place, fault.code) for fault in judge_draft(draft)[1]]


def test_a_sound_draft_is_a_scale():
    scale, faults = judge_draft(SOUND)
    assert scale is not None
    assert faults == ()


SEVERAL = {
    "items__reversed": [9],
    "subscales__total__items": ["1-2"],
    "subscales__total__bands__0__steps": [{"code": "high", "from": 4, "title": {"en": "high", "zh-Hans": "多"}}],
    "examples": [],
}
TOLD = [
    ("items.reversed", "no_such_item"),
    ("subscales", "item_in_no_part"),
    ("subscales.total.bands[0].steps[0]", "band_gap"),
    ("examples", "too_few_examples"),
]


def test_everything_is_told_in_one_breath():
    assert places(with_changes(**SEVERAL)) == TOLD


def test_control_a_judge_that_stops_at_the_first_would_not(monkeypatch):
    monkeypatch.setattr(drafts, "_PIECES", ())
    assert places(with_changes(**SEVERAL)) == TOLD[:1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"items__reversed": [9]}, [("items.reversed", "no_such_item")]),
        ({"examples__1__answers": [0]}, [("examples[1].answers", "wrong_length")]),
        ({"critical__0__at_least": "x"}, [("critical[0].at_least", "not_an_integer")]),
        ({"subscales__total__bands__0__steps": []}, [("subscales.total.bands[0].steps", "missing_key")]),
        ({"sources": []}, [("sources", "missing_key")]),
        ({"offered": []}, [("offered", "missing_key")]),
        ({"examples": None}, [("examples", "too_few_examples")]),
        ({"suicide_items": ["x"]}, [("suicide_items[0]", "not_an_integer")]),
    ],
)
def test_nothing_is_told_that_only_follows(changes, told):
    assert places(with_changes(**changes)) == told


@pytest.mark.parametrize("changes", [{"items__reversed": [9]}, {"critical__0__item": None}, {"items__count": 0}])
def test_what_cannot_be_read_whole_is_no_scale(changes):
    assert judge_draft(with_changes(**changes))[0] is None


def test_without_a_piece_that_all_rests_on_only_the_gaps_are_told():
    assert places(with_changes(subscales={}, examples=[], sources=[])) == [
        ("subscales", "missing_key"), ("sources", "missing_key"), ("examples", "missing_key"),
    ]  # fmt: skip
