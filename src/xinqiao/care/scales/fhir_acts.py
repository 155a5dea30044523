"""What `xinqiao scale fhir-…` does with files, as rows and lines for the command line."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xinqiao.care.scales.answer_files import answer_rows, opened_table
from xinqiao.care.scales.fhir_files import questionnaire_from
from xinqiao.care.scales.messages import in_brackets, response_message, scale_fault_message
from xinqiao.engines.fhir import NotFhir, ReadQuestionnaire, Sheet, sheet_faults
from xinqiao.engines.scoring import Fault, Scale
from xinqiao.engines.scoring.table import answer_columns


def file_bytes(path: Path) -> bytes:
    """A file's content. Raises NotFhir where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFhir([Fault("file", "unreadable_json", type(error).__name__)]) from error


def read_file(path: Path) -> tuple[ReadQuestionnaire | None, list[dict[str, str]]]:
    """What a file says as a scale, None where it is no Questionnaire, and every fault as a row."""
    try:
        read = questionnaire_from(file_bytes(path))
    except NotFhir as refused:
        return None, list(fault_rows(refused.faults))
    return read, list(fault_rows(read.faults, read))


def fault_rows(faults: tuple[Fault, ...], read: ReadQuestionnaire | None = None) -> Iterator[dict[str, str]]:
    """Each fault with its place in the scale, where in the file that is said, and how to mend it."""
    for fault in faults:
        yield {
            "place": fault.place, "in_file": read.place_in_file(fault.place) if read else "", "code": fault.code,
            "detail": fault.detail, "message": scale_fault_message(fault.code, fault.detail),
        }  # fmt: skip


def fault_lines(rows: list[dict[str, str]]) -> list[str]:
    """The rows as lines for people."""
    return [
        f"{in_brackets(row['place'], row['in_file']) if row['in_file'] else row['place']}: {row['message']}"
        for row in rows
    ]


def summary(read: ReadQuestionnaire | None, rows: list[dict[str, str]]) -> dict[str, Any]:
    """The whole of it as JSON says it."""
    mapping = read.mapping if read else {}
    return {
        "id": mapping.get("id", ""), "version": mapping.get("version", ""), "is_ours": bool(read and read.is_ours),
        "is_sound": not rows, "faults": rows, "scale": mapping,
    }  # fmt: skip


def sheets_of_table(path: Path, scale: Scale) -> list[Sheet]:
    """The sheets of a table with the columns id, 1, 2, …; other columns stay behind.

    Raises UnreadableTable or TableFault where the table cannot be used, NotFhir where sheets may not leave.
    """
    sheets, faults = [], []
    with opened_table(path) as text:
        rows = answer_rows(text)
        named, columns = answer_columns(len(scale.items), next(rows))
        for n, row in enumerate(rows, 2):
            place = f"row {n}"
            cells = [row[at].strip() if at < len(row) else "" for at in (named, *columns)]
            wrong = [k for k, cell in enumerate(cells[1:], 1) if cell and not _is_plain(cell)]
            faults += [Fault(f"{place}, {k}", "illegal_code", cells[k][:80]) for k in wrong]
            sheet = Sheet(cells[0], tuple(int(cell) if _is_plain(cell) else None for cell in cells[1:]))
            faults += sheet_faults(scale, sheet, place)
            sheets.append(sheet)
    if faults:
        raise NotFhir(faults)
    return sheets


def _is_plain(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) <= 3 and str(int(cell)) == cell


def table_text(scale: Scale, sheets: list[Sheet]) -> str:
    """The sheets as a table that `scale score` and `stats items` read."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", *(item.number for item in scale.items)])
    writer.writerows([sheet.id, *("" if answer is None else answer for answer in sheet.answers)] for sheet in sheets)
    return out.getvalue()


def response_lines(faults: tuple[Fault, ...]) -> list[str]:
    """What is wrong with answer sheets, a line each."""
    return [f"{fault.place}: {response_message(fault.code, fault.detail)}" for fault in faults]
