"""Dates as schools write them: serials, dotted, packed, Chinese, month only."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.sheets import Cell, DateCell, NumberCell
from xinqiao.engines.roster.text import whole_text

YOUNGEST_YEARS: Final = 2
OLDEST_YEARS: Final = 30
"""Ours: from the youngest kindergarten child to a late university student; outside, a year was mistyped."""

_LAST_SERIAL: Final = 80_000  # the year 2119; larger whole numbers are packed dates such as 20120305
_EPOCH_1900: Final = date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that never was
_EPOCH_1904: Final = date(1904, 1, 1)
_TIME_TAIL: Final = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_FULL: Final = re.compile(r"(\d{4})\s*[-./年\\]\s*(\d{1,2})\s*[-./月\\]\s*(\d{1,2})\s*[日号]?")
_MONTH: Final = re.compile(r"(\d{4})\s*([-./年\\])\s*(\d{1,2})\s*月?")
_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL: Final = re.compile(r"[1-7]\d{4}", re.ASCII)
_AMBIGUOUS_TENTH: Final = re.compile(r"\d{4}\.1")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the day, or only to the month (`day` is None)."""

    year: int
    month: int
    day: int | None

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether both can be the same day."""
        if (self.year, self.month) != (other.year, other.month):
            return False
        return self.day is None or other.day is None or self.day == other.day


def read_birth(cell: Cell, *, today: date, date_1904: bool = False) -> PartialDate | None:
    """The birth date in the cell, None if empty.

    Raises `Refused`: formula, cell_error, date_unreadable, date_ambiguous (2012.1 may have been 2012.10),
    date_impossible, age_implausible (outside 2 to 30 years on `today`).
    """
    found = _read(cell, date_1904=date_1904)
    if found is not None:
        require_plausible_age(found, today=today)
    return found


def require_plausible_age(born: PartialDate, *, today: date) -> None:
    """Raises `Refused("age_implausible")` unless the age on `today` lies within 2 to 30 years."""
    had_birthday = (today.month, today.day) >= (born.month, born.day or 1)
    age = today.year - born.year - (0 if had_birthday else 1)
    if not YOUNGEST_YEARS <= age <= OLDEST_YEARS:
        raise Refused("age_implausible", youngest=YOUNGEST_YEARS, oldest=OLDEST_YEARS)


def checked(year: int, month: int, day: int | None) -> PartialDate:
    """The date if the calendar has it; raises `Refused("date_impossible")`."""
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        raise Refused("date_impossible") from None
    return PartialDate(year, month, day)


def _read(cell: Cell, *, date_1904: bool) -> PartialDate | None:
    if isinstance(cell, DateCell):
        return checked(cell.year, cell.month, cell.day)
    if isinstance(cell, NumberCell) and 1 <= cell.number <= _LAST_SERIAL and not 1900 <= cell.number < 2100:
        return _from_serial(int(cell.number), date_1904=date_1904)
    text = whole_text(cell)
    if _SERIAL.fullmatch(text):  # a text table keeps the serial of a date cell that had lost its format
        return _from_serial(int(text), date_1904=date_1904)
    return _from_text(_TIME_TAIL.sub("", text)) if text else None


def _from_serial(serial: int, *, date_1904: bool) -> PartialDate:
    day = (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=serial)
    return PartialDate(day.year, day.month, day.day)


def _from_text(text: str) -> PartialDate:
    if _AMBIGUOUS_TENTH.fullmatch(text):
        raise Refused("date_ambiguous")
    if full := _FULL.fullmatch(text):
        return checked(int(full[1]), int(full[2]), int(full[3]))
    if month := _MONTH.fullmatch(text):
        return checked(int(month[1]), int(month[3]), None)
    if packed := _PACKED.fullmatch(text):
        return checked(int(packed[1]), int(packed[2]), int(packed[3]) if packed[3] else None)
    raise Refused("date_unreadable")
