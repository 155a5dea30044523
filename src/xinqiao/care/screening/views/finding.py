"""What pages of screening begin with: the campaign and the class of the address, or 404."""

from uuid import UUID

from django.http import Http404

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import campaign_followed, campaign_for, classes_for
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit


def campaign_or_404(actor: Actor, campaign_id: UUID, permission: Permission) -> Campaign:
    """Return a campaign over whose whole school the actor holds the permission."""
    return or_404(campaign_for(actor, campaign_id, permission))


def followed_or_404(actor: Actor, campaign_id: UUID) -> Campaign:
    """Return a campaign that the actor may follow for at least one class."""
    return or_404(campaign_followed(actor, campaign_id))


def for_everyone_or_404(campaign: Campaign) -> None:
    """A list of a class would show by its gaps who is on the register: of such a campaign there is none."""
    if campaign.is_of_register:
        raise Http404


def class_or_404(actor: Actor, campaign: Campaign, class_id: UUID, permission: Permission) -> Unit:
    """Return a class of a campaign where the actor holds the permission."""
    return or_404(next((unit for unit in classes_for(actor, campaign, permission) if unit.pk == class_id), None))
