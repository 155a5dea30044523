"""Signing in and out, the second factor, the own password: allauth's flows with our pages, marks and audit."""

from dataclasses import replace
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.logout import logout as sign_out_here
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts import auth_forms
from xinqiao.register.accounts.freshness import mark_confirmed
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.presence import fresh_marks, keep_marks, marks_of
from xinqiao.register.accounts.session_events import record_own


class SignIn(account.LoginView):
    """Sign-in name and password."""

    template_name = "accounts/sign_in.html"
    form_class = auth_forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lacks_factor = not settings.XINQIAO_SECOND_FACTOR and not settings.XINQIAO_DEMO
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"lacks_factor": lacks_factor}


class SignOut(account.LogoutView):
    """Asks on GET, signs out on POST."""

    template_name = "accounts/sign_out.html"


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    user = request.user
    assert isinstance(user, User)
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    record_own(user, "accounts.session.closed_everywhere")
    sign_out_here(request, show_message=False)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")


class ChangePassword(account.PasswordChangeView):
    """The own password; every other session of the account ends."""

    template_name = "accounts/password.html"
    form_class = auth_forms.NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        mark_confirmed(self.request)
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return response


class PasswordAgain(account.ReauthenticateView):
    """The password once more, before something grave."""

    template_name = "accounts/confirm.html"
    form_class = auth_forms.PasswordAgainForm

    def form_valid(self, form: Any) -> HttpResponse:
        mark_confirmed(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class Code(factor.AuthenticateView):
    """The second factor at sign-in."""

    template_name = "accounts/code.html"
    form_class = auth_forms.CodeForm


class CodeAgain(factor.ReauthenticateView):
    """The second factor once more; also for a session from before it was set up."""

    template_name = "accounts/confirm.html"
    form_class = auth_forms.CodeAgainForm

    def form_valid(self, form: Any) -> HttpResponse:
        mark_confirmed(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class Factors(factor.IndexView):
    """What the own sign-in consists of."""

    template_name = "accounts/factors.html"


class Activate(totp.ActivateTOTPView):
    """Set up an authenticator app."""

    template_name = "accounts/activate.html"
    form_class = auth_forms.ActivateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        marks = marks_of(self.request) or fresh_marks(self.request, now())
        keep_marks(self.request, replace(marks, has_factor=True))
        record_own(self.request.user, "accounts.factor.added")
        return response


class Deactivate(totp.DeactivateTOTPView):
    """Take the authenticator app off again, where the role allows it."""

    template_name = "accounts/deactivate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_own(self.request.user, "accounts.factor.removed")
        return response


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    """The recovery codes that are left."""

    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(recovery.GenerateRecoveryCodesView):
    """Draw new recovery codes; the old ones end."""

    template_name = "accounts/new_recovery_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_own(self.request.user, "accounts.factor.codes_drawn")
        return response
