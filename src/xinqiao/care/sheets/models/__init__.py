"""Papers, sittings, answer sheets."""

from xinqiao.care.sheets.models.sheet import AnswerSheet, CriticalTick
from xinqiao.care.sheets.models.sitting import Paper, Sitting

__all__ = ["AnswerSheet", "CriticalTick", "Paper", "Sitting"]
