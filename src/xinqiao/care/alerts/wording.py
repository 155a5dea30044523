"""Codes of alerts in words."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinqiao.care.alerts.states import Part
from xinqiao.engines.triage import Reason
from xinqiao.foundation.ui.wording import moment_words
from xinqiao.register.deadlines.history import ClockEntry
from xinqiao.register.deadlines.models import PauseReason

CLOCK_WORDS = {
    "acknowledge": gettext_lazy("to be taken"),
    "seen": gettext_lazy("to be seen"),
    "gate": gettext_lazy("second look"),
    "decide": gettext_lazy("to be decided"),
    "guardian": gettext_lazy("guardian to be told"),
    "review": gettext_lazy("to be looked at again"),
    "told": gettext_lazy("people to be told"),
    "name": gettext_lazy("to be found out who is meant"),
    "round": gettext_lazy("class list to be signed"),
    "contact": gettext_lazy("family to be reached"),
    "judgement": gettext_lazy("case conference"),
    "follow_up": gettext_lazy("follow-up"),
    "watch": gettext_lazy("look at a pupil kept in view"),
    "leave": gettext_lazy("next step of leave or return"),
    "return": gettext_lazy("look after the return"),
    "referral": gettext_lazy("referral to be answered"),
    "referral_visit": gettext_lazy("first visit day to be named"),
    "referral_seen": gettext_lazy("visit to be confirmed"),
    "referral_talk": gettext_lazy("family to be talked to again"),
    "referral_step": gettext_lazy("referral to go on"),
    "feedback": gettext_lazy("feedback to be given"),
    "meeting": gettext_lazy("analysis meeting to be held"),
    "decision": gettext_lazy("what a meeting decided"),
    "incident_step": gettext_lazy("step of the emergency plan"),
    "incident_answer": gettext_lazy("answer of a department"),
    "incident_arrival": gettext_lazy("arrival of the expert team"),
    "incident_review": gettext_lazy("review of an incident"),
    "incident_action": gettext_lazy("action after an incident"),
    "incident_report": gettext_lazy("report of an incident"),
    "opinion_judge": gettext_lazy("judgement of what the public says"),
    "opinion_answer": gettext_lazy("answer to what the public says"),
    "opinion_close": gettext_lazy("last look at what the public says"),
    "aftercare": gettext_lazy("pupil to be looked after following an incident"),
    "letter_answer": gettext_lazy("letter of a pupil to be answered"),
    "letter_urgent": gettext_lazy("letter that does not wait to be taken up"),
    "name_decide": gettext_lazy("opening of a name to be decided"),
    "name_confirm": gettext_lazy("opened name to be looked at by a second person"),
    "counselling_heir": gettext_lazy("course of counselling without a counsellor"),
    "counselling_consent": gettext_lazy("course of counselling whose consent was taken back"),
    "file_to_hand": gettext_lazy("file of a pupil who left to be handed over"),
    "file_to_take": gettext_lazy("file from another school to be acknowledged"),
    "missed_hour": gettext_lazy("pupil who did not come to be asked after"),
    "waiting_hour": gettext_lazy("pupil who waits for an hour at the centre"),
    "hotline_back": gettext_lazy("hotline: to be called back"),
    "joint_answer": gettext_lazy("joint activation: answer of a partner"),
    "joint_arrival": gettext_lazy("joint activation: arrival of a partner"),
    "joint_situation": gettext_lazy("joint activation: situation to be written on"),
}
_PHRASES: dict[str, Callable[[Reason], str]] = {}
_LONG: set[str] = set()


def register_reason(code: str, phrase: Callable[[Reason], str], *, is_long: bool = False) -> None:
    """Say how a reason of an app above reads; a long one (somebody's own words) stands on the signal's page alone."""
    _PHRASES[code] = phrase
    if is_long:
        _LONG.add(code)


def stand_words(state: str) -> str:
    """Return how a report stands, for whoever made it: never what came of it."""
    words = {
        "open": _("Passed on, not taken yet"), "acknowledged": _("Somebody is looking after it"),
        "closed": _("It was looked at. Thank you."),
    }  # fmt: skip
    return words[state]


def reasons_words(
    reasons: Sequence[Reason], listed: Mapping[str, str] | None = None, *, is_whole: bool = False
) -> tuple[str, ...]:
    """Return why a signal was raised as short phrases, one for each scale; items by number, never a score.

    `listed` are the policy's words for what staff can tick, by code; `is_whole` brings somebody's own words, too.
    """
    findings: dict[str, list[str]] = {}
    phrases: dict[str, None] = {}
    for reason in reasons:
        if reason.code in _finding_words():
            findings.setdefault(reason.scale, []).append(_finding_words()[reason.code])
        elif reason.code in ("seen", "factor"):
            ticked = [(listed or {}).get(code, code) for code in reason.details]
            phrases |= dict.fromkeys(ticked if reason.code == "seen" else [_factor_words(ticked)])
        elif reason.code == "part":
            part = Part(reason.details[0]).label
            phrases[_("Bullying: the pupil {part}").format(part=part)] = None
        elif is_whole or reason.code not in _LONG:
            phrases[_phrase(reason)] = None
    for scale, found in findings.items():
        words = _(", ").join(dict.fromkeys(found))
        phrases[_("{scale}: {findings}").format(scale=scale.upper(), findings=words)] = None
    return tuple(phrases)


def _factor_words(ticked: Sequence[str]) -> str:
    return _("May weigh on the pupil: {factors}").format(factors=_(", ").join(ticked))


def _finding_words() -> dict[str, str]:
    return {
        "worst_band": _("in the highest band"),
        "flag": _("over the line for a second look"),
        "void": _("answers to be taken again"),
    }


def _phrase(reason: Reason) -> str:
    if reason.code == "asked_to_talk":
        return _("asked to talk to someone")
    if reason.code in _PHRASES:
        return _PHRASES[reason.code](reason)
    if reason.code == "acute_at_follow_up":
        return _("acute danger found at a follow-up")
    if reason.code != "critical_item":
        return reason.code
    text = ngettext(
        "critical answer: {scale}, item {items}", "critical answers: {scale}, items {items}", len(reason.details)
    )
    return text.format(scale=reason.scale.upper(), items=", ".join(reason.details))


ASKED_WORDS = {
    "mood": gettext_lazy("Mood, interest"),
    "sleep": gettext_lazy("Sleep, appetite, energy"),
    "worry": gettext_lazy("Worries, tension"),
    "study": gettext_lazy("Lessons and exams"),
    "home": gettext_lazy("At home"),
    "friends": gettext_lazy("Classmates, being left out or bullied"),
}
HOW_ASKED_WORDS = {
    "in_person": gettext_lazy("Asked in person"),
    "phone": gettext_lazy("Asked by telephone"),
}
STANDING_WORDS = {
    "steady": gettext_lazy("Steady: the answers had another reason"),
    "strained": gettext_lazy("Strained, and gets by"),
    "unwell": gettext_lazy("Unwell: suffers, or life is disturbed"),
}


def short_talk_words(asked: str, standing: str) -> str:
    """Return what a short talk was about and how the pupil was, from its codes."""
    named = {**ASKED_WORDS, **HOW_ASKED_WORDS}
    about = _(", ").join(str(named[code]) for code in asked.split(",") if code in named)
    how = str(STANDING_WORDS.get(standing, ""))
    return " · ".join(part for part in (about, how) if part)


def clock_words(kind: str) -> str:
    """Return what a clock waits for."""
    return str(CLOCK_WORDS.get(kind, kind))


def role_words(word: str) -> str:
    """Return as what someone was told."""
    words = {
        "psychology_on_duty": _("Psychology teacher on duty"),
        "lead_on_duty": _("School lead on duty"),
        "psychology_teachers": _("Psychology teacher"),
        "principal": _("Principal"),
        "leading_group": _("Leading group"),
        "county_officer": _("County education bureau"),
        "class_teacher": _("Class teacher"),
        "dorm_keeper": _("Dormitory keeper"),
        "grade_head": _("Head of the grade"),
        "department_head": _("Head of the department"),
        "anyone": _("Whoever may read notices here"),
    }
    return words.get(word, word)


def refusal_words(code: str) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        "needs_face_to_face": _(
            "A red signal is closed only after a talk in person. Save this talk as undecided, then see the child."
        ),
        "acute_needs_care": _(
            "You found acute danger: the child needs continued care. Choose that, or leave it undecided."
        ),
        "needs_reason": _("To close it as nothing, write in the note why it was a false alarm."),
        "needs_level": _("Who stays in care or in view needs a level: choose yellow, orange or red."),
        "level_without_care": _("Nothing to it, and yet a level: take the level away, or choose another outcome."),
        "needs_advice": _("Write one sentence of advice for those who meet the child in class."),
        "needs_review": _("Choose the day on which you look at it again."),
        "review_not_ahead": _("The day of the next look lies in the past. Choose a day after today."),
        "held_in_future": _("The talk lies in the future. Enter when it was held."),
        "held_before_signal": _("The talk was held before the signal was raised. Enter a talk held since."),
        "needs_a_talk": _(
            "Without a talk only a yellow report is settled, as known already or as nothing. Talk to the pupil instead."
        ),
        "not_reported": _("Nobody of the staff reported this: it needs a talk with the pupil."),
        "needs_asking": _("Say how you asked whoever reported it."),
        "not_at_gate": _("This pupil is not at the second gate (any more). Load the page again."),
        "not_cleared": _("Without a talk only a second paper without a flag is settled. Load the page again."),
        "gate_acute": _(
            "You found danger, or could not tell: that is not settled in ten minutes. Let the pupil through to the "
            "full interview."
        ),
        "gate_unwell": _("You found the pupil unwell: that is no false alarm. Choose the interview, or keep in view."),
        "told_in_future": _("That lies in the future. Enter when the guardian was told."),
        "told_before_signal": _("That was before the signal was raised. Enter when the guardian was told of it."),
        "no_such_guardian": _("This guardian is not (any more) on record for the pupil. Choose again."),
        "needs_words": _("Write in a few words what the guardian was told and answered."),
        "needs_why": _("Write the reason in a few words, so that others can follow it."),
        "not_running": _("This clock does not run, or stands still already. Load the page again."),
        "red_needs_principal": _("A red clock stands still only if the principal says so. Ask the principal to do it."),
        "never_paused": _("This clock never stands still."),
        "kept_in_case": _("This pupil has an open case: the level is lowered in a case conference. Open the case."),
        "already_closed": _("Someone else closed this signal meanwhile. Load the page again to see what was written."),
    }
    return words[code]


REFUSAL_FIELDS = {
    "needs_face_to_face": "is_face_to_face",
    "acute_needs_care": "outcome",
    "gate_acute": "outcome",
    "gate_unwell": "outcome",
    "needs_reason": "note",
    "needs_level": "level",
    "level_without_care": "level",
    "needs_advice": "advice",
    "kept_in_case": "level",
    "needs_review": "review_on",
    "review_not_ahead": "review_on",
    "held_in_future": "held_at",
    "held_before_signal": "held_at",
    "told_in_future": "told_at",
    "told_before_signal": "told_at",
    "no_such_guardian": "guardian",
    "needs_words": "words",
}


def entry_words(entry: ClockEntry) -> str:
    """Return what happened to a clock in one phrase."""
    until = moment_words(entry.until) if entry.until else ""
    words = {
        "began": _("The clock began; due {until}").format(until=until),
        "due": _("Time ran out"),
        "told": _("Told on rung {rung}").format(rung=entry.rung + 1) if entry.rung else _("Told"),
        "climbed": _("Climbed to rung {rung}").format(rung=entry.rung + 1),
        "skipped": _("Rung {rung} passed over: everybody on it had been told already").format(rung=entry.rung + 1),
        "redated": _("Brought forward by new rules; due {until}").format(until=until),
        "paused": _("Stands still"),
        "resumed": _("Goes on"),
        "met": _("Done too late") if entry.is_late else _("Done in time"),
        "cancelled": _("Ended without being done"),
    }
    return words[entry.what]


def detail_words(entry: ClockEntry) -> str:
    """Return why: of a pause its reason, of an end that of ending."""
    if entry.what == "paused":
        return str(PauseReason(entry.detail).label)
    if entry.what == "cancelled":
        return {
            "withheld": _("Not told, for the child's protection"),
            "talked_to": _("The pupil was talked to"),
        }.get(entry.detail, _("The signal was settled"))
    return entry.detail if entry.what == "redated" else ""
