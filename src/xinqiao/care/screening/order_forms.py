"""Forms of a bureau's orders and of the schools' answers: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.forms import CampaignForm, initial_of
from xinqiao.care.screening.models import Campaign, ScreeningOrder
from xinqiao.care.screening.selectors.campaigns import cohorts_of, scale_ids_of
from xinqiao.care.screening.selectors.ordered import ordered_of
from xinqiao.care.screening.selectors.orders import SchoolChoice
from xinqiao.care.screening.services.campaigns import CampaignDraft
from xinqiao.care.screening.services.orders import OrderDraft
from xinqiao.care.screening.states import Obstacle
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import Stage

DAY_FORMAT = "%Y-%m-%d"
ALL, TICKED = "all", "ticked"
USUAL_DAYS_TO_ANSWER, USUAL_DAYS_AHEAD, USUAL_DAYS = 7, 14, 28


def _day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=[DAY_FORMAT], help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT),
        error_messages={"invalid": _("Write a day, such as 2026-11-23.")},
    )  # fmt: skip


class DaysForm(forms.Form):
    """The days of an order."""

    earliest_on = _day_field(_("Not before"), _("No school opens its screening earlier."))
    latest_on = _day_field(_("Finished by"), _("From the day after, an unfinished screening counts as late."))
    answer_by = _day_field(_("Schools answer by"), _("From the day after, a school that is silent counts as late."))


class OrderForm(DaysForm):
    """A new order. Schools are asked all at once, or those ticked."""

    name = forms.CharField(label=_("Title"), max_length=80, help_text=_("For example: autumn screening of the county"))
    stages = forms.MultipleChoiceField(
        label=_("Stages"), widget=forms.CheckboxSelectMultiple(attrs={"class": "xq-choices-brief"}),
        help_text=_("Which grades of a stage are screened, the rules in force at each school say."),
        error_messages={"required": _("No stage was chosen. Choose at least one.")},
    )  # fmt: skip
    scales = forms.MultipleChoiceField(
        label=_("Scales"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("No scale was chosen. Choose at least one.")},
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("Schools"), widget=forms.RadioSelect, initial=ALL,
        choices=[(ALL, _("Every school with pupils of these stages")), (TICKED, _("Only the schools ticked below"))],
    )  # fmt: skip
    schools = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    provider = forms.CharField(
        label=_("Carried out with"), required=False, max_length=80,
        help_text=_("The professional body that helps, such as the guidance centre. Blank: the schools themselves."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note to the schools"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write no pupil's name here."),
    )  # fmt: skip
    field_order = (
        "name",
        "stages",
        "scales",
        "earliest_on",
        "latest_on",
        "answer_by",
        "which",
        "schools",
        "provider",
        "note",
    )

    def __init__(self, choices: Sequence[SchoolChoice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(choices)
        present = {stage for row in self.rows for stage in row.cohorts}
        titles = scale_titles(self.rows)
        offered: dict[str, list[tuple[str, str]]] = {
            "stages": [(stage.value, str(stage.label)) for stage in Stage if stage.value in present],
            "scales": [(code, titles[code]) for code in sorted(usable_codes(self.rows))],
            "schools": [(str(row.unit.id), row.unit.name) for row in self.rows],
        }
        for name, pairs in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = pairs

    def ticked(self) -> set[str]:
        """Return the schools that are ticked on the page, as it was sent."""
        if isinstance(self.data, MultiValueDict):
            return set(self.data.getlist("schools"))
        return set()

    def draft(self) -> OrderDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        stages = tuple(data["stages"])
        chosen = [row for row in self.rows if row.cohorts_in(stages)] if data["which"] == ALL else self._ticked_rows()
        return OrderDraft(
            name=data["name"].strip(), school_ids=tuple(row.unit.id for row in chosen), stages=stages,
            scale_codes=tuple(data["scales"]), earliest_on=data["earliest_on"], latest_on=data["latest_on"],
            answer_by=data["answer_by"], note=data["note"].strip(),
            provider=data["provider"].strip(),
        )  # fmt: skip

    def _ticked_rows(self) -> list[SchoolChoice]:
        chosen = set(self.cleaned_data["schools"])
        return [row for row in self.rows if str(row.unit.id) in chosen]


def usable_codes(rows: Sequence[SchoolChoice]) -> set[str]:
    """Return the scales that at least one of the schools could put before pupils."""
    return {code for row in rows for code, faults in row.faults.items() if not faults}


def scale_titles(rows: Sequence[SchoolChoice]) -> dict[str, str]:
    """Return the titles of the scales that some schools know, in the reader's language."""
    versions: dict[str, ScaleVersion] = {code: version for row in rows for code, version in row.versions.items()}
    language = get_language() or "zh-hans"
    return {code: scale_of(version).title.in_language(language) for code, version in versions.items()}


def initial_order(choices: Sequence[SchoolChoice], on: dt.date) -> dict[str, Any]:
    """Return what a new order proposes: every stage that there is, and its days."""
    present = {stage for row in choices for stage in row.cohorts}
    return {"stages": [stage.value for stage in Stage if stage.value in present], **initial_days(on)}


def initial_days(on: dt.date) -> dict[str, dt.date]:
    """Return the days that a new order proposes: a week to answer, two to prepare, four in all."""
    return {
        "answer_by": on + dt.timedelta(days=USUAL_DAYS_TO_ANSWER),
        "earliest_on": on + dt.timedelta(days=USUAL_DAYS_AHEAD),
        "latest_on": on + dt.timedelta(days=USUAL_DAYS_AHEAD + USUAL_DAYS),
    }


def days_of(order: ScreeningOrder) -> dict[str, dt.date]:
    """Return the days of an order as its form shows them."""
    return {"earliest_on": order.earliest_on, "latest_on": order.latest_on, "answer_by": order.answer_by}


class DeclineForm(forms.Form):
    """Why a school cannot hold an ordered screening."""

    obstacle = forms.ChoiceField(
        label=_("Reason"),
        choices=[(each.value, each.label) for each in Obstacle if each != Obstacle.NOBODY],
    )
    remark = forms.CharField(
        label=_("In your own words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The bureau reads this. Write no pupil's name here."),
    )  # fmt: skip


class OrderedPlanForm(CampaignForm):
    """What a school decides about an ordered plan: the days, and the consent form."""

    field_order = ("opens_at", "closes_at", "form")

    def __init__(self, campaign: Campaign, school: Unit, now: dt.datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(school, now, *args, **kwargs)
        self.campaign = campaign
        for name in ("name", "grades", "register", "scales", "adapted", "asking_ends"):
            del self.fields[name]

    def draft(self) -> CampaignDraft:
        """Return what was filled in, with what the order says; only for a valid form."""
        data = self.cleaned_data
        return CampaignDraft(
            name=self.campaign.name, cohorts=cohorts_of(self.campaign), scale_ids=scale_ids_of(self.campaign),
            opens_at=data["opens_at"], closes_at=data["closes_at"],
            form_id=UUID(data["form"]) if data["form"] else None,
        )  # fmt: skip


def form_to_change(campaign: Campaign, school: Unit, now: dt.datetime, data: Any) -> CampaignForm:
    """Return the form for a plan: of an ordered one only what its school decides."""
    if ordered_of(campaign) is not None:
        return OrderedPlanForm(campaign, school, now, data, initial=initial_of(campaign))
    return CampaignForm(school, now, data, initial=initial_of(campaign))
