"""Counts what a file has given so far and stops at the first limit that it passes."""

from xinqiao.engines.roster.sheets import UnreadableRoster, column_letters
from xinqiao.register.people.roster_file.limits import Limits


class Meter:
    """Running totals of one file. Every method raises `UnreadableRoster` when its limit is passed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._rows = 0
        self._cells = 0
        self._elements = 0
        self._chars = 0
        self._merges = 0
        self._sheets = 0

    def add_sheet(self) -> None:
        self._sheets += 1
        if self._sheets > self.limits.sheet_count:
            raise UnreadableRoster("too_many_sheets", most=self.limits.sheet_count)

    def add_row(self, sheet: str) -> None:
        self._rows += 1
        if self._rows > self.limits.row_count:
            raise UnreadableRoster("too_many_rows", sheet=sheet, most=self.limits.row_count)

    def add_cells(self, count: int, sheet: str) -> None:
        self._cells += count
        if self._cells > self.limits.cell_count:
            raise UnreadableRoster("too_many_cells", sheet=sheet, most=self.limits.cell_count)

    def add_element(self, sheet: str) -> None:
        self._elements += 1
        if self._elements > self.limits.element_count:
            raise UnreadableRoster("too_many_cells", sheet=sheet, most=self.limits.element_count)

    def check_column(self, column: int, row: int, sheet: str) -> None:
        if column >= self.limits.column_count:
            cell = f"{column_letters(column)}{row}"
            raise UnreadableRoster("too_many_columns", sheet=sheet, cell=cell, most=self.limits.column_count)

    def add_text(self, chars: int, column: int, row: int, sheet: str) -> None:
        self.check_text(chars, column, row, sheet)
        self.add_short_text(chars)

    def check_text(self, chars: int, column: int, row: int, sheet: str) -> None:
        """A text of a cell (`column` from 0, `row` from 1), also while it is still growing."""
        if chars > self.limits.cell_chars:
            raise UnreadableRoster(
                "cell_too_long", sheet=sheet[:100], row=row, column=column_letters(column), most=self.limits.cell_chars
            )

    def add_merge(self, sheet: str) -> None:
        self._merges += 1
        if self._merges > self.limits.merge_count:
            raise UnreadableRoster("too_many_merges", sheet=sheet, most=self.limits.merge_count)

    def add_short_text(self, chars: int) -> None:
        self._chars += chars
        if self._chars > self.limits.text_chars:
            raise UnreadableRoster("too_much_text", most=self.limits.text_chars)

    def is_too_long(self, chars: int) -> bool:
        """Is a text that many cells may name too long for each of them?"""
        return chars > self.limits.cell_chars
