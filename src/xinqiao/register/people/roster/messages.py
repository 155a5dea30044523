"""The prose of every code that a roster import can give, on top of what reading the file gives."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xinqiao.register.people.roster.wanted import Note, Refusal
from xinqiao.register.people.roster_file import messages as file_messages

FILE_MESSAGES: Final = {
    "no_school": _("There is no school at or below %(unit)s. Add the school first, or import for a school."),
    "school_column_missing": _(
        "The file is for %(unit)s, which has several schools, and no column says which school a pupil is at. Add a "
        "column 学校, or import for one school."
    ),
    "no_pupils": _("The file has a header but no pupils below it."),
}
ROW_MESSAGES: Final = {
    "school_missing": _("The school is missing. Fill in the column 学校."),
    "school_unknown": _("No school here is called “%(value)s”. Write its whole name, or its code."),
    "school_shared": _("Several schools here are called “%(value)s”. Write the school's code instead."),
    "campus_unknown": _("The school has no such campus. Correct the name, or add the campus first."),
    "campus_needed": _("Several campuses have this class. Add a column 校区."),
    "class_closed": _("The class was closed. Check the class, or open it again."),
    "class_outside_unit": _("The class lies outside the unit for which the file was imported."),
    "number_claimed": _(
        "This number belongs to one pupil of the register and another number of the row to a different one. Check "
        "both numbers."
    ),
    "number_of_another": _(
        "The register has this student number under another name, with another birth date, sex or identity number. "
        "Correct the number; if the child was renamed, change the name on the pupil's page first."
    ),
    "claimed_twice": _("Row %(first_row)s means the same pupil already. Delete one of the rows, or correct a number."),
    "register_cannot_tell": _(
        "The register has several pupils of this name who fit. Add a number or the birth date to tell them apart."
    ),
    "may_be_same_child": _(
        "The register has a pupil of this name in this class under another student number. If it is the same child, "
        "correct the number; if not, add the birth date."
    ),
    "seat_taken": _("Another pupil of the class who is not in the file has this seat number. Correct one of them."),
    "moved_before_start": _(
        "The pupil's present class began after the day of this import. Choose a later day, or correct the class."
    ),
}
NOTE_MESSAGES: Final = {
    "school_not_read": _("%(school)s: its rows could not be read. %(why)s"),
}


def message_of(code: str, params: Mapping[str, str | int]) -> str:
    """Return the sentence for a code in the reader's language; raise KeyError for a code that does not exist."""
    ours = FILE_MESSAGES | ROW_MESSAGES
    if code in ours:
        return gettext(ours[code]) % defaultdict(str, params)
    return file_messages.message_of(code, params)


def note_message(note: Note) -> str:
    """Return what is told about the file."""
    if note.code in NOTE_MESSAGES:
        why = message_of(str(note.params.get("code", "no_pupils")), {})
        return gettext(NOTE_MESSAGES[note.code]) % defaultdict(str, note.params, why=why)
    return file_messages.message_of(note.code, note.params)


def refusal_message(refusal: Refusal) -> str:
    """Return what is wrong with a row, where, and how to mend it."""
    cell = str(refusal.params.get("cell", ""))
    where = " ".join(part for part in (refusal.column, cell) if part)
    sentence = message_of(refusal.code, refusal.params)
    return gettext("%(where)s: %(sentence)s") % {"where": where, "sentence": sentence} if where else sentence
