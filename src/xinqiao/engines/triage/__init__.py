"""Urgency by rule, and the order within one urgency. Nothing here is a diagnosis: it says whom to talk to first.

Findings in, a judgement with its reasons out; the numbers are the policy pack's.
"""

from xinqiao.engines.triage.findings import Band, Finding, finding_from
from xinqiao.engines.triage.judging import Judgement, Reason, TriageRules, judge
from xinqiao.engines.triage.odds import OWN, PUBLISHED, Odds, Ratio, own_ratio, positive_ratio, quiet_ratio, weigh

__all__ = [
    "OWN",
    "PUBLISHED",
    "Band",
    "Finding",
    "Judgement",
    "Odds",
    "Ratio",
    "Reason",
    "TriageRules",
    "finding_from",
    "judge",
    "own_ratio",
    "positive_ratio",
    "quiet_ratio",
    "weigh",
]
