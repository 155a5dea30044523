"""What the values of a pack are called and how they read."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xinqiao.foundation.ui.notices import MAX_POLL_SECONDS
from xinqiao.register.orgs.states import Stage
from xinqiao.register.policy.archive_words import archive_label_words, template_lines
from xinqiao.register.policy.centre_words import centre_label_words, zone_rule_words
from xinqiao.register.policy.emergency_words import counted_words, emergency_entry_words, emergency_label_words
from xinqiao.register.policy.family_packs import Topic
from xinqiao.register.policy.family_words import family_label_words, yes_or_no
from xinqiao.register.policy.filing_words import filing_order_words
from xinqiao.register.policy.mailbox_rules import mailbox_label_words
from xinqiao.register.policy.packs import (
    OURS,
    Beyond,
    FilingOrder,
    Hotline,
    LadderLevel,
    Length,
    Pack,
    Population,
    RegisterCategory,
    RoundWindow,
    StaffScale,
    WorryFactor,
    WorryObservation,
    WorrySource,
)
from xinqiao.register.policy.round_words import round_recipient_words, round_window_words
from xinqiao.register.policy.transfer_rules import section_lines, transfer_label_words


def section_words(name: str) -> str:
    """Return the heading of a section."""
    words = {
        "screening": _("Screening"), "register": _("Pupils who need more attention"),
        "consent": _("Consent"), "duty": _("Who is told"), "ladder": _("Warning ladder"), "clocks": _("Clocks"),
        "watch": _("Kept in view"), "triage": _("Urgency by rule"),
        "worries": _("Worries that staff report"),
        "figures": _("Figures of a scale"),
        "second_gate": _("Second gate"),
        "accuracy": _("How good a screening was"),
        "care": _("Cases"),
        "adaptive": _("Adaptive asking"),
        "wellbeing": _("Staff's own wellbeing"),
        "norms": _("Local norms"),
        "sign_in": _("Sign-in of staff"),
        "letters": _("Letters to guardians"),
        "help_button": _("Pupils' own calls"), "committee": _("Committee members"),
        "mailbox": _("Letters of pupils"),
        "rounds": _("Rounds through the classes"),
        "emergency": _("Incidents"),
        "counselling": _("Counselling"),
        "archives": _("Pupils' files"),
        "transfers": _("Handing files over"),
        "centre": _("Counselling centre"),
        "referrals": _("Referrals"),
        "leave": _("Leave and return"),
        "feedback": _("Feedback on flagged pupils"),
        "meetings": _("Analysis meeting"),
        "filings": _("Filed with the bureau"),
        "mentors": _("Mentors"),
        "families": _("Contact with families"),
        "hotlines": _("Help lines"), "retention": _("Retention"),
    }  # fmt: skip
    return words[name]


def label_words(path: str) -> str:
    """Return what one value is called, by its path in the pack."""
    parts = path.split(".")
    if parts[0] == "clocks":
        return f"{urgency_words(parts[1])} · {_clock_label(parts[2])}"
    if parts[0] == "care" and len(parts) == 3:
        return f"{urgency_words(parts[2])} · {_care_label(parts[1])}"
    return {
        **_screening_labels(), **_feedback_labels(), **_other_labels(), **emergency_label_words(),
        **mailbox_label_words(), **archive_label_words(), **centre_label_words(), **family_label_words(),
        **transfer_label_words(),
    }[path]  # fmt: skip


def _screening_labels() -> dict[str, str]:
    """What planning, judging and shortening a screening are about."""
    return {
        "screening.populations": _("Who is screened"),
        "screening.earliest_grade": _("Self-report from grade"),
        "screening.times_per_school_year": _("Times per school year"),
        "screening.capacity.talk_minutes": _("Minutes a talk takes, with its note"),
        "screening.capacity.talk_hours_a_day": _("Hours of talks a psychology teacher has on a school day"),
        "screening.capacity.prevalence_percent": _("Pupils expected to need help, in a hundred"),
        "screening.capacity.fewest_pupils": _("Fewest pupils from whom a share is told"),
        "screening.paper_second_typing": _("Who types a paper sheet the second time"),
        "screening.remind_days_before": _("Reminded of a screening that is due (days before)"),
        "register.categories": _("Categories of the register"),
        "register.key_levels": _("Key pupils: those with an attention level of"),
        "register.review_every_days": _("An entry is looked at again after (days)"),
        "register.times_per_term": _("Registered pupils are screened, times a term"),
        "register.due_days_before_term_end": _("Screened by so many days before the term ends"),
        "figures.reliability_sheets": _("Reliability is said from so many complete sheets"),
        "second_gate.within": _("Second look at those flagged, within"),
        "figures.bias_group_sheets": _("Item bias is said from so many complete sheets in each group"),
        "second_gate.confirmed": _("Flagged again by the second paper"),
        "accuracy.need_outcomes": _("A talk found need if it ended with"),
        "adaptive.missed_at_most": _("Ends with a no once the chance of a yes by the full scale is at most"),
        "adaptive.false_at_most": _("Ends with a yes once the chance of a no by the full scale is at most"),
        "adaptive.lead": _("Questions before the critical ones"),
        "adaptive.fewest": _("Never fewer questions than"),
        "adaptive.standard_error": _("Where precision is asked for: standard error of the estimate at most"),
        "adaptive.precise_agreement": _("Precision is offered where the whole scale's decision is met for at least"),
        "adaptive.calibration_sheets": _("Calibrated from at least so many sheets"),
        "adaptive.calibration_answers": _("Each answer chosen at least so often"),
        "norms.bands": _("Grades that are looked at together"),
        "norms.group_sheets": _("Sheets in each group, at least"),
        "norms.line_sheets": _("Sheets in each line of a table, at least"),
        "norms.schools": _("Schools behind each group of a county or city, at least"),
        "norms.left_out_signs": _("Left out for how they were answered"),
        "accuracy.drawn_percent": _("Of those without a flag drawn by lot (percent)"),
        "accuracy.drawn_at_least": _("Drawn by lot, at least"),
        "accuracy.own_talks_at_least": _(
            "Talks on either side before a school's own figures replace the published ones"
        ),
    }


def _feedback_labels() -> dict[str, str]:
    return {
        "feedback.teachers_within": _("The teachers concerned have opened their words within"),
        "feedback.guardian_within": _("A guardian has heard within"),
        "feedback.tries_at_least": _("Tries before a guardian counts as unreachable"),
        "meetings.every_days": _("Days from one analysis meeting to the next"),
        "meetings.led_by": _("Who leads the analysis meeting"),
        "meetings.present": _("Who is to be there"),
    }


def _other_labels() -> dict[str, str]:
    return {
        "consent.guardian_below_age": _("Guardian's consent below age"),
        "consent.mode": _("How consent is asked for"),
        "consent.opt_out_from_age": _("Objection instead of consent from age, at the earliest"),
        "duty.rungs": _("Rungs of the ladder"),
        "duty.nobody_on_duty": _("Told at once if nobody is on duty"),
        "ladder.levels": _("Levels of the ladder, from the pupil upward"),
        "ladder.beyond": _("Told outside the school, without a word about the pupil, when nobody takes it"),
        "duty.poll_seconds": _("Open pages ask every (seconds)"),
        "duty.unattended_seconds": _("No page open for so long: climb at once (seconds)"),
        "duty.again_minutes": _("Last rung is told again every (minutes)"),
        "watch.look_every_days": _("Looked at every (days)"),
        "watch.clean_looks_to_end": _("Clean looks until it ends"),
        "triage.critical": _("A critical answer"),
        "triage.asked_to_talk": _("Asked to talk"),
        "triage.severe": _("In the highest band, or many flags"),
        "triage.flagged": _("A flag"),
        "triage.flags_for_many": _("Many flags are, at least"),
        "worries.observations": _("What can be seen of a pupil"),
        "worries.factors": _("What weighs on a pupil"),
        "worries.urgency_at_least": _("By its source at least"),
        "help_button.now": _("A pupil who needs someone now"),
        "help_button.hurt": _("A pupil who might hurt themselves"),
        "help_button.calls_an_hour": _("Calls of one pupil in an hour, at most"),
        "committee.seats": _("Committee members of a class, at most"),
        "committee.report_every_days": _("A class report is expected every (days)"),
        "committee.due_weekday": _("A class report is due on"),
        "committee.worry": _("A committee member's worry about a classmate"),
        "committee.grave_worry": _("A grave worry about a classmate"),
        "committee.grave_kinds": _("Grave is"),
        "committee.name_within": _("Who is meant is found out within"),
        "committee.name_grave_within": _("Who is meant by a grave worry is found out within"),
        "care.high_risk_levels": _("On the high-risk list: judged to be"),
        "care.people_at_least": _("People in a case conference on red or orange, at least"),
        "care.calm_follow_ups": _("Follow-ups without danger before a case is closed"),
        "care.observation_days": _("Days from the way down from red or orange to the end of a case"),
        "hotlines": _("Help lines"),
        "wellbeing.scales": _("Scales that staff may answer about themselves"),
        "wellbeing.lines": _("Help lines for staff"),
        "wellbeing.words_at_least": _("Letters in the words that open a private notebook, at least"),
        "counselling.open_minutes": _("Opened notes shut after so many minutes without a click"),
        "counselling.words_at_least": _("Letters in the sentence of a counsellor, at least"),
        "counselling.recovery_minutes": _("Recovery: the second of two acts within (minutes)"),
        "counselling.heir_within": _("A course without a counsellor gets one within"),
        "counselling.consent_within": _("Consent to counselling taken back: the course ends or is agreed anew within"),
        "counselling.risk_found": _("Risk found in a session: urgency of the signal"),
        "counselling.risk_acute": _("Acute danger found in a session: urgency of the signal"),
        "sign_in.first_password_days": _("A first password opens for (days)"),
        "letters.code_days": _("The code on a letter opens it for (days)"),
        "letters.code_tries": _("Wrong codes until a letter is locked"),
        "letters.code_lock_minutes": _("A letter is then locked for (minutes)"),
        "letters.talk_days": _("A guardian who asks for a talk is called within (days)"),
        "letters.scale_words": _("Never in a letter: names of scales and results"),
        "letters.level_words": _("Never in a letter: levels"),
        "letters.diagnosis_words": _("Never in a letter: diagnoses"),
        "letters.doubtful_words": _("In a letter only if confirmed"),
        "rounds.windows": _("When every class is gone through pupil by pupil"),
        "rounds.holiday_days": _("Free days in a row that count as a holiday"),
        "rounds.within": _("A list is signed within"),
        "rounds.catch_up_days": _("A window that was missed is opened for (days)"),
        "rounds.rungs": _("Who hears of a list that is not signed"),
        "referrals.answer_within": _("The institution answers a referral within"),
        "referrals.visit_named_within": _("An accepted referral has a first visit day within"),
        "referrals.attended_within": _("Whether the pupil was there is known after the visit day within"),
        "referrals.step_within": _("A referral that waits for the school goes on within"),
        "referrals.word_within": _("While a pupil is seen there, the school hears of it within"),
        "referrals.talk_again_within": _("Guardians who refused are talked to again within"),
        "referrals.link_days": _("The link of a referral opens it for (days)"),
        "referrals.link_tries": _("Wrong codes until a referral is locked"),
        "referrals.link_lock_minutes": _("A referral is then locked for (minutes)"),
        "leave.step_within": _("Each step of a leave or a return within"),
        "leave.contact_within": _("The school is in touch with a pupil on leave within"),
        "leave.look_days_after_return": _("Looks after a return (days after it)"),
        "filings.orders": _("What is filed with a bureau of cases"),
        "filings.acknowledged_within": _("The bureau confirms a filing within"),
        "filings.rungs": _("Who hears of a filing that is late"),
        "retention.answers_years": _("Answers are kept (years)"),
        "retention.after_leaving_years": _("After leaving school (years)"),
    }


def _clock_label(name: str) -> str:
    words = {
        "told": _("told within"), "acknowledged": _("taken within"), "seen": _("seen within"),
        "guardian": _("guardian told within"), "follow_up_days": _("followed up after (days)"),
    }  # fmt: skip
    return words[name]


def _care_label(name: str) -> str:
    words = {
        "first_judgement_days": _("first case conference within (days)"),
        "judged_every_days": _("judged again within (days)"),
    }
    return words[name]


def urgency_words(code: str) -> str:
    """Return the word of an urgency."""
    return {"red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow")}[code]


def recipient_words(code: str) -> str:
    """Return who stands behind the policy's word."""
    words = {
        "psychology_on_duty": _("psychology teacher on duty"),
        "lead_on_duty": _("school lead on duty"),
        "psychology_teachers": _("all psychology teachers of the school"),
        "principal": _("principal"),
        "leading_group": _("leading group"),
        "county_officer": _("county education bureau"),
        "class_teacher": _("class teacher"),
        "dorm_keeper": _("dormitory keeper"),
        "grade_head": _("head of the grade"),
        "department_head": _("head of the department"),
    }
    return words[code]


