"""Forms of plans by category: they parse and validate, and never save."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.screening.services.educating import EducationDraft
from xinqiao.care.screening.states import ClassMark

LONGEST = 1000


class ObservationForm(forms.Form):
    """What a class is like as a whole."""

    marks = forms.MultipleChoiceField(
        label=_("What do you see in the class as a whole?"), required=False, choices=ClassMark.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Name no pupil here. If you worry about one child, tell the psychology teacher."),
    )  # fmt: skip


class EducationForm(forms.Form):
    """A plan by category."""

    category = forms.ChoiceField(label=_("What the plan is about"), required=False)
    title = forms.CharField(label=_("Title"), max_length=80)
    classes = forms.MultipleChoiceField(
        label=_("For which classes"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("No class was chosen. Choose at least one.")},
    )  # fmt: skip
    aim = forms.CharField(
        label=_("What should be different afterwards?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    measures = forms.CharField(
        label=_("What is done"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example a class lesson, a group, a parents' evening, less homework. Name no pupil."),
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Who sees to it"))
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    due_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(
        self, categories: Sequence[tuple[str, str]], classes: Sequence[tuple[str, str]],
        owners: Sequence[tuple[str, str]], *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        choices = {"category": [*categories, ("", str(_("Something else")))], "classes": classes, "owner": owners}
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(pairs)

    def draft(self) -> EducationDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        return EducationDraft(
            category=data["category"], title=data["title"], class_ids=tuple(UUID(each) for each in data["classes"]),
            aim=data["aim"], measures=data["measures"], owner_id=UUID(data["owner"]), starts_on=data["starts_on"],
            due_on=data["due_on"],
        )  # fmt: skip


class FinishForm(forms.Form):
    """What came of a plan."""

    outcome = forms.CharField(label=_("What came of it?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
