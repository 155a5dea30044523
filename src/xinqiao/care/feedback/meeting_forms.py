"""Forms of meetings: they parse and validate, and never save."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.feedback.forms import Choices, WhyNotForm
from xinqiao.care.feedback.services.meetings import ClosingDraft, DecisionDraft

NOBODY = "none"


class LeaderForm(WhyNotForm):
    """Who leads the meeting."""

    owner = forms.ChoiceField(label=_("Who leads the meeting"), widget=forms.RadioSelect)

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("owner", people)


class ItemForm(WhyNotForm):
    """What was said of one pupil."""

    words = forms.CharField(
        label=_("What was looked at and said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Sealed under the pupil's key; read by whoever holds the meeting. No diagnosis."),
    )  # fmt: skip


class DecisionForm(WhyNotForm):
    """A task: what, who, until when."""

    words = forms.CharField(
        label=_("What is to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever does it reads this, and nothing of why."),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("About whom"))
    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip

    def __init__(self, items: Choices, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("about", [(NOBODY, str(_("No single pupil"))), *items])
        self.choose("owner", people)

    def draft(self) -> DecisionDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        item = None if said["about"] == NOBODY else UUID(said["about"])
        return DecisionDraft(what=said["words"], owner=UUID(said["owner"]), due_on=said["due_on"], item_id=item)


class ClosingForm(WhyNotForm):
    """Who was there, and what was looked at beyond single pupils."""

    present = forms.MultipleChoiceField(
        label=_("Who was there"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who was there.")},
    )  # fmt: skip
    others = forms.CharField(
        label=_("Others who were there"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One person a line, as “doctor of the health centre”."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What was looked at beyond single pupils"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As what many pupils have in common. Name no pupil here."),
    )  # fmt: skip

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("present", people)

    def draft(self) -> ClosingDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        present = tuple(UUID(each) for each in said["present"])
        return ClosingDraft(present=present, words=said["words"], others=said["others"])


class DoneForm(WhyNotForm):
    """What was done."""

    words = forms.CharField(label=_("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
