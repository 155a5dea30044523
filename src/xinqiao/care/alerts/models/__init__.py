"""Signals, notices, interviews, attention."""

from xinqiao.care.alerts.models.attention import Attention
from xinqiao.care.alerts.models.interview import Interview
from xinqiao.care.alerts.models.signal import Notice, Signal

__all__ = ["Attention", "Interview", "Notice", "Signal"]
