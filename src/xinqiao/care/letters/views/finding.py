"""What pages of letters begin with: the screening, its words for everybody, a class of it, a letter, or 404."""

from uuid import UUID

from xinqiao.care.letters.models import Letter, Mailing
from xinqiao.care.letters.rows import mailing_of
from xinqiao.care.letters.selectors.letters import letter_for
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.views.finding import campaign_or_404
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission


def written_or_404(actor: Actor, campaign_id: UUID) -> tuple[Campaign, Mailing]:
    """Return a screening of the actor's school whose words for everybody were written."""
    campaign = campaign_or_404(actor, campaign_id, Permission.LETTER_WRITE)
    found = or_404(mailing_of(campaign))
    return campaign, found


def letter_or_404(actor: Actor, letter_id: UUID) -> Letter:
    """Return a letter that the actor may write."""
    return or_404(letter_for(actor, letter_id))
