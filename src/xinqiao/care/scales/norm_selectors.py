"""Reads of local norms. A norm is read where it holds: at its unit and below, never from above or beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norm_file import GroupEntry, norm_of_text
from xinqiao.engines.norms import Standing, standing_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

# Whose pupils may be a norm's: schools, and what stands above them.
NORMED = (*SCHOOL_KINDS, UnitKind.COUNTY, UnitKind.CITY, UnitKind.PROVINCE)


@dataclass(frozen=True)
class LocalStanding:
    """Where one pupil's score stands: in which group of which norm, and the standing there."""

    norm: LocalNorm
    group: GroupEntry
    standing: Standing


def readable_norms(actor: Actor) -> list[LocalNorm]:
    """Return the norms that hold, or held, where an actor works: in force first, then the newest."""
    places = {above for place in actor.places(Permission.SCALE_READ) for above in places_above(place)}
    rows = LocalNorm.objects.filter(place__in=places).select_related("version")
    return sorted(rows, key=lambda row: (row.retired_at is not None, row.version.code, -row.published_at.timestamp()))


def readable_norm(actor: Actor, norm_id: UUID) -> LocalNorm | None:
    """Return one of them, None where there is none or it holds elsewhere."""
    return next((norm for norm in readable_norms(actor) if norm.id == norm_id), None)


def norm_units(actor: Actor) -> list[Unit]:
    """Return the actor's own units for which norms may be made: not those below, whose figures are their own."""
    units = units_by_path(actor.places(Permission.NORM_EDIT)).values()
    return sorted((unit for unit in units if unit.kind in NORMED), key=lambda unit: unit.path)


def norms_in_force(version_id: UUID, place: str) -> list[LocalNorm]:
    """Return the norms of a version that hold at a place, the nearest unit's first."""
    rows = LocalNorm.objects.filter(version_id=version_id, place__in=places_above(place), retired_at=None)
    return sorted(rows, key=lambda row: -len(row.place))


def local_standing(
    norms: Sequence[LocalNorm], score_id: str, score: float, *, sex: str, stage: str, grade: int | None
) -> LocalStanding | None:
    """Return where a score stands in the first of some norms that has a group for the pupil; None where none has."""
    for norm in norms:
        for group in norm_of_text(norm.definition).groups:
            if group.covers(sex, stage, grade) and score_id in group.scores:
                return LocalStanding(norm, group, standing_of(group.scores[score_id].table(group.n), score))
    return None
