"""The form of a step of a leave or a return: it parses and validates, and never saves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.leave.rules import LONGEST_WORDS, Step
from xinqiao.care.crisis.leave.states import LeaveState, LeaveStepKind
from xinqiao.register.people.forms.days import DayInput


class StepForm(forms.Form):
    """What is noted of a step: which, when, who, and the words."""

    target = forms.ChoiceField(label=_("What is done"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("On which day"), widget=DayInput())
    people = forms.CharField(label=_("Who took part"), max_length=120)
    words = forms.CharField(
        label=_("In words"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was found and agreed. No diagnosis; a hospital's words as the hospital's."),
    )  # fmt: skip

    def __init__(self, targets: Sequence[LeaveState], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(target.value, LeaveStepKind(target.value).label) for target in targets]
        if len(targets) == 1:
            field.widget, field.initial = forms.HiddenInput(), targets[0].value

    def step(self) -> Step:
        """Return what was filled in; only for a valid form."""
        given = self.cleaned_data
        return Step(given["target"], given["day"], given["people"], given["words"])
