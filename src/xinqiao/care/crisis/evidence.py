"""What people may have looked at in a judgement: what the system has of the pupil, and what somebody reported.

Static is what was measured once, dynamic what people observed since (S1-07f). Codes only; words are in `wording`.
"""

from collections.abc import Sequence

STATIC = frozenset({"sheet", "screening_signal"})
DYNAMIC = frozenset({"signal", "talk", "follow_up", "said_class", "said_subject", "said_family", "said_classmates"})
SAID = ("said_class", "said_subject", "said_family", "said_classmates")
STATIC_SOURCES = ("screening", "critical_answer")

Evidence = Sequence[tuple[str, str]]


def has_static(evidence: Evidence) -> bool:
    """Was a screening's result among it?"""
    return any(kind in STATIC for kind, _id in evidence)


def has_dynamic(evidence: Evidence) -> bool:
    """Was an observation, a talk or a report among it?"""
    return any(kind in DYNAMIC for kind, _id in evidence)


def evidence_from(keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read ticked boxes, `kind:id`, leaving out what is no kind."""
    parts = [key.partition(":") for key in keys]
    return tuple((kind, each) for kind, _colon, each in parts if kind in STATIC | DYNAMIC)
