"""Forms about one pupil."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.engines.roster import Refused
from xinqiao.engines.roster.names import read_name
from xinqiao.engines.roster.numbers import read_id_number, read_phones, read_student_number
from xinqiao.foundation.core.clock import today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.forms.days import DayInput
from xinqiao.register.people.registering import GuardianDraft
from xinqiao.register.people.roster_file.messages import message_of
from xinqiao.register.people.services.students import StudentData
from xinqiao.register.people.states import Relation, Sex

_BOARDS = {"": None, "yes": True, "no": False}


def _refuse(refused: Refused) -> forms.ValidationError:
    return forms.ValidationError(message_of(refused.code, refused.params))


class StudentForm(forms.Form):
    """A pupil's roster data."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=50)
    number = forms.CharField(
        label=gettext_lazy("Student number"), max_length=32,
        help_text=gettext_lazy("The pupil signs in with it. Up to three characters count as a seat in the class."),
    )  # fmt: skip
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN)
    birth_on = forms.DateField(label=gettext_lazy("Birth date"), required=False, widget=DayInput())
    id_number = forms.CharField(label=gettext_lazy("Identity number"), required=False, max_length=20)
    ethnicity = forms.CharField(label=gettext_lazy("Ethnicity"), required=False, max_length=20)
    boards = forms.ChoiceField(
        label=gettext_lazy("Boards"), required=False,
        choices=[("", gettext_lazy("Not stated")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
    )  # fmt: skip

    def clean_name(self) -> str:
        """Read the name as rosters are read."""
        try:
            return read_name(self.cleaned_data["name"]) or self.cleaned_data["name"]
        except Refused as refused:
            raise _refuse(refused) from None

    def clean_number(self) -> str:
        """Read the number as rosters are read."""
        try:
            return read_student_number(self.cleaned_data["number"], must_be_national=False) or ""
        except Refused as refused:
            raise _refuse(refused) from None

    def clean_id_number(self) -> str:
        """Check a resident number by its checksum; anything else is taken as another document."""
        text = self.cleaned_data["id_number"].strip()
        if not text:
            return ""
        kind = None if text[:-1].isdigit() and len(text) in (15, 18) else "other"
        try:
            read = read_id_number(text, id_type=kind)
        except Refused as refused:
            raise _refuse(refused) from None
        return read[0] if read else ""

    def clean_birth_on(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["birth_on"]
        if day is not None and day >= today():
            raise forms.ValidationError(_("This day has not come yet. Check the year."))
        return day

    def data_of_pupil(self) -> StudentData:
        """The data, once the form is valid."""
        values = {name: self.cleaned_data[name] for name in ("name", "number", "id_number", "sex", "birth_on")}
        return StudentData(
            **values, ethnicity=self.cleaned_data["ethnicity"], boards=_BOARDS[self.cleaned_data["boards"]]
        )  # fmt: skip


class GuardianForm(forms.Form):
    """A guardian: name, relation, telephone."""

    guardian_name = forms.CharField(label=gettext_lazy("Guardian's name"), max_length=50, required=False)
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=Relation.choices, initial=Relation.MOTHER)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)

    def clean_phone(self) -> str:
        """Read telephone numbers as rosters are read."""
        try:
            return "/".join(read_phones(self.cleaned_data["phone"]))
        except Refused as refused:
            raise _refuse(refused) from None

    def draft(self) -> GuardianDraft | None:
        """The guardian, once the form is valid; None if nothing was typed."""
        name, phone = self.cleaned_data["guardian_name"].strip(), self.cleaned_data["phone"]
        return GuardianDraft(name, phone, self.cleaned_data["relation"]) if name or phone else None


class MoveForm(forms.Form):
    """Another class, from a day on."""

    class_id = forms.ChoiceField(label=gettext_lazy("New class"))
    on = forms.DateField(label=gettext_lazy("From"), widget=DayInput())

    def __init__(self, classes: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today()})
        super().__init__(*args, **kwargs)
        self._classes = {str(unit.id): unit for unit in classes}
        self.fields["class_id"].choices = [(key, name_on(unit, today())) for key, unit in self._classes.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def chosen_class(self) -> Unit:
        """The class, once the form is valid."""
        return self._classes[self.cleaned_data["class_id"]]


class LeaveForm(forms.Form):
    """The first day on which the pupil is no longer here."""

    on = forms.DateField(label=gettext_lazy("No longer here from"), widget=DayInput())
