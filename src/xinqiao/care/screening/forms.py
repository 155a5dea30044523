"""Forms of screening: they parse and validate, and never save."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinqiao.care.alerts.states import Gate
from xinqiao.care.scales.adapting import LOSES_FLAGS, Adapted, precise_figures
from xinqiao.care.scales.selectors import versions_by_id
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.rules import LONGEST_WINDOW_DAYS, SCHOOL_DAY_FROM, SCHOOL_DAY_UNTIL
from xinqiao.care.screening.selectors.adapting import adaptable_at, adapted_ids, figure_of
from xinqiao.care.screening.selectors.campaigns import cohorts_of, gate_scales_of, scale_ids_of
from xinqiao.care.screening.selectors.missing import MissingPupil
from xinqiao.care.screening.selectors.planning import (
    GradeChoice,
    ScaleChoice,
    form_choices,
    grade_choices,
    scale_choices,
)
from xinqiao.care.screening.selectors.population import categories_of, register_choices
from xinqiao.care.screening.services.campaigns import CampaignDraft
from xinqiao.care.screening.states import AskingEnd, ExportPurpose
from xinqiao.care.sheets.states import Excuse
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import ConsentForm
from xinqiao.register.policy.calendar import calendar_for

MINUTE_FORMAT = "%Y-%m-%dT%H:%M"
USUAL_DAYS = 5


def _moment_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, input_formats=[MINUTE_FORMAT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        error_messages={"invalid": _("Write a day and a time, such as 2026-11-23T08:00.")},
    )  # fmt: skip


class _SeldomEmpty(forms.MultipleChoiceField):
    """Choices that are usual and shown as such, and may be left out; the page before the launch says what it lacks."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class CampaignForm(forms.Form):
    """The plan of a campaign."""

    name = forms.CharField(label=_("Title"), max_length=80, help_text=_("For example: autumn screening, grades 7–9"))
    grades = forms.MultipleChoiceField(
        label=_("Whom"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("No grade was chosen. Choose whom to screen.")},
    )  # fmt: skip
    register = forms.MultipleChoiceField(
        label=_("Of these grades only pupils of the register"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nothing ticked: everyone. Otherwise whoever is on the register on the day of the launch; nobody but the "
            "school's psychology teachers learns that this screening is there, and each pupil gets a slip by hand."
        ),
    )  # fmt: skip
    scales = _SeldomEmpty(
        label=_("Scales"), widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Pupils answer them in this order. Fewer questions are answered better. None, where only guardians and "
            "class teachers are asked."
        ),
    )  # fmt: skip
    adapted = forms.MultipleChoiceField(
        label=_("Ask by adapting"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Unticked, a scale is asked whole. Ticked, each pupil is asked until the scale's decision is known; nobody "
            "is spared a critical question. The figures are simulated, and real pupils fit less well. Such a sheet has "
            "an estimate in place of a score, and is left out of averages, reliability and comparisons."
        ),
    )  # fmt: skip
    asking_ends = forms.ChoiceField(
        label=_("Scales asked by adapting end"), required=False, widget=forms.RadioSelect, choices=AskingEnd.choices,
        help_text=_(
            "The second asks more of most pupils, and its estimate lies in a narrower interval. Neither ends before "
            "every critical question was asked."
        ),
    )  # fmt: skip
    opens_at = _moment_field(_("Opens"))
    closes_at = _moment_field(_("Ends"))
    form = forms.ChoiceField(
        label=_("Consent form"), required=False,
        help_text=_("For younger pupils the guardian must say yes; nobody answers without a consent that stands."),
    )  # fmt: skip

    gate = forms.ChoiceField(
        label=_("Second gate"), required=False, widget=forms.RadioSelect,
        choices=[("", _("None: everyone flagged is asked to a full interview")), *Gate.choices],
        help_text=_(
            "A short look at those flagged by scores alone, before the full interview. A critical answer or a wish to "
            "talk never waits for it."
        ),
    )  # fmt: skip

    gate_scales = forms.MultipleChoiceField(
        label=_("Scales of the second paper"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for a short second paper: who is flagged answers it once, with a code of their own."),
    )  # fmt: skip

    def __init__(self, school: Unit, now: dt.datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = timezone.localtime(now).date()
        self.place = school.path
        self.grade_rows: list[GradeChoice] = grade_choices(school, on)
        scales = scale_choices(school, get_language() or "zh-hans")
        self.usable: list[ScaleChoice] = [row for row in scales if not row.faults]
        self.unusable: list[ScaleChoice] = [row for row in scales if row.faults]
        self.consent_forms: list[ConsentForm] = form_choices(school)
        self.adaptable = adaptable_at(school, [row.id for row in self.usable], on)
        self.precise = adaptable_at(school, list(self.adaptable), on, AskingEnd.PRECISE) if self.adaptable else {}
        titles = {row.id: row.title for row in self.usable}
        able = {scale_id: each for scale_id, each in self.adaptable.items() if isinstance(each, Adapted)}
        choices: dict[str, list[tuple[str, str]]] = {
            "grades": [(row.value, row.name) for row in self.grade_rows],
            "register": register_choices(school.path, on),
            "scales": [(str(row.id), _scale_label(row)) for row in self.usable],
            "gate_scales": [(str(row.id), _scale_label(row)) for row in self.usable],
            "adapted": [(str(scale_id), _adapted_label(titles[scale_id], each)) for scale_id, each in able.items()],
            "form": [("", str(_("Not chosen yet"))), *((str(f.id), _form_label(f)) for f in self.consent_forms)],
        }
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = pairs

    def not_adaptable(self) -> list[tuple[str, str]]:
        """Return the scales with item parameters that cannot be asked by adapting, with the code of why."""
        titles = {row.id: row.title for row in self.usable}
        return [(titles[scale_id], why) for scale_id, why in self.adaptable.items() if isinstance(why, str)]

    def precise_labels(self) -> list[str]:
        """Return what asking for a precision would come to, of each scale that can be asked so."""
        titles = {row.id: row.title for row in self.usable}
        return [_adapted_label(titles[i], each) for i, each in self.precise.items() if isinstance(each, Adapted)]

    def not_precise(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return the scales that can be asked by adapting, but not with a precision: title, code of why, figure."""
        titles = {row.id: row.title for row in self.usable}
        why = {i: each for i, each in self.precise.items() if isinstance(each, str) and self._is_able(i)}
        lost = [version for i, version in versions_by_id(list(why)).items() if why[i] == LOSES_FLAGS]
        figures = {i: figure_of(each) for i, each in precise_figures(lost, self.place).items()}
        return [(titles[i], each, figures.get(i, ())) for i, each in why.items()]

    def _is_able(self, scale_id: UUID) -> bool:
        return isinstance(self.adaptable.get(scale_id), Adapted)

    def draft(self) -> CampaignDraft:
        """Return what was filled in; only for a valid form."""
        data = self.cleaned_data
        chosen = set(data["grades"])
        return CampaignDraft(
            name=data["name"].strip(),
            cohorts=tuple(row.cohort for row in self.grade_rows if row.value in chosen),
            scale_ids=tuple(row.id for row in self.usable if str(row.id) in data["scales"]),
            opens_at=data["opens_at"], closes_at=data["closes_at"],
            form_id=UUID(data["form"]) if data["form"] else None, register=tuple(data["register"]), gate=data["gate"],
            gate_scale_ids=self._gate_scales(data), adapted=tuple(UUID(value) for value in data["adapted"]),
            asking_ends=data["asking_ends"] or AskingEnd.DECIDED,
        )  # fmt: skip

    def _gate_scales(self, data: dict[str, Any]) -> tuple[UUID, ...]:
        if data["gate"] != Gate.PAPER:
            return ()
        return tuple(row.id for row in self.usable if str(row.id) in data["gate_scales"])

    def clean(self) -> dict[str, Any]:
        """A second paper needs a scale; a scale that is asked by adapting must be among the scales."""
        data = super().clean() or self.cleaned_data
        if set(data.get("adapted", [])) - set(data.get("scales", data.get("adapted", []))):
            self.add_error("adapted", _("A scale ticked here is not among the scales above. Tick it there too."))
        if data.get("asking_ends") == AskingEnd.PRECISE and not self._all_precise(data):
            self.add_error(
                "asking_ends", _("A scale ticked above cannot be asked so; why stands below. Choose the first.")
            )
        if data.get("gate") == Gate.PAPER and not data.get("gate_scales"):
            self.add_error(
                "gate_scales", _("The second paper has no scale. Choose at least one, or another second gate.")
            )
        if data.get("register") and self._tells_whom(data.get("name", "")):
            self.add_error(
                "name", _("The title names a category of the register. Choose one that any pupil could read over.")
            )
        return data

    def _all_precise(self, data: dict[str, Any]) -> bool:
        """Can every scale that is asked by adapting also be asked with a precision?"""
        return all(isinstance(self.precise.get(UUID(value)), Adapted) for value in data.get("adapted", []))

    def _tells_whom(self, name: str) -> bool:
        """Does a title say which register it is of?"""
        return any(words.lower() in name.lower() for _code, words in self.fields["register"].choices)  # type: ignore[attr-defined]  # a choice field's


def _scale_label(row: ScaleChoice) -> str:
    items = str(_("{title} · {count} questions").format(title=row.title, count=row.items))
    if not row.needs_duty:
        return items
    return items + " · " + str(_("asks about suicide: someone must be on duty"))


def _adapted_label(title: str, adapted: Adapted) -> str:
    found = adapted.expected
    return str(
        _("{title} · {mean} of {full} questions on average · same decision for {agreement} % · of those found by the "
          "whole scale {missed} % missed (simulated)")
    ).format(
        title=title, mean=f"{found.items_mean:.1f}", full=found.items_full, agreement=f"{100 * found.agreement:.1f}",
        missed=f"{100 * found.missed:.1f}",
    )  # fmt: skip


def _form_label(form: ConsentForm) -> str:
    title = form.title_en if (get_language() or "").startswith("en") else form.title_zh
    return str(_("{title} · version {version}").format(title=title, version=form.version))


def initial_plan(school: Unit, now: dt.datetime) -> dict[str, Any]:
    """Return what the form proposes: the grades that the policy screens, the coming school week, the newest form."""
    on = timezone.localtime(now).date()
    first, last = _usual_window(school, on)
    newest = form_choices(school)
    return {
        "grades": [row.value for row in grade_choices(school, on) if row.is_due],
        "opens_at": first.strftime(MINUTE_FORMAT), "closes_at": last.strftime(MINUTE_FORMAT),
        "form": str(newest[0].id) if newest else "", "asking_ends": str(AskingEnd.DECIDED),
    }  # fmt: skip


def _usual_window(school: Unit, on: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the hours from the next school day to the fifth one."""
    calendar = calendar_for(school.path, (on.year, on.year + 1)).calendar
    days = [calendar.next_school_day(on)]
    while len(days) < USUAL_DAYS:
        days.append(calendar.next_school_day(days[-1]))
    zone = timezone.get_current_timezone()
    return (
        dt.datetime.combine(days[0], SCHOOL_DAY_FROM, zone),
        dt.datetime.combine(days[-1], SCHOOL_DAY_UNTIL, zone),
    )


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign's plan as its form shows it."""
    return {
        "name": campaign.name,
        "grades": [f"{stage}:{entry_year}" for stage, entry_year in cohorts_of(campaign)],
        "scales": [str(scale_id) for scale_id in scale_ids_of(campaign)],
        "adapted": [str(scale_id) for scale_id in adapted_ids(campaign)], "asking_ends": campaign.asking_ends,
        "opens_at": timezone.localtime(campaign.opens_at).strftime(MINUTE_FORMAT),
        "closes_at": timezone.localtime(campaign.closes_at).strftime(MINUTE_FORMAT),
        "form": str(campaign.form_id) if campaign.form_id else "", "gate": campaign.gate,
        "register": list(categories_of(campaign)),
        "gate_scales": [str(version.id) for version in gate_scales_of(campaign)],
    }  # fmt: skip


class ExtendForm(forms.Form):
    """A later end."""

    until = _moment_field(_("New end"))


class MakeUpForm(forms.Form):
    """A further round: its window, and who sits it."""

    opens_at = _moment_field(_("Opens"))
    closes_at = _moment_field(_("Ends"))
    with_missing = forms.BooleanField(label=_("Everyone who has not handed in"), required=False, initial=True)
    again = forms.MultipleChoiceField(
        label=_("Answer again"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Sheets that are void, incomplete or answered without reading. The first sheet is kept."),
    )  # fmt: skip

    def __init__(self, again: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["again"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(again)
        if not again:
            del self.fields["again"]

    def again_ids(self) -> list[UUID]:
        """Return the pupils chosen to answer again."""
        return [UUID(value) for value in self.cleaned_data.get("again", [])]


class ExcuseForm(forms.Form):
    """Why one pupil does not answer."""

    excuse = forms.ChoiceField(
        label=_("Reason"),
        choices=[(e.value, e.label) for e in Excuse if e not in (Excuse.NO_CONSENT, Excuse.LEFT)],
    )


CLOSING = (Excuse.ABSENT, Excuse.UNWELL, Excuse.REFUSED, Excuse.LEFT, Excuse.OTHER)


class CloseForm(forms.Form):
    """Under which reason those still missing are closed: one for all, and for each who differs a reason by name."""

    excuse = forms.ChoiceField(
        label=_("Those who have not handed in count as"), choices=[(each.value, each.label) for each in CLOSING]
    )

    def __init__(self, missing: Sequence[MissingPupil], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = list(missing)
        for row in self.missing:
            self.fields[f"why-{row.student_id}"] = forms.ChoiceField(
                label=row.name, required=False, widget=forms.Select(attrs={"class": "form-select"}),
                choices=[("", _("as all the others")), *((each.value, each.label) for each in CLOSING)],
            )  # fmt: skip

    def by_name(self) -> list[tuple[MissingPupil, forms.BoundField]]:
        """Return each missing pupil with the field for the reason."""
        return [(row, self[f"why-{row.student_id}"]) for row in self.missing]

    def named(self) -> dict[UUID, str]:
        """Return the reasons given by name; only for a valid form."""
        given = {row.student_id: self.cleaned_data[f"why-{row.student_id}"] for row in self.missing}
        return {student_id: reason for student_id, reason in given.items() if reason}


class ExportForm(forms.Form):
    """What named results are taken out for, and of which class."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=ExportPurpose.choices)
    class_id = forms.ChoiceField(label=_("Class"), required=False)

    def __init__(self, classes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["class_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", str(_("The whole screening"))), *classes]


class PaceForm(forms.Form):
    """The day of each class."""

    def __init__(self, classes: Sequence[tuple[UUID, str]], days: Sequence[dt.date], *args: Any,
                 needs_all: bool, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.class_ids = [class_id for class_id, _name in classes]
        choices = [("", str(_("Not chosen yet"))), *((day.isoformat(), day_words(day)) for day in days)]
        missing = _("This class has no day yet. Choose one of the days offered.")
        for class_id, name in classes:
            self.fields[str(class_id)] = forms.ChoiceField(
                label=name, choices=choices, required=needs_all,
                error_messages={"required": missing, "invalid_choice": missing},
            )  # fmt: skip

    def days(self) -> dict[UUID, dt.date]:
        """Return the days chosen; only for a valid form."""
        chosen = {class_id: self.cleaned_data[str(class_id)] for class_id in self.class_ids}
        return {class_id: dt.date.fromisoformat(day) for class_id, day in chosen.items() if day}


class LaterForm(forms.Form):
    """By how many days of sitting the classes that have not begun sit later."""

    days = forms.IntegerField(min_value=1, max_value=LONGEST_WINDOW_DAYS)


class PaperForm(forms.Form):
    """One printed sheet, typed: whose it is, and a character for each question."""

    number = forms.CharField(label=_("Student number"), max_length=40)
    answers = forms.CharField(
        label=_("Answers in the order of the questions"), max_length=2_000,
        help_text=_("One character for each question, “-” for no answer; blanks between groups do not count."),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    is_pile_done = forms.BooleanField(
        label=_("I have typed the whole pile once and now type it the second time"), required=False
    )
    key = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$", widget=forms.HiddenInput)

    def clean_number(self) -> str:
        """Return the number as the roster keeps it: full-width forms folded, blanks removed."""
        return "".join(unicodedata.normalize("NFKC", str(self.cleaned_data["number"])).split())
