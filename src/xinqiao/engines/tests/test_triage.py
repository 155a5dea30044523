"""Urgency by rule, with its reasons."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.engines.scoring import compile_scale, scale_from_mapping, score_one
from xinqiao.engines.triage import Band, Finding, TriageRules, finding_from, judge

PACKS = Path(__file__).resolve().parents[4] / "packs" / "scales"
WORST, MIDDLE = Band("total", "severe", 5, 5), Band("total", "moderate", 3, 5)


def test_nothing_calls_for_no_signal():
    assert judge([Finding("phq-9", bands=(MIDDLE,))]) is None
    assert judge([]) is None


@pytest.mark.parametrize(
    ("findings", "asked", "urgency"),
    [
        ([Finding("phq-9", critical=(9,))], False, "red"),
        ([Finding("phq-9", critical=(9,), is_valid=False)], False, "red"),
        ([Finding("phq-9")], True, "orange"),
        ([Finding("phq-9", critical=(9,))], True, "red"),
        ([Finding("phq-9", bands=(WORST,))], False, "orange"),
        ([Finding("phq-9", flags=("a",)), Finding("gad-7", flags=("b",))], False, "orange"),
        ([Finding("phq-9", flags=("a",))], False, "yellow"),
        ([Finding("mht", flags=("a", "b"), bands=(WORST,), is_valid=False)], False, None),
    ],
)
def test_urgency(findings, asked, urgency):
    judgement = judge(findings, has_asked_to_talk=asked)
    assert (judgement.urgency if judgement else None) == urgency


def test_every_part_of_the_judgement_has_its_reason():
    judgement = judge([Finding("phq-9", critical=(9,), flags=("x",), bands=(WORST,))], has_asked_to_talk=True)
    assert [reason.code for reason in judgement.reasons] == ["critical_item", "asked_to_talk", "worst_band", "flag"]
    assert judgement.reasons[0].details == ("9",)


def test_two_bands_are_no_worst_band():
    assert judge([Finding("mht", bands=(Band("lie", "void", 2, 2),))]) is None


def test_the_policys_numbers_count():
    flagged = [Finding("phq-9", flags=("a",))]
    assert judge(flagged, TriageRules(flagged="orange")).urgency == "orange"
    assert judge(flagged, TriageRules(flags_for_many=1)).urgency == "orange"


BANDS = st.builds(Band, st.just("total"), st.just("x"), st.integers(1, 5), st.just(5))
FINDINGS = st.lists(
    st.builds(
        Finding, scale=st.sampled_from(["phq-9", "mht"]), critical=st.lists(st.integers(1, 99), max_size=5).map(tuple),
        flags=st.lists(st.text("ab", min_size=1), max_size=4).map(tuple),
        bands=st.lists(BANDS, max_size=3).map(tuple),
        is_valid=st.booleans(),
    ),
    max_size=4,
)  # fmt: skip


@given(FINDINGS, st.booleans())
def test_a_critical_item_is_never_silenced_and_evidence_stays_in_bounds(findings, asked):
    judgement = judge(findings, has_asked_to_talk=asked)
    if any(finding.critical for finding in findings):
        assert judgement.urgency == "red"
    if judgement:
        assert 0 <= judgement.evidence <= 100
        assert judgement.reasons


@given(FINDINGS)
def test_more_findings_never_lower_the_urgency_or_the_evidence(findings):
    order = {"red": 3, "orange": 2, "yellow": 1}
    less, more = judge(findings[:-1]), judge(findings)
    if less:
        assert order[more.urgency] >= order[less.urgency]
        assert more.evidence >= less.evidence


def test_a_real_sheet_becomes_a_finding():
    scale = scale_from_mapping(yaml.safe_load((PACKS / "phq-9.yaml").read_text("utf-8")))
    plan = compile_scale(scale)
    finding = finding_from(scale, score_one(plan, [3, 3, 3, 3, 3, 3, 3, 3, 1], age=14))
    assert finding.critical == (9,)
    assert finding.bands == (Band("total", "severe", 5, 5),)
    assert judge([finding]).urgency == "red"
    assert finding_from(scale, score_one(plan, [None, *[0] * 7, 1])).bands == ()
