"""Papers, sittings, answer sheets, and what is typed from printed ones."""

from xinqiao.care.sheets.models.sheet import AnswerSheet, CriticalTick
from xinqiao.care.sheets.models.sitting import FORM_WINDOW, Paper, Sitting
from xinqiao.care.sheets.models.typing import PaperTyping

__all__ = ["FORM_WINDOW", "AnswerSheet", "CriticalTick", "Paper", "PaperTyping", "Sitting"]
