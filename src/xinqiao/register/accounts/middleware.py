"""Sets `request.actor` for signed-in users; None for everyone else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for


class ActorMiddleware:
    """Puts the actor on the request; evaluated only when a page asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
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

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response
