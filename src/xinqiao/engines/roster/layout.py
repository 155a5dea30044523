"""Rows of a sheet that are no pupils: totals, signatures, repeated headers, printed titles, empty form lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xinqiao.engines.roster.headers import FILLED_DOWN, Field, Header, header_line
from xinqiao.engines.roster.sheets import Cell, FormulaCell, Merge, SheetRow
from xinqiao.engines.roster.text import is_blank, shown, squeezed

_FOOTER: Final = re.compile(
    r"(合计|总计|小计|共计|总人数|班级人数|实有人数|应到|实到|男生?[:共]?\d+|女生?[:共]?\d+|共\d+[人名页]|第\d+页|"
    r"(制表|填表|填报|审核|审批|复核|负责|经办|录入|联系|统计|上报)(人|日期|时间|单位|者)?(\(?(签字|签名|盖章)\)?)?[:_]|"
    r"(制表|填表|填报|打印|上报|统计)(人|日期|时间|单位)|审核人|负责人|经办人|"
    r"(校长|班主任|教务主任|主任|领导)(\(?(签字|签名|盖章)\)?)?[:_]|(校长|班主任|主任)(签字|签名)|"
    r"(学校|单位)?\(?(盖章|公章)\)?|(填表|填报)?说明[:\d]?|备注:|注:|注意[:事]|温馨提示|\*注|※|"
    r"(日期|时间|单位|学校|学籍管理员):|(核对|校对)人?[:_]|家长(签字|签名)|其中[:男女]|平均年龄|截[止至]\d|"
    r"[本全](班|页|校|年级)[^\d]{0,4}\d+[人名])"
)
_WHOLE_FOOTER: Final = re.compile(
    r".{0,12}(合计|总计|小计|共计)|总数|总?人数|以下(空白|为空|无正文)|备注|[-—─=*]*(end|完)[-—─=*]*",
    re.IGNORECASE,
)
"""Texts that are a footer only as a whole, such as 七(3)班合计: a name may begin with the same characters."""
_LONE_DATE: Final = re.compile(r"\d{4}年\d{1,2}月(\d{1,2}日)?")
_NUMBERED_NOTE: Final = re.compile(r"\d+[.、].{6,}")
_SHORTEST_TITLE_MERGE_COLUMNS: Final = 3
_KEYS: Final = (Field.STUDENT_NUMBER, Field.REGISTER_NUMBER, Field.NATIONAL_NUMBER, Field.ID_NUMBER)


@dataclass(slots=True)
class Skipped:
    """How many rows were passed over, by reason."""

    footers: int = 0
    repeated_headers: int = 0


class Fill:
    """Merged blocks that run downward in the columns for school, campus, stage, grade and class."""

    def __init__(self, header: Header, rows: Sequence[SheetRow], merges: Sequence[Merge]) -> None:
        wanted = {header.columns[field] for field in FILLED_DOWN if field in header.columns}
        tops = [
            merge
            for merge in merges
            if merge.first_column in wanted and merge.last_row > merge.first_row > header.last_row
        ]
        starts = {merge.first_row for merge in tops}
        values = {row.number: row for row in rows if row.number in starts}
        self._by_column: dict[int, list[tuple[int, int, Cell]]] = {}
        for merge in sorted(tops, key=lambda one: one.first_row):
            if merge.first_row in values:
                cell = values[merge.first_row].cell(merge.first_column)
                self._by_column.setdefault(merge.first_column, []).append((merge.first_row, merge.last_row, cell))
        self._next = dict.fromkeys(self._by_column, 0)
        self.filled_count = 0

    def cell(self, row: SheetRow, column: int) -> Cell:
        """The row's own cell, or that of the merged block covering it. Rows must be asked for in order."""
        own = row.cell(column)
        if column not in self._by_column or not is_blank(own):
            return own
        spans = self._by_column[column]
        place = self._next[column]
        while place < len(spans) and spans[place][1] < row.number:
            place += 1
        self._next[column] = place
        if place < len(spans) and spans[place][0] <= row.number:
            self.filled_count += 1
            return spans[place][2]
        return own


def pupil_rows(
    header: Header, rows: Sequence[SheetRow], merges: Sequence[Merge], skipped: Skipped
) -> Iterator[SheetRow]:
    """The rows below the header that stand for pupils; what is passed over is counted in `skipped`."""
    titles = {
        merge.first_row
        for merge in merges
        if merge.last_column - merge.first_column + 1 >= _SHORTEST_TITLE_MERGE_COLUMNS
    }
    body = [row for row in rows if row.number > header.last_row]
    for place, row in enumerate(body):
        if _is_repeated_header(header, row):
            skipped.repeated_headers += 1
        elif _is_page_title(header, body, place, titles) or _is_footer(header, row):
            skipped.footers += 1
        elif _says_anything(header, row):
            yield row


def _is_repeated_header(header: Header, row: SheetRow) -> bool:
    """Whether the row is a line of the header again: only then can its name cell be a header's, or empty."""
    name = row.cell(header.columns[Field.NAME])
    if not is_blank(name) and (not isinstance(name, str) or squeezed(name) not in header.name_words):
        return False
    return not is_blank(name) or header_line(row) in header.lines


def _is_page_title(header: Header, body: Sequence[SheetRow], place: int, titles: set[int]) -> bool:
    """A single text that is merged across columns or stands right above a repeated header."""
    row = body[place]
    if sum(not is_blank(cell) for cell in row.cells) != 1:
        return False
    return row.number in titles or _header_follows(header, body, place)


def _header_follows(header: Header, body: Sequence[SheetRow], place: int) -> bool:
    return place + 1 < len(body) and _is_repeated_header(header, body[place + 1])


def _is_footer(header: Header, row: SheetRow) -> bool:
    """Totals and signatures: a footer word somewhere, and no number that names a pupil."""
    if any(not is_blank(row.cell(header.columns[field])) for field in _KEYS if field in header.columns):
        own = [squeezed(shown(row.cell(header.columns[field]))) for field in _KEYS if field in header.columns]
        if any(re.fullmatch(r"[0-9A-Za-z-]{4,}", text) for text in own):
            return False
    texts = [squeezed(shown(cell)) for cell in row.cells if not is_blank(cell)]
    if len(texts) == 1 and _LONE_DATE.fullmatch(texts[0]):
        return True
    name = squeezed(shown(row.cell(header.columns[Field.NAME])))
    if name and not _ends_list(name) and not _ends_list(texts[0] if texts else ""):
        return False
    return any(_ends_list(text) for text in texts) or (len(texts) == 1 and bool(_NUMBERED_NOTE.match(texts[0])))


def _ends_list(text: str) -> bool:
    return bool(_FOOTER.match(text) or _WHOLE_FOOTER.fullmatch(text))


def _says_anything(header: Header, row: SheetRow) -> bool:
    """Whether a column of the pupil's own holds something: a class filled down, or only a serial number, is nothing."""
    return any(
        not is_blank(cell) and not (isinstance(cell, FormulaCell) and field in FILLED_DOWN)
        for field, column in header.columns.items()
        if field not in FILLED_DOWN and field is not Field.REMARK
        for cell in (row.cell(column),)
    )
