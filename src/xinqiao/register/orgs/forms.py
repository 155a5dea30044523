"""Forms about units and the calendar: they parse and validate, services save."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.rules import KINDS_BELOW
from xinqiao.register.orgs.states import SCHOOL_KINDS, Stage, UnitKind

ONE_DAY = dt.timedelta(days=1)


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class UnitForm(forms.Form):
    """A unit below another: kind, code, name, and for schools the stages."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Name of the unit"), max_length=80)
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Short and unique, such as songhu-junior; it cannot be changed."),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]{1,39}$", _("Use small letters, digits and hyphens only."))],
    )  # fmt: skip
    stages = forms.MultipleChoiceField(
        label=_("Stages"), choices=Stage.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for schools: what they teach."),
    )  # fmt: skip

    def __init__(self, *args: Any, parent: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = KINDS_BELOW.get(parent.kind, ())
        self.fields["kind"].choices = [(kind, UnitKind(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        if not any(kind in SCHOOL_KINDS for kind in kinds):
            del self.fields["stages"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in SCHOOL_KINDS and not data.get("stages"):
            self.add_error("stages", _("Say what the school teaches: tick at least one stage."))
        return data

    def chosen(self) -> dict[str, Any]:
        """Return the fields as add_unit takes them."""
        data = self.cleaned_data
        stages = ",".join(data.get("stages", [])) if data["kind"] in SCHOOL_KINDS else ""
        return {"kind": data["kind"], "name": data["name"].strip(), "code": data["code"], "stages": stages}


class ClassForm(forms.Form):
    """A class: stage, year of entry, number."""

    stage = forms.ChoiceField(label=_("Stage"))
    entry_year = forms.IntegerField(
        label=_("Year of entry"), min_value=2000, max_value=2100,
        help_text=_("The year in which these pupils began the stage; the grade follows from it."),
    )  # fmt: skip
    number = forms.IntegerField(label=_("Number of the class"), min_value=1, max_value=99)

    def __init__(self, *args: Any, school: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(s, Stage(s).label) for s in school.stage_list]  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name of the unit"), max_length=80)


class SchoolForm(NameForm):
    """What a school is called and teaches."""

    stages = forms.MultipleChoiceField(label=_("Stages"), choices=Stage.choices, widget=forms.CheckboxSelectMultiple)
    primary_years = forms.TypedChoiceField(
        label=_("Years of primary school"), coerce=int,
        choices=[(6, _("Six, then three of junior")), (5, _("Five, then four of junior"))],
    )  # fmt: skip
    has_boarders = forms.BooleanField(label=_("Has boarders"), required=False)


class YearForm(forms.Form):
    """A school year with two terms, as first and last days."""

    first_start = _day(label=_("First term begins on"))
    first_last = _day(label=_("First term: last day"))
    second_start = _day(label=_("Second term begins on"))
    second_last = _day(label=_("Second term: last day"))

    def chosen(self) -> dict[str, Any]:
        """Return the year as set_school_year takes it: half-open intervals."""
        data = self.cleaned_data
        terms = [(data["first_start"], data["first_last"] + ONE_DAY),
                 (data["second_start"], data["second_last"] + ONE_DAY)]  # fmt: skip
        return {"start_on": data["first_start"], "end_on": data["second_last"] + ONE_DAY, "terms": terms}


class DayForm(forms.Form):
    """A day that differs from the published calendar."""

    day = _day(label=_("Day"))
    is_school_day = forms.TypedChoiceField(
        label=_("On this day"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("there is school")), ("no", _("there is no school"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=80, help_text=_("Such as: sports day, typhoon."))
