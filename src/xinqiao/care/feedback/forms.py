"""Forms of feedback: they parse and validate, and never save."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.forms import MOMENT
from xinqiao.care.feedback.rules import LONGEST, CannotDo
from xinqiao.care.feedback.services.trying import TryDraft
from xinqiao.care.feedback.states import TryOutcome, TryWay
from xinqiao.care.feedback.wording import FIELDS, why_not_words

Choices = Sequence[tuple[str, str]]
SOMEBODY_ELSE = "else"


class WhyNotForm(forms.Form):
    """What forms of this app share: choices given by the view, and showing a refusal where it can be mended."""

    def refuse(self, error: CannotDo) -> None:
        """Show why the command refused."""
        for code in error.codes:
            field = FIELDS.get(code)
            self.add_error(field if field in self.fields else None, why_not_words(code, error.spots))

    def choose(self, name: str, choices: Choices) -> None:
        """Set the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class WordsForm(WhyNotForm):
    """Words for teachers, and who may open them."""

    words = forms.CharField(
        label=_("Words for the teachers"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What helps in class. Class teachers read the level, too; nobody reads why."),
    )  # fmt: skip
    teachers = forms.MultipleChoiceField(
        label=_("Who may open them"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one teacher who is to open the words.")},
        help_text=_("Each opens the words alone, and you see when."),
    )  # fmt: skip

    def __init__(self, teachers: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("teachers", teachers)

    def chosen(self) -> list[UUID]:
        """Return who was ticked; only for a valid form."""
        return [UUID(each) for each in self.cleaned_data["teachers"]]


class TryForm(WhyNotForm):
    """A try to give a guardian the feedback."""

    tried_at = forms.DateTimeField(
        label=_("When"), input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("How"), choices=TryWay.choices, widget=forms.RadioSelect)
    guardian = forms.ChoiceField(label=_("Talked to, or tried"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=TryOutcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What was said, and how it was received"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed under the pupil's key. Of a try that reached nobody: what was tried."),
    )  # fmt: skip
    advised = forms.BooleanField(label=_("Seeing a doctor was advised"), required=False)

    def __init__(self, guardians: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("guardian", [*guardians, (SOMEBODY_ELSE, str(_("Somebody else of the family")))])

    def draft(self) -> TryDraft:
        """Return what was filled in; only for a valid form."""
        said = self.cleaned_data
        guardian = None if said["guardian"] == SOMEBODY_ELSE else UUID(said["guardian"])
        return TryDraft(
            tried_at=said["tried_at"], way=said["way"], outcome=said["outcome"], words=said["words"],
            guardian_id=guardian, is_advised=said["advised"],
        )  # fmt: skip


class GiveUpForm(WhyNotForm):
    """Why a guardian cannot be reached."""

    words = forms.CharField(
        label=_("Why the guardian cannot be reached"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A talk that comes about later is still written down and counts."),
    )  # fmt: skip


class LetGoForm(WhyNotForm):
    """Why a feedback is no longer needed."""

    words = forms.CharField(
        label=_("Why it is no longer needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The pupil has neither a case nor a level now. In the counts it stays a feedback never given."),
    )  # fmt: skip
