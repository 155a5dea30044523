"""Reading school rosters: from the cells of any spreadsheet to pupils, refused rows and notes. Pure.

`parse_roster(sheets, …)` is the whole of it; opening files is done by the people app, which gives `Sheets`.
"""

from xinqiao.engines.roster.class_names import ClassRef, Offer, Stage, read_class
from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.dates import PartialDate
from xinqiao.engines.roster.parse import parse_roster
from xinqiao.engines.roster.results import Guardian, Rejection, Roster, RosterRow
from xinqiao.engines.roster.sheets import Merge, Note, Sheet, SheetRow, Sheets, UnreadableRoster

__all__ = [
    "ClassRef", "Guardian", "Merge", "Note", "Offer", "PartialDate", "Refused", "Rejection", "Roster", "RosterRow",
    "Sheet", "SheetRow", "Sheets", "Stage", "UnreadableRoster", "parse_roster", "read_class",
]  # fmt: skip
