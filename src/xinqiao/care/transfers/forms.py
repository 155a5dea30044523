"""Forms of transfers: they parse and validate, and never save."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.transfers import rules
from xinqiao.care.transfers.errors import CannotHand
from xinqiao.care.transfers.selectors.leaving import school_by_code
from xinqiao.care.transfers.wording import FIELDS, refusal_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.states import Decision, GivenBy

LONGEST = 1000
DECISIONS = (Decision.GIVEN, Decision.REFUSED, Decision.WITHDRAWN)


class TransferForm(forms.Form):
    """What forms of transfers share: a refusal is shown where it can be mended."""

    def refuse(self, error: CannotHand) -> None:
        """Show why the command refused."""
        for code in error.codes:
            field = FIELDS.get(code)
            self.add_error(field if field in self.fields else None, refusal_words(code))


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say it in a sentence or two.")},
    )  # fmt: skip


class FilesForm(TransferForm):
    """Some files of a list, ticked there."""

    picked = forms.MultipleChoiceField(
        label=_("Files"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("A file is not in this list any more. Open the page again.")},
    )  # fmt: skip

    def __init__(self, files: Sequence[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["picked"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(each), str(each)) for each in files]

    def chosen(self) -> list[UUID]:
        """Return the ticked ones; only for a valid form."""
        return [UUID(each) for each in self.cleaned_data["picked"]]


class NextSchoolForm(FilesForm):
    """Where the ticked files go: where the register finds each pupil, or to one school for all."""

    school = forms.ChoiceField(label=_("Next school"), required=False)
    code = forms.CharField(
        label=_("School code"), required=False, max_length=40,
        help_text=_("Only for a school of another county: its code, in place of the choice above."),
    )  # fmt: skip

    def __init__(self, files: Sequence[UUID], schools: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(files, *args, **kwargs)
        self._schools = {str(each.id): each for each in schools}
        field = self.fields["school"]
        assert isinstance(field, forms.ChoiceField)
        found = ("", _("where the register finds each pupil"))
        field.choices = [found, *((key, unit.name) for key, unit in self._schools.items())]

    def clean_code(self) -> str:
        """Look the code up."""
        code = str(self.cleaned_data["code"]).strip()
        if code and school_by_code(code) is None:
            raise forms.ValidationError(refusal_words(rules.NO_SUCH_CODE))
        return code

    def targets(self, found: Mapping[UUID, Unit | None]) -> dict[UUID, Unit]:
        """Return by ticked file its next school; `found` says where the register finds the pupil of each.

        Raises CannotHand where one has none. Only for a valid form.
        """
        given = self.cleaned_data
        one = school_by_code(given["code"]) if given["code"] else self._schools.get(given["school"])
        targets = {key: one or found.get(key) for key in self.chosen()}
        if any(unit is None for unit in targets.values()):
            raise CannotHand([rules.NO_SCHOOL])
        return {key: unit for key, unit in targets.items() if unit is not None}


class KeepForm(FilesForm):
    """Why the ticked files are not handed over; it shares its page with sending them, which needs no reason."""

    use_required_attribute = False

    reason = _reason(_("For instance: moved abroad, no further school, or the guardian refused."))


class ConsentForm(TransferForm):
    """What was decided on paper on handing the file over."""

    decision = forms.ChoiceField(label=_("Decision"), choices=[(each.value, each.label) for each in DECISIONS])
    given_by = forms.ChoiceField(label=_("Who decided"), choices=GivenBy.choices)


class NumberForm(TransferForm):
    """Which pupil here a file belongs to."""

    number = forms.CharField(
        label=_("The pupil's number here"), max_length=40,
        help_text=_("Student number, national student number or identity number."),
        error_messages={"required": _("Type the pupil's number.")},
    )  # fmt: skip


class DeclineForm(TransferForm):
    """Why a file is sent back."""

    reason = _reason(_("For instance: this pupil did not enrol here. The school before reads it."))
