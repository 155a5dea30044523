"""Forms of letters: they parse and validate, and never save."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.letters.rules import LONGEST


class MailingForm(forms.Form):
    """The words for everybody."""

    title = forms.CharField(label=_("Heading"), max_length=60)
    words = forms.CharField(
        label=_("What all guardians read"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Plain words. No result, no level, no diagnosis, no name; nothing that holds for one child only."),
    )  # fmt: skip


class OwnForm(forms.Form):
    """Own words for one pupil's guardians."""

    words = forms.CharField(
        label=_("What the guardians of this pupil read"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("What was agreed with the pupil. No result, no level, no diagnosis, and not the pupil's name."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of a letter, as whoever holds it types it."""

    code = forms.CharField(
        label=_("Code of the letter"), max_length=24, help_text=_("Twelve characters, such as 7K3M-9PQR-4TVX"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class WorryForm(forms.Form):
    """A worry about the own child."""

    words = forms.CharField(
        label=_("What worries you about your child?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In your own words. Only the psychology teachers of the school read it."),
        error_messages={"required": _("Say it in a sentence or two.")},
    )  # fmt: skip
    cannot_wait = forms.BooleanField(
        label=_("It cannot wait: my child may be in danger, or may hurt somebody"), required=False
    )