def sees_words(code: str) -> str:
    """Return what a level of the ladder sees."""
    words = {
        "notice_only": _("sees that a pupil needs attention"),
        "level_and_advice": _("sees level and advice"),
        "full": _("told by the rungs"),
    }
    return words[code]


def _level_words(level: LadderLevel) -> str:
    words = _("{name}: {named}; {sees}")
    name = level.name.in_language(get_language() or "")
    text = words.format(name=name, named=_joined(map(recipient_words, level.named)), sees=sees_words(level.sees))
    told = [
        _("{urgency} at first").format(urgency=urgency_words(code))
        if rung == 0
        else _("{urgency} on rung {rung}").format(urgency=urgency_words(code), rung=rung + 1)
        for code, rung in level.told.items()
    ]
    return _("{text} ({told})").format(text=text, told=_joined(told)) if told else text


def _beyond_words(beyond: Beyond) -> str:
    urgencies = _joined(urgency_words(code) for code in beyond.urgencies) or _("none")
    return _("{urgencies}: {recipients}").format(
        urgencies=urgencies, recipients=_joined(recipient_words(word) for word in beyond.recipients)
    )


def length_words(length: Length) -> str:
    """Return how long something may take."""
    if length.minutes is not None:
        hours, rest = divmod(length.minutes, 60)
        if hours and not rest:
            return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
        return ngettext("{count} minute", "{count} minutes", length.minutes).format(count=length.minutes)
    if length.days is not None:
        return ngettext("{count} day", "{count} days", length.days).format(count=length.days)
    if length.same_day is not None:
        least = length.same_day.at_least_minutes
        if not least:
            return _("the same day")
        return _("the same day, but never less than {minutes} minutes").format(minutes=least)
    count = length.school_days or 0
    return ngettext("{count} school day", "{count} school days", count).format(count=count)


