"""The four mechanisms of each school: what is in force, since when, last used. Names nobody."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language

from xinqiao.care.alerts.mechanisms import Mechanism, Stands, in_force, uses_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.selectors import pack_in_force


@dataclass(frozen=True)
class UseLine:
    """One sign of use and the day on which it last was; None for never."""

    label: str
    on: dt.date | None


@dataclass(frozen=True)
class MechanismBox:
    """One mechanism of one school."""

    code: str
    label: str
    stands: tuple[Stands, ...]
    uses: tuple[UseLine, ...]

    @property
    def last_on(self) -> dt.date | None:
        return max((use.on for use in self.uses if use.on is not None), default=None)

    @property
    def is_gap(self) -> bool:
        return any(each.is_gap for each in self.stands)


@dataclass(frozen=True)
class SchoolBoxes:
    """A school with its pack and its four mechanisms."""

    code: str
    school: str
    pack: str
    since: dt.date
    boxes: tuple[MechanismBox, ...]


def schools_of(actor: Actor) -> list[Unit]:
    """Return the schools whose mechanisms an actor may read."""
    return units_for(actor, Permission.MECHANISM_VIEW, *SCHOOL_KINDS)


def boxes_for(schools: Sequence[Unit], on: dt.date) -> list[SchoolBoxes]:
    """Return the four mechanisms of schools that an actor may read; uses are asked once for all of them."""
    places = [school.path for school in schools]
    last = {use.code: use.last(places) for mechanism in Mechanism for use in uses_of(mechanism)} if places else {}
    return [_boxes(school, last, on) for school in schools]


def _boxes(school: Unit, last: Mapping[str, Mapping[str, dt.datetime]], on: dt.date) -> SchoolBoxes:
    loaded = pack_in_force(school.path, on)
    return SchoolBoxes(
        code=school.code, school=school.name, pack=loaded.pack.title.in_language(get_language() or ""),
        since=loaded.pack.in_force.from_,
        boxes=tuple(
            MechanismBox(
                code=mechanism.value, label=str(mechanism.label), stands=in_force(mechanism, school.path, on),
                uses=tuple(
                    UseLine(str(use.label), _day(last[use.code], school.path)) for use in uses_of(mechanism)
                ),
            )
            for mechanism in Mechanism
        ),
    )  # fmt: skip


def _day(found: Mapping[str, dt.datetime], place: str) -> dt.date | None:
    at = found.get(place)
    return timezone.localtime(at).date() if at else None
