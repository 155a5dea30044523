"""Calls, committee members, their reports, and worries about classmates."""

from xinqiao.care.voices.models.call import HelpCall
from xinqiao.care.voices.models.committee import ClassmateWorry, ClassReport, CommitteeSeat

__all__ = ["ClassReport", "ClassmateWorry", "CommitteeSeat", "HelpCall"]
