"""Feedback owed and given; meetings, their agenda and what they decided."""

from xinqiao.care.feedback.models.feedback import Feedback, GuardianTry, TeacherWord
from xinqiao.care.feedback.models.meeting import AgendaItem, Decision, Meeting

__all__ = ["AgendaItem", "Decision", "Feedback", "GuardianTry", "Meeting", "TeacherWord"]
