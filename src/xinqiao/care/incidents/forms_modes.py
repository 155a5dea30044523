"""Forms of the hotline and of a joint activation: they parse and validate, and never save."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.worry_form import one_pupil
from xinqiao.care.incidents.forms import Choices, OnceForm, PlainForm, line_field, moment_field, words_field
from xinqiao.care.incidents.rules import HOURS_OF_DAY, MOST_PEOPLE
from xinqiao.care.incidents.services.joining import LONGEST_WHOM, JointDraft
from xinqiao.care.incidents.services.phoning import LONGEST_NUMBERS, CallDraft, HotlineDraft, ShiftDraft
from xinqiao.care.incidents.states import Caller
from xinqiao.care.incidents.wording import refusal_words
from xinqiao.register.people.forms.days import DayInput
from xinqiao.register.people.models import Student

LONGEST_NAME = 40


def _hours(first: int, last: int) -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(first, last + 1)]


def _hour(label: Any, first: int, last: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=_hours(first, last), coerce=int)


class HoursForm(OnceForm):
    """From which hour to which: on the hour, within one day."""

    from_hour = _hour(_("From which hour"), 0, HOURS_OF_DAY - 1)
    to_hour = _hour(_("Until which hour"), 1, HOURS_OF_DAY)

    def clean(self) -> dict[str, Any]:
        """Ask for an end after the beginning."""
        told = super().clean() or self.cleaned_data
        if "from_hour" in told and "to_hour" in told and told["from_hour"] >= told["to_hour"]:
            self.add_error("to_hour", refusal_words("no_hours"))
        return told

    def span(self) -> tuple[int, int]:
        """Return the first hour and how many; only for a valid form."""
        data = self.cleaned_data
        return data["from_hour"], data["to_hour"] - data["from_hour"]


class HotlineForm(HoursForm):
    """Which numbers are published, and when somebody sits."""

    numbers = line_field(_("Numbers that are published"), longest=LONGEST_NUMBERS)
    field_order: tuple[str, ...] = ("numbers", "from_hour", "to_hour", "once")

    def draft(self) -> HotlineDraft:
        """Return what was filled in; only for a valid form."""
        return HotlineDraft(self.cleaned_data["once"], self.cleaned_data["numbers"], *self.span())


class SeveralForm(HotlineForm):
    """The same for several schools: those with an incident that runs."""

    incident = forms.MultipleChoiceField(
        label=_("At which schools?"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("No school is ticked. Tick the schools.")},
    )  # fmt: skip
    field_order: tuple[str, ...] = ("incident", "numbers", "from_hour", "to_hour", "once")

    def __init__(self, incidents: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("incident", incidents)


class ShiftForm(HoursForm):
    """Who sits on a day, and who steps in."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    sitter = forms.ChoiceField(label=_("Who sits?"))
    substitute = forms.ChoiceField(label=_("Who steps in?"), required=False)
    field_order = ("day", "from_hour", "to_hour", "sitter", "substitute", "once")

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("sitter", people)
        self.choose("substitute", [("", _("Nobody")), *people])

    def draft(self) -> ShiftDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        other = UUID(data["substitute"]) if data["substitute"] else None
        return ShiftDraft(data["once"], data["day"], *self.span(), UUID(data["sitter"]), other)


