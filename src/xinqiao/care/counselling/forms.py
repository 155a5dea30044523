"""Forms of the group's keys. They parse; they never save."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.counselling.errors import CannotKeep
from xinqiao.care.counselling.wording import refusal_words
from xinqiao.foundation.ui.sentences import NewWordsForm, WordsField


class OpenForm(forms.Form):
    """The sentence that opens what is sealed."""

    words = WordsField(label=gettext_lazy("Your own sentence"))


class ChangeForm(NewWordsForm):
    """The sentence that holds, and the one that shall hold."""

    words = WordsField(label=gettext_lazy("The sentence until now"))
    field_order = ("words", "new_words", "again")


class HoldersForm(forms.Form):
    """The two people who hold the halves."""

    first = forms.ChoiceField(label=gettext_lazy("First half"))
    second = forms.ChoiceField(label=gettext_lazy("Second half"))

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Not chosen yet")), *people]
            field.error_messages["required"] = _("Nobody was chosen. Choose one of the list.")

    def staff_ids(self) -> tuple[UUID, UUID]:
        """Return whom the valid form names."""
        return UUID(self.cleaned_data["first"]), UUID(self.cleaned_data["second"])

    def refuse(self, error: CannotKeep) -> None:
        """Show why not."""
        self.add_error("second", refusal_words(error.code))
