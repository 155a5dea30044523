"""What pages of the register begin with: the entry of the address, or 404."""

from uuid import UUID

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.selectors.pages import entry_for
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404


def entry_or_404(actor: Actor, entry_id: UUID) -> RegisterEntry:
    """Return an entry that the actor may change."""
    return or_404(entry_for(actor, entry_id))
