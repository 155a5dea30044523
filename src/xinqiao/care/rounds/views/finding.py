"""What pages of rounds begin with: the list, the pupil or the call of the address, or 404."""

from uuid import UUID

from xinqiao.care.rounds.models import RoundCall, RoundList
from xinqiao.care.rounds.selectors.following import call_for
from xinqiao.care.rounds.selectors.own import list_for, pupil_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student


def list_or_404(actor: Actor, list_id: UUID) -> RoundList:
    """Return a list that the actor may go through."""
    return or_404(list_for(actor, list_id))


def pupil_or_404(row: RoundList, student_id: UUID) -> Student:
    """Return a pupil who is in the class of a list today."""
    return or_404(pupil_of(row, student_id))


def call_or_404(actor: Actor, call_id: UUID) -> RoundCall:
    """Return a call that the actor may take back."""
    return or_404(call_for(actor, call_id))


def class_or_404(actor: Actor, class_id: UUID) -> Unit:
    """Return a class whose boarders the actor visits."""
    units = units_for(actor, Permission.ROUND_SIGN, UnitKind.CLASS)
    return or_404(next((unit for unit in units if unit.id == class_id), None))
