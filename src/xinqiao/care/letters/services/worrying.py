"""A worry that a guardian tells the school with the code of a letter: a signal at once, told of like any other."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.services.reporting import urgency_of
from xinqiao.care.alerts.states import Source
from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.reasons import WORDS
from xinqiao.care.letters.services.writing import record_letter
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.selectors import parameters_for

EVIDENCE = 1  # like one thing that staff noticed
AN_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Heard:
    """What a guardian is told back: by when somebody talks to the child at the latest, whether it is urgent, and
    whether anybody at the school could be told yet."""

    seen_by: dt.datetime
    is_urgent: bool
    is_told: bool


@command(Permission.LETTER_WRITE)
def tell_worry(letter: Letter, *, actor: Actor, words: str, cannot_wait: bool) -> Heard | Unchanged:
    """Take a guardian's worry as a signal, by the urgency of the policy. The same words again are one signal.

    Returns Unchanged("too_many") beyond what the policy takes of calls about one pupil in an hour; nothing is written.
    """
    del actor
    at, student = now(), letter.student
    parameters = parameters_for(student.place, today())
    urgency = parameters.help_button.called_hurt if cannot_wait else urgency_of((), Source.GUARDIAN, parameters)
    once = f"guardian_box:{words_digest(letter.id, f'{urgency}:{words.strip()}').hex()[:48]}"
    told = every_signal().filter(origin_kind="letter", origin_id=letter.id)
    most = parameters.help_button.calls_an_hour
    is_known = told.filter(once=once).exists()
    if not is_known and most is not None and told.filter(raised_at__gt=at - AN_HOUR).count() >= most:
        return Unchanged("too_many")
    signal, is_new = raise_signal(
        student, source=Source.GUARDIAN, urgency=urgency, evidence=EVIDENCE,
        basis=[Reason(WORDS, "", (words.strip(),))], origin_kind="letter", origin_id=letter.id, once=once, at=at,
    )  # fmt: skip
    is_told = signal.told_at is not None
    record_letter(letter, "letters.worry.told" if is_new else "letters.worry.told_again")
    return Heard(clock_due_at(parameters.clocks[urgency].seen, at, student.place), urgency == "red", is_told)
