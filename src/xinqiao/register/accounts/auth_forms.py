"""Forms of signing in, in our words."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.adapter import FactorAdapter, MustWait, StaffAdapter
from xinqiao.register.accounts.limits import (
    failures_in_a_row,
    forget_failures,
    is_first_use,
    take_try,
    tally_index,
)
from xinqiao.register.accounts.session_events import record_failure


def _worded(field: forms.Field, label: Any, help_text: Any = "", **attrs: str) -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attrs


class SignInForm(LoginForm):
    """Sign-in name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self.fields["login"], _("Sign-in name"), autocapitalize="none", spellcheck="false")
        _worded(self.fields["password"], _("Password"))


class PasswordAgainForm(ReauthenticateForm):
    """The own password, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self.fields["password"], _("Password"))


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self.fields["oldpassword"], _("Present password"))
        help_text = _("At least 10 characters, not only digits, and not a common one. Three odd words are good.")
        _worded(self.fields["password1"], _("New password"), help_text)
        _worded(self.fields["password2"], _("New password, once more"))

    def clean_oldpassword(self) -> str:
        """Count wrong ones like at sign-in, so that a stolen session does not serve for guessing."""
        password = str(self.cleaned_data["oldpassword"])
        adapter = StaffAdapter(context.request)
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("enter_current_password")
        return password

    def clean(self) -> dict[str, Any]:
        """Whoever handed out a first password knows it: the same one again would leave it in two heads."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", _("The new password is the present one. Type another one."))
        return cleaned


class _CountedCode(forms.Form):
    """Counts wrong codes of an account, across processes, and takes each right one only once."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("Six digits from your authenticator app, or one of your recovery codes.")
        _worded(self.fields["code"], _("Sign-in code"), help_text, inputmode="numeric")

    def clean_code(self) -> str:
        index = tally_index(context.request, "code", self.user.username)
        minutes = take_try(index, now())
        if minutes:
            raise MustWait(minutes)
        try:
            code = str(super().clean_code())  # type: ignore[misc]  # the form that this is mixed into
        except forms.ValidationError:
            record_failure(self.user.username, failures=failures_in_a_row(index))
            raise
        if not is_first_use(self.user.id, code, now()):
            raise FactorAdapter().validation_error("incorrect_code")
        forget_failures(index)
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(_CountedCode, FactorReauthenticateForm):
    """The second factor, once more."""


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self.fields["code"], _("Code shown by the app"), _("Six digits; they change every 30 seconds."),
                inputmode="numeric")  # fmt: skip
