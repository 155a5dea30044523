"""Forms of a staff list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.register.orgs.models import Unit

MOST_MIB = 4  # ours: a staff list of a school has some 50 KiB


class ListForm(forms.Form):
    """The file, and for which school."""

    unit = forms.ChoiceField(label=gettext_lazy("School"))
    file = forms.FileField(
        label=gettext_lazy("Staff list"),
        help_text=gettext_lazy(".xlsx, .xls or .csv. It needs columns for name and telephone, staff number or role."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.tsv,.et"}),
    )

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial.setdefault("unit", next(iter(self._units)))

    def clean_file(self) -> Any:
        """Refuse what is larger than a staff list can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MIB * 2**20:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Leave only the list of staff in it.") % {"most": MOST_MIB}
            )
        return file

    def chosen_unit(self) -> Unit:
        """The school, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]
