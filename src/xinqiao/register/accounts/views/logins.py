"""Pages: sign-ins and roles of one member of staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinqiao.foundation.access.pages import actor_of, page
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.first_passwords import CannotGiveLogin, FirstPassword
from xinqiao.register.accounts.forms import GrantForm, LoginForm
from xinqiao.register.accounts.freshness import confirm_first
from xinqiao.register.accounts.selectors import units_to_grant
from xinqiao.register.accounts.services.logins import (
    give_login,
    give_new_password,
    reset_second_factor,
)
from xinqiao.register.accounts.services.memberships import CannotGrant, end_membership, grant_role
from xinqiao.register.accounts.views.finding import found_membership, found_staff
from xinqiao.register.accounts.wording import refusal_words
from xinqiao.register.people.models import Staff

REFUSED = 422
_CLOSED = gettext_lazy(
    "The password of this person was drawn by somebody who may not hold what this role opens, so it ended. "
    "You may not draw one either: the security officer of the unit above does, on the page of this person."
)


def _name(staff: Staff) -> str:
    (opened,) = open_sealed([staff], "name")
    return opened["name"] or ""


def _handed_out(request: HttpRequest, staff: Staff, given: FirstPassword, *, is_renewed: bool = False) -> HttpResponse:
    context = {"given": given, "name": _name(staff), "is_renewed": is_renewed}
    return render(request, "accounts/first_password.html", context)


@page(Permission.STAFF_EDIT)
@confirm_first
def login_add(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Give someone a sign-in; the first password is shown this once."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_EDIT, staff_id)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_out(request, staff, give_login(staff, actor=actor, login=form.cleaned_data["login"]))
        except CannotGiveLogin as refusal:
            form.add_error("login", refusal_words(refusal.code))
    context = {"form": form, "staff": staff, "name": _name(staff)}
    return render(request, "accounts/login_add.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.STAFF_EDIT)
@require_POST
@confirm_first
def password_new(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Draw another first password."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_EDIT, staff_id)
    try:
        return _handed_out(request, staff, give_new_password(staff, actor=actor))
    except CannotGiveLogin as refusal:
        messages.error(request, refusal_words(refusal.code))
        return redirect("accounts:staff-member", staff.id)


@page(Permission.STAFF_EDIT)
@require_POST
@confirm_first
def factor_reset(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Take a lost second factor off."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.STAFF_EDIT, staff_id)
    try:
        reset_second_factor(staff, actor=actor)
        messages.success(request, _("Reset. The next sign-in sets up a new second factor."))
    except CannotGiveLogin as refusal:
        messages.error(request, refusal_words(refusal.code))
    return redirect("accounts:staff-member", staff.id)


@page(Permission.GRANT_EDIT)
@confirm_first
def role_grant(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Grant a role."""
    actor = actor_of(request)
    staff = found_staff(actor, Permission.GRANT_EDIT, staff_id)
    form = GrantForm(request.POST or None, units=units_to_grant(actor, staff))
    if request.method == "POST" and form.is_valid():
        try:
            granted = grant_role(form.chosen_unit(), actor=actor, staff=staff, **form.chosen())
        except CannotGrant as refusal:
            form.add_error(None, refusal_words(refusal.code))
        else:
            if granted.slip is not None:
                return _handed_out(request, staff, granted.slip, is_renewed=True)
            messages.success(request, _("Granted. It holds from the first day on."))
            if granted.is_closed:
                messages.warning(request, _CLOSED)
            return redirect("accounts:staff-member", staff.id)
    context = {"form": form, "staff": staff, "name": _name(staff)}
    return render(request, "accounts/grant.html", context, status=REFUSED if form.is_bound else 200)


@page(Permission.GRANT_EDIT)
@require_POST
@confirm_first
def role_end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a role today."""
    actor = actor_of(request)
    membership = found_membership(actor, Permission.GRANT_EDIT, membership_id)
    end_membership(membership, actor=actor)
    messages.success(request, _("Ended. Open sessions of this person are closed."))
    if membership.user.staff_id is None:
        return redirect("accounts:staff")
    return redirect("accounts:staff-member", membership.user.staff_id)
