"""Every stable code that reading a roster can give. The prose for each lives at the edge, in the people app."""

from typing import Final

FILE_CODES: Final = frozenset({
    "file_empty", "file_missing", "file_too_big", "file_damaged", "password_protected", "format_unsupported",
    "old_excel", "xml_spreadsheet", "encoding_unknown", "binary_content", "text_broken",
    "package_too_many_parts", "package_too_big", "package_ratio", "package_overlap", "xml_dtd", "xml_damaged",
    "too_many_sheets", "too_many_rows", "too_many_columns", "too_many_cells", "too_much_text", "cell_too_long",
    "too_many_merges", "too_much_memory", "reading_timeout", "reader_crashed", "sheets_empty",
    "header_not_found", "columns_missing", "columns_same_meaning",
})  # fmt: skip
"""The file as a whole is refused."""

ROW_CODES: Final = frozenset({
    "formula", "cell_error", "digits_lost", "scientific_notation", "damaged_character",
    "name_missing", "name_suspicious", "name_too_short", "name_too_long",
    "class_missing", "class_unreadable", "class_ambiguous", "class_without_grade", "class_number_missing",
    "class_number_implausible", "class_became_date", "class_contradicts_grade",
    "grade_unreadable", "grade_not_offered", "stage_unknown",
    "number_bad", "national_number_bad", "id_number_bad", "id_region", "id_birth", "id_checksum", "id_type_unknown",
    "document_number_bad", "birth_differs_from_id", "sex_differs_from_id",
    "date_unreadable", "date_impossible", "date_ambiguous", "age_implausible", "year_unreadable",
    "sex_unknown", "boarding_unknown", "ethnicity_unknown", "relation_unknown", "phone_bad", "text_too_long",
    "duplicate_in_file", "cannot_tell_apart",
})  # fmt: skip
"""One row is refused because of one column."""

WARNING_CODES: Final = frozenset({
    "private_use_character", "no_number", "national_number_differs_from_id",
})  # fmt: skip
"""A row is accepted, and this is said about it."""

NOTE_CODES: Final = frozenset({
    "hidden_sheet_ignored", "hidden_columns_read", "hidden_rows_read", "sheet_without_roster", "sheet_columns_missing",
    "class_from_sheet_name", "class_from_title", "column_not_used", "footer_rows_skipped", "repeated_headers_skipped",
    "merged_cells_filled", "short_student_numbers", "wrong_extension", "encoding_read_as", "html_table_read",
})  # fmt: skip
"""Said about the file, refusing nothing."""


class Refused(Exception):
    """A value cannot be taken. `code` is one of `ROW_CODES`; params carry no D2 value."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params
