"""Forms about staff and roles: they parse and validate, services save."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.accounts.rules import roles_at
from xinqiao.register.accounts.selectors import StaffRow
from xinqiao.register.accounts.services.staff import StaffDraft
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on

LOGIN_SHAPE = re.compile(r"^[a-z][a-z0-9._-]{2,39}$")
LONGEST_NUMBER = 4  # a longer run of digits may be a telephone or an identity number

login_validators = [
    RegexValidator(
        LOGIN_SHAPE, _("Write 3 to 40 small letters, digits, dots or hyphens, a letter first, such as psych.a01.")
    ),
    RegexValidator(
        re.compile(rf"\d{{{LONGEST_NUMBER + 1},}}"),
        _("Do not use a telephone or identity number: sign-in names are seen by others."),
        inverse_match=True,
    ),
]


def date_input() -> forms.DateInput:
    """Return the browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class StaffForm(forms.Form):
    """Name, title, phone and mail."""

    name = forms.CharField(label=_("Name"), max_length=40)
    title = forms.CharField(
        label=_("Post"),
        max_length=40,
        required=False,
        help_text=_("Such as: school counsellor, class teacher of 七(3)."),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^[0-9+ -]{5,20}$", _("Write digits only, such as 13800000000."))],
    )
    mail = forms.EmailField(label=_("Mail address"), required=False, help_text=_("Where copies of urgent notices go."))

    def draft(self) -> StaffDraft:
        """Return what was entered; call it on a valid form."""
        data = self.cleaned_data
        return StaffDraft(data["name"].strip(), data["title"].strip(), data["phone"].strip(), data["mail"].strip())


class LoginForm(forms.Form):
    """A sign-in name."""

    login = forms.CharField(
        label=_("Sign-in name"), max_length=40, validators=login_validators,
        help_text=_("Not the person's name or number. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip


class NewStaffForm(StaffForm, LoginForm):
    """Someone new, with a sign-in."""

    field_order = ("name", "title", "login", "phone", "mail")


class GrantForm(forms.Form):
    """Which role, over which unit, from when until when."""

    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ChoiceField(label=_("Over"), help_text=_("The role covers this unit and everything below it."))
    start_on = forms.DateField(label=_("Begins on"), widget=date_input(), initial=today)
    end_on = forms.DateField(
        label=_("Ends on"), widget=date_input(), required=False,
        help_text=_("Leave empty if no end is known. On this day the role is no longer held."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = today()
        self.units = {str(unit.id): unit for unit in units}
        possible = {role for unit in units for role in roles_at(unit.kind)}
        self.fields["role"].choices = [(r.value, ROLE_LABELS[r]) for r in Role if r in possible]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(str(unit.id), name_on(unit, on)) for unit in units]  # type: ignore[attr-defined]

    def chosen_unit(self) -> Unit:
        """Return the unit; call it on a valid form."""
        return self.units[self.cleaned_data["unit"]]

    def chosen(self) -> dict[str, Any]:
        """Return role and days as grant_role takes them."""
        data = self.cleaned_data
        return {"role": Role(data["role"]), "start_on": data["start_on"], "end_on": data["end_on"]}


class LeaveForm(forms.Form):
    """Who takes over."""

    heir = forms.ChoiceField(
        label=_("Who takes over what is open"), required=False,
        help_text=_("Interviews due, notices and other open work go to this colleague."),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[StaffRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.id), f"{each.name} {each.title}".strip()) for each in colleagues]
        self.fields["heir"].choices = [("", _("Nobody")), *named]  # type: ignore[attr-defined]

    def heir_id(self) -> UUID | None:
        """Return the colleague chosen; call it on a valid form."""
        return UUID(self.cleaned_data["heir"]) if self.cleaned_data["heir"] else None
