"""The rule: from findings to an urgency, an order within it, and the reasons for both.

Urgency, first that holds:
  1. a critical item was answered                                   → `critical` (red)
  2. the pupil asked to talk to someone                             → `asked_to_talk` (orange)
  3. a valid score lies in the worst of at least `steps_of_a_worst_band` bands, or at least `flags_for_many`
     flags were raised over the whole sitting                       → `severe` (orange)
  4. any flag was raised                                            → `flagged` (yellow)
Otherwise there is no signal. That is not a finding that all is well, and nobody is told so.

Evidence (0–100) only orders signals of one urgency: points for critical items, for how far up its bands the highest
score lies (scales with fewer bands than that count by their flags), for each flag and for asking to talk, added and
capped. It is not a probability and is never shown as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao.engines.triage.findings import Band, Finding

CRITICAL_ITEM, ASKED_TO_TALK, WORST_BAND, FLAG, VOID = "critical_item", "asked_to_talk", "worst_band", "flag", "void"


@dataclass(frozen=True, slots=True)
class TriageRules:
    """The policy pack's numbers; every default is our own assumption and is shown as such."""

    critical: str = "red"
    asked_to_talk: str = "orange"
    severe: str = "orange"
    flagged: str = "yellow"
    steps_of_a_worst_band: int = 3
    flags_for_many: int = 2
    points_critical_first: int = 45
    points_critical_more: int = 10
    points_worst_band: int = 30
    points_flag: int = 5
    points_flags_at_most: int = 15
    points_asked: int = 10


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code, the scale it comes from ("" for none), and details: item numbers, or subscale and band, or flags."""

    code: str
    scale: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rule says, with its reasons in order of weight."""

    urgency: str
    evidence: int
    reasons: tuple[Reason, ...]


def judge(
    findings: Sequence[Finding], rules: TriageRules | None = None, *, has_asked_to_talk: bool = False
) -> Judgement | None:
    """Return the judgement on one sitting, or None where nothing calls for a signal."""
    rules = rules or TriageRules()
    reasons = _reasons(findings, rules, has_asked_to_talk=has_asked_to_talk)
    urgency = _urgency(reasons, rules)
    if urgency is None:
        return None
    return Judgement(urgency, _evidence(findings, rules, has_asked_to_talk=has_asked_to_talk), tuple(reasons))


def _reasons(findings: Sequence[Finding], rules: TriageRules, *, has_asked_to_talk: bool) -> list[Reason]:
    reasons = [
        Reason(CRITICAL_ITEM, finding.scale, tuple(str(item) for item in finding.critical))
        for finding in findings
        if finding.critical
    ]
    if has_asked_to_talk:
        reasons.append(Reason(ASKED_TO_TALK))
    for finding in findings:
        if not finding.is_valid:
            reasons.append(Reason(VOID, finding.scale))
            continue
        worst = [band for band in finding.bands if _is_worst(band, rules)]
        reasons += [Reason(WORST_BAND, finding.scale, (band.subscale, band.code)) for band in worst]
        if finding.flags:
            reasons.append(Reason(FLAG, finding.scale, finding.flags))
    return reasons


def _is_worst(band: Band, rules: TriageRules) -> bool:
    return band.steps >= rules.steps_of_a_worst_band and band.step == band.steps


def _urgency(reasons: Sequence[Reason], rules: TriageRules) -> str | None:
    codes = {reason.code for reason in reasons}
    flags = sum(len(reason.details) for reason in reasons if reason.code == FLAG)
    if CRITICAL_ITEM in codes:
        return rules.critical
    if ASKED_TO_TALK in codes:
        return rules.asked_to_talk
    if WORST_BAND in codes or flags >= rules.flags_for_many:
        return rules.severe
    return rules.flagged if flags else None


def _evidence(findings: Sequence[Finding], rules: TriageRules, *, has_asked_to_talk: bool) -> int:
    items = sum(len(finding.critical) for finding in findings)
    valid = [finding for finding in findings if finding.is_valid]
    graded = [band for finding in valid for band in finding.bands if band.steps >= rules.steps_of_a_worst_band]
    worst = max((band.share for band in graded), default=0.0)
    flags = sum(len(finding.flags) for finding in valid)
    points = rules.points_critical_first + rules.points_critical_more * (items - 1) if items else 0
    points += round(rules.points_worst_band * worst)
    points += min(rules.points_flag * flags, rules.points_flags_at_most)
    points += rules.points_asked if has_asked_to_talk else 0
    return min(points, 100)
