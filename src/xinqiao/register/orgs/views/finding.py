"""Units as pages ask for them, found for an actor or not at all."""

from uuid import UUID

from django.http import Http404, HttpRequest

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import unit_by_path


def found_unit(actor: Actor, permission: Permission, unit_id: UUID) -> Unit:
    """Return a unit where the actor holds the permission; 404 otherwise."""
    unit = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    if unit is None or not actor.can(permission, unit.path):
        raise Http404
    return unit


def asked_unit(request: HttpRequest, actor: Actor) -> Unit:
    """Return the unit of `?unit=`, or the actor's own; 404 otherwise."""
    asked = request.GET.get("unit", "")
    if asked:
        try:
            return found_unit(actor, Permission.UNIT_VIEW, UUID(asked))
        except ValueError as error:
            raise Http404 from error
    places = actor.places(Permission.UNIT_VIEW)
    return or_404(unit_by_path(places[0]) if places else None)
