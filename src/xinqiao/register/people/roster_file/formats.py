"""Number formats: which cells are dates, and which are shown with leading zeros."""

import re
from typing import Final

_BUILT_IN_DATES: Final = frozenset([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)])
"""ECMA-376 part 1, 18.8.30: 14 to 17 and 22 everywhere; 27 to 31, 36, 50 to 58 in Chinese locales. 18 to 21, 32 to 35
and 45 to 47 are times of day."""

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS: Final = re.compile(r"[yYdDeE年月日]|m{3,}|^m+[-/.]")
_ZEROS: Final = re.compile(r"0{2,20}")


def is_date_format(format_id: int, code: str) -> bool:
    """Whether a number under this format is shown as a date."""
    if format_id in _BUILT_IN_DATES:
        return True
    plain = _LITERAL.sub("", code.split(";")[0])
    if plain.lower() in ("", "general", "@") or "0" in plain or "#" in plain:
        return False
    return _DATE_LETTERS.search(plain) is not None


def shown_zeros(code: str) -> int:
    """How many digits the format pads to (000000 gives 6), 0 if it does not."""
    plain = _LITERAL.sub("", code.split(";")[0]).strip()
    return len(plain) if _ZEROS.fullmatch(plain) else 0
