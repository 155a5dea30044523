"""Forms of filings: they parse and validate, and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.referral_wording import finding_words
from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.services.writing import Words
from xinqiao.care.filings.wording import FIELDS, refusal_words

LONGEST = 2000


def _words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Say it in a sentence or two.")},
    )  # fmt: skip


class FilingForm(forms.Form):
    """What forms of filings share: the version the reader saw, and showing a refusal where it can be mended."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def refuse(self, error: CannotFile) -> None:
        """Show why the command refused."""
        for code in error.codes:
            field = FIELDS.get(code)
            self.add_error(field if field in self.fields else None, refusal_words(code))
        for finding in error.findings:
            self.add_error("words" if "words" in self.fields else None, finding_words(finding))


class WriteForm(FilingForm):
    """What the psychology teacher types."""

    words = _words(
        _("What the school has done"),
        _("In your own words: steps and measures. Nothing is copied from the notes of the case. No diagnosis."),
        rows=5,
    )
    asks = _words(_("What the school asks of the bureau"), _("Leave empty if nothing."), required=False, rows=2)
    contact = forms.CharField(
        label=_("Whom to ask at the school"), max_length=120, help_text=_("Name and telephone; the bureau sees it")
    )

    def said(self) -> Words:
        """Return what was typed; only for a valid form."""
        given = self.cleaned_data
        return Words(words=given["words"], asks=given["asks"], contact=given["contact"])


class SeenForm(FilingForm):
    """That somebody acts on a version."""


class ReturnForm(FilingForm):
    """Why a version is given back."""

    words = _words(_("What is to be changed"), rows=2)


class LapseForm(FilingForm):
    """Why a filing is needed no more."""

    words = _words(
        _("Why is it no longer needed?"), _("The bureau sees that it was dropped; the reason stays with the school.")
    )


class ReplyForm(FilingForm):
    """What a bureau says to a version."""

    reply = _words(
        _("What the bureau advises or does"), _("The school reads it. Write nothing that names a child."), rows=3
    )
