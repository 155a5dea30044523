"""Forms of the committee: they parse and validate, and never save."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 1000


def _choices(pupils: Sequence[tuple[UUID, str]], nobody: Any) -> list[tuple[str, Any]]:
    return [("", nobody), *((str(student_id), name) for student_id, name in pupils)]


class AppointForm(forms.Form):
    """A pupil of the class."""

    student = forms.ChoiceField(
        label=_("Pupil"), error_messages={"required": _("Nobody was chosen. Choose a pupil of the class.")}
    )

    def __init__(self, pupils: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["student"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(pupils, _("Please choose"))


class NameForm(forms.Form):
    """Whom a worry is about: a classmate, or a pupil of another class by number."""

    student = forms.ChoiceField(label=_("Classmate"), required=False)
    number = forms.CharField(label=_("Student number, if the pupil is in another class"), required=False, max_length=40)

    def __init__(self, classmates: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["student"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(classmates, _("Please choose"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("student") and not (cleaned.get("number") or "").strip():
            raise forms.ValidationError(_("Choose a classmate, or write a student number."))
        return cleaned

    def student_id(self) -> UUID | None:
        """Return who was chosen; only for a valid form."""
        chosen = self.cleaned_data["student"]
        return UUID(chosen) if chosen else None


class SetAsideForm(forms.Form):
    """Why nobody is looked for."""

    reason = forms.CharField(
        label=_("Why nobody is looked for"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: asked the committee member; it is about somebody at another school, which knows."),
        error_messages={"required": _("Nothing ends without a reason. Write it in a sentence.")},
    )  # fmt: skip