class PupilForm(PlainForm):
    """A pupil of the school by name or number; found, `student` is set."""

    group = forms.ChoiceField(label=_("Class"), required=False)
    pupil = forms.CharField(
        label=_("About which pupil?"), required=False, max_length=LONGEST_NAME,
        help_text=_("Name or student number. It becomes a signal with the psychology teacher at once."),
    )  # fmt: skip

    student: Student | None = None

    def __init__(self, place: str, classes: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.choose("group", [("", _("I do not know")), *classes])
        self.fields["pupil"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Find the pupil."""
        told = super().clean() or self.cleaned_data
        if told.get("pupil"):
            self.student, fault = one_pupil([self.place], told.get("group", ""), told["pupil"])
            if fault and not told.get("is_unfound"):
                self.add_error("pupil", fault)
        return told


class PhoneForm(PupilForm, OnceForm):
    """A call in twenty seconds."""

    caller = forms.ChoiceField(label=_("Who calls?"), choices=Caller.choices, widget=forms.RadioSelect)
    concern = words_field(_("Of what?"), rows=2)
    is_urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    is_unfound = forms.BooleanField(
        label=_("The register does not find the pupil: keep the call, I find out and it waits with a clock"),
        required=False,
    )  # fmt: skip
    answered = words_field(_("What was answered?"), rows=2, required=False)
    is_back = forms.BooleanField(label=_("I promised to call back"), required=False)
    back_to = line_field(_("Under which number?"), required=False)
    field_order = (
        "caller", "concern", "is_urgent", "group", "pupil", "is_unfound", "answered", "is_back", "back_to", "once",
    )  # fmt: skip

    def draft(self) -> CallDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        is_unfound = bool(data["pupil"]) and self.student is None
        concern = f"{data['concern']} ({data['pupil']})" if is_unfound else data["concern"]
        return CallDraft(
            data["once"], data["caller"], concern, data["answered"], data["is_urgent"], data["is_back"] or is_unfound,
            data["back_to"], self.student,
        )  # fmt: skip


class BackForm(PupilForm):
    """What came of calling back, and the pupil where it turned out of whom the call was."""

    words = words_field(_("What came of it?"), rows=2)
    field_order = ("words", "group", "pupil")


class EndForm(PlainForm):
    """Why a hotline or a joint activation ends."""

    words = words_field(_("Why do you end it?"), rows=2, help_text=_("The reason stays with the incident."))


class JointForm(OnceForm):
    """Why, on which level, with whom, who leads for health, and what is asked for."""

    grounds = words_field(_("Why do education and health act together?"), help_text=_("Name no pupil and no guardian."))
    level = forms.ChoiceField(label=_("Which level?"), widget=forms.RadioSelect)
    partner = forms.ChoiceField(
        label=_("With which institution of health?"), widget=forms.RadioSelect,
        help_text=_("From the register of partners. Its agreement must be in force."),
    )  # fmt: skip
    lead_health = line_field(_("Who leads there?"))
    asked = words_field(_("What is asked for?"), rows=2)
    is_calling = forms.BooleanField(label=_("The expert team is called out with it"), required=False, initial=True)

    def __init__(self, levels: Choices, partners: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("level", levels)
        self.choose("partner", partners)

    def draft(self) -> JointDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return JointDraft(
            data["once"], data["level"], data["grounds"], UUID(data["partner"]), data["lead_health"], data["asked"],
            data["is_calling"],
        )  # fmt: skip


class PartForm(OnceForm):
    """Who else is asked for what."""

    whom = line_field(_("Who is asked?"), longest=LONGEST_WHOM)
    words = words_field(_("What is asked for?"), rows=2)


class PromiseForm(PlainForm):
    """How many people come, from when."""

    people = forms.IntegerField(label=_("How many people come?"), min_value=1, max_value=MOST_PEOPLE)
    arrives_at = moment_field(_("When are they there?"))
    words = words_field(_("In words"), rows=2, required=False)


class SettleForm(PlainForm):
    """That a partner is there, cannot come, or is not needed any more."""

    target = forms.ChoiceField(label=_("What came of it?"), widget=forms.RadioSelect)
    words = words_field(_("In words"), rows=2, required=False, help_text=_("Needed unless they are there."))

    def __init__(self, targets: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("target", targets)


class SituationForm(OnceForm):
    """How it stands."""

    at = moment_field(_("When was it?"))
    words = words_field(_("How does it stand?"), help_text=_("Name no pupil and no guardian."))


def first_hours(at: dt.datetime, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the first values of hours: from the running hour of a local moment to the end of the day."""
    return {"from_hour": at.hour, "to_hour": HOURS_OF_DAY, **(initial or {})}
