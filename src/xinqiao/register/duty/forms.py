"""Forms of duty: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.services.shifts import Weekly
from xinqiao.register.duty.wording import REFUSAL_FIELDS, refusal_words

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
WEEKDAYS = [
    ("0", pgettext_lazy("weekday", "Mon")),
    ("1", pgettext_lazy("weekday", "Tue")),
    ("2", pgettext_lazy("weekday", "Wed")),
    ("3", pgettext_lazy("weekday", "Thu")),
    ("4", pgettext_lazy("weekday", "Fri")),
    ("5", pgettext_lazy("weekday", "Sat")),
    ("6", pgettext_lazy("weekday", "Sun")),
]


class StaffField(forms.ChoiceField):
    """One of those who may be on duty; `clean` gives a UUID."""

    def clean(self, value: Any) -> UUID:
        return UUID(super().clean(value))


class _RefusableForm(forms.Form):
    def refuse(self, code: str) -> None:
        """Show why the command refused, at the field where it can be mended."""
        field = REFUSAL_FIELDS.get(code)
        self.add_error(field if field in self.fields else None, refusal_words(code))

    def offer(self, people: Mapping[UUID, str]) -> None:
        """Set who may be chosen."""
        self.fields["staff"].choices = [(str(key), name) for key, name in people.items()]  # type: ignore[attr-defined]  # a choice field's


class ShiftForm(_RefusableForm):
    """One person on the same weekdays, from one time to another, until a day. One day is the pattern of one day."""

    staff = StaffField(label=_("Who"))
    role = forms.ChoiceField(label=_("As"), choices=DutyRole.choices, widget=forms.RadioSelect)
    first_on = forms.DateField(label=_("First day"), widget=DAY)
    last_on = forms.DateField(
        label=_("Last day"), required=False, widget=DAY, help_text=_("Leave it empty for a single day.")
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On"), choices=WEEKDAYS, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "xq-choices-brief"}),
        help_text=_("None ticked: every day from the first to the last."),
    )  # fmt: skip
    start = forms.TimeField(label=_("From"), widget=TIME)
    end = forms.TimeField(
        label=_("Until"), widget=TIME, help_text=_("An earlier time than the beginning means the next morning.")
    )

    def __init__(self, *args: Any, people: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(people)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or {}
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _now("The last day lies before the first. Enter a later one."))
        return said

    def pattern(self) -> Weekly:
        """Return what was typed, for the command."""
        said = self.cleaned_data
        ticked = frozenset(int(day) for day in said["weekdays"]) or frozenset(range(7))
        last: dt.date = said["last_on"] or said["first_on"]
        weekdays = ticked if said["last_on"] else frozenset(range(7))
        return Weekly(weekdays, said["start"], said["end"], said["first_on"], last)


class SubstituteForm(_RefusableForm):
    """Who takes a shift."""

    staff = StaffField(label=_("Who takes it"))

    def __init__(self, *args: Any, people: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(people)


class AbsenceForm(_RefusableForm):
    """Who is away, from when until when, and who stands in."""

    staff = StaffField(label=_("Who is away"))
    start_on = forms.DateField(label=_("First day"), widget=DAY)
    end_on = forms.DateField(label=_("Last day"), widget=DAY)
    substitute = StaffField(
        label=_("Who stands in"),
        help_text=_("Is told of a pupil instead, sees the same, and nothing else of the class."),
    )

    def __init__(self, *args: Any, people: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(people)
        self.fields["substitute"].choices = self.fields["staff"].choices  # type: ignore[attr-defined]  # choice fields


class WebhookForm(forms.Form):
    """Where a school's messages go as well."""

    address = forms.URLField(
        label=_("Address of the group robot"), required=False, assume_scheme="https", max_length=500,
        help_text=_("It is only told that something waits, never about whom. Leave it empty to end that."),
    )  # fmt: skip
