"""What the intake must know of a pupil's school: is anyone on duty, which grade is this class in, which rules hold."""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils import timezone

from xinqiao.care.sheets.intake.store import Row, Store
from xinqiao.engines.triage import TriageRules
from xinqiao.foundation.core.places import places_above
from xinqiao.register.duty.rules import HeldRole, is_able_now
from xinqiao.register.orgs.naming import national_grade
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.centre_rules import CentreRules
from xinqiao.register.policy.mailbox_rules import MailboxRules
from xinqiao.register.policy.parameters import CommitteeRules, HelpRules
from xinqiao.register.policy.selectors import parameters_for

DUTY_SECONDS = 5
CLASS_SECONDS = 300
RULES_SECONDS = 60
KEPT = 10_000
log = logging.getLogger("xinqiao.intake")
_ON_SHIFT = (
    "SELECT staff_id FROM duty_dutyshift WHERE place = ? AND start_at <= ? AND end_at > ? AND cancelled_at IS NULL"
)
_HELD = (
    "SELECT m.role, m.place, m.start_on, m.end_on FROM accounts_membership m "
    "JOIN accounts_user u ON u.id = m.user_id WHERE u.staff_id = ? AND u.is_active"
)
_CLASS = "SELECT stage, entry_year, primary_years FROM orgs_unit WHERE id = ?"


class Schools:
    """Answers kept for a few seconds; used by one thread."""

    def __init__(self) -> None:
        self._duty: dict[str, tuple[dt.datetime, bool]] = {}
        self._grades: dict[UUID, tuple[dt.datetime, int | None]] = {}
        self._rules: dict[str, tuple[dt.datetime, TriageRules]] = {}
        self._centres: dict[str, tuple[dt.datetime, CentreRules | None]] = {}
        self._voices: dict[str, tuple[dt.datetime, tuple[HelpRules, CommitteeRules | None]]] = {}
        self._mail: dict[str, tuple[dt.datetime, tuple[MailboxRules | None, dt.datetime | None]]] = {}

    def is_someone_on_duty(self, store: Store, place: str, at: dt.datetime) -> bool:
        """Is anyone on duty now, who may read notices, for the school that this place lies in or a unit above it?"""
        until, answer = self._duty.get(place, (at, False))
        if until > at:
            return answer
        above = places_above(place)
        shifts = store.select_each(_ON_SHIFT, [(path, at, at) for path in above])
        people = {store.uuid(row[0]) for rows in shifts for row in rows}
        held = store.select_each(_HELD, [(staff_id,) for staff_id in people])
        today = timezone.localtime(at).date()
        found = any(is_able_now([_held_role(row) for row in rows], above, today) for rows in held)
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

    def centre_rules(self, place: str, at: dt.datetime) -> CentreRules | None:
        """Return what the policy says of the centre of a school; None if no policy can be read."""
        until, found = self._centres.get(place, (at, None))
        if until <= at:
            found = _centre_of_policy(place, timezone.localtime(at).date())
            if len(self._centres) >= KEPT:
                self._centres.clear()
            self._centres[place] = (at + dt.timedelta(seconds=RULES_SECONDS), found)
        return found

    def voice_rules(self, place: str, at: dt.datetime) -> tuple[HelpRules, CommitteeRules | None]:
        """Return the rules for what pupils say of their own accord; cautious ones if no policy can be read."""
        until, found = self._voices.get(place, (at, (HelpRules(), None)))
        if until <= at:
            found = _voices_of_policy(place, timezone.localtime(at).date())
            if len(self._voices) >= KEPT:
                self._voices.clear()
            self._voices[place] = (at + dt.timedelta(seconds=RULES_SECONDS), found)
        return found

    def mailbox_rules(self, place: str, at: dt.datetime) -> tuple[MailboxRules | None, dt.datetime | None]:
        """Return the rules for letters, and by when one written now is answered; None where no policy can be read."""
        until, found = self._mail.get(place, (at, (None, None)))
        if until <= at:
            found = _mailbox_of_policy(place, at)
            if len(self._mail) >= KEPT:
                self._mail.clear()
            self._mail[place] = (at + dt.timedelta(seconds=RULES_SECONDS), found)
        return found


def _held_role(row: Row) -> HeldRole:
    """A membership as the rules of duty see it; one database gives days as days, the other as text."""
    role, place, start_on, end_on = row
    return HeldRole(role, place, _day(start_on), _day(end_on) if end_on else None)


def _day(value: object) -> dt.date:
    return dt.date.fromisoformat(str(value))


def _grade(rows: Sequence[Row], on: dt.date) -> int | None:
    if not rows or not rows[0][0] or not rows[0][1]:
        return None
    stage, entry_year, primary_years = rows[0]
    return national_grade(stage, entry_year, on, primary_years)


def rules_of_policy(place: str, on: dt.date) -> TriageRules:
    """Return the rules of the policy in force, or ours if it cannot be read."""
    try:
        return parameters_for(place, on).triage
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a policy, a cry for help is written
        log.warning("the policy cannot be read (%s); the default rules serve", type(error).__name__)
        return TriageRules()


def _rules_of_policy(place: str, on: dt.date) -> TriageRules:
    """The same, over a connection that is only opened for it."""
    try:
        return rules_of_policy(place, on)
    finally:
        connection.close()


def _voices_of_policy(place: str, on: dt.date) -> tuple[HelpRules, CommitteeRules | None]:
    try:
        parameters = parameters_for(place, on)
    except Exception as error:  # noqa: BLE001 - as above
        log.warning("the policy cannot be read (%s); calls are heard as the gravest", type(error).__name__)
        return HelpRules(), None
    finally:
        connection.close()
    return parameters.help_button, parameters.committee


def _mailbox_of_policy(place: str, at: dt.datetime) -> tuple[MailboxRules | None, dt.datetime | None]:
    try:
        rules = parameters_for(place, timezone.localtime(at).date()).mailbox
        return rules, clock_due_at(rules.answer_within, at, place)
    except Exception as error:  # noqa: BLE001 - as above
        log.warning("the policy cannot be read (%s); letters are taken without a day", type(error).__name__)
        return None, None


def _centre_of_policy(place: str, on: dt.date) -> CentreRules | None:
    try:
        return parameters_for(place, on).centre
    except Exception as error:  # noqa: BLE001 - as above; the page says that nothing can be booked just now
        log.warning("the policy cannot be read (%s); no hour can be booked", type(error).__name__)
        return None
    finally:
        connection.close()
