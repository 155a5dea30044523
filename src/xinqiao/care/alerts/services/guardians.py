"""The clock on telling a guardian, begun with the signal or with the talk; and writing down that one was told."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.hearing import TOLD, WITHHELD, Heard, guardian_heard
from xinqiao.care.alerts.models import GuardianTold, Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.rules import refusal_of_telling
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.care.alerts.states import ToldBy
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.kinds import GUARDIAN
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for


class CannotTell(ValueError):
    """The telling cannot be written down so; `code` as in `rules.refusal_of_telling`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Telling:
    """Who of the family was told, when and how, what was said, and whether a hospital was advised.

    `guardian_id` is None for somebody else of the family, or where nobody was told (`way` withheld).
    """

    told_at: dt.datetime
    way: str
    words: str
    guardian_id: UUID | None = None
    is_advised: bool = False


def start_guardian_clock(signal: Signal, parameters: Parameters, *, urgency: str, at: dt.datetime) -> bool:
    """Start the clock on telling a guardian, where the policy sets one and nobody was told yet; True if it runs."""
    clocks = parameters.clocks.get(urgency)
    if clocks is None or clocks.guardian is None or _is_told(signal):
        return False
    start_signal_clock(GUARDIAN, signal, parameters, at, urgency=urgency)
    return True


def settle_guardian_clock(signal: Signal, *, outcome: str, level: str, at: dt.datetime) -> bool:
    """Judge at the end of a talk whether a guardian is still to be told; True if the clock runs on or begins now.

    It ends where nothing was found or the pupil is in care already, and where the level asks for none.
    """
    if outcome not in ("case", "watch"):
        return False
    parameters = parameters_for(signal.place, timezone.localtime(at).date())
    return start_guardian_clock(signal, parameters, urgency=level, at=at)


def _is_told(signal: Signal) -> bool:
    rows = GuardianTold.objects.for_system(reason="body of a command")
    return bool(rows.filter(signal=signal).exists())


@command(Permission.INTERVIEW_WRITE)
def record_guardian_told(signal: Signal, *, actor: Actor, telling: Telling) -> GuardianTold:
    """Write down that a guardian was told (or was not, for the child's protection): the clocks on it end, of all the
    pupil's signals. Raises CannotTell."""
    return write_guardian_told(signal, actor=actor, telling=telling)


def write_guardian_told(signal: Signal, *, actor: Actor, telling: Telling) -> GuardianTold:
    """The private body of `record_guardian_told`, for commands that write more of the same talk. Raises CannotTell."""
    at, student = now(), signal.student
    known = {row.guardian_id for row in guardians_of(student)}
    code = refusal_of_telling(
        told_at=telling.told_at, raised_at=signal.raised_at, now=at, words=telling.words, way=telling.way,
        is_guardian_known=telling.guardian_id is None or telling.guardian_id in known,
    )  # fmt: skip
    if code:
        raise CannotTell(code)
    row = GuardianTold(
        county_id=signal.county_id, place=signal.place, signal=signal, student=student, key_id=signal.key_id,
        told_at=telling.told_at, way=telling.way, words=telling.words.strip(), recorded_at=at,
        guardian_id=None if telling.way == ToldBy.WITHHELD else telling.guardian_id,
        advised="yes" if telling.is_advised else None, recorded_by=actor.person_id,
    )  # fmt: skip
    row.save(force_insert=True)
    _end_clocks(signal, row, actor, at)
    record(
        "alerts.guardian.told", subject_kind="student", subject_id=student.id, place=signal.place,
        county_id=signal.county_id, facts={"signal": str(signal.id), "way": telling.way},
    )  # fmt: skip
    through = WITHHELD if telling.way == ToldBy.WITHHELD else TOLD
    guardian_heard.send([Heard(student.id, through, row.id, actor.person_id, at)])
    return row


def _end_clocks(signal: Signal, row: GuardianTold, actor: Actor, at: dt.datetime) -> None:
    for signal_id in every_signal().filter(student_id=signal.student_id).values_list("id", flat=True):
        if row.way == ToldBy.WITHHELD:
            cancel_deadlines(signal_id, at=at, reason="withheld", kind=GUARDIAN)
        else:
            meet_deadline(GUARDIAN, signal_id, at=at, by=actor.staff_id)
