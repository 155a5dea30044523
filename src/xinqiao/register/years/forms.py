"""Forms of a turn: they parse and validate, services save."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.forms.days import DayInput
from xinqiao.register.years.rules import GO_ON, GRADUATE, MOST_CLASSES, NOBODY


class DayForm(forms.Form):
    """The first day of the new school year."""

    on = forms.DateField(
        label=_("The new school year begins on"), widget=DayInput(),
        help_text=_("The first day that counts: on it graduates leave, and new class teachers begin."),
    )  # fmt: skip


class BeginForm(DayForm):
    """Which school, and from which day."""

    unit = forms.ChoiceField(label=_("School"))
    field_order = ("unit", "on")

    def __init__(self, schools: Sequence[Unit], *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = on
        self._units = {str(unit.id): unit for unit in schools}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(schools) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial["unit"] = next(iter(self._units))

    def chosen_unit(self) -> Unit:
        """Return the school; call it on a valid form."""
        return self._units[self.cleaned_data["unit"]]


class GradesForm(forms.Form):
    """What each grade does, and how many classes enter. Fields are numbered; `keys` says which grade each is."""

    def __init__(
        self, cohorts: Sequence[tuple[str, str, str]], entry: Sequence[tuple[str, str, int]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._cohorts, self._entry = {}, {}
        for number, (key, label, way) in enumerate(cohorts):
            self._cohorts[f"cohort_{number}"] = key
            self.fields[f"cohort_{number}"] = forms.ChoiceField(
                label=label, choices=[(GO_ON, _("goes on")), (GRADUATE, _("graduates, closes"))], initial=way
            )
        for number, (key, label, count) in enumerate(entry):
            self._entry[f"entry_{number}"] = key
            self.fields[f"entry_{number}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_CLASSES, initial=count,
                help_text=_("How many classes enter; those that are not there yet are opened."),
            )  # fmt: skip

    def cohorts(self) -> dict[str, str]:
        """Return grade → way; call it on a valid form."""
        return {key: self.cleaned_data[name] for name, key in self._cohorts.items()}

    def entry(self) -> dict[str, int]:
        """Return new grade → number of classes; call it on a valid form."""
        return {key: self.cleaned_data[name] for name, key in self._entry.items()}


class ChoicesForm(forms.Form):
    """One choice for each of many: pupils of a class, or classes of a school. Fields bear `p_<number>`."""

    def __init__(
        self, rows: Sequence[tuple[str, str, str]], choices: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._keys = {}
        for number, (key, label, chosen) in enumerate(rows):
            name = f"p_{number}"
            self._keys[name] = key
            known = {value for value, _label in choices}
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=chosen if chosen in known else "",
                widget=forms.Select(attrs={"class": "form-select", "aria-label": label}),
            )  # fmt: skip

    def chosen(self) -> dict[str, str]:
        """Return key → choice, empty for the usual way; call it on a valid form."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items()}


def teacher_choices(staff: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return whom a class can be led by."""
    return [("", _("stays as it is")), (NOBODY, _("nobody yet")), *staff.items()]
