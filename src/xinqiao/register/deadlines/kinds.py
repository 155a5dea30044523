"""Kinds of clocks, which rule of the policy each follows, and how it climbs. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xinqiao.engines.schedule import ClockRule

ACKNOWLEDGE, SEEN, DECIDE, GUARDIAN, REVIEW = "acknowledge", "seen", "decide", "guardian", "review"
TOLD = "told"  # how long it took until somebody was told of it; met in the moment in which it is written
ROUND = "round"  # of a class list that is to be gone through and signed; its day and its rungs are the round's
GATE = "gate"  # of whoever waits at the second gate; one length for every urgency
NAME = "name"  # until it is known whom a committee member means
WATCH = "watch"  # of a pupil kept in view: the day of the next look
JUDGEMENT, FOLLOW_UP = "judgement", "follow_up"  # of a case; their day is set with the judgement and the follow-up
CONTACT = "contact"  # with families: of a class near the end of the term, or of one registered pupil after a worry
FEEDBACK = "feedback"  # owed to teachers or to a guardian of a flagged pupil; its day is set by the app that keeps it
MEETING, DECISION = "meeting", "decision"  # an analysis meeting to be held; what one decided to be done
# Of an incident: a step of the plan, a department's answer, the experts' arrival, the review, an action of it whose day
# a person set; looking after a pupil who was exposed; a report. Their lengths are the policy's, given at the start.
STEP, ANSWER, ARRIVAL, INCIDENT_REVIEW = "incident_step", "incident_answer", "incident_arrival", "incident_review"
ACTION, AFTERCARE, INCIDENT_REPORT = "incident_action", "aftercare", "incident_report"
# Of what the public says of an incident: until it is judged, answered, and looked at again and closed.
OPINION_JUDGE, OPINION_ANSWER, OPINION_CLOSE = "opinion_judge", "opinion_answer", "opinion_close"
# During an incident: a promised call back of the hotline; a partner's answer in a joint activation with health, its
# arrival at the hour it named, the next line on how it stands.
HOTLINE_BACK, JOINT_ANSWER, JOINT_ARRIVAL, JOINT_SITUATION = (
    "hotline_back", "joint_answer", "joint_arrival", "joint_situation",
)  # fmt: skip
# Of a pupil's letter: until it is answered; until somebody took up one that does not wait. Of a sealed name: until a
# second person decided on opening it; until one looked at a name that was opened to save a life.
LETTER_ANSWER, LETTER_URGENT, NAME_DECIDE, NAME_CONFIRM = (
    "letter_answer", "letter_urgent", "name_decide", "name_confirm",
)  # fmt: skip
# Of a course of counselling: without a counsellor; going on although the consent was taken back.
HEIR, CONSENT_BACK = "counselling_heir", "counselling_consent"
MISSED = "missed_hour"  # of a pupil who did not come to a booked hour; its length is the pack's, by the level
WAITING_HOUR = "waiting_hour"  # of a pupil on the waiting list of the centre; its length is the pack's, by the level
# An undecided talk must be decided within what a first talk was given; a review's day is set by a person.
RULE_BY_KIND = {ACKNOWLEDGE: "acknowledged", SEEN: "seen", DECIDE: "seen", GUARDIAN: "guardian", TOLD: "told"}


def climbing_rungs(
    kind: str, rungs: tuple[tuple[str, ...], ...], beyond: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    """Return the rungs that a clock climbs: only what nobody took goes beyond the school, with the last rung again."""
    return (*rungs, (*rungs[-1], *beyond)) if kind == ACKNOWLEDGE and beyond else rungs


@dataclass(frozen=True, slots=True)
class Running:
    """What a clock keeps of the day it began: its length, the rungs of the ladder, and how often the last one hears."""

    within: ClockRule
    rungs: tuple[tuple[str, ...], ...]
    again_minutes: int
    again_is_in_minutes: bool

    def interval(self, rung: int) -> ClockRule:
        """Return how long rung `rung` has before the clock climbs on."""
        is_last = rung >= len(self.rungs) - 1
        return ClockRule("minutes", self.again_minutes) if is_last and self.again_is_in_minutes else self.within

    def recipients(self, rung: int) -> tuple[str, ...]:
        """Return who is told on a rung; beyond the last one the last one is told again."""
        return self.rungs[min(rung, len(self.rungs) - 1)]

    def as_json(self) -> str:
        """Return the text that `Deadline.parameters` holds."""
        return json.dumps(asdict(self))


def running_from(text: str) -> Running:
    """Read what `Running.as_json` wrote."""
    body: Mapping[str, Any] = json.loads(text)
    rungs: Sequence[Sequence[str]] = body["rungs"]
    return Running(
        within=ClockRule(**body["within"]),
        rungs=tuple(tuple(rung) for rung in rungs),
        again_minutes=body["again_minutes"],
        again_is_in_minutes=body["again_is_in_minutes"],
    )
