"""Forms of the register: they parse and validate, and never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.support.services.entries import EntryDraft
from xinqiao.care.support.states import EndReason
from xinqiao.register.policy.packs import RegisterCategory

LONGEST_REASON = 1000


def _reason_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("What the school should pay attention to"), max_length=LONGEST_REASON, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a sentence or two what the school should pay attention to.")},
    )  # fmt: skip


class EntryForm(forms.Form):
    """A category with what stands behind it, and why."""

    what = forms.ChoiceField(
        label=_("Category"), error_messages={"required": _("No category was chosen. Choose one of the list.")}
    )
    reason = _reason_field(_("Facts in plain words, no judgement of the family. Sealed under the pupil's key."))

    def __init__(self, categories: Sequence[RegisterCategory], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Not chosen yet")), *(_group(category) for category in categories)]

    def draft(self) -> EntryDraft:
        """Return what was filled in; only for a valid form."""
        category, _colon, kind = self.cleaned_data["what"].partition(":")
        return EntryDraft(category=category, kind=kind, reason=self.cleaned_data["reason"])


def _group(category: RegisterCategory) -> tuple[str, list[tuple[str, str]]]:
    language = get_language() or ""
    name = category.name.in_language(language)
    if not category.kinds:
        return name, [(f"{category.code}:", name)]
    return name, [(f"{category.code}:{kind.code}", kind.name.in_language(language)) for kind in category.kinds]


class ReviewForm(forms.Form):
    """What holds today of an entry that was looked at again."""

    reason = _reason_field(_("As it stands today; what was written before is replaced."))


class EndForm(forms.Form):
    """Why a pupil comes off the register."""

    why = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in EndReason if each != EndReason.LEFT],
        error_messages={"required": _("No reason was chosen. Nothing ends without one.")},
    )  # fmt: skip
