"""Codes of screening in words, each reason with the place where it is mended."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.listing import listed
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.order_wording import order_sentences
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.campaigns import title_of
from xinqiao.care.sheets.services.typing import Typed
from xinqiao.foundation.ui.wording import short_day_words
from xinqiao.register.orgs.states import Stage

MOST_DAYS_NAMED = 5


@dataclass(frozen=True)
class RefusalRow:
    """One reason in words, and where it is mended (`url` is empty where it is mended on this page)."""

    text: str
    url: str = ""
    action: str = ""


def refusal_rows(
    reasons: Sequence[WhyNot], campaign: Campaign | None = None, versions: Sequence[ScaleVersion] = ()
) -> list[RefusalRow]:
    """Return reasons in words."""
    titles = {version.code: title_of(version) for version in versions}
    return [RefusalRow(refusal_words(reason, titles), *_mend(reason, campaign)) for reason in reasons]


def refusal_words(reason: WhyNot, titles: dict[str, str] | None = None) -> str:
    """Return one reason as a sentence that says what is wrong, where, and how to mend it."""
    about = (titles or {}).get(reason.about, reason.about)
    return _sentences()[reason.code].format(
        about=about, details=_details(reason), stage=_stage_words(reason.details), count=len(reason.details)
    )


def _sentences() -> dict[str, str]:
    return _battery_sentences() | _plan_sentences() | _running_sentences() | order_sentences()


def _battery_sentences() -> dict[str, str]:
    return {
        "no_gate_scales": _("The second paper has no scale. Choose at least one, or another second gate."),
        "no_scales": _("No scale was chosen. Choose at least one."),
        "scale_no_wording": _(
            "{about}: only its scoring key ships with the product. Import the wording your school is licensed to use."
        ),
        "scale_not_for_pupils": _("{about} is for staff, not for pupils. Choose another scale."),
        "scale_no_self_report": _("{about} is answered by others about the pupil. Choose a self-report scale."),
        "scale_other_informant": _("{about} is not made for this informant to answer. Choose another scale."),
        "form_not_open": _("This form cannot be opened (any more): it was handed in, taken back, or its time is over."),
        "scale_retired": _("{about} was replaced by a newer version. Choose that one."),
        "scale_elsewhere": _("{about}: this wording is licensed to another unit. Import your own, or choose another."),
        **_adapting_sentences(),
        "unfit_grades": _(
            "{about} is not made for the age of {details}. Leave the grade out, or choose another scale."
        ),
    }


def _adapting_sentences() -> dict[str, str]:
    return {
        "adapting_no_parameters": _(
            "{about} is to be asked by adapting, and no item parameters hold here for this version of its wording. "
            "Load them, or ask it whole."
        ),
        "adapting_language": _(
            "{about} is to be asked by adapting, and its item parameters were found with wording in another language. "
            "Ask it whole."
        ),
        "adapting_other_flags": _(
            "{about} is to be asked by adapting, and flags by more than one score, of which a short sheet decides one. "
            "Ask it whole."
        ),
        "adapting_other_items": _(
            "{about} is to be asked by adapting, and it has questions outside of the score that is decided. "
            "Ask it whole."
        ),
        "adapting_no_figure": _(
            "{about} is to be asked until its estimate is precise too, and nobody has simulated what that comes to "
            "with its item parameters. Load them again, or end with the decision."
        ),
        "adapting_loses_flags": _(
            "{about} is to be asked until its estimate is precise too, and that would lose flags: on simulated pupils "
            "{details}. End with the decision."
        ),
        "adapting_not_fitting": _(
            "{about} is to be asked by adapting, and its item parameters do not fit the scale or the rule in force. "
            "Ask it whole."
        ),
    }


def adapting_words(code: str, figure: tuple[str, ...] = ()) -> str:
    """Return in a few words why a scale with item parameters cannot be asked by adapting, with the figure if any."""
    words = {
        "no_figure": _("not simulated with these parameters: load them again"),
        "loses_flags": _("would lose flags: {figure}").format(figure=listed(figure)),
        "language": _("parameters of another language"),
        "other_flags": _("flags by more than one score"),
        "other_items": _("has questions outside of the score"),
        "not_fitting": _("parameters do not fit"),
    }
    return words[code]


def _plan_sentences() -> dict[str, str]:
    return {
        "not_draft": _("This screening was launched already. Load the page again."),
        "no_grades": _("No grade was chosen. Choose whom to screen."),
        "below_self_report": _(
            "Self-report begins at grade {about}; chosen below it: {stage}. Adults' forms cover younger pupils."
        ),
        "no_pupils": _("There are no pupils in the chosen grades. Import the roster first."),
        "nobody_on_register": _(
            "Nobody of these grades is on the register under the chosen categories. Look at the register first."
        ),
        "no_such_category": _("The rules in force know no such category of the register. Choose others."),
        "window_turned": _("The end lies before the beginning. Choose a later end."),
        "window_over": _("The window is over already. Choose an end that lies ahead."),
        "window_long": _("The window is longer than {about} days. Screen in rounds instead."),
        "outside_term": _("The window does not lie inside one term. Change the window, or the school's calendar."),
        "class_without_day": _(
            "These classes have no day yet: {details}. Choose one for each, or let all sit at once."
        ),
        "class_day_outside": _("The days of these classes lie outside of the window: {details}. Choose other days."),
        "class_day_over": _("The days of these classes are over: {details}. Choose other days."),
        "no_form": _("No consent form was chosen. Nobody is asked questions before a yes is on record."),
        "form_takes_silence": _(
            "The consent form takes silence for a yes, and the rules in force ask for a yes. Publish a new version."
        ),
        "no_psychology_teacher": _(
            "The school has no psychology teacher who can sign in. Results would reach nobody: give someone the role."
        ),
        "no_principal": _(
            "One scale asks about suicide, and the school has no principal to whom an unanswered notice could climb. "
            "Give someone the role."
        ),
        "no_school_day": _("The window holds no school day, and one scale asks about suicide. Choose a school day."),
        "nobody_on_duty": _(
            "One scale asks about suicide, and on {count} school days no psychology teacher is on duty: {details}."
        ),
        "nobody_at_opening": _(
            "One scale asks about suicide, and no psychology teacher is on duty when the window opens. "
            "Begin the shift earlier, or open later."
        ),
        "screened_twice": _("Pupils would be screened twice at once: “{about}” is still running. Close it first."),
    }


def _running_sentences() -> dict[str, str]:
    return {
        "not_open": _("This screening is not running (any more). Load the page again."),
        "paper_waiting": _(
            "{about} paper sheets are typed and not checked yet. Type them a second time, or give them up; "
            "ended now, those pupils would count as missing."
        ),
        "not_ended": _("The lot is drawn once the screening has ended. End it first."),
        "nobody_to_draw": _("Everyone who answered was flagged, so there is nobody to draw."),
        "not_later": _("The new end is not later than the present one. Choose a later one."),
        "day_not_able": _("On these days no class can sit: {details}. Choose school days of the term that lie ahead."),
        "class_elsewhere": _("A class was chosen that this screening does not ask. Load the page again."),
        "class_begun": _("In one of these classes pupils have begun. Load the page again; its day stays."),
        "nobody_to_move": _("In every class pupils have begun, or its day is over: there is nothing to move."),
        "no_later_day": _(
            "The term holds no such later school day with somebody on duty. Put someone on duty, or choose fewer days."
        ),
        "nobody_to_repeat": _("Nobody is missing, and nobody was chosen to answer again."),
        "no_sitting": _("This pupil has no sitting in this screening. Load the page again."),
        "already_submitted": _("The sheet was handed in meanwhile; there is nothing to excuse."),
        "not_excused": _("This pupil is not excused (any more). Load the page again."),
        "follows_consent": _(
            "Without consent nobody answers, and with it nobody is kept out: record the consent itself."
        ),
        "nobody_answered": _("Nobody has handed in a sheet yet, so there is nothing to take out."),
        "same_person": _("You asked for this yourself. A second person decides."),
        "decided": _("Someone else decided meanwhile. Load the page again."),
        "not_approved": _("This request was not approved (yet). A second person decides."),
        "expired": _("The link has expired after 24 hours. Ask again."),
        "grown": _(
            "More pupils have answered since, too many to take out without a second person. "
            "Ask again, and someone else decides."
        ),
        "not_launched": _("This screening was not launched yet. Launch it first."),
        "of_register": _("The register is known to psychology teachers alone: no plan for a class of it, and no form."),
        "nothing_observed": _("Nothing was ticked or written. Say at least one thing."),
        "pupil_named": _(
            "A pupil is named: {details}. Write about the class; tell the psychology teacher of one child."
        ),
        "no_classes": _("No class was chosen. Choose at least one."),
        "due_before_start": _("The end lies before the beginning. Choose a later end."),
        "education_finished": _("This plan was finished meanwhile. Load the page again."),
        "no_outcome": _("Say in a sentence what came of it."),
        "not_yours": _("Only the person who asked may fetch the file."),
    }


def _details(reason: WhyNot) -> str:
    if reason.code in ("nobody_on_duty", "day_not_able"):
        days = [short_day_words(dt.date.fromisoformat(day)) for day in reason.details[:MOST_DAYS_NAMED]]
        return listed(days) + ("…" if len(reason.details) > MOST_DAYS_NAMED else "")
    if reason.code == "outside_order":
        return " – ".join(short_day_words(dt.date.fromisoformat(day)) for day in reason.details)
    return listed(reason.details)


def _stage_words(details: Sequence[str]) -> str:
    labels = {str(stage): str(stage.label) for stage in Stage}
    return listed(labels.get(detail, detail) for detail in dict.fromkeys(details))


MENDED_AT = {
    "scale_no_wording": "scales:index",
    "scale_elsewhere": "scales:index",
    "nobody_on_duty": "duty:roster",
    "nobody_at_opening": "duty:roster",
    "no_later_day": "duty:roster",
    "no_psychology_teacher": "accounts:staff",
    "no_principal": "accounts:staff",
    "no_pupils": "people:students",
    "nobody_on_register": "support:register",
    "form_takes_silence": "people:consent-forms",
    "outside_term": "orgs:calendar",
}


def _mend(reason: WhyNot, campaign: Campaign | None) -> tuple[str, str]:
    """Return where a reason is mended, and what the link says; nothing where that page is not there."""
    name = MENDED_AT.get(reason.code, "")
    if name:
        try:
            return reverse(name), _mending(name)
        except NoReverseMatch:
            return "", ""
    if campaign is not None and campaign.state == "draft" and reason.code.startswith("class_"):
        return reverse("screening:pace", args=[campaign.pk]), _("Choose the days")
    if campaign is not None and campaign.state == "draft" and reason.code != "not_draft":
        return reverse("screening:edit", args=[campaign.pk]), _("Change the plan")
    return "", ""


def _mending(name: str) -> str:
    words = {
        "scales:index": _("Import wording"),
        "duty:roster": _("Put someone on duty"),
        "accounts:staff": _("Staff and roles"),
        "people:students": _("To the pupils"),
        "people:consent-forms": _("Consent"),
        "orgs:calendar": _("School calendar"),
    }
    return words[name]


def fault_words(code: str) -> str:
    """Return in a few words why a scale cannot be used."""
    words = {
        "no_wording": _("wording must be imported first"),
        "not_for_pupils": _("for staff"),
        "no_self_report": _("answered by others about the pupil"),
        "retired": _("replaced by a newer version"),
        "elsewhere": _("wording of another unit"),
    }
    return words[code]


def sign_words(code: str) -> str:
    """Return a sign of a doubtful sheet, and what it does and does not mean."""
    words = {
        "too_fast": _("Answered faster than the questions can be read."),
        "longstring": _("The same answer for half of the scale, across questions that ask the opposite."),
        "even_odd": _("Answers to like questions do not go together."),
        "low_variability": _("Hardly any difference between answers."),
        "void": _("The scale's own validity rule makes the scores void."),
        "not_scored": _("Not scored: answers are missing or not among those offered."),
    }
    return words[code]


def pupil_words(code: str) -> str:
    """Return what may be said to a pupil after a screening."""
    words = {
        "thanks": _("Thank you for answering honestly."),
        "feelings_change": _("How one feels changes; a questionnaire only catches one moment."),
        "looked_at": _("Some of what you wrote sounds tiring. I would like to hear how you are."),
        "someone_will_talk": _("I would like to sit down with you in the next days and listen."),
        "someone_comes_today": _("I came today because of what you wrote, and I am glad that you wrote it."),
        "not_your_fault": _("You have done nothing wrong, and this changes no mark."),
        "not_alone": _("You do not have to carry this alone."),
        "door_open": _("You can come to me at any time, also about something quite different."),
    }
    return words[code]


def standing_words(state: str, excuse: str) -> str:
    """Return how far one pupil is, in a word or two."""
    if state == "excused":
        excuses = {
            "no_consent": _("No consent"),
            "absent": _("Absent"),
            "unwell": _("Unwell"),
            "refused": _("Did not want to answer"),
            "left": _("Left the school"),
            "other": _("Other reason"),
        }
        return excuses.get(excuse, excuse)
    words = {
        "waiting": _("Not begun"),
        "started": _("Answering"),
        "submitted": _("Handed in"),
        "not_seated": _("No sitting yet"),
    }
    return words[state]


def pile_words(standing: str, excuse: str) -> str:
    """Return how a pupil's printed sheet stands."""
    words = {
        "once": _("typed once"),
        "differs": _("two typings differ"),
        "checked": _("checked and handed in"),
        "submitted": _("handed in on a device"),
    }
    return words.get(standing) or standing_words(standing, excuse)


