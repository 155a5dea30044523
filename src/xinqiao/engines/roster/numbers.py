"""Numbers that name a person: identity numbers, student numbers, telephone numbers.

Sources: GB 11643-1999 (citizen identification number: 6 digits of place, 8 of birth, 3 of sequence, odd for men, and a
check character after ISO 7064 MOD 11-2); before it 15 digits with a two-digit year and no check character. A national
student number is a letter (G, J or L) before such an 18-character number (学籍号 of the national register).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.dates import PartialDate, checked
from xinqiao.engines.roster.text import is_nothing, plain

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # 2 ** (17 - place) mod 11
_CHECK: Final = "10X98765432"
_REGIONS: Final = frozenset(
    f"{province}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for province in range(first, last + 1)
)
"""First two digits after GB/T 2260, with 81, 82, 83 of the residence permits for Hong Kong, Macao and Taiwan."""

_EIGHTEEN: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_FIFTEEN: Final = re.compile(r"\d{15}", re.ASCII)
_NATIONAL: Final = re.compile(r"[GJL]\d{17}[\dX]", re.ASCII)
_NATIONAL_CUT: Final = re.compile(r"[GJL]\d{14,}X?", re.ASCII)
_ORDINARY: Final = re.compile(r"[0-9A-Za-z-]{1,32}")
_DOCUMENT: Final = re.compile(r"[0-9A-Z]{5,20}")
_SCHOOL_TYPES_WITH_CHECK: Final = frozenset(["resident_id", "residence_permit"])

_PHONE_PARTS: Final = re.compile(r"[/、,;，；|\n]|\s或\s?|或")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE: Final = re.compile(r"0\d{9,11}", re.ASCII)
_LOCAL: Final = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_ABROAD: Final = re.compile(r"\+\d{7,15}", re.ASCII)
LOST_SHARE: Final = 0.2
"""Ours: 1 number in 1,000 ends in 000 by chance; when a fifth of a column does, a spreadsheet has rounded it."""


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What a resident identity number says by itself."""

    number: str
    birth: PartialDate
    sex: str


def read_id_number(text: str, *, id_type: str | None) -> tuple[str, IdFacts | None] | None:
    """The number in one spelling and what it says (None for passports and the like); None if the cell is empty.

    Raises `Refused`: id_number_bad, id_region, id_birth, id_checksum, digits_lost, document_number_bad.
    """
    number = plain(text).replace(" ", "").upper().replace("Ⅹ", "X")
    if is_nothing(number):
        return None
    if id_type is None or id_type in _SCHOOL_TYPES_WITH_CHECK:
        facts = resident_facts(number)
        return facts.number, facts
    number = re.sub(r"[()（）-]", "", number)
    if not _DOCUMENT.fullmatch(number):
        raise Refused("document_number_bad")
    return number, None


def resident_facts(number: str) -> IdFacts:
    """Birth date and sex in a resident number of 18 or 15 characters.

    Raises `Refused`: id_number_bad, id_region, id_birth, id_checksum; digits_lost where it is rounded to ...000.
    """
    if _EIGHTEEN.fullmatch(number):
        birth, order = number[6:14], number[16]
    elif _FIFTEEN.fullmatch(number):
        birth, order = "19" + number[6:12], number[14]
    else:
        raise Refused("id_number_bad", length=len(number))
    if len(number) == 18 and check_character(number) != number[17]:
        raise Refused("digits_lost" if number.endswith("000") else "id_checksum")
    if number[:2] not in _REGIONS:
        raise Refused("id_region")
    return IdFacts(number, _birth_inside(birth), "male" if int(order) % 2 else "female")


def check_character(number: str) -> str:
    """The 18th character that the first 17 digits call for (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11]


def _birth_inside(packed: str) -> PartialDate:
    try:
        return checked(int(packed[:4]), int(packed[4:6]), int(packed[6:]))
    except Refused:
        raise Refused("id_birth") from None


def is_national_number(number: str) -> bool:
    """Whether it has the shape of a national student number."""
    return _NATIONAL.fullmatch(number) is not None


def read_student_number(text: str, *, must_be_national: bool) -> str | None:
    """A national or ordinary student number, leading zeros kept, None if empty.

    Only a G number is held to the checksum; J and L numbers are held to their shape (ours: they are given where the
    identity number was missing or in doubt). Raises `Refused`: number_bad, national_number_bad.
    """
    number = plain(text).replace(" ", "")
    if is_nothing(number):
        return None
    upper = number.upper().replace("Ⅹ", "X")
    if is_national_number(upper):
        return _checked_national(upper)
    if must_be_national or _NATIONAL_CUT.fullmatch(upper):
        raise Refused("national_number_bad")
    if not _ORDINARY.fullmatch(number):
        raise Refused("number_bad")
    return number


def _checked_national(number: str) -> str:
    if number[0] == "G" and check_character(number[1:]) != number[18]:
        raise Refused("national_number_bad")
    return number


def read_phones(text: str) -> tuple[str, ...]:
    """Every telephone number in the cell (several may be parted by / 、 , ; or a new line), digits only.

    Mobile (11 digits), landline with area code, local landline (7 or 8 digits), or + and a country code;
    86 before a number is taken off. Raises `Refused("phone_bad")` if any of them is not one.
    """
    found = (_one_phone(part) for part in _PHONE_PARTS.split(text))
    return tuple(dict.fromkeys(phone for phone in found if phone))


def _one_phone(text: str) -> str:
    number = re.sub(r"[\s()（）.·\-—–－]", "", plain(text))
    if is_nothing(plain(text)) or not number:
        return ""
    number = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", number)
    number = re.sub(r"^00(?=[1-9])", "+", number)
    if any(shape.fullmatch(number) for shape in (_MOBILE, _LANDLINE, _LOCAL, _ABROAD)):
        return number
    raise Refused("phone_bad")


def is_rounded_column(texts: Iterable[str]) -> bool:
    """Whether a column of long digit strings was rounded by a spreadsheet: at least two, and a fifth, end in 000."""
    long_ones = [text for text in texts if len(text) > 15 and text.isdecimal()]
    rounded = sum(text.endswith("000") for text in long_ones)
    return rounded >= 2 and rounded > LOST_SHARE * len(long_ones)
