"""Reads of alerts for an actor."""

from xinqiao.care.alerts.selectors.attention import AttentionRow, attention_rows, current_attention
from xinqiao.care.alerts.selectors.notices import NoticeRow, calling_notices, my_notices
from xinqiao.care.alerts.selectors.queue import QueueRow, at_the_gate, queue
from xinqiao.care.alerts.selectors.signals import (
    SignalPage,
    find_signal,
    note_signal_read,
    open_signals_of,
    signal_page,
)
from xinqiao.care.alerts.selectors.timeline import TimelineEvent, student_timeline

__all__ = [
    "AttentionRow",
    "NoticeRow",
    "QueueRow",
    "SignalPage",
    "TimelineEvent",
    "at_the_gate",
    "attention_rows",
    "calling_notices",
    "current_attention",
    "find_signal",
    "my_notices",
    "note_signal_read",
    "open_signals_of",
    "queue",
    "signal_page",
    "student_timeline",
]
