"""Papers, sittings, answer sheets, and what is typed from printed ones."""

from xinqiao.care.sheets.models.sheet import AnswerSheet, CriticalTick
from xinqiao.care.sheets.models.sitting import Paper, Sitting
from xinqiao.care.sheets.models.typing import PaperTyping

__all__ = ["AnswerSheet", "CriticalTick", "Paper", "PaperTyping", "Sitting"]
