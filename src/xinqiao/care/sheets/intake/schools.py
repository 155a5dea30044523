"""What the intake must know of a pupil's school: is anyone on duty, which grade is this class in, which rules hold."""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils import timezone

from xinqiao.care.sheets.intake.store import Row, Store
from xinqiao.engines.triage import TriageRules
from xinqiao.register.orgs.naming import national_grade
from xinqiao.register.policy.selectors import parameters_for

DUTY_SECONDS = 5
CLASS_SECONDS = 300
RULES_SECONDS = 60
KEPT = 10_000
log = logging.getLogger("xinqiao.intake")
_SHIFT = (
    "SELECT 1 FROM duty_dutyshift WHERE place = ? AND start_at <= ? AND end_at > ? AND cancelled_at IS NULL LIMIT 1"
)
_CLASS = "SELECT stage, entry_year, primary_years FROM orgs_unit WHERE id = ?"


class Schools:
    """Answers kept for a few seconds; used by one thread."""

    def __init__(self) -> None:
        self._duty: dict[str, tuple[dt.datetime, bool]] = {}
        self._grades: dict[UUID, tuple[dt.datetime, int | None]] = {}
        self._rules: dict[str, tuple[dt.datetime, TriageRules]] = {}

    def is_someone_on_duty(self, store: Store, place: str, at: dt.datetime) -> bool:
        """Is anyone on duty now for the school that this place lies in, or for a unit above it?"""
        until, answer = self._duty.get(place, (at, False))
        if until > at:
            return answer
        keys = place.strip("/").split("/")
        above = ["/".join(keys[: n + 1]) + "/" for n in range(len(keys))]
        found = any(store.select_each(_SHIFT, [(path, at, at) for path in above]))
        if len(self._duty) >= KEPT:
            self._duty.clear()
        self._duty[place] = (at + dt.timedelta(seconds=DUTY_SECONDS), found)
        return found

    def grade(self, store: Store, class_id: UUID, at: dt.datetime) -> int | None:
        """Return the grade 1–12 of a class today; None outside of school."""
        until, grade = self._grades.get(class_id, (at, None))
        if until <= at:
            grade = _grade(store.select_each(_CLASS, [(class_id,)])[0], timezone.localtime(at).date())
            if len(self._grades) >= KEPT:
                self._grades.clear()
            self._grades[class_id] = (at + dt.timedelta(seconds=CLASS_SECONDS), grade)
        return grade

    def triage_rules(self, place: str, at: dt.datetime) -> TriageRules:
        """Return by which rules a signal's urgency is set here: the policy pack's, or ours if it cannot be read."""
        until, rules = self._rules.get(place, (at, TriageRules()))
        if until <= at:
            rules = _rules_of_policy(place, timezone.localtime(at).date())
            if len(self._rules) >= KEPT:
                self._rules.clear()
            self._rules[place] = (at + dt.timedelta(seconds=RULES_SECONDS), rules)
        return rules


def _grade(rows: Sequence[Row], on: dt.date) -> int | None:
    if not rows or not rows[0][0] or not rows[0][1]:
        return None
    stage, entry_year, primary_years = rows[0]
    return national_grade(stage, entry_year, on, primary_years)


def _rules_of_policy(place: str, on: dt.date) -> TriageRules:
    try:
        return parameters_for(place, on).triage
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a policy, a cry for help is written
        log.warning("the policy cannot be read (%s); the default rules serve", type(error).__name__)
        return TriageRules()
    finally:
        connection.close()
