"""Why something of an incident cannot be done: predicates over plain facts. Pure."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents.states import CareState, LineKind, ReportState

NO_SUCH_KIND, AHEAD, NO_LEADER, NO_WORDS, TOO_LONG = "no_such_kind", "ahead", "no_leader", "no_words", "too_long"
IS_CLOSED, SETTLED, NOT_AT_SCHOOL, NOBODY = "is_closed", "settled", "not_at_school", "nobody"
NO_SUCH_WORD, NAMES_PUPIL, SAME_PERSON, NOT_CHECKED = "no_such_word", "names_pupil", "same_person", "not_checked"
CHANGED, NOT_NOW, NO_OWNER, DAY_BEHIND, ALREADY_CALLED = (
    "changed",
    "not_now",
    "no_owner",
    "day_behind",
    "already_called",
)
BEFORE_IT = "before_it"
LINES_OPEN, CARE_OPEN, REPORTS_OPEN, NOT_REVIEWED = "lines_open", "care_open", "reports_open", "not_reviewed"
OPINIONS_OPEN, DRAFTS_OPEN, GAPS_LEFT = "opinions_open", "drafts_open", "gaps_left"
NO_LINK = "no_link"
HOTLINE_OPEN, JOINT_ACTIVE, BACKS_OPEN, PARTS_OPEN = "hotline_open", "joint_active", "backs_open", "parts_open"
NO_HOURS, TWICE, NOT_ABLE, MODE_ENDED = "no_hours", "twice", "not_able", "mode_ended"
NO_REPORT, NO_PARTNER, NO_PEOPLE, COMES_BEFORE = "no_report", "no_partner", "no_people", "comes_before"
MOST_PEOPLE = 500
LONGEST = 4000
SHORTEST_NAME = 2
STRUCK_OUT = "○○"
HOURS_OF_DAY = 24


@dataclass(frozen=True)
class EndFacts:
    """What an end of an incident is held against: how much of each still waits, and whether a review was held. A draft
    waits until it is given out or put aside."""

    lines: int
    cares: int
    reports: int
    is_reviewed: bool
    opinions: int = 0
    drafts: int = 0
    hotlines: int = 0
    activations: int = 0


def obstacles_to_close(facts: EndFacts) -> list[str]:
    """Return everything that stands against closing an incident, all at once."""
    found = [
        (facts.lines, LINES_OPEN), (facts.cares, CARE_OPEN), (facts.reports, REPORTS_OPEN),
        (facts.opinions, OPINIONS_OPEN), (facts.drafts, DRAFTS_OPEN), (not facts.is_reviewed, NOT_REVIEWED),
        (facts.hotlines, HOTLINE_OPEN), (facts.activations, JOINT_ACTIVE),
    ]  # fmt: skip
    return [code for stands, code in found if stands]


def refusal_of_words(*texts: str) -> str:
    """Return why words do not do; empty where each says something and none is too long."""
    if not all(text.strip() for text in texts):
        return NO_WORDS
    return TOO_LONG if max(len(text) for text in texts) > LONGEST else ""


def refusal_of_done(kind: str, people: str, words: str) -> str:
    """Return why what came of a line does not do: a step or an arrival is ticked without words, an answer and a review
    say who and what, an action what was done."""
    if kind in (LineKind.STEP, LineKind.CALL):
        return TOO_LONG if max(len(people), len(words)) > LONGEST else ""
    return refusal_of_words(people, words) if kind in (LineKind.ASK, LineKind.REVIEW) else refusal_of_words(words)


def refusal_of_moment(at: dt.datetime, *, now: dt.datetime, since: dt.datetime | None = None) -> str:
    """Return why something cannot have been at a moment: it lies ahead, or before the incident."""
    if at > now:
        return AHEAD
    return BEFORE_IT if since is not None and at < since else ""


def named_in(text: str, names: Collection[str]) -> list[str]:
    """Return those of some names that stand in a text, spaces or not; a name of one character is no name."""
    plain = "".join(text.split())
    found = {"".join(name.split()) for name in names}
    return sorted(name for name in found if len(name) >= SHORTEST_NAME and name in plain)


def without_names(text: str, names: Collection[str]) -> str:
    """Return a text in which those of some names that `named_in` finds are struck out."""
    for name in sorted(named_in(text, names), key=len, reverse=True):
        text = re.sub(r"\s*".join(map(re.escape, name)), STRUCK_OUT, text)
    return text


def refusal_of_link(link: str) -> str:
    """Return why an address is none: it is empty, or an address of the web without a blank in it."""
    plain = link.strip()
    is_address = plain.startswith(("http://", "https://")) and len(plain.split()) == 1
    return "" if not plain or is_address else NO_LINK


def refusal_to_check(state: str, *, written_by: UUID | None, by: UUID) -> str:
    """Return why a report cannot be looked at: it is not written, or the reader wrote it."""
    if state != ReportState.WRITTEN:
        return NOT_NOW
    return SAME_PERSON if by == written_by else ""


def refusal_to_send(state: str, *, is_checked: bool) -> str:
    """Return why a report cannot be sent; `is_checked` says that the policy asks for a second person."""
    if state == ReportState.CHECKED or (state == ReportState.WRITTEN and not is_checked):
        return ""
    return NOT_CHECKED if state == ReportState.WRITTEN else NOT_NOW


def refusal_to_care(state: str, *, finding: str, seen: Collection[str], words: str, known: Collection[str]) -> str:
    """Return why what was found of an exposed pupil cannot be kept. `seen` and `known` are codes of the policy."""
    if state != CareState.WAITING:
        return SETTLED
    if finding not in (CareState.FINE, CareState.WORRY):
        return NOT_NOW
    if any(code not in known for code in seen):
        return NO_SUCH_WORD
    if finding == CareState.FINE:
        return TOO_LONG if len(words) > LONGEST else ""
    return refusal_of_words(words)


def refusal_of_hours(from_hour: int, hours: int) -> str:
    """Return why hours of a day do not do: whole hours, at least one, within one local day (0-24)."""
    return "" if from_hour >= 0 and hours >= 1 and from_hour + hours <= HOURS_OF_DAY else NO_HOURS


@dataclass(frozen=True)
class Shift:
    """Who sits on a day, `from_hour` for `hours` hours; `is_able` says that one of the two may still take calls."""

    day: dt.date
    from_hour: int
    hours: int
    is_able: bool


@dataclass(frozen=True)
class Hole:
    """Hours of a day in which nobody sits, from `from_hour` up to `to_hour`."""

    day: dt.date
    from_hour: int
    to_hour: int


def holes(days: Sequence[dt.date], from_hour: int, hours: int, shifts: Sequence[Shift]) -> list[Hole]:
    """Return the hours of some days in which a hotline is open and nobody who may take calls sits, joined."""
    taken = {
        (shift.day, hour)
        for shift in shifts if shift.is_able for hour in range(shift.from_hour, shift.from_hour + shift.hours)
    }  # fmt: skip
    found: list[Hole] = []
    for day in days:
        for hour in range(from_hour, from_hour + hours):
            if (day, hour) in taken:
                continue
            if found and found[-1].day == day and found[-1].to_hour == hour:
                found[-1] = Hole(day, found[-1].from_hour, hour + 1)
            else:
                found.append(Hole(day, hour, hour + 1))
    return found


def refusal_of_promise(people: int, arrives_at: dt.datetime, *, asked_at: dt.datetime) -> str:
    """Return why what a partner promises does not do: nobody comes, or before anybody asked."""
    if not 1 <= people <= MOST_PEOPLE:
        return NO_PEOPLE
    return COMES_BEFORE if arrives_at < asked_at else ""
