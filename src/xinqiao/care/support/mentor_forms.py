"""Forms of mentors: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.support.services.mentors import TalkDraft
from xinqiao.care.support.states import TalkForm, TalkKind
from xinqiao.foundation.core.ids import new_id

LONGEST_WORDS = 200


class NoteForm(forms.Form):
    """A talk with one or several of one's own mentees; the key makes a double click one talk."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    pupils = forms.MultipleChoiceField(
        label=_("With whom"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody was chosen. Tick whom you talked to.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What it was about"), choices=TalkKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("It is not said what the talk was about. Choose what comes nearest.")},
    )  # fmt: skip
    form = forms.ChoiceField(
        label=_("How you met"), choices=TalkForm.choices, initial=TalkForm.ONE_TO_ONE.value, widget=forms.RadioSelect
    )
    held_on = forms.DateField(
        label=_("Day of the talk"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("No day was given. Choose the day of the talk."),
                        "invalid": _("This is no day. Write it as 2026-11-23.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("A few words for yourself"), required=False, max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed. You and the psychology teacher read it. A worry goes the way of “I am worried”."),
    )  # fmt: skip

    def __init__(self, pupils: Sequence[tuple[str, str]], on: dt.date, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"held_on": on, **kwargs.pop("initial", {})}, **kwargs)
        field = self.fields["pupils"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = pupils
        self._on = on

    def clean_held_on(self) -> dt.date:
        """A talk lies behind, not ahead."""
        day: dt.date = self.cleaned_data["held_on"]
        if day > self._on:
            raise forms.ValidationError(_("The talk lies in the future. Choose today or an earlier day."))
        return day

    def draft(self) -> TalkDraft:
        """Return what was filled in; only for a valid form."""
        told = self.cleaned_data
        return TalkDraft(told["held_on"], told["kind"], told["form"], told["words"], told["key"])

    def whom(self) -> list[UUID]:
        """Return the pupils that were ticked; only for a valid form."""
        return [UUID(each) for each in self.cleaned_data["pupils"]]


class MentorForm(forms.Form):
    """Who is a pupil's mentor."""

    mentor = forms.ChoiceField(label=_("Mentor"), required=False)

    def __init__(self, mentors: Sequence[tuple[str, str]], present: UUID | None, data: Any = None) -> None:
        super().__init__(data, initial={"mentor": str(present or "")})
        field = self.fields["mentor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("No mentor")), *mentors]

    def chosen(self) -> UUID | None:
        """Return who was chosen; only for a valid form."""
        said: str = self.cleaned_data["mentor"]
        return UUID(said) if said else None
