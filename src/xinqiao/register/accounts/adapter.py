"""allauth's adapters: nobody signs up, accounts wait instead of addresses, secrets of second factors are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import Sealed, open_bytes, seal_bytes
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.first_passwords import has_run_out
from xinqiao.register.accounts.freshness import is_confirmed
from xinqiao.register.accounts.limits import failures_in_a_row, forget_failures, take_try, tally_index
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.rules import needs_care_at_sign_in
from xinqiao.register.accounts.session_events import record_failure, record_own

OURS = {
    "account_inactive": gettext_lazy("This account is closed. Ask the security officer."),
    "username_password_mismatch": gettext_lazy(
        "Sign-in name and password do not fit together. Check both, and the caps lock."
    ),
    "incorrect_password": gettext_lazy("This is not your password. Check the caps lock and type it again."),
    "enter_current_password": gettext_lazy("This is not your present password. Type it again."),
    "incorrect_code": gettext_lazy("This code does not fit. Codes change every 30 seconds: type the one shown now."),
    "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
    "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
    "cannot_delete_authenticator": gettext_lazy("Your role needs the second factor; it cannot be switched off."),
    "cannot_generate_recovery_codes": gettext_lazy("Set up the second factor first, then recovery codes."),
}  # fmt: skip


class MustWait(ValidationError):
    """Too many wrong tries in a row; says for how many minutes."""

    def __init__(self, minutes: int) -> None:
        text = ngettext(
            "Too many wrong tries. Try again in {n} minute, or ask the security officer for a new password.",
            "Too many wrong tries. Try again in {n} minutes, or ask the security officer for a new password.",
            minutes,
        )
        super().__init__(text.format(n=minutes), code="must_wait")


class RunOut(ValidationError):
    """A first password that nobody used in time."""

    def __init__(self) -> None:
        text = _(
            "This first password was not used in time and opens nothing any more. "
            "Ask whoever gave it to you for a new one."
        )
        super().__init__(text, code="run_out")


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in of staff."""

    error_messages = DefaultAccountAdapter.error_messages | OURS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before the password is looked at, so that waiting tells nothing about it."""
        minutes = take_try(_index(request, credentials), now())
        if minutes:
            raise MustWait(minutes)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and has_run_out(user):
            raise RunOut
        if user is not None:
            forget_failures(_index(request, credentials))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        failures = failures_in_a_row(_index(request, credentials))
        record_failure(str(credentials.get("username", "")), failures=failures)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_confirmed(context.request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("This account is closed. Ask the security officer."))
        return redirect("account_login")

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            record_own(user, "accounts.session.closed")

    def set_password(self, user: User, password: str) -> None:
        """Set the own password; refused where the sign-in was renewed since this page was asked for."""
        user.set_password(password)
        user.must_change_password = False
        same = User.objects.filter(pk=user.pk, session_epoch=user.session_epoch)
        if not same.update(password=user.password, must_change_password=False):
            raise PermissionDenied
        record_own(user, "accounts.password.changed")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def add_message(self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **_: Any) -> None:
        """Show only messages that are given in words; allauth's own templates are not ours."""
        if message:
            messages.add_message(request, level, message)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No account has a mail address; what happens to a sign-in stands in the audit."""


def _index(request: HttpRequest, credentials: dict[str, Any]) -> bytes:
    return tally_index(request, "password", str(credentials.get("username", "")).lower())


class FactorAdapter(DefaultMFAAdapter):
    """The second factor."""

    error_messages = DefaultMFAAdapter.error_messages | OURS

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal_bytes(_factor_cipher(), text.encode(), b"mfa.authenticator")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = Sealed(base64.b64decode(encrypted_text))
        return open_bytes(_factor_cipher(), sealed, b"mfa.authenticator").decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        if not settings.XINQIAO_SECOND_FACTOR:
            return True
        return not needs_care_at_sign_in(actor_for(authenticator.user, today()).roles())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See StaffAdapter."""


def _factor_cipher() -> AESGCM:
    """Return the cipher of second factors: a key of the key file, which the database does not hold."""
    secret = ring().secrets["tickets"]
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"xinqiao second factors")
    return AESGCM(derive.derive(secret))
