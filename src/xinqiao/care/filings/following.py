"""What filings follow by themselves: judgements, clocks that nobody met, pupils who move to another school."""

from collections.abc import Sequence

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.crisis.judged import Judged
from xinqiao.care.crisis.rows import every_case
from xinqiao.care.filings.bureaus import bureau_above
from xinqiao.care.filings.clocks import SUBJECT, TO_SEND, start_sending
from xinqiao.care.filings.owing import owe_for_case
from xinqiao.care.filings.rows import every_filing, every_owed_filing
from xinqiao.care.filings.states import OWED, FilingState
from xinqiao.care.filings.telling import record_filing
from xinqiao.care.filings.terms import terms_of
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved


def owe_filings(judged: Sequence[Judged]) -> None:
    """Receive CaseJudged: what the pack orders up at the new level is owed from this moment on."""
    for each in judged:
        case = every_case().select_related("student").get(pk=each.case_id)
        owe_for_case(case, before=each.before, at=each.at)


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: what is late is told on the rung it climbed to, without a name or a reason."""
    for climb in climbs:
        if climb.subject_kind == SUBJECT:
            _tell(climb)


def _tell(climb: Climb) -> None:
    waiting = OWED if climb.kind == TO_SEND else (FilingState.SENT,)
    filing = every_filing().filter(pk=climb.subject_id, state__in=waiting).first()
    if filing is None:
        return
    sent = send_neutral_word(
        climb.recipients, (), filing.place, about_kind=SUBJECT, about_id=filing.id, at=climb.at
    )  # fmt: skip
    record_filing(filing, "filings.filing.overdue", clock=climb.kind, rung=climb.rung, sent=sent)


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: what is still owed of a pupil goes along to another school and its bureau."""
    for move in moves:
        for filing in every_owed_filing().filter(student_id=move.student_id).select_related("student"):
            place = filing.student.school_place
            bureau = bureau_above(place, terms_of(filing.terms).to)
            if place == filing.place or bureau is None:
                continue
            county_id = filing.student.county_id
            every_filing().filter(pk=filing.pk).update(place=place, bureau=bureau.id, county_id=county_id)
            filing.place, filing.bureau, filing.county_id = place, bureau.id, county_id
            start_sending(filing, due_at=filing.due_at, at=filing.owed_at)
