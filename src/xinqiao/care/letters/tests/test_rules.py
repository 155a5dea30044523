"""What a letter may not say, and why letters are not released: pure, without a database."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from xinqiao.care.letters import rules
from xinqiao.care.letters.rules import (
    LONGEST,
    MOST_PARAGRAPHS,
    Forbidden,
    ReleaseFacts,
    doubts,
    findings_in,
    refusals,
    refusals_to_confirm,
    refusals_to_release,
    refusals_to_write_own,
)
from xinqiao.care.letters.states import MOVES, LetterState, diagram, sources_of

PACKS = Path(__file__).resolve().parents[5] / "packs"
SAID = yaml.safe_load((PACKS / "policy" / "national-default.yaml").read_text("utf-8"))
TEXTS = yaml.safe_load((PACKS / "letters" / "texts.yaml").read_text("utf-8"))
FORBIDDEN = Forbidden(
    *(tuple(SAID["letters"][f"{kind}_words"]["value"]) for kind in ("scale", "level", "diagnosis", "doubtful")),
    told_numbers=tuple(line["number"] for line in SAID["hotlines"]["value"]),
)
PLAIN = "孩子愿意和我聊天，我们约好下周再见面。"
FACTS = ReleaseFacts(
    letters=30, is_shared_needed=True, is_shared_read=True, own_unread=0, own_of_red=0, red=0,
    is_calling_confirmed=False,
)  # fmt: skip


def codes(text: str, names=()) -> list[str]:
    return [finding.code for finding in findings_in(text, FORBIDDEN, names)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("孩子的量表结果出来了", "scale"), ("PHQ-9 做完了", "scale"), ("ｐｈｑ 9", "scale"), ("phq9", "scale"),
        ("The test result is here", "scale"), ("属于橙色预警", "level"), ("属于 橙 色 预 警", "level"),
        ("重·度", "level"), ("高_风_险", "level"), ("He is at high-risk now", "level"), ("Severe.", "level"),
        ("孩子有抑郁症", "diagnosis"), ("抑 郁\u200b症", "diagnosis"), ("医生确诊了", "diagnosis"),
        ("a depression", "diagnosis"), ("他得了 23 分", "score"), ("得了２３分", "score"), ("二十三分", "score"),
        ("做了 18/27", "score"), ("超过 85% 的同学", "score"), ("百分之八十五", "score"), ("scored 18", "score"),
        ("（按和孩子商量好的话写）", "unfilled"), ("(write it in a sentence)", "unfilled"),
    ],
)  # fmt: skip
def test_what_may_not_stand_in_a_letter_is_refused(said, code):
    found = findings_in(f"{PLAIN}{said}", FORBIDDEN)
    assert code in [finding.code for finding in refusals(found)], found


@pytest.mark.parametrize(
    "said",
    [
        PLAIN, "每天留十分钟，十分要紧。", "三十分钟的户外活动，一部分作业可以少做。", "请拨打 12356 或 12355。",
        "周三 16:30 到三楼 302 室找我，电话 0571-8812 3456。", "七年级 3 班家长会在 11 月 28 日。",
        "Please come on week 12, at 4 p.m., room 302. It takes 20 minutes.", "shared reading, moderately loud",
    ],
)  # fmt: skip
def test_plain_words_pass(said):
    assert refusals(findings_in(f"{PLAIN}{said}", FORBIDDEN)) == []


@pytest.mark.parametrize(
    ("said", "code"), [("孩子最近有些焦虑", "doubtful"), ("第 3 题，18", "number"), ("18", "number")]
)
def test_what_is_better_said_in_a_talk_is_asked_about(said, code):
    found = findings_in(f"{PLAIN}{said}", FORBIDDEN)
    assert refusals(found) == []
    assert [finding.code for finding in doubts(found)] == [code]


def test_a_pupil_is_not_named_and_a_name_of_one_character_is_no_name():
    assert codes(f"{PLAIN}欧阳 思源很好", ["欧阳思源"]) == ["name"]
    assert codes(f"{PLAIN}王", ["王"]) == []


def test_a_letter_has_words_and_fits_on_its_page():
    assert codes("  ") == ["short"]
    assert codes("好" * (LONGEST + 1)) == ["long"]
    assert codes("好\n" * (MOST_PARAGRAPHS + 1)) == ["lines"]


def test_without_the_lists_nothing_is_found():
    """The control: it is the lists that find words, and the rule that finds scores."""
    bare = Forbidden((), (), (), ())
    assert findings_in(f"{PLAIN}抑郁症，橙色预警", bare) == []


def test_without_closing_gaps_a_hidden_word_passes(monkeypatch):
    """The control."""
    monkeypatch.setattr(rules, "_squeezed", lambda text: text)
    assert codes(f"{PLAIN}抑 郁 症") == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text["id"])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_shipped_words_keep_their_own_rules(text, language):
    found = findings_in(f"{text['title'][language]}\n{text['words'][language]}", FORBIDDEN)
    expected = {"unfilled"} if text["id"] == "we-spoke" else set()
    assert {finding.code for finding in found} == expected


def test_own_words_wait_for_the_end_and_nobody_at_red_is_written_to():
    assert refusals_to_write_own("closed", "draft", is_red=False) == []
    assert [r.code for r in refusals_to_write_own("open", "draft", is_red=False)] == ["not_ended"]
    assert [r.code for r in refusals_to_write_own("closed", "read", is_red=True)] == ["call_instead"]
    assert [r.code for r in refusals_to_write_own("closed", "released", is_red=False)] == ["already_released"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_shared_read": False}, "shared_unread"), ({"own_unread": 2}, "own_unread"),
        ({"own_of_red": 1}, "own_of_red"), ({"refused": 1}, "forbidden_words"),
        ({"doubtful": 1}, "doubts"), ({"red": 1}, "call_first"),
        ({"letters": 0}, "nothing_to_release"),
    ],
)  # fmt: skip
def test_each_reason_keeps_the_letters_of_a_class_back(change, code):
    assert refusals_to_release("closed", FACTS) == []
    assert [reason.code for reason in refusals_to_release("closed", replace(FACTS, **change))] == [code]
    assert [reason.code for reason in refusals_to_release("open", FACTS)] == ["not_ended"]


def test_what_is_confirmed_lets_them_go():
    asked = replace(FACTS, red=1, doubtful=2, is_calling_confirmed=True, are_doubts_confirmed=True)
    assert refusals_to_release("closed", asked) == []
    own_only = replace(FACTS, is_shared_needed=False, is_shared_read=False)
    assert refusals_to_release("closed", own_only) == []


def test_a_reading_counts_for_what_was_shown():
    assert refusals_to_confirm(b"a", b"a") == []
    assert [reason.code for reason in refusals_to_confirm(b"a", b"b")] == ["changed_meanwhile"]


def test_no_state_is_a_dead_end_and_none_is_out_of_reach():
    targets, sources = {move.target for move in MOVES}, {move.source for move in MOVES}
    assert set(LetterState) - targets == {LetterState.DRAFT} - targets
    assert set(LetterState) - sources == {LetterState.WITHDRAWN}
    assert sources_of(LetterState.RELEASED) == ["draft", "read"]
    assert diagram().count("-->") == len(MOVES) + 3
