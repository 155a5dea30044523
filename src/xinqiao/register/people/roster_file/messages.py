"""The prose of every code that reading a roster can give: what is wrong, and how to mend it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

FILE_MESSAGES: Final = {
    "file_empty": _("The file is empty. Save the roster again and choose that file."),
    "file_missing": _("The file cannot be opened: %(file)s. Choose it again."),
    "file_too_big": _("The file is larger than %(most_mib)s MB. Remove pictures, or split it by grade."),
    "file_damaged": _(
        "The file is damaged or cut off. Open it in your spreadsheet program, save it as .xlsx, and try again."
    ),
    "password_protected": _(
        "The file is protected by a password. Open it, remove the password, save it, and try again."
    ),
    "format_unsupported": _("This is a %(kind)s file, not a spreadsheet that we read. Save it as .xlsx or .csv."),
    "old_excel": _("This spreadsheet is in a format from before 1997. Save it as .xlsx."),
    "xml_spreadsheet": _("This is an XML spreadsheet of 2003. Open it and save it as .xlsx."),
    "encoding_unknown": _("The characters of the file cannot be read. Save it as .xlsx, or as CSV in UTF-8."),
    "binary_content": _("The file is not a table of text. Save the roster as .xlsx or .csv."),
    "text_broken": _(
        "The text table breaks off at line %(row)s, often by an unpaired quotation mark. Mend it, or save it as .xlsx."
    ),
    "package_too_many_parts": _("The file holds more than %(most)s parts. Copy the roster into a new workbook."),
    "package_too_big": _(
        "Unpacked, the file would be larger than %(most_mib)s MB. Copy the roster into a new workbook."
    ),
    "package_ratio": _(
        "Part of the file (%(part)s) unpacks to more than %(most)s times its size. Copy the roster, "
        "without empty rows, into a new workbook."
    ),
    "package_overlap": _(
        "The file is built so that its parts overlap, which no spreadsheet program does. Copy the roster "
        "into a new workbook."
    ),
    "xml_dtd": _(
        "The file contains declarations that no spreadsheet program writes. Copy the roster into a new workbook."
    ),
    "xml_damaged": _("The inside of the file is damaged (%(part)s). Open it, save it as .xlsx, and try again."),
    "too_many_sheets": _("The file has more than %(most)s sheets. Split it."),
    "too_many_rows": _(
        "Sheet “%(sheet)s” brings the file over %(most)s rows, counting empty formatted ones. Delete the "
        "empty rows below the roster, or split the file."
    ),
    "too_many_columns": _(
        "Sheet “%(sheet)s” reaches to cell %(cell)s; more than %(most)s columns are not read. Delete the "
        "columns to the right of the roster."
    ),
    "too_many_cells": _(
        "The file has more than %(most)s cells. Delete what lies outside the roster, or split the file."
    ),
    "too_much_text": _("The file holds more text than a roster needs (%(most)s characters). Split it."),
    "cell_too_long": _(
        "Sheet “%(sheet)s”, row %(row)s, column %(column)s: the cell holds more than %(most)s characters. "
        "Shorten or empty it, and import the file again."
    ),
    "too_many_merges": _("Sheet “%(sheet)s” has more than %(most)s merged cells. Unmerge them."),
    "too_much_memory": _("Reading the file needs too much memory. Copy the roster into a new workbook, or split it."),
    "reading_timeout": _(
        "Reading the file took too long and was stopped. Copy the roster into a new workbook, or split it."
    ),
    "reader_crashed": _("The file cannot be read: it made the reader stop. Save it again as .xlsx, and try again."),
    "sheets_empty": _("No visible sheet of the file holds anything."),
    "header_not_found": _(
        "No header line was found. One row must name the columns, among them 姓名, 班级 and 学号, 学籍号 "
        "or 身份证号. Sheets looked at: %(sheets)s."
    ),
    "columns_missing": _(
        "Sheet “%(sheet)s”, row %(row)s: there is no column for %(missing)s. Columns found: %(found)s. "
        "Add the column or correct its name."
    ),
    "columns_same_meaning": _(
        "Sheet “%(sheet)s”, row %(row)s: two columns mean the same: %(first)s and %(second)s. Rename or delete one."
    ),
}
ROW_MESSAGES: Final = {
    "formula": _("The cell holds a formula. Copy the column and paste it as values."),
    "cell_error": _("The cell shows the error %(value)s. Type the value itself."),
    "digits_lost": _(
        "The spreadsheet has lost the last digits of this number. Format the column as text and type the number again."
    ),
    "scientific_notation": _(
        "The number was changed to a short form such as 5.11E+17. Format the column as text and type the number again."
    ),
    "damaged_character": _("A character was lost (shown as ? or □). Type the name again."),
    "name_missing": _("The name is missing. Fill it in, or delete the row."),
    "name_suspicious": _("This does not look like a name: digits, brackets or mixed letters. Leave only the name."),
    "name_too_short": _("The name has a single character. Fill in the whole name."),
    "name_too_long": _("The name is longer than %(longest)s characters. Check it."),
    "class_missing": _("The class is missing. Write it like 七(3)班."),
    "class_unreadable": _("“%(value)s” cannot be read as a class. Write it like 七(3)班."),
    "class_ambiguous": _("“%(value)s” can mean more than one class. Write it like 七(3)班, or add a column 年级."),
    "class_without_grade": _("“%(value)s” does not say the grade. Write it like 七(3)班, or add a column 年级."),
    "class_number_missing": _("“%(value)s” does not say the number of the class. Write it like 七(3)班."),
    "class_number_implausible": _("“%(value)s”: a class number lies between 1 and %(largest)s."),
    "class_became_date": _(
        "The spreadsheet has turned the class into a date. Format the column as text and write 七(3)班."
    ),
    "class_contradicts_grade": _("The class “%(value)s” does not fit the grade column. Correct one of them."),
    "grade_unreadable": _("“%(value)s” cannot be read as a grade. Write it like 七年级."),
    "grade_not_offered": _(
        "The school does not teach this grade this year: %(value)s. Check the class, or the stages of the school."
    ),
    "stage_unknown": _("“%(value)s” is not a stage we know. Write 小学, 初中, 高中 or 中职."),
    "number_bad": _("A student number has up to 32 letters, digits and hyphens. Check it."),
    "national_number_bad": _(
        "A national student number is G, J or L and 18 characters that fit its check digit. Check it."
    ),
    "id_number_bad": _(
        "An identity number has 18 characters (%(length)s found). For another document add a column 证件类型."
    ),
    "id_region": _("The identity number begins with a place that does not exist. Check it."),
    "id_birth": _("The birth date inside the identity number does not exist. Check it."),
    "id_checksum": _("The identity number does not fit its check digit, so a digit is wrong. Check it."),
    "id_type_unknown": _("“%(value)s” is not a kind of document we know. Write for example 居民身份证, 护照 or 其他."),
    "document_number_bad": _("A document number has 5 to 20 letters and digits. Check it."),
    "birth_differs_from_id": _("The birth date is not the one in the identity number. Correct one of them."),
    "sex_differs_from_id": _("The sex is not the one in the identity number. Correct one of them."),
    "date_unreadable": _("This cannot be read as a date. Write it like 2012-03-05."),
    "date_impossible": _("The calendar has no such day. Check it."),
    "date_ambiguous": _("This can mean January or October. Write it like 2012-01 or 2012-10."),
    "age_implausible": _("The age would not lie between %(youngest)s and %(oldest)s years. Check the year."),
    "year_unreadable": _("“%(value)s” cannot be read as a year. Write it like 2024."),
    "sex_unknown": _("“%(value)s” cannot be read as a sex. Write 男 or 女."),
    "boarding_unknown": _("“%(value)s” cannot be read as yes or no. Write 是 or 否."),
    "ethnicity_unknown": _("“%(value)s” is not one of the nationalities. Write it like 汉族."),
    "relation_unknown": _("“%(value)s” is not a relation we know. Write for example 父亲, 母亲, 奶奶 or 其他."),
    "phone_bad": _("This is not a telephone number. A mobile number has 11 digits; part several by /."),
    "text_too_long": _("The text is longer than %(longest)s characters. Shorten it."),
    "duplicate_in_file": _(
        "The same number already stands in row %(first_row)s of sheet “%(first_sheet)s”. Delete one of "
        "the rows, or correct the number."
    ),
    "cannot_tell_apart": _(
        "A pupil of the same name and class stands in row %(first_row)s of sheet “%(first_sheet)s”, and "
        "there is no number to tell them apart. Fill in a number, or delete one of the rows."
    ),
}
WARNING_MESSAGES: Final = {
    "private_use_character": _(
        "The name holds a character that only some computers know. It is kept; check how it is shown."
    ),
    "no_number": _("No number names this pupil; later imports can only go by name, class and birth date."),
    "national_number_differs_from_id": _(
        "The national student number does not contain the identity number. Both are kept."
    ),
}
NOTE_MESSAGES: Final = {
    "hidden_sheet_ignored": _("Hidden sheet “%(sheet)s” was not read."),
    "hidden_columns_read": _("Sheet “%(sheet)s”: hidden columns were read as well: %(columns)s."),
    "hidden_rows_read": _("Sheet “%(sheet)s”: %(count)s hidden rows were read as well."),
    "sheet_without_roster": _("Sheet “%(sheet)s” has no roster and was passed over."),
    "sheet_columns_missing": _("Sheet “%(sheet)s” was not read: no column for %(missing)s."),
    "class_from_sheet_name": _("Sheet “%(sheet)s”: the class was taken from the name of the sheet."),
    "class_from_title": _("Sheet “%(sheet)s”: the class %(class_name)s was taken from the line above the table."),
    "column_not_used": _("Sheet “%(sheet)s”: columns not used: %(columns)s."),
    "footer_rows_skipped": _("Sheet “%(sheet)s”: %(count)s rows of totals, titles or signatures were passed over."),
    "repeated_headers_skipped": _("Sheet “%(sheet)s”: %(count)s repeated header rows were passed over."),
    "merged_cells_filled": _("Sheet “%(sheet)s”: %(count)s cells were filled from merged cells above them."),
    "short_student_numbers": _("Student numbers of up to three characters were taken as seat numbers within a class."),
    "wrong_extension": _(
        "The file's name ends in %(extension)s but its content is %(kind)s. It was read by its content."
    ),
    "encoding_read_as": _("The text was read as %(encoding)s. If names look wrong, save the file as .xlsx."),
    "html_table_read": _("The file is a web page saved as a spreadsheet; its tables were read."),
}

_ALL: Final = FILE_MESSAGES | ROW_MESSAGES | WARNING_MESSAGES | NOTE_MESSAGES


def message_of(code: str, params: Mapping[str, str | int]) -> str:
    """The sentence for a code in the reader's language. Raises `KeyError` for a code that does not exist."""
    return gettext(_ALL[code]) % defaultdict(str, params)


def rejection_message(code: str, column: str, params: Mapping[str, str | int]) -> str:
    """The sentence for a refused row, with the column and the cell in front where they are known."""
    where = " ".join(part for part in (column, str(params.get("cell", ""))) if part)
    sentence = message_of(code, params)
    return gettext("%(where)s: %(sentence)s") % {"where": where, "sentence": sentence} if where else sentence
