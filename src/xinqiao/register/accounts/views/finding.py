"""What the pages of this app ask for, found for an actor or not at all."""

from uuid import UUID

from django.http import Http404, HttpRequest

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.models import Membership
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.people.models import Staff


def found_staff(actor: Actor, permission: Permission, staff_id: UUID) -> Staff:
    """Return a member of staff where the actor holds the permission; 404 otherwise."""
    staff: Staff | None = Staff.objects.visible_to(actor, permission).filter(pk=staff_id).first()
    if staff is None:
        raise Http404
    return staff


def found_unit(actor: Actor, permission: Permission, unit_id: UUID) -> Unit:
    """Return an open unit where the actor holds the permission; 404 otherwise."""
    unit = Unit.objects.filter(pk=unit_id, is_closed=False).first()
    if unit is None or not actor.can(permission, unit.path):
        raise Http404
    return unit


def found_membership(actor: Actor, permission: Permission, membership_id: UUID) -> Membership:
    """Return a membership where the actor holds the permission; 404 otherwise."""
    row = Membership.objects.select_related("user").filter(pk=membership_id).first()
    if row is None or not actor.can(permission, row.place):
        raise Http404
    return row


def asked_unit(request: HttpRequest, actor: Actor, permission: Permission) -> Unit:
    """Return the unit of `?unit=`, or the first one where the actor holds the permission; 404 otherwise."""
    asked = request.GET.get("unit", "")
    if asked:
        try:
            return found_unit(actor, permission, UUID(asked))
        except ValueError as error:
            raise Http404 from error
    places = actor.places(permission)
    return or_404(units_by_path(places[:1]).get(places[0]) if places else None)
