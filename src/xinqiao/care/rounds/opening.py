"""Opening a round at a school: the round, a list for each class it concerns, their clocks, and word to whom they wait
for. A private body of commands and jobs, inside their transaction."""

import datetime as dt
import json
from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.rounds.models import Round, RoundCall, RoundList
from xinqiao.care.rounds.pupils import counts_at
from xinqiao.care.rounds.recipients import class_teachers
from xinqiao.care.rounds.rows import every_call, every_list, every_round
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import hasten_climb, start_deadline
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_in_stage, national_grade
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.orgs.states import STAGE_YEARS, Stage, UnitKind
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.packs import RoundWindow
from xinqiao.register.policy.parameters import Parameters


def classes_of(school: Unit, window: RoundWindow, on: dt.date) -> list[Unit]:
    """Return the classes of a school that a window concerns and that have pupils today."""
    units = [unit for unit in units_below(school.path, UnitKind.CLASS) if _concerns(window, unit, on)]
    pupils = counts_at([unit.path for unit in units])
    return [unit for unit in units if pupils[unit.path]]


def _concerns(window: RoundWindow, unit: Unit, on: dt.date) -> bool:
    assert unit.entry_year is not None
    if unit.stage not in window.stages:
        return False
    if window.grades and national_grade(unit.stage, unit.entry_year, on, unit.primary_years) not in window.grades:
        return False
    year = grade_in_stage(unit.entry_year, on)
    if window.year == "any":
        return True
    return year == (1 if window.year == "first" else _last_year(unit))


def _last_year(unit: Unit) -> int:
    years = {Stage.PRIMARY: unit.primary_years, Stage.JUNIOR: 9 - unit.primary_years}
    return years.get(Stage(unit.stage), STAGE_YEARS[Stage(unit.stage)])


def open_round(
    school: Unit, window: RoundWindow, occasion: str, *, parameters: Parameters, at: dt.datetime,
    call: RoundCall | None = None,
) -> Round | None:  # fmt: skip
    """Open a window at a school; None where no class is concerned, or where it was opened before, by whomever."""
    classes = classes_of(school, window, timezone.localtime(at).date())
    if not classes or (call is not None and not _still_called(call)):
        return None
    fresh = Round(
        county_id=school.shard_id, place=school.path, school_id=school.id, window=window.code, occasion=occasion,
        names=json.dumps({"en": window.name.en, "zh": window.name.zh_hans}, ensure_ascii=False), call=call,
        opened_at=at, due_at=clock_due_at(parameters.round_rules.within, at, school.path),
    )  # fmt: skip
    every_round().bulk_create([fresh], ignore_conflicts=True)
    if not every_round().filter(pk=fresh.pk).exists():
        return None
    lists = [RoundList(county_id=unit.shard_id, place=unit.path, round=fresh, class_id=unit.id) for unit in classes]
    every_list().bulk_create(lists)
    _start_clocks(fresh, lists, parameters, at)
    record(
        "rounds.round.opened", subject_kind="round", subject_id=fresh.id, place=fresh.place, county_id=fresh.county_id,
        facts={"window": window.code, "classes": len(lists), "policy": parameters.revision},
    )  # fmt: skip
    return fresh


def _still_called(call: RoundCall) -> bool:
    """Lock the call: whoever takes it back and whoever opens it come one after the other."""
    return every_call().select_for_update().filter(pk=call.pk, withdrawn_at__isnull=True).exists()


def _start_clocks(fresh: Round, lists: Sequence[RoundList], parameters: Parameters, at: dt.datetime) -> None:
    """Each list has its clock; one that nobody's class teacher could sign begins to climb at once."""
    teachers = class_teachers([row.place for row in lists], timezone.localtime(at).date())
    for row in lists:
        start_deadline(
            ROUND, subject_kind="round_list", subject_id=row.id, place=row.place, county_id=row.county_id,
            urgency="yellow", parameters=parameters, began_at=at, due_at=fresh.due_at,
            ladder=parameters.round_rules.ladder,
        )  # fmt: skip
        if not teachers[row.place]:
            hasten_climb(ROUND, row.id, at=at, below_rung=1)
    people = {staff_id for found in teachers.values() for staff_id in found}
    addresses = addresses_of([Recipient(each, "class_teacher", may_read=True) for each in people], fresh.place)
    post_messages(
        addresses, about_kind="round", about_id=fresh.id, at=at, not_before=next_digest_at(fresh.place, at)
    )  # fmt: skip
