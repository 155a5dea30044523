"""Forms about consent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.services.consents import FormText
from xinqiao.register.people.states import Decision, GivenBy, Purpose

MEANS = [
    ("paper", gettext_lazy("On paper")),
    ("talk", gettext_lazy("In a talk")),
    ("phone", gettext_lazy("By telephone")),
    ("message", gettext_lazy("By message")),
]


class ConsentFormForm(forms.Form):
    """The wording of a consent form in both languages."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=Purpose.choices)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=80)
    text_zh = forms.CharField(label=gettext_lazy("Text in Chinese"), widget=forms.Textarea(attrs={"rows": 10}))
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=80)
    text_en = forms.CharField(label=gettext_lazy("Text in English"), widget=forms.Textarea(attrs={"rows": 10}))
    is_opt_out = forms.BooleanField(
        label=gettext_lazy("From 14, silence counts as no objection"), required=False,
        help_text=gettext_lazy("For younger pupils the guardian is asked and must say yes, whatever is ticked here."),
    )  # fmt: skip

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def chosen_unit(self) -> Unit:
        """The unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]

    def text(self) -> FormText:
        """The wording, with one kind of line break, once the form is valid."""
        names = ("title_zh", "text_zh", "title_en", "text_en")
        return FormText(**{name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in names})


class DecisionForm(forms.Form):
    """One decision for the pupils who are ticked."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Decision.choices, initial=Decision.GIVEN)
    given_by = forms.ChoiceField(label=gettext_lazy("Who decided"), choices=GivenBy.choices, initial=GivenBy.GUARDIAN)
    means = forms.ChoiceField(label=gettext_lazy("How we know"), choices=MEANS, initial="paper")
    students = forms.TypedMultipleChoiceField(label=gettext_lazy("Pupils"), coerce=UUID)

    def __init__(self, student_ids: Sequence[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["students"].choices = [(str(one), str(one)) for one in student_ids]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["students"].error_messages["required"] = gettext_lazy("Tick at least one pupil.")
