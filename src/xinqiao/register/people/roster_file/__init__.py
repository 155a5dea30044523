"""Opening roster files that may be odd, damaged or hostile, in a child process with limits. No Django here.

`read_sheets(path, limits=…)` gives `engines.roster.Sheets` or raises `engines.roster.UnreadableRoster`.
"""

from xinqiao.register.people.roster_file.limits import Limits
from xinqiao.register.people.roster_file.reading import read_sheets

__all__ = ["Limits", "read_sheets"]