def value_words(path: str, value: Any) -> tuple[str, ...]:
    """Return a value as one or several lines."""
    if isinstance(value, Length):
        return (length_words(value),)
    if isinstance(value, Beyond):
        return (_beyond_words(value),)
    if path in WORDS_OF_PATH:
        return WORDS_OF_PATH[path](value)
    if path in WORDS_OF_LISTED:
        return (_joined(WORDS_OF_LISTED[path](word) for word in value) or _("none"),)
    if path.startswith(("triage.", "second_gate.", "help_button.", "committee.")) and isinstance(value, str):
        return (urgency_words(value),)
    if path.startswith("letters.") and isinstance(value, list):
        return (_joined(word for word in value if not word.isascii()),)
    if isinstance(value, float):
        return (f"{value:g}",)
    if isinstance(value, list) and all(isinstance(entry, int) for entry in value):
        return (_joined(str(entry) for entry in value),)
    if isinstance(value, list):
        return tuple(_entry_words(entry) for entry in value)
    return (str(value),)


def _rung_lines(rungs: Sequence[Sequence[str]], words: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(f"{n}. {_joined(words(word) for word in rung)}" for n, rung in enumerate(rungs, start=1))


def english_words(path: str, value: Any) -> str:
    """Return those words of a list that are looked for in English texts."""
    is_list_of_words = path.startswith("letters.") and isinstance(value, list)
    return ", ".join(word for word in value if word.isascii()) if is_list_of_words else ""


def _outcome_words(code: str) -> str:
    return {"case": _("needs continued care"), "watch": _("kept in view"), "known": _("already in care")}[code]


def _worry_words(code: str) -> str:
    words = {
        "alone": _("is often alone"),
        "low": _("has been low for long"),
        "bullied": _("is being bullied"),
        "home": _("has trouble at home"),
        "absent": _("is often absent"),
        "hurt": _("spoke of not wanting to live, or of hurting themselves"),
    }
    return words[code]


def _sign_words(code: str) -> str:
    words = {
        "too_fast": _("answered too fast"),
        "longstring": _("same answer throughout"),
        "even_odd": _("like questions answered differently"),
    }
    return words[code]


# Values that read like nothing else: what their lines are.
WORDS_OF_PATH: dict[str, Callable[[Any], tuple[str, ...]]] = {
    "duty.rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "filings.orders": lambda orders: tuple(map(_order_words, orders)) or (_("Nothing is ordered"),),
    "centre.zones": lambda zones: tuple(map(zone_rule_words, zones)),
    "centre.topics": lambda topics: tuple(each.name.in_language(get_language() or "") for each in topics),
    "filings.rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "archives.templates": template_lines,
    "archives.rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "transfers.rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "transfers.minimum": section_lines,
    "transfers.by_consent": section_lines,
    "rounds.rungs": lambda rungs: _rung_lines(rungs, round_recipient_words),
    "emergency.opinion_counted": counted_words,
    "emergency.joint_rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "emergency.hotline_urgent_call": lambda code: (urgency_words(code),),
    "mailbox.second_rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "mailbox.urgent": lambda code: (urgency_words(code),),
    "counselling.risk_found": lambda code: (urgency_words(code),),
    "counselling.risk_acute": lambda code: (urgency_words(code),),
    "emergency.rungs": lambda rungs: _rung_lines(rungs, recipient_words),
    "families.rungs": lambda rungs: _rung_lines(rungs, round_recipient_words),
    "families.special_rungs": lambda rungs: _rung_lines(rungs, round_recipient_words),
    "mentors.own_class": yes_or_no,
    "mentors.siblings_together": yes_or_no,
    "committee.due_weekday": lambda day: (str(WEEKDAYS[day - 1]),),
    "screening.paper_second_typing": lambda code: (_second_typing_words(str(code)),),
    "consent.mode": lambda mode: (_("a yes is needed") if mode == "opt_in" else _("a no is respected"),),
}
# Lists of codes that stand on one line: what each code is called.
WORDS_OF_LISTED: dict[str, Callable[[str], str]] = {
    "duty.nobody_on_duty": recipient_words, "centre.missed_urgent_levels": urgency_words,
    "register.key_levels": urgency_words,
    "committee.grave_kinds": _worry_words,
    "care.high_risk_levels": urgency_words,
    "accuracy.need_outcomes": _outcome_words, "norms.left_out_signs": _sign_words,
    "meetings.led_by": round_recipient_words, "meetings.present": round_recipient_words,
}  # fmt: skip


def _order_words(order: FilingOrder) -> str:
    levels = _joined(urgency_words(level) for level in order.levels)
    return filing_order_words(order, levels, length_words(order.within))


def _second_typing_words(code: str) -> str:
    words = {
        "other_person": _("always another person"),
        "after_class": _("another person, or the same one after the whole class"),
    }
    return words[code]


def stated_words(path: str) -> str:
    """Return what is said beside a value that nothing in the program acts on yet (`parameters.STATED_ONLY`)."""
    if path == "duty.poll_seconds":
        return _(
            "Stated; the program does not act on it: pages ask at a fixed interval of at most {seconds} seconds"
        ).format(seconds=MAX_POLL_SECONDS)
    return _("Stated; not acted on by the program yet")


def _entry_words(entry: Any) -> str:
    if isinstance(entry, LadderLevel):
        return _level_words(entry)
    if isinstance(entry, Population):
        grades = ", ".join(str(grade) for grade in entry.grades)
        return _("{stage}: grades {grades}").format(stage=Stage(entry.stage).label, grades=grades)
    if isinstance(entry, RegisterCategory):
        language = get_language() or ""
        kinds = _joined(kind.name.in_language(language) for kind in entry.kinds)
        name = entry.name.in_language(language)
        return _("{name}: {kinds}").format(name=name, kinds=kinds) if kinds else name
    if isinstance(entry, WorryObservation):
        return _("{urgency}: {name}").format(
            urgency=urgency_words(entry.urgency), name=entry.name.in_language(get_language() or "")
        )
    if isinstance(entry, WorryFactor | Topic):
        return entry.name.in_language(get_language() or "")
    if isinstance(entry, WorrySource):
        return _("{urgency}: {name}").format(
            urgency=urgency_words(entry.urgency), name=worry_source_words(entry.source)
        )
    if isinstance(entry, RoundWindow):
        return round_window_words(entry)
    if words := emergency_entry_words(entry, length_words):
        return words
    if isinstance(entry, Hotline):
        language = get_language() or ""
        return f"{entry.number} {entry.name.in_language(language)} – {entry.for_.in_language(language)}"
    if isinstance(entry, StaffScale):
        title = entry.code.upper()
        if entry.reliable_change is None:
            return title
        return _("{scale}: a change counts from {points} points on").format(scale=title, points=entry.reliable_change)
    return str(entry)


def worry_source_words(code: str) -> str:
    """Return where a report came from; the code itself for one that no pack of ours names."""
    words = {"hotline": _("a hotline"), "department": _("another department"), "guardian": _("a guardian")}
    return words.get(code, code)


def source_words(pack: Pack, sources: Sequence[str]) -> tuple[str, ...]:
    """Return where a value comes from: the title of a law, the id of a requirement, or that it is ours."""
    language = get_language() or ""
    titles = {source.id: source.title.in_language(language) for source in pack.sources}
    return tuple(_("our assumption") if source == OURS else titles.get(source, source) for source in sources)


def _joined(words: Any) -> str:
    return _(", ").join(words)