def typed_words(typed: Typed) -> str:
    """Return what came of a typing."""
    if typed.standing == "checked":
        return _("Both typings agree. The sheet is checked and handed in.")
    if typed.standing == "differs":
        return _("The two typings differ. Read these questions again on the paper.")
    if typed.is_critical:
        return _("Typed once. There is a critical answer on this sheet: the people on duty have been told just now.")
    if typed.is_talk:
        return _("Typed once. This pupil would like to talk to someone: the people on duty have been told just now.")
    return _("Typed once. It counts when it has been typed a second time.")


def typing_refusal(code: str, place: int) -> str:
    """Return why a typing was not taken, and what to do."""
    words = {
        "wrong_code": _("Question {place}: this is none of its answers. Look at the sheet and type it again."),
        "too_short": _("The sheet ends at question {place}. Type the rest, or “-” for what was left blank."),
        "too_long": _("There are more answers than questions, from place {place}. A question was typed twice."),
        "unknown_number": _("No pupil of this class has this number. Check the number on the sheet, and the class."),
        "already_submitted": _("This pupil has handed in already. Keep the paper apart; nothing was changed."),
        "no_consent": _("There is no consent on record for this pupil. Leave the sheet in its envelope."),
        "excused": _("This pupil is excused. Take the excuse back on the page of the class, then type the sheet."),
        "not_open_yet": _("The screening has not opened yet. Type the sheet once it has."),
        "changed": _("This typing came twice with different answers. Load the page again and type the sheet anew."),
        "pile_first": _(
            "You typed this sheet yourself. Let another person type it again, or finish the whole pile first "
            "and tick that you now type it the second time."
        ),
        "needs_other_person": _("You typed this sheet yourself. The rules in force ask another person to check it."),
        "settle_first": _("Two typings of this sheet differ already. Settle them against the paper first."),
        "nothing_to_settle": _("There are no two typings of this sheet (any more). Load the page again."),
        "nothing_typed": _("Nothing is typed of this sheet (any more). Load the page again."),
        "leads": _(
            "You lead a grade, a school or an office: what pupils answered is not for you to see. "
            "Let someone else type the sheets."
        ),
        "class_teacher": _("You teach this class: its answers are not for you to see. Let someone else type them."),
    }
    return words.get(code, _("The sheet could not be kept. Load the page and type it again.")).format(place=place)


def consent_words(state: str) -> str:
    """Return a state of consent."""
    words = {
        "given": _("Given"),
        "not_needed": _("Not needed"),
        "open": _("Not answered"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
    }
    return words[state]
