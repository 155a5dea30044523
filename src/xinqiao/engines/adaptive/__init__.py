"""A scale asked in fewer questions: which item comes next, when it is enough, and what is then known and how surely.

Everything follows from the item parameters and the answers, so whoever receives a sheet can ask again and see whether
these are the questions that were due. Numpy only: nothing that serves loads more.
"""

from xinqiao.engines.adaptive.asking import ask_all, estimate, next_step, replay, walk_of
from xinqiao.engines.adaptive.design import always_asked, decision_of, decisions_of, design_of
from xinqiao.engines.adaptive.model import (
    CannotAdapt,
    Chance,
    Design,
    Estimate,
    ItemParameters,
    NotAsAsked,
    Outcome,
    Rule,
    Step,
    Walk,
)
from xinqiao.engines.adaptive.simulating import Crowd, Savings, answers_of, compared, savings_of
from xinqiao.engines.adaptive.table import table_of

__all__ = [
    "CannotAdapt",
    "Chance",
    "Crowd",
    "Design",
    "Estimate",
    "ItemParameters",
    "NotAsAsked",
    "Outcome",
    "Rule",
    "Savings",
    "Step",
    "Walk",
    "always_asked",
    "answers_of",
    "ask_all",
    "compared",
    "decision_of",
    "decisions_of",
    "design_of",
    "estimate",
    "next_step",
    "replay",
    "savings_of",
    "table_of",
    "walk_of",
]
