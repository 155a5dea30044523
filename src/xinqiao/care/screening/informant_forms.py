"""The form with which guardians' and class teachers' forms are planned."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import Cohort, cohorts_of, scales_of, title_of
from xinqiao.care.screening.selectors.informants import forms_of, versions_for
from xinqiao.care.screening.selectors.planning import grade_choices
from xinqiao.care.sheets.states import OTHERS, Informant
from xinqiao.register.orgs.models import Unit

LABELS = {
    Informant.PARENT: (_("What guardians are asked"), _("About the pupils of")),
    Informant.TEACHER: (_("What class teachers are asked"), _("About the pupils of")),
}


class InformantsForm(forms.Form):
    """For guardians and for class teachers: the scales, and the grades that are asked about."""

    def __init__(self, campaign: Campaign, school: Unit, now: dt.datetime, data: Any = None) -> None:
        planned = {form.informant: form for form in forms_of(campaign)}
        initial: dict[str, Any] = {}
        for who in OTHERS:
            form = planned.get(who)
            cohorts = cohorts_of(form) if form else cohorts_of(campaign)
            initial[f"{who}_scales"] = [str(version.id) for version in scales_of(form)] if form else []
            initial[f"{who}_grades"] = [f"{stage}:{year}" for stage, year in cohorts]
        super().__init__(data, initial=initial)
        self.grade_rows = grade_choices(school, timezone.localtime(now).date())
        for who in OTHERS:
            self._add(who, versions_for(school, who))

    def _add(self, who: Informant, versions: Sequence[ScaleVersion]) -> None:
        of_scales, of_grades = LABELS[who]
        choices = [(str(version.id), _label(version)) for version in versions]
        grades = [(row.value, row.name) for row in self.grade_rows]
        self.fields[f"{who}_scales"] = forms.MultipleChoiceField(
            label=of_scales, required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
            help_text=_("Nothing ticked: they are not asked."),
        )  # fmt: skip
        self.fields[f"{who}_grades"] = forms.MultipleChoiceField(
            label=of_grades, required=False, choices=grades, widget=forms.CheckboxSelectMultiple,
            help_text=_("Also grades too young to answer themselves."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Scales without grades ask about nobody."""
        data = super().clean() or self.cleaned_data
        for who in OTHERS:
            if data.get(f"{who}_scales") and not data.get(f"{who}_grades"):
                self.add_error(f"{who}_grades", _("No grade was chosen. Choose about whom they are asked."))
        return data

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields as the page shows them."""
        return [(self[f"{who}_scales"], self[f"{who}_grades"]) for who in OTHERS]

    def plans(self) -> list[tuple[Informant, tuple[UUID, ...], tuple[Cohort, ...]]]:
        """Return what was chosen for each informant; only for a valid form."""
        by_value = {row.value: row.cohort for row in self.grade_rows}
        return [
            (
                who, tuple(UUID(value) for value in self.cleaned_data[f"{who}_scales"]),
                tuple(by_value[value] for value in self.cleaned_data[f"{who}_grades"]),
            )
            for who in OTHERS
        ]  # fmt: skip


def _label(version: ScaleVersion) -> str:
    return str(_("{title} · {count} questions").format(title=title_of(version), count=len(scale_of(version).items)))
