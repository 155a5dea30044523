"""Forms of rounds: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.rounds.reasons import Told
from xinqiao.care.rounds.services.visits import VisitDraft
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.packs import RoundWindow
from xinqiao.register.policy.parameters import Parameters

LONGEST_WORDS, LONGEST_REASON, LONGEST_ROOMS, LONGEST_SEEN = 500, 200, 80, 1000


class WorryForm(forms.Form):
    """What was noticed of one pupil, what weighs on the pupil, and a few words."""

    seen = forms.MultipleChoiceField(
        label=_("What did you notice?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    factors = forms.MultipleChoiceField(
        label=_("What weighs on the pupil, as far as you know?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("In a few words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you saw or heard, no guesses. The psychology teacher reads it."),
    )  # fmt: skip

    def __init__(self, parameters: Parameters, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        for name, words in (("seen", parameters.worry_observations), ("factors", parameters.worry_factors)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(each.code, each.name.in_language(language)) for each in words]

    def as_told(self) -> Told:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return Told(tuple(data["factors"]), tuple(data["seen"]), data["words"])


class CallForm(forms.Form):
    """For which school or bureau a round is called for, and why."""

    unit = forms.ChoiceField(
        label=_("School or bureau"), error_messages={"required": _("No place was chosen. Choose one of the list.")}
    )
    window = forms.ChoiceField(
        label=_("What the round is for"), widget=forms.RadioSelect,
        error_messages={"required": _("No reason for a round was chosen. Choose one of the list.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("In a sentence"), max_length=LONGEST_REASON,
        help_text=_("Every class teacher concerned reads it. Name no pupil and no family."),
        error_messages={"required": _("Say in a sentence why the round is called for.")},
    )  # fmt: skip

    def __init__(self, units: Sequence[Unit], windows: Sequence[RoundWindow], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        where, what = self.fields["unit"], self.fields["window"]
        assert isinstance(where, forms.ChoiceField)
        assert isinstance(what, forms.ChoiceField)
        where.choices = [(str(unit.id), unit.name) for unit in units]
        what.choices = [(window.code, window.name.in_language(language)) for window in windows]
        if len(units) == 1:
            where.initial = str(units[0].id)


class VisitForm(forms.Form):
    """A visit to a dormitory."""

    visited_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("No day was given. Choose the day of the visit."),
                        "invalid": _("This is no day. Write it as 2026-11-23.")},
    )  # fmt: skip
    rooms = forms.CharField(
        label=_("Dormitory and rooms"), max_length=LONGEST_ROOMS,
        error_messages={"required": _("No dormitory was given. Write the building and the rooms.")},
    )  # fmt: skip
    seen = forms.CharField(
        label=_("What you saw in general"), required=False, max_length=LONGEST_SEEN,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A worry about one pupil belongs into the list of the round, or goes to the psychology teacher."),
    )  # fmt: skip

    def __init__(self, on: dt.date, data: Any = None) -> None:
        super().__init__(data, initial={"visited_on": on})
        self._on = on

    def clean_visited_on(self) -> dt.date:
        """A visit lies behind, not ahead."""
        day: dt.date = self.cleaned_data["visited_on"]
        if day > self._on:
            raise forms.ValidationError(_("The visit lies in the future. Choose today or an earlier day."))
        return day

    def draft(self) -> VisitDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return VisitDraft(data["visited_on"], data["rooms"], data["seen"])
