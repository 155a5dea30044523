"""The prose of every code that scales give: what is wrong, where, and how to mend it."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xinqiao.care.scales.wording_file import WordingFault
from xinqiao.engines.scoring import Fault

WHY_NOT: Final[Mapping[str, str]] = {
    "no_wording": _("Only the scoring key ships. Import the wording you hold a licence for."),
    "not_for_pupils": _("This scale is for staff, not for pupils."),
    "no_self_report": _("Pupils do not answer this scale themselves."),
    "retired": _("A newer version has taken its place."),
    "elsewhere": _("This wording is licensed to another unit."),
    "gate_not_plain": _("A question depends on earlier ones in a way the pupils' page cannot show."),
    "no_scales": _("Choose at least one scale."),
}
WORDING: Final[Mapping[str, str]] = {
    "texts_missing": _("The text of items %(value)s is missing. Write it beside their numbers."),
    "labels_missing": _("The options with the codes %(value)s have no words. Write them on the sheet of options."),
    "no_such_item": _("Sheet “%(sheet)s”, row %(row)s: this scale has no item “%(value)s”. Write one of its numbers."),
    "item_twice": _("Sheet “%(sheet)s”, row %(row)s: item %(value)s stands there twice. Remove one."),
    "no_such_code": _("Sheet “%(sheet)s”, row %(row)s: no option has the code “%(value)s”. Write one of its codes."),
    "formula": _("Sheet “%(sheet)s”, row %(row)s holds a formula. Write the text itself."),
}
IMPORT: Final[Mapping[str, str]] = {
    "unknown_scale": _("There is no such scale. `xinqiao scale list` names them."),
    "ships_with_wording": _("This scale ships with its wording; nothing needs to be imported."),
    "no_licence": _("Say who holds the licence, and what it allows."),
    "faulty": _("With this wording the scale does not pass its checks."),
    "unreadable": _("The file cannot be read as a spreadsheet (%(value)s). Save it as .xlsx and choose it again."),
}
TABLE: Final[Mapping[str, str]] = {
    "no_header": _("The first line must name the columns: id, 1, 2, …"),
    "missing_column": _("Column “%(value)s” is missing. Add it, or check the name in the first line."),
    "duplicate_column": _("Column “%(value)s” stands there twice. Remove one."),
    "unknown_item": _("Column “%(value)s”: this scale has no such item. Is it the right scale?"),
    "unreadable": _("The file cannot be read (%(value)s). Save it as CSV in UTF-8."),
}


def words(table: Mapping[str, str], code: str, **values: object) -> str:
    """Return a code in words; the code itself where nobody wrote any."""
    return gettext(table[code]) % values if code in table else code


def why_not_words(codes: list[str]) -> list[str]:
    """Return why a scale cannot be launched, in words."""
    return [words(WHY_NOT, code) for code in codes]


def wording_fault_words(fault: WordingFault) -> str:
    """Return one fault of a wording spreadsheet in words."""
    return words(WORDING, fault.code, sheet=fault.sheet, row=fault.row, value=fault.value)


def scale_fault_words(fault: Fault) -> str:
    """Return one fault of a scale file: place and code, as the guide on adding a scale lists them."""
    return f"{fault.place}: {fault.code}" + (f" ({fault.detail})" if fault.detail else "")
