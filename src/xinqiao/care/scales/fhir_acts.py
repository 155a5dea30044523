"""What `xinqiao scale fhir-…` does with files, as rows and lines for the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xinqiao.care.scales.fhir_files import questionnaire_from
from xinqiao.care.scales.messages import in_brackets, scale_fault_message
from xinqiao.engines.fhir import NotFhir, ReadQuestionnaire
from xinqiao.engines.scoring import Fault


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
