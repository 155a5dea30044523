"""What the pages of pupils' files have to say, counted from rows: the files of a school, and those of each class."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import permutations
from typing import Any
from uuid import UUID

from tests.oracle.reports.expected import Expected
from tests.oracle.reports.rawrows import Raw, Row
from tests.oracle.reports.recount import class_name
from xinqiao.care.alerts.models import Attention, Interview, Signal
from xinqiao.care.letters.models import Letter
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.care.support.models import RegisterEntry

FRESH_DAYS, FEW = 180, 5  # SOURCE: packs/policy/national-default.yaml, archives.fresh_days; the security paper
DATED = (
    (AnswerSheet, "submitted_at"), (Signal, "raised_at"), (Interview, "held_at"), (Attention, "set_at"),
    (RegisterEntry, "decided_at"), (Letter, "released_at"),
)  # fmt: skip


def _at_school(raw: Raw, place: str) -> list[Row]:
    return [row for row in raw.students if row["status"] == "active" and row["place"].startswith(place)]


def _fresh(on: dt.date) -> set[UUID]:
    """Whoever has a dated row of the last days; the region has no cases, no plans and no family sections."""
    since, found = on - dt.timedelta(days=FRESH_DAYS), set()
    for model, column in DATED:
        rows: Any = model.objects.for_system(reason="an oracle counts")
        found |= {key for key, at in rows.values_list("student_id", column) if at is not None and at.date() >= since}
    return found


def _few(part: int, whole: int) -> bool:
    return 0 < part < FEW or 0 < whole - part < FEW


def figures(raw: Raw, place: str, on: dt.date, names: dict[str, str], levels: dict[UUID, str]) -> Expected:
    """The statistics of a school: every cell may be hidden, none may be wrong."""
    page, pupils = Expected(), _at_school(raw, place)
    fresh = len({row["id"] for row in pupils} & _fresh(on))
    for label, count in (
        ("Pupils", len(pupils)), ("With a file", len(pupils)), ("With a growth plan of this term", 0),
        ("With the family sections", 0),
    ):  # fmt: skip
        page.add("stat", "", label, told=count)
    if not _few(fresh, len(pupils)):
        page.add("stat", "", "Kept up lately", told=fresh)
    own: dict[UUID, set[str]] = defaultdict(set)
    for entry in raw.entries:
        if entry["state"] == "kept":
            own[entry["student_id"]].add(entry["category"])
    unit_stage = {unit["path"]: unit["stage"] for unit in raw.units}
    stages, sexes = {"junior": "Junior secondary"}, {"female": "Female", "male": "Male"}
    stage_of = {row["id"]: stages.get(unit_stage.get(row["place"], ""), "in no class") for row in pupils}
    sex_of = {row["id"]: sexes.get(row["sex"], "Not stated") for row in pupils}
    category = {row["id"]: _category(own[row["id"]], names) for row in pupils}
    level = {row["id"]: levels.get(row["id"], "no level") for row in pupils}
    for title, rows, columns in (
        ("Categories of the register by stage", stage_of, category),
        ("Categories of the register by sex", sex_of, category),
        ("Levels by stage", stage_of, level), ("Levels by sex", sex_of, level),
    ):  # fmt: skip
        _table(page, title, rows, columns, {*columns.values(), *_columns(columns, names)})
    return page


def _category(own: set[str], names: dict[str, str]) -> str:
    return "not on the register" if not own else "several categories" if len(own) > 1 else names[next(iter(own))]


def _columns(columns: dict[UUID, str], names: dict[str, str]) -> set[str]:
    is_level = not set(columns.values()) & {"not on the register"}
    if is_level:
        return {"Red level", "Orange level", "Yellow level", "Green level", "no level"}
    return {*names.values(), "several categories", "not on the register"}


def _table(page: Expected, title: str, rows: dict[UUID, str], columns: dict[UUID, str], every: set[str]) -> None:
    counted = Counter((rows[key], columns[key]) for key in rows)
    names = sorted(set(rows.values()))
    # Rows may be joined, in any order, where one of them would give a handful away.
    joined = [each for size in range(1, len(names) + 1) for each in permutations(names, size)]
    for label, own_rows in [(", ".join(each), set(each)) for each in joined] + [("Together", set(names))]:
        total = 0
        for column in sorted(every):
            count = sum(n for (row, own), n in counted.items() if own == column and row in own_rows)
            total += count
            page.maybe("cell", title, title, label, column, told=count)
        page.maybe("cell", title, title, label, "Together", told=total)


def index(raw: Raw, place: str, on: dt.date) -> Expected:
    """The files by class."""
    page, pupils, fresh = Expected(), _at_school(raw, place), _fresh(on)
    whole = len({row["id"] for row in pupils} & fresh)
    for label, count in (
        ("Pupils", len(pupils)), ("With a file", len(pupils)), ("With a growth plan of this term", 0),
        ("With the family sections", 0), ("Kept up lately", whole),
    ):  # fmt: skip
        page.add("stat", "", label, told=count)
    for unit in raw.units:
        if unit["kind"] == "class" and unit["path"].startswith(place):
            here = [row for row in pupils if row["place"] == unit["path"]]
            page.row("By class", "Files by class", class_name(unit), {
                "Pupils": len(here), "Without a growth plan": len(here), "With the family sections": 0,
                "Kept up lately": sum(row["id"] in fresh for row in here),
            })  # fmt: skip
    return page
