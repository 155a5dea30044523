"""Fields and a form of a sentence that only its owner knows. They parse; they never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.foundation.keys.boxes import plain_words

MOST_LETTERS = 200  # ours: longer than any sentence a person remembers


class WordsField(forms.CharField):
    """Words that only the owner knows; a browser is asked not to remember them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=MOST_LETTERS, widget=widget, strip=False, **kwargs)


class NewWordsForm(forms.Form):
    """A sentence chosen now, twice; `least` is the number of letters it needs."""

    new_words = WordsField(label=gettext_lazy("A sentence that only you know"))
    again = WordsField(label=gettext_lazy("The same sentence again"))

    def __init__(self, least: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._least = least
        self.fields["new_words"].help_text = _(
            "At least {least} characters, not only digits, and not the password of your sign-in."
        ).format(least=least)

    def clean_new_words(self) -> str:
        """Refuse what is guessed too easily."""
        words = plain_words(self.cleaned_data["new_words"])
        if len(words) < self._least:
            raise forms.ValidationError(
                _("This has {count} characters; take a sentence of at least {least}.").format(
                    count=len(words), least=self._least
                )
            )
        if words.replace(" ", "").isdigit():
            raise forms.ValidationError(_("Only digits, such as a birthday or a number, are soon guessed. Add words."))
        return words

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        data = self.cleaned_data
        if "new_words" in data and data["new_words"] != plain_words(data.get("again") or ""):
            self.add_error("again", _("The two sentences differ. Type the same one again."))
        return data
