"""A signal for the pupil of a letter: one who signed, or whose name was opened. Private body of commands."""

import datetime as dt

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.mailbox import rules
from xinqiao.care.mailbox.clocks import LETTER, LETTER_URGENT, meet_deadline, rules_at
from xinqiao.care.mailbox.models import PupilLetter
from xinqiao.care.mailbox.states import UrgentState
from xinqiao.care.mailbox.words_in import pupils_words
from xinqiao.engines.triage import TriageRules
from xinqiao.register.people.models import Student


def raise_for(letter: PupilLetter, student: Student, *, at: dt.datetime, is_rescue: bool = False) -> Signal:
    """Raise a signal for the pupil of a letter; what does not wait is with the signal from then on.

    Words of the letter are in the basis only where the pupil signed it.
    """
    own = pupils_words(letter) if letter.student_id is not None else ""
    signal, _is_new = raise_signal(
        student, source=Source.MAILBOX, urgency=rules_at(letter.place, at).mailbox.urgent,
        evidence=TriageRules().points_critical_first, basis=rules.reasons_of_letter(own, is_rescue=is_rescue),
        origin_kind=LETTER, origin_id=letter.id, once=f"letter:{letter.id}:{at:%Y%m%d%H%M%S}", at=at,
    )  # fmt: skip
    letter.urgent, letter.urgent_since = UrgentState.SIGNAL, letter.urgent_since or at
    letter.save(update_fields=["urgent", "urgent_since"])
    meet_deadline(LETTER_URGENT, letter.id, at=at, by=None)
    return signal
