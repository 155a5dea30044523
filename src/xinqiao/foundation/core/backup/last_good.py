"""How old is the last backup that was proved good?"""

import datetime as dt

from xinqiao.foundation.core.jobs.marks import last_good_end, mark_failed, mark_good

MARK = "backup"


def last_good_backup() -> dt.datetime | None:
    """Return when the last backup was made and proved; None if there never was one."""
    return last_good_end(MARK)


def mark_backup_good(began: dt.datetime, ended: dt.datetime) -> None:
    """Note a backup that was made and proved."""
    mark_good(MARK, began, ended)


def mark_backup_failed(began: dt.datetime, outcome: str) -> None:
    """Note a backup that failed; `outcome` is a code."""
    mark_failed(MARK, began, outcome)
