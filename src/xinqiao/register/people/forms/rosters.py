"""The form that takes a roster file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.forms.days import DayInput

MOST_MIB = 32  # ours: a school's roster has 1 MiB; what is larger is sent in parts


class RosterForm(forms.Form):
    """File, unit, and the day from which moves count."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    on = forms.DateField(
        label=gettext_lazy("Moves count from"),
        widget=DayInput(),
        help_text=gettext_lazy("The first day in the new class, for pupils whose class has changed."),
    )
    file = forms.FileField(
        label=gettext_lazy("Roster file"),
        help_text=gettext_lazy(
            ".xlsx, .xls or .csv as your school has it. It needs columns for name, class and a number."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.tsv,.et"}),
    )

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today()})
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial.setdefault("unit", next(iter(self._units)))

    def clean_file(self) -> Any:
        """Refuse what is larger than a roster can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MIB * 2**20:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Remove pictures, or split it by grade.") % {"most": MOST_MIB}
            )
        return file

    def chosen_unit(self) -> Unit:
        """The unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]
