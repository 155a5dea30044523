"""The same child twice in one file, and children whom the file does not let us tell apart."""

from collections.abc import Sequence
from typing import Final

from xinqiao.engines.roster.results import Rejection, RosterRow

CLASS_BOUND_LENGTH: Final = 3
"""Ours: a student number of up to three characters is a seat in its class, not a number in the school."""

_Key = tuple[str, ...]


def refuse_twins(rows: Sequence[RosterRow]) -> tuple[list[RosterRow], list[Rejection]]:
    """The rows that stand, and the refusals.

    A second row with the number or identity number of an earlier one is refused as `duplicate_in_file`, naming the
    first row. Two rows of one class with one name where at least one has no number at all, and whose birth dates do not
    part them, are refused as `cannot_tell_apart`: each of them that has no number, naming the other. Homonyms with
    different numbers stand.
    """
    standing, rejected = _without_duplicates(rows)
    return _without_look_alikes(standing, rejected)


def _without_duplicates(rows: Sequence[RosterRow]) -> tuple[list[RosterRow], list[Rejection]]:
    seen: dict[_Key, RosterRow] = {}
    standing: list[RosterRow] = []
    rejected: list[Rejection] = []
    for row in rows:
        keys = _keys(row)
        earlier = next(((key[0], seen[key]) for key in keys if key in seen), None)
        if earlier is not None:
            rejected.append(_refusal(row, earlier[1], "duplicate_in_file", earlier[0]))
            continue
        standing.append(row)
        seen.update(dict.fromkeys(keys, row))
    return standing, rejected


def _keys(row: RosterRow) -> list[_Key]:
    keys: list[_Key] = []
    if row.national_number:
        keys.append(("national_number", row.national_number))
    if row.id_number:
        keys.append(("id_number", row.id_number))
    if row.student_number:
        is_seat = len(row.student_number) <= CLASS_BOUND_LENGTH
        keys.append(("student_number", row.student_number, repr(row.class_ref) if is_seat else ""))
    if row.register_number:
        keys.append(("register_number", row.register_number))
    return keys


def _without_look_alikes(rows: list[RosterRow], rejected: list[Rejection]) -> tuple[list[RosterRow], list[Rejection]]:
    groups: dict[tuple[object, str], list[RosterRow]] = {}
    if all(row.has_number for row in rows):
        return rows, rejected
    for row in rows:
        groups.setdefault((row.class_ref, row.name), []).append(row)
    refused: set[int] = set()
    for group in groups.values():
        for row in group if len(group) > 1 else ():
            other = _look_alike(row, group)
            if other is not None:
                rejected.append(_refusal(row, other, "cannot_tell_apart", "name"))
                refused.add(id(row))
    return [row for row in rows if id(row) not in refused], rejected


def _look_alike(row: RosterRow, group: Sequence[RosterRow]) -> RosterRow | None:
    """Another row that may be the same child as this one without a number."""
    if row.has_number:
        return None
    others = (other for other in group if other is not row)
    return next((other for other in others if _may_be_born_alike(row, other)), None)


def _may_be_born_alike(one: RosterRow, other: RosterRow) -> bool:
    return one.birth is None or other.birth is None or one.birth.agrees_with(other.birth)


def _refusal(row: RosterRow, first: RosterRow, code: str, field: str) -> Rejection:
    params: dict[str, str | int] = {"first_row": first.row, "first_sheet": first.sheet}
    return Rejection(row.row, "", code, params, row.sheet, field)
