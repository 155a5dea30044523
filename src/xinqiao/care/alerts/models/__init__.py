"""Signals, notices, reports of staff, interviews, attention, warnings to the ladder, guardians who were told."""

from xinqiao.care.alerts.models.attention import Attention
from xinqiao.care.alerts.models.interview import Interview
from xinqiao.care.alerts.models.report import Report
from xinqiao.care.alerts.models.signal import Notice, Signal
from xinqiao.care.alerts.models.warning import GuardianTold, LevelWarning

__all__ = ["Attention", "GuardianTold", "Interview", "LevelWarning", "Notice", "Report", "Signal"]
