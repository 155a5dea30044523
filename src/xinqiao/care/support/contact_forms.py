"""The form of a contact with a family: it parses and validates, and never saves."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.support.services.contacts import ContactDraft
from xinqiao.care.support.states import Channel
from xinqiao.foundation.core.ids import new_id

LONGEST_WORDS = 500
ANSWERED = [("yes", _("Yes, we talked")), ("no", _("No, nobody answered"))]


class ContactForm(forms.Form):
    """How whom was reached, about what; the key makes a double click one contact."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    channel = forms.ChoiceField(
        label=_("Way of contact"), choices=Channel.choices, widget=forms.RadioSelect,
        error_messages={"required": _("It is not said how. Choose a way.")},
    )  # fmt: skip
    adult = forms.ChoiceField(
        label=_("With whom"), required=False, widget=forms.RadioSelect,
        help_text=_("Only an answered contact with a guardian of the roster counts for the term."),
    )  # fmt: skip
    answered = forms.ChoiceField(
        label=_("Did somebody answer?"), choices=ANSWERED, initial="yes", widget=forms.RadioSelect
    )
    reached_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("No day was given. Choose the day of the contact."),
                        "invalid": _("This is no day. Write it as 2026-11-23.")},
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("What it was about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("What was talked about"), required=False, max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sealed. Class teacher and psychology teacher read it. Leave out what was told in trust."),
    )  # fmt: skip

    def __init__(
        self, adults: Sequence[tuple[str, str]], topics: Mapping[str, str], on: dt.date, data: Any = None
    ) -> None:
        super().__init__(data, initial={"reached_on": on, "adult": adults[0][0]})
        whom, about = self.fields["adult"], self.fields["topics"]
        assert isinstance(whom, forms.ChoiceField)
        assert isinstance(about, forms.MultipleChoiceField)
        whom.choices, about.choices = adults, list(topics.items())
        self._on = on

    def clean_reached_on(self) -> dt.date:
        """A contact lies behind, not ahead."""
        day: dt.date = self.cleaned_data["reached_on"]
        if day > self._on:
            raise forms.ValidationError(_("The contact lies in the future. Choose today or an earlier day."))
        return day

    def draft(self) -> ContactDraft:
        """Return what was filled in; only for a valid form."""
        told = self.cleaned_data
        return ContactDraft(
            told["reached_on"], told["channel"], UUID(told["adult"]) if told["adult"] else None,
            told["answered"] == "yes", tuple(told["topics"]), told["words"], told["key"],
        )  # fmt: skip
