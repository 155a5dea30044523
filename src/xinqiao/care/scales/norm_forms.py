"""The form by which a norm is asked for. It parses; it never saves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.norm_pages import year_words
from xinqiao.care.scales.presenting import title_of
from xinqiao.register.orgs.models import Unit


class NormForm(forms.Form):
    """For which unit, of which version and school year."""

    unit = forms.ChoiceField(label=_("For which unit"))
    of = forms.ChoiceField(label=_("Scale and school year"))

    def __init__(self, units: Sequence[Unit], answered: Sequence[tuple[ScaleVersion, int]], *args: Any,
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self._answered = {f"{version.id}.{year}": (version, year) for version, year in answered}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["of"].choices = [  # type: ignore[attr-defined]  # likewise
            (key, f"{title_of(version)} · {version.version} · {year_words(year)}")
            for key, (version, year) in self._answered.items()
        ]

    def chosen(self) -> tuple[Unit, ScaleVersion, int]:
        """Unit, version and school year, once the form is valid."""
        version, year = self._answered[self.cleaned_data["of"]]
        return self._units[self.cleaned_data["unit"]], version, year
