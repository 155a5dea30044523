"""Telling people of letters that the intake wrote, and of clocks that nobody met."""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from xinqiao.care.alerts.recipients import addresses_of, people_who_hear
from xinqiao.care.mailbox.clocks import LETTER, NAME, rules_at, start_letter_clocks, tell_second
from xinqiao.care.mailbox.rows import every_letter, every_request
from xinqiao.care.mailbox.states import SECOND_WAITS
from xinqiao.care.mailbox.words_in import record_letter
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.jobs.apart import each_apart
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import LETTER_URGENT

log = logging.getLogger(__name__)
BATCH = 200


class SomeWereNotTold(RuntimeError):
    """Some could not be told just now; they are tried again, and the job's mark shows it."""


def tell_new_letters(now: dt.datetime) -> int:
    """Start the clocks of what pupils wrote and tell who is on duty; return how many. Run twice, it tells once."""
    waiting = every_letter().filter(told_at__isnull=True).order_by("-urgent", "waits_since")

    def tell(letter_id: UUID) -> int:
        with recording(system_actor("mailbox.tell")):
            return _tell(letter_id, now)

    ids = list(waiting.values_list("id", flat=True)[:BATCH])
    told, failed = each_apart(ids, tell, log=log, words="nobody could be told")
    if failed:
        raise SomeWereNotTold(str(failed))
    return told


def _tell(letter_id: UUID, now: dt.datetime) -> int:
    letter = every_letter().select_for_update().filter(pk=letter_id, told_at__isnull=True).first()
    if letter is None:
        return 0
    letter.told_at = now
    letter.save(update_fields=["told_at"])
    record_letter(letter, "mailbox.letter.told", sent=start_letter_clocks(letter, at=now))
    return 1


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: nobody answered, took up what does not wait, or decided on a name in time."""
    for climb in climbs:
        if climb.subject_kind == LETTER:
            _letter_climbed(climb)
        elif climb.subject_kind == NAME:
            request = every_request().filter(pk=climb.subject_id, state__in=SECOND_WAITS).first()
            if request is not None:
                sent = tell_second(climb.recipients, request, at=climb.at, is_urgent=request.is_rescue)
                _record(climb, "mailbox.name.climbed", request.letter_id, sent)


def _letter_climbed(climb: Climb) -> None:
    parameters, is_urgent = rules_at(climb.place, climb.at), climb.kind == LETTER_URGENT
    rungs = (climb.recipients, *parameters.rungs[climb.rung + 1 :])
    told = people_who_hear(rungs, parameters.nobody_on_duty, climb.place, climb.at)
    addresses = addresses_of(told.people, climb.place, is_urgent=is_urgent)
    sent = post_messages(
        addresses, about_kind=LETTER, about_id=climb.subject_id, at=climb.at, is_urgent=is_urgent
    )  # fmt: skip
    _record(climb, "mailbox.letter.climbed", climb.subject_id, sent)


def _record(climb: Climb, event: str, letter_id: UUID, sent: int) -> None:
    record(event, subject_kind=LETTER, subject_id=letter_id, place=climb.place, county_id=climb.county_id,
           facts={"sent": sent, "rung": climb.rung, "clock": climb.kind})  # fmt: skip
