"""Forms of one's own wellbeing: answering, and the words that guard a notebook. They parse; they never save."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.scales.presenting import phrase
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.ui.sentences import NewWordsForm, WordsField


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


class OpenForm(forms.Form):
    """The words that open the notebook."""

    words = WordsField(label=gettext_lazy("Your sentence"))


class ChangeWordsForm(NewWordsForm):
    """The sentence that holds, and the one that shall hold."""

    words = WordsField(label=gettext_lazy("The sentence until now"))
    field_order = ("words", "new_words", "again")
