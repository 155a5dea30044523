"""`@page(Permission.X)`: every URL states what it needs. Wrong place is 404, lacking right is 403."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.hooks import Hook

View = Callable[..., HttpResponseBase]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Refusal:
    """Someone tried to reach a child without the right; the audit listens.

    `child` is the kind of what the address named: "student", or what leads to one, as "signal".
    """

    actor: Actor
    permission: Permission
    route: str
    child: str
    child_id: UUID
    status: int


refused_at_a_child: Hook[Refusal] = Hook("RefusedAtAChild")


def may_somewhere(request: HttpRequest, permission: Permission) -> bool:
    """May whoever reads do this anywhere? For entries of the navigation, which strangers ask for as well."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.can_somewhere(permission)


def or_404(found: Found | None) -> Found:
    """Return what was found for the reader; nothing is 404, whether it does not exist or is not theirs."""
    if found is None:
        raise Http404
    return found


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request; only inside a `@page`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the accounts middleware
    return actor


def page(permission: Permission, *, child: str = "") -> Callable[[View], View]:
    """Declare what a page needs. `child` names the URL argument that is (or leads to) a pupil."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return _ask_to_sign_in(request)
            try:
                if not actor.can_somewhere(permission):
                    raise Forbidden(permission)
                return view(request, *args, **kwargs)
            except (Forbidden, PermissionDenied) as error:
                _report(request, actor, permission, child, kwargs.get(child), 403)
                raise PermissionDenied(str(error)) from error
            except Http404:
                _report(request, actor, permission, child, kwargs.get(child), 404)
                raise

        guarded.page_permission = permission  # type: ignore[attr-defined]  # read by the URL walk
        guarded.page_child = child  # type: ignore[attr-defined]  # read by the URL walk
        return guarded

    return decorate


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _report(request: HttpRequest, actor: Actor, permission: Permission, child: str, child_id: Any, status: int) -> None:
    if isinstance(child_id, UUID):
        route = request.resolver_match.view_name if request.resolver_match else ""
        refused_at_a_child.send([Refusal(actor, permission, route, child.removesuffix("_id"), child_id, status)])
