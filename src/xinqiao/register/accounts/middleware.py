"""Who acts in a request, and whether the session may still act at all."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.ui.shell import notices_url_of
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.presence import (
    TOUCH_EVERY,
    agent_digest,
    fresh_marks,
    is_idle,
    keep_marks,
    marks_of,
    reason_to_end,
)
from xinqiao.register.accounts.rules import needs_care_at_sign_in
from xinqiao.register.accounts.session_events import record_ended

GetResponse = Callable[[HttpRequest], HttpResponse]
# Open before everything is set up: signing in and out, the own password and second factor, the language.
OPEN_NAMES = ("account_", "mfa_", "set_language")


class ActorMiddleware:
    """Puts the actor on the request; evaluated only when a page asks for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]  # ours
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not user.is_authenticated:
        return None
    return SimpleLazyObject(lambda: actor_for(user, today()))  # type: ignore[return-value]  # lazy stand-in


class PrivacyMiddleware:
    """Nothing a signed-in person sees is kept by a cache, and no device sensor is ever asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if was_signed_in or request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response


class PresenceMiddleware:
    """Ends a session in another browser, after eight hours, or where nobody has been for half an hour.

    The page's own question for urgent notices is not presence, and is answered until the eight hours are over: an
    idle screen may not open a page any more, but it must not miss a child in danger.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at(request)
        return self.get_response(request)

    def _look_at(self, request: HttpRequest) -> None:
        at, marks = now(), marks_of(request)
        if marks is None:
            keep_marks(request, fresh_marks(request, at))
            return
        reason = reason_to_end(marks, agent_digest(request), at)
        if reason:
            _end(request, reason)
            return
        if at - marks.seen_at < TOUCH_EVERY or request.path == notices_url_of(request):
            return
        if is_idle(marks, at) and needs_care_at_sign_in(_roles(request)):
            _end(request, "idle")
        else:
            keep_marks(request, replace(marks, seen_at=at))


def _roles(request: HttpRequest) -> frozenset[Role]:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor.roles()


def _end(request: HttpRequest, reason: str) -> None:
    user = request.user
    assert isinstance(user, User)
    record_ended(User.objects.get(pk=user.pk), reason)
    request.session.flush()
    request.user = AnonymousUser()
    request.actor = None  # type: ignore[attr-defined]  # ours
    words = {  # whoever came with another browser's session is told nothing: the owner is, at the next sign-in
        "too_old": _("You were signed out after eight hours. Sign in again to go on."),
        "idle": _("You were signed out after half an hour without a click. Sign in again to go on."),
    }
    if reason in words:
        messages.info(request, words[reason])


class GateMiddleware:
    """Before any page: a password of one's own, and the second factor for whoever sees D3 or keeps the system."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = self._wanted(request) if request.user.is_authenticated else ""
        if not wanted or _is_open(request.path_info):
            return self.get_response(request)
        url = f"{reverse(wanted)}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return redirect(url)

    def _wanted(self, request: HttpRequest) -> str:
        user, marks = request.user, marks_of(request)
        assert isinstance(user, User)
        if user.must_change_password:
            return "account_change_password"
        if not settings.XINQIAO_SECOND_FACTOR or (marks and marks.has_factor):
            return ""
        if not needs_care_at_sign_in(_roles(request)):
            return ""
        if any(each.get("method") == "mfa" for each in get_authentication_records(request, user)):
            if marks:
                keep_marks(request, replace(marks, has_factor=True))
            return ""
        return "mfa_reauthenticate" if is_mfa_enabled(user, [Authenticator.Type.TOTP]) else "mfa_activate_totp"


def _is_open(path: str) -> bool:
    try:
        return resolve(path).view_name.startswith(OPEN_NAMES)
    except Resolver404:
        return True
