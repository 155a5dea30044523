"""Codes of a bureau's orders in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.screening.cadence import DueState
from xinqiao.care.screening.ordering import Standing
from xinqiao.care.screening.register_cadence import Told


def order_sentences() -> dict[str, str]:
    """Return the sentences for what stands against an order, or against a plan that belongs to one."""
    return {
        "order_turned": _("The last day lies before the first. Choose a later last day."),
        "order_past": _("The last day is over already. Choose one that lies ahead."),
        "order_long": _("More than {about} days lie between the first and the last day. Order in two steps."),
        "answer_outside": _("Schools must be able to answer: choose a day from today to the last day."),
        "no_schools": _("No school was chosen, or one that does not stand below your unit. Choose the schools again."),
        "school_without_stage": _("{about} has no pupils of the chosen stages. Leave it out, or add a stage."),
        "school_scale": _("{about}: {details}."),
        "order_withdrawn": _("The order was withdrawn. Load the page again."),
        "outside_order": _("The days do not lie within those of the order: {details}. Change the plan."),
        "declined": _("The school has answered that it cannot hold this screening. Take the answer back first."),
        "answered": _("Someone else has answered meanwhile. Load the page again."),
        "ordered": _("The bureau ordered this screening, so it is not discarded. Answer that the school cannot."),
        "ordered_fixed": _("The bureau's order says whom and with which scales. Change the days and the consent form."),
    }


def standing_of_school_words(standing: str) -> str:
    """Return where a school of an order stands."""
    words = {
        Standing.MAKING: _("Being sent"),
        Standing.UNSEEN: _("Not looked at"),
        Standing.PREPARING: _("Being prepared"),
        Standing.CONFIRMED: _("Confirmed"),
        Standing.RUNNING: _("Running"),
        Standing.ENDED: _("Ended"),
        Standing.CANNOT: _("Cannot"),
        Standing.WITHDRAWN: _("Withdrawn"),
    }
    return words[Standing(standing)]


def due_state_words(state: str) -> str:
    """Return where a grade stands that the policy asks to screen."""
    words = {
        DueState.LATE: _("Past due"),
        DueState.SOON: _("Due soon"),
        DueState.RUNNING: _("Running"),
        DueState.DUE: _("Still to be held"),
        DueState.DONE: _("All held"),
    }
    return words[DueState(state)]


def register_told_words(standing: str) -> str:
    """Return what is said above a school of the screening of its register."""
    words = {Told.LATE: _("Past due"), Told.SOON: _("Due soon"), Told.NOTHING: _("Nothing due")}
    return words[Told(standing)]


def missing_words(code: str, count: int) -> str:
    """Return in a few words what is missing at a school; a bureau learns what, never about whom."""
    if code == "nobody_on_duty":
        text = ngettext("nobody on duty on {count} school day", "nobody on duty on {count} school days", count)
        return text.format(count=count)
    return _missing().get(code, code)


def _missing() -> dict[str, str]:
    return {
        "no_scales": _("no scale"),
        "scale_no_wording": _("wording of a scale"),
        "scale_not_for_pupils": _("a scale for staff"),
        "scale_no_self_report": _("a scale that others answer"),
        "scale_retired": _("a scale was replaced"),
        "scale_elsewhere": _("licence of a scale"),
        "unfit_grades": _("a scale does not fit the age"),
        "no_grades": _("no grade"),
        "below_self_report": _("grades too young to answer"),
        "no_pupils": _("roster not imported"),
        "window_turned": _("days to be chosen anew"),
        "window_over": _("days are over"),
        "window_long": _("days too long"),
        "outside_term": _("days outside of the term"),
        "outside_order": _("days outside of the order"),
        "no_form": _("consent form"),
        "form_takes_silence": _("consent form takes silence for a yes"),
        "no_psychology_teacher": _("no psychology teacher"),
        "no_principal": _("no principal"),
        "no_school_day": _("no school day"),
        "nobody_at_opening": _("nobody on duty at the opening"),
        "screened_twice": _("another screening still runs"),
    }


def scale_fault_words(title: str, fault: str) -> str:
    """Return why a school could not use a scale, in a few words."""
    words = {
        "no_wording": _("wording must be imported first"),
        "not_for_pupils": _("for staff"),
        "no_self_report": _("answered by others about the pupil"),
        "retired": _("replaced by a newer version"),
        "elsewhere": _("wording of another unit"),
        "unknown": _("not published"),
        "misfit": _("not made for the age of a chosen grade"),
    }
    return _("{title}: {why}").format(title=title, why=words[fault])
