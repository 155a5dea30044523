"""Forms about consent."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.rules import ConsentRule
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
    is_opt_out = forms.BooleanField(label=gettext_lazy("Silence counts as no objection"), required=False)

    def __init__(self, units: Sequence[Unit], rules: Iterable[ConsentRule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ages = sorted({rule.silence_from_age for rule in rules if rule.silence_from_age is not None})
        self.fields["is_opt_out"].help_text = _silence_words(ages)
        if not ages:
            self.fields["is_opt_out"].widget.attrs["disabled"] = True
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def chosen_unit(self) -> Unit:
        """The unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]

    def text(self) -> FormText:
        """The wording, with one kind of line break, once the form is valid."""
        names = ("title_zh", "text_zh", "title_en", "text_en")
        return FormText(**{name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in names})


def _silence_words(ages: Sequence[int]) -> str:
    """Return what the rules in force say about silence, by the ages from which they take it at the units offered."""
    if not ages:
        return gettext("Not possible here: the rules in force ask for a yes, and silence is never taken as consent.")
    return gettext(
        "From age {age}, as the rules in force say. For younger pupils someone must say yes, whatever is ticked here."
    ).format(age=" / ".join(str(age) for age in ages))


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
