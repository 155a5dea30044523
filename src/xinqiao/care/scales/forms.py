"""Forms of scales: comparing, trying, importing wording. They parse; they never save."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.scales.messages import in_brackets, listed
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.presenting import names_of, phrase, remarks_on, title_of
from xinqiao.care.scales.trying import TrialPerson, asked_about
from xinqiao.care.scales.wording_file import MOST_MIB
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit

LAST_GRADE, LAST_AGE = 12, 120


class CompareForm(forms.Form):
    """Two scales to stand side by side."""

    left = forms.ChoiceField(label=gettext_lazy("One scale"))
    right = forms.ChoiceField(label=gettext_lazy("The other scale"))

    def __init__(self, versions: Sequence[ScaleVersion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {str(version.id): version for version in versions}
        for name in ("left", "right"):
            self.fields[name].choices = names_of(versions)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["right"].initial = str(versions[1].id) if len(versions) > 1 else None

    def chosen(self) -> tuple[ScaleVersion, ScaleVersion]:
        """The two versions, once the form is valid."""
        return self._versions[self.cleaned_data["left"]], self._versions[self.cleaned_data["right"]]


class TryForm(forms.Form):
    """A scale's questions, and what its norms ask of a person; unanswered questions are allowed here."""

    def __init__(self, scale: Scale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scale = scale
        self.fields.update(_person_fields(scale))
        for item in scale.items:
            self.fields[f"q{item.number}"] = forms.TypedChoiceField(
                label=_question(scale, item.number), coerce=int, empty_value=None, required=False,
                choices=[(o.code, f"{o.code} {phrase(o.label)}".strip()) for o in item.options],
                widget=forms.RadioSelect(attrs={"class": "xq-choices"}),
            )  # fmt: skip

    def questions(self) -> Iterator[forms.BoundField]:
        """The questions in order."""
        return (self[f"q{item.number}"] for item in self._scale.items)

    def about(self) -> list[forms.BoundField]:
        """The fields about the person who is imagined to answer."""
        return [self[name] for name in ("informant", "sex", "grade", "age") if name in self.fields]

    def answers(self) -> dict[int, int | None]:
        """Answers by item number, None where there is none; once the form is valid."""
        return {item.number: self.cleaned_data[f"q{item.number}"] for item in self._scale.items}

    def person(self) -> TrialPerson:
        """Who is imagined to answer; once the form is valid."""
        data = self.cleaned_data
        informant = data.get("informant") or self._scale.informants[0]
        return TrialPerson(informant, data.get("sex") or None, data.get("grade"), data.get("age"))


def _question(scale: Scale, number: int) -> str:
    text = phrase(scale.items[number - 1].text) or _("Question {number}").format(number=number)
    remarks = listed(remarks_on(scale, number))
    start = f"{number}. {text}" if scale.has_wording else text
    return in_brackets(start, remarks) if remarks else start


def _person_fields(scale: Scale) -> dict[str, forms.Field]:
    asked = asked_about(scale)
    found: dict[str, forms.Field] = {}
    if len(scale.informants) > 1:
        names = {"self": _("Pupil"), "parent": _("Parent"), "teacher": _("Teacher")}
        found["informant"] = forms.ChoiceField(
            label=_("Who answers"), choices=[(name, names[name]) for name in scale.informants], required=False
        )
    if "sex" in asked:
        found["sex"] = forms.ChoiceField(
            label=_("Sex"), choices=[("", _("left open")), ("male", _("Male")), ("female", _("Female"))], required=False
        )
    if "grade" in asked:
        found["grade"] = forms.IntegerField(label=_("Grade"), min_value=1, max_value=LAST_GRADE, required=False)
    if "age" in asked:
        found["age"] = forms.IntegerField(label=_("Age in years"), min_value=1, max_value=LAST_AGE, required=False)
    return found


class WordingForm(forms.Form):
    """The workbook of wording, for which scale and unit, and the licence it comes under."""

    scale = forms.ChoiceField(label=gettext_lazy("Scale"))
    unit = forms.ChoiceField(
        label=gettext_lazy("For which unit"),
        help_text=gettext_lazy("The wording may be used in this unit and whatever lies below it, nowhere else."),
    )
    holder = forms.CharField(
        label=gettext_lazy("Who granted the licence"),
        max_length=120,
        help_text=gettext_lazy("The author, the publisher, or the bureau that bought it."),
    )
    statement = forms.CharField(
        label=gettext_lazy("What the licence allows"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: electronic use for pupils of this school, contract number."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day of the licence"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Afterwards no screening can be launched with it. Leave it empty if there is no end."),
    )
    file = forms.FileField(
        label=gettext_lazy("Workbook with the wording"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"})
    )

    def __init__(self, versions: Sequence[ScaleVersion], units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.code: version for version in versions}
        self._units = {str(unit.id): unit for unit in units}
        self.fields["scale"].choices = [(code, title_of(v)) for code, v in self._versions.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # likewise
        if len(units) == 1:
            self.initial.setdefault("unit", next(iter(self._units)))

    def clean_file(self) -> Any:
        """Refuse what is larger than a workbook of wording can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MIB * 2**20:
            raise forms.ValidationError(
                _("The file is larger than {most_mib} MB. A scale needs far less: leave out pictures.").format(
                    most_mib=MOST_MIB
                )
            )
        return file

    def clean_until(self) -> Any:
        """Refuse a licence that is over already."""
        until = self.cleaned_data["until"]
        if until is not None and until < today():
            raise forms.ValidationError(_("This day is over. Write the last day on which the licence still holds."))
        return until

    def chosen_version(self) -> ScaleVersion:
        """The shipped version whose wording this is, once the form is valid."""
        return self._versions[self.cleaned_data["scale"]]

    def chosen_unit(self) -> Unit:
        """The licensed unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]


class DraftFileForm(forms.Form):
    """A file that says what a draft shall say, and the revision that was seen."""

    file = forms.FileField(
        label=gettext_lazy("Questionnaire or scale file"),
        widget=forms.FileInput(attrs={"accept": ".json,.yaml,.yml"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)


class NewDraftForm(forms.Form):
    """A file that becomes a draft, and the unit whose form it is."""

    unit = forms.ChoiceField(label=gettext_lazy("For which unit"))
    file = forms.FileField(
        label=gettext_lazy("Questionnaire or scale file"),
        widget=forms.FileInput(attrs={"accept": ".json,.yaml,.yml"}),
    )

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.id): unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self._units.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(units) == 1:
            self.initial.setdefault("unit", next(iter(self._units)))

    def chosen_unit(self) -> Unit:
        """The unit, once the form is valid."""
        return self._units[self.cleaned_data["unit"]]
