"""Forms of incidents: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.forms import MOMENT
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.rules import LONGEST
from xinqiao.care.incidents.services.caring import Found
from xinqiao.care.incidents.services.doing import Done
from xinqiao.care.incidents.services.drills import DrillDraft
from xinqiao.care.incidents.services.opening import IncidentDraft
from xinqiao.care.incidents.states import CareState, How
from xinqiao.care.incidents.wording import refusal_words
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.people.forms.days import DayInput
from xinqiao.register.policy.parameters import Parameters

Choices = Sequence[tuple[str, Any]]


def moment_field(label: Any, *, help_text: Any = "", required: bool = True) -> forms.DateTimeField:
    """Return a field for a moment, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(
        label=label, input_formats=[MOMENT], widget=widget, help_text=help_text, required=required
    )


def words_field(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for several lines of words."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=LONGEST, widget=widget)


def line_field(label: Any, *, required: bool = True, help_text: Any = "", longest: int = 120) -> forms.CharField:
    """Return a field for one line of words."""
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=longest)


class PlainForm(forms.Form):
    """What forms of incidents share: showing a refusal, and choices that are read with the page."""

    def refuse(self, error: CannotDo, /) -> None:
        """Show why the command refused."""
        for code in error.codes:
            self.add_error(None, refusal_words(code))

    def choose(self, name: str, choices: Choices) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class OnceForm(PlainForm):
    """A form that may be sent twice and counts once."""

    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": new_id(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class OpenForm(OnceForm):
    """What happened, when, where, and who leads."""

    school = forms.ChoiceField(label=_("School"))
    kind = forms.ChoiceField(
        label=_("What kind of incident is it?"), widget=forms.RadioSelect,
        error_messages={"required": _("No kind of incident was chosen. Choose one of the list.")},
    )  # fmt: skip
    happened_at = moment_field(_("When did it happen?"))
    where = line_field(_("Where?"))
    what = words_field(_("What is known so far?"), help_text=_("Facts, no guesses. Sealed; read by those who lead."))
    leader = forms.ChoiceField(label=_("Who leads?"))

    def __init__(
        self, schools: Choices, kinds: Choices, leaders: Choices, *args: Any, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, choices in (("school", schools), ("kind", kinds), ("leader", leaders)):
            self.choose(name, choices)
        if len(schools) == 1:
            self.fields["school"].widget, self.fields["school"].initial = forms.HiddenInput(), schools[0][0]

    def draft(self) -> IncidentDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return IncidentDraft(
            data["once"], data["kind"], data["happened_at"], data["where"], data["what"], UUID(data["leader"])
        )


class DoneForm(PlainForm):
    """That a line was done: when, who, and the words."""

    at = moment_field(_("When?"))
    people = line_field(_("Who was reached, or took part?"), required=False, longest=300)
    words = words_field(_("In words"), required=False)

    def done(self) -> Done:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return Done(data["at"], data["people"], data["words"])


class WhyForm(PlainForm):
    """Why something is not done."""

    words = words_field(
        _("Why not?"), help_text=_("The reason stays with the incident."),
        rows=2,
    )  # fmt: skip


class NoteForm(OnceForm):
    """Something of the course of an incident."""

    at = moment_field(_("When was it?"))
    words = words_field(_("What happened?"))


class AskForm(OnceForm):
    """Which department is asked for what."""

    department = forms.ChoiceField(label=_("Which department?"), widget=forms.RadioSelect)
    words = words_field(_("What is asked for?"))

    def __init__(self, departments: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("department", departments)


class CallForm(OnceForm):
    """Which team is called out, and by which way it was reached."""

    words = words_field(_("Which team, and whom did you reach?"), rows=2)


class ActionForm(OnceForm):
    """An action of the review: what, who, until when."""

    words = words_field(_("What is to be done?"), rows=2)
    owner = forms.ChoiceField(label=_("Who does it?"))
    until = forms.DateField(label=_("Until when?"), widget=DayInput())

    def __init__(self, owners: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("owner", owners)


class LeaderForm(PlainForm):
    """Who leads from now on."""

    leader = forms.ChoiceField(label=_("Who leads?"))

    def __init__(self, leaders: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("leader", leaders)


class CloseForm(PlainForm):
    """How an incident ended."""

    words = words_field(_("How did it end, and what remains to be watched?"))


class ExposeForm(PlainForm):
    """In which way the ticked pupils of a class were exposed."""

    how = forms.ChoiceField(label=_("In which way?"), choices=How.choices, widget=forms.RadioSelect)
    pupil = forms.MultipleChoiceField(
        label=_("Who?"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody is ticked. Tick the pupils.")},
    )  # fmt: skip

    def __init__(self, pupils: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("pupil", pupils)


class CareForm(PlainForm):
    """What came of looking after a pupil."""

    held_at = moment_field(_("When did you look after the pupil?"))
    finding = forms.ChoiceField(
        label=_("How does the pupil seem to you?"), widget=forms.RadioSelect,
        choices=[(CareState.FINE.value, _("Nothing noticed")), (CareState.WORRY.value, _("A worry"))],
    )  # fmt: skip
    seen = forms.MultipleChoiceField(
        label=_("What did you notice?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only with a worry."),
    )  # fmt: skip
    words = words_field(
        _("In a few words"), required=False,
        help_text=_("What you saw or heard, no guesses. A worry goes to the psychology teacher at once."),
    )  # fmt: skip

    def __init__(self, parameters: Parameters, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        self.choose("seen", [(each.code, each.name.in_language(language)) for each in parameters.worry_observations])

    def found(self) -> Found:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        seen = tuple(data["seen"]) if data["finding"] == CareState.WORRY else ()
        return Found(data["finding"], data["held_at"], seen, data["words"])


class ReportForm(PlainForm):
    """The text of a report, and the version that the writer saw."""

    text = words_field(_("Text of the report"), rows=16, help_text=_("Name no pupil and no guardian."))
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SendForm(PlainForm):
    """To whom a report was sent, and when."""

    to = line_field(_("To whom?"))
    at = moment_field(_("When?"))


class DrillForm(OnceForm):
    """A drill: day, what was played through, who took part, what was found."""

    school = forms.ChoiceField(label=_("School"))
    held_on = forms.DateField(label=_("Day"), widget=DayInput())
    scenario = words_field(_("What was played through?"), rows=2)
    people = words_field(_("Who took part?"), rows=2)
    found = words_field(_("What was found?"))

    def __init__(self, schools: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("school", schools)
        if len(schools) == 1:
            self.fields["school"].widget, self.fields["school"].initial = forms.HiddenInput(), schools[0][0]

    def draft(self) -> DrillDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return DrillDraft(data["once"], data["held_on"], data["scenario"], data["people"], data["found"])


def this_minute(at: dt.datetime) -> dt.datetime:
    """Return a moment as a form's first value: the local minute."""
    return timezone.localtime(at).replace(second=0, microsecond=0)
