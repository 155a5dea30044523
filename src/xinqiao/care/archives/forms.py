"""Forms of pupils' files: they parse and validate, and never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.archives.errors import CannotFile
from xinqiao.care.archives.services.plans import FamilyWords, PlanWords
from xinqiao.care.archives.services.requests import Asked
from xinqiao.care.archives.states import ANSWERS, AskedBy, AskedHow, RequestKind, ToldBy
from xinqiao.care.archives.wording import FIELDS, refusal_words
from xinqiao.foundation.core.clock import today

LONGEST = 1000


def _words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}), error_messages={"required": _("Say it in a sentence or two.")},
    )  # fmt: skip


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day.")},
    )  # fmt: skip


class FileForm(forms.Form):
    """What forms of files share: a refusal is shown where it can be mended."""

    def refuse(self, error: CannotFile) -> None:
        """Show why the command refused."""
        for code in error.codes:
            field = FIELDS.get(code)
            self.add_error(field if field in self.fields else None, refusal_words(code))


class PlanForm(FileForm):
    """A growth plan in a few lines."""

    strengths = _words(_("Strengths"), _("What the pupil is good at and likes. No results, no diagnosis."))
    aim = _words(_("Aim of this term"), _("One thing that can be reached and seen."))
    helps = _words(_("Who helps, and how"), _("Name people at school and at home."))
    look_on = _day(_("Look again on"))

    def said(self) -> PlanWords:
        """Return what was typed; only for a valid form."""
        given = self.cleaned_data
        return PlanWords(given["strengths"], given["aim"], given["helps"], given["look_on"])


class ManyPlansForm(PlanForm):
    """The same plan for several pupils of a class; who, is ticked in the list."""

    pupils = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("A pupil is not in this class any more. Open the page again.")},
    )  # fmt: skip

    def __init__(self, pupils: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pupils"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(pupils)


class FamilyForm(FileForm):
    """Family, upbringing and experience."""

    told_by = forms.ChoiceField(label=_("Told by"), choices=ToldBy.choices)
    situation = _words(_("Situation of the family"), _("Who lives together, work, what weighs on them."),
                       required=False, rows=3)  # fmt: skip
    upbringing = _words(_("Upbringing"), _("Where and with whom the pupil grew up, how people talk with each other."),
                        required=False, rows=3)  # fmt: skip
    experience = _words(_("Life experience"), _("Moves, losses, illness, changes of school, what went well."),
                        required=False, rows=3)  # fmt: skip

    def said(self) -> FamilyWords:
        """Return what was typed; only for a valid form."""
        given = self.cleaned_data
        return FamilyWords(given["told_by"], given["situation"], given["upbringing"], given["experience"])


class RequestForm(FileForm):
    """What is asked about a file."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=RequestKind.choices)
    asked_by = forms.ChoiceField(label=_("Who asks"), choices=AskedBy.choices, initial=AskedBy.GUARDIAN)
    way = forms.ChoiceField(label=_("How it was asked"), choices=AskedHow.choices)
    asked_on = _day(_("Asked on"))
    words = _words(_("In their words"), _("What exactly, and for what."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"asked_on": today()}})

    def said(self) -> Asked:
        """Return what was typed; only for a valid form."""
        given = self.cleaned_data
        return Asked(given["kind"], given["asked_by"], given["way"], given["asked_on"], given["words"])


class AnswerForm(FileForm):
    """The answer to a request."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[(each.value, each.label) for each in ANSWERS])
    answer = _words(
        _("Answer to whoever asked"),
        _("As it is told to whoever asked: what was done, what stays and until when; where you refuse, why."), rows=4,
    )  # fmt: skip


class ExcerptForm(FileForm):
    """What an excerpt shall hold, and for what it is."""

    sections = forms.MultipleChoiceField(
        label=_("Sections"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Scores, answers, notes of talks and what a pupil told in confidence are never printed."),
    )  # fmt: skip
    purpose = _words(_("Purpose"), _("For whom and for what; it stands on every page."))

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sections"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(choices)


class RefuseForm(FileForm):
    """Why an excerpt is not approved."""

    reason = _words(_("Reason"))
