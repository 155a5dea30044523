"""Forms of institutions and referrals: they parse and validate, and never save."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral.rules import LONGEST_WORDS, Answer
from xinqiao.care.crisis.referral.states import DeclineReason, EndReason, PartnerKind, ReferralState, Shared
from xinqiao.care.crisis.services.partners import PartnerDraft
from xinqiao.care.crisis.services.referrals import ReferralDraft
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.forms.days import DayInput
from xinqiao.register.people.states import GivenBy


def _words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class PartnerForm(forms.Form):
    """What is known of an institution."""

    unit = forms.ChoiceField(label=_("Kept by"))
    name = forms.CharField(label=_("Name of the institution"), max_length=80)
    kind = forms.ChoiceField(label=_("What it is"), choices=PartnerKind.choices)
    departments = forms.CharField(label=_("Departments"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("Contact"), max_length=120, help_text=_("A department and its telephone; no one's private number")
    )
    capacity = forms.CharField(
        label=_("How many, how soon"), max_length=200, required=False,
        help_text=_("In words, such as: two first visits a week kept free for schools"),
    )  # fmt: skip
    agreement = forms.CharField(label=_("Number of the agreement"), max_length=60, required=False)
    agreed_from = forms.DateField(label=_("Agreed from"), widget=DayInput())
    agreed_until = forms.DateField(
        label=_("Agreed until"), widget=DayInput(), required=False, help_text=_("Leave empty if it has no end")
    )
    duties = forms.CharField(
        label=_("Who does what"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(unit.id), unit.name) for unit in units]
        if len(units) == 1:
            field.widget, field.initial = forms.HiddenInput(), str(units[0].id)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("agreed_from"), found.get("agreed_until")
        if start and end and end < start:
            self.add_error("agreed_until", _("The agreement ends before it begins. Compare the two days."))
        return found

    def draft(self) -> PartnerDraft:
        """Return what was filled in; only for a valid form."""
        return PartnerDraft(**{key: value for key, value in self.cleaned_data.items() if key != "unit"})


class ReferralForm(forms.Form):
    """What is written for a referral."""

    partner = forms.ChoiceField(label=_("To which institution"))
    reason = _words(_("Why the school asks for help"), _("In your words. What you see and hear; never a diagnosis."))
    observed = _words(_("What was observed"), _("Shown only if you tick it below."), required=False)
    contact = forms.CharField(
        label=_("Whom to ask at the school"), max_length=120, help_text=_("Name and telephone; the institution sees it")
    )
    shared = forms.MultipleChoiceField(
        label=_("What the institution may also see"), choices=Shared.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Item by item, only what serves the help. Answers, scores and levels are never passed on."),
    )  # fmt: skip
    advice = _words(
        _("Words of your own on the guardians' form"),
        _("Printed after the fixed words, which advise to see a doctor and name no diagnosis."), required=False, rows=3,
    )  # fmt: skip

    def __init__(self, partners: Sequence[Partner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {str(partner.id): partner for partner in partners}
        field = self.fields["partner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, f"{one.name} {one.departments}".strip()) for key, one in self.partners.items()]

    def draft(self) -> ReferralDraft:
        """Return what was filled in; only for a valid form."""
        given = self.cleaned_data
        return ReferralDraft(
            partner=self.partners[given["partner"]], reason=given["reason"], contact=given["contact"],
            observed=given["observed"], advice=given["advice"], shared=tuple(given["shared"]),
        )  # fmt: skip


class FamilyForm(forms.Form):
    """What the family decided."""

    decision = forms.ChoiceField(
        label=_("What was decided"), choices=[("yes", _("They agree")), ("no", _("They do not agree"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    given_by = forms.ChoiceField(label=_("Who decided"), choices=GivenBy.choices)
    words = _words(_("What the family said"), _("And what was agreed for the next days"), required=False, rows=3)


class SendForm(forms.Form):
    """Sending, with why it cannot wait where there is no yes."""

    emergency = _words(
        _("Why it cannot wait for a yes"), _("A danger to life now. Kept on record; the principal is told."),
        required=False, rows=2,
    )  # fmt: skip


class EndForm(forms.Form):
    """Closing or withdrawing, with a reason."""

    reason = forms.ChoiceField(label=_("Why"), choices=EndReason.choices)
    words = _words(_("In words"), required=False, rows=2)


class KeyForm(forms.Form):
    """The link's signs and the code, as whoever holds them types them."""

    link = forms.CharField(
        label=_("Signs of the link"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-behaviour": "from-address",
                                      "data-next": "#id_code"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code of the referral"), max_length=24,
        help_text=_("Eight characters that the school told you another way"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """One answer of an institution; what is needed hangs on what is answered, and the rules say so."""

    target = forms.ChoiceField(choices=ReferralState.choices, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why"), choices=[("", "–"), *DeclineReason.choices], required=False)
    day = forms.DateField(label=_("Day"), widget=DayInput(), required=False)
    words = _words(_("In words"), required=False, rows=3)

    def answer(self) -> Answer:
        """Return what was filled in; only for a valid form."""
        given = self.cleaned_data
        day: dt.date | None = given["day"]
        return Answer(target=given["target"], reason=given["reason"], day=day, words=given["words"].strip())
