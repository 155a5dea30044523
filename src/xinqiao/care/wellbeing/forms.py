"""Forms of one's own wellbeing: answering, and the words that guard a notebook. They parse; they never save."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.scales.presenting import phrase
from xinqiao.care.wellbeing.boxes import plain_words
from xinqiao.engines.scoring import Scale

MOST_LETTERS = 200  # ours: longer than any sentence a person remembers


class AnswerForm(forms.Form):
    """Every question of a scale."""

    def __init__(self, scale: Scale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scale = scale
        for item in scale.items:
            self.fields[f"q{item.number}"] = forms.TypedChoiceField(
                label=f"{item.number}. {phrase(item.text)}", coerce=int, empty_value=None,
                choices=[(option.code, phrase(option.label)) for option in item.options],
                widget=forms.RadioSelect(attrs={"class": "xq-choices"}),
                error_messages={"required": _("Not answered yet")},
            )  # fmt: skip

    def questions(self) -> Iterator[forms.BoundField]:
        """The questions in order."""
        return (self[f"q{item.number}"] for item in self._scale.items)

    def answers(self) -> list[int | None]:
        """Answers in order; None where there is none, also of a form that is not complete."""
        return [self.cleaned_data.get(f"q{item.number}") for item in self._scale.items]


class SheetForm(forms.Form):
    """A complete sheet carried in the page, so that nothing is stored between the result and the wish to keep it."""

    sheet = forms.RegexField(r"^\d{1,3}(,\d{1,3})*$", max_length=2000, widget=forms.HiddenInput())

    def answers(self) -> list[int]:
        """The answers in order, once the form is valid."""
        return [int(part) for part in self.cleaned_data["sheet"].split(",")]


class WordsField(forms.CharField):
    """Words that only the owner knows; a browser is asked not to remember them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=MOST_LETTERS, widget=widget, strip=False, **kwargs)


class OpenForm(forms.Form):
    """The words that open the notebook."""

    words = WordsField(label=gettext_lazy("Your sentence"))


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


class ChangeWordsForm(NewWordsForm):
    """The sentence that holds, and the one that shall hold."""

    words = WordsField(label=gettext_lazy("The sentence until now"))
    field_order = ("words", "new_words", "again")
