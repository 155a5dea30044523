"""Reads of scales: which there are, whose wording may be used where, why one cannot be launched, and their plans."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.packs import scale_of_definition
from xinqiao.engines.scoring import Plan, Scale, compile_scale, wording_gaps
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import covers, places_above, within

NO_WORDING = "no_wording"
NOT_FOR_PUPILS = "not_for_pupils"
NO_SELF_REPORT = "no_self_report"
OTHER_INFORMANT = "other_informant"
RETIRED = "retired"
ELSEWHERE = "elsewhere"
LICENCE_ENDED = "licence_ended"


def scale_of(version: ScaleVersion) -> Scale:
    """Return the scale that a published version describes."""
    return scale_of_definition(version.definition)


def launchable(version: ScaleVersion, unit_path: str, informant: str = "self") -> list[str]:
    """Return why this version cannot be put before an informant about the pupils of a unit; an empty list: it can.

    Codes: no_wording (only the key ships; wording must be imported), not_for_pupils (a scale for staff),
    no_self_report (others answer about the pupil), other_informant (not made for this one to answer), retired,
    elsewhere (another unit's licensed wording),
    licence_ended (the last day that the unit's licence names is over).
    """
    scale = scale_of(version)
    reasons = []
    if not version.has_wording or wording_gaps(scale, "zh-Hans"):
        reasons.append(NO_WORDING)
    if scale.audience != "pupils":
        reasons.append(NOT_FOR_PUPILS)
    elif informant not in scale.informants:
        reasons.append(NO_SELF_REPORT if informant == "self" else OTHER_INFORMANT)
    if version.retired_at is not None:
        reasons.append(RETIRED)
    if version.place and not covers(version.place, unit_path):
        reasons.append(ELSEWHERE)
    if version.licensed_until is not None and version.licensed_until < today():
        reasons.append(LICENCE_ENDED)
    return reasons


def versions_at(places: Iterable[str]) -> list[ScaleVersion]:
    """Return what may be read at these places: what ships, and wording licensed to a unit at or above one of them.

    Of each scale and each licensed unit the present version; the order is by scale, what ships first.
    """
    above = {prefix for place in places for prefix in places_above(place)}
    found = ScaleVersion.objects.filter(Q(place="") | Q(place__in=above), retired_at=None)
    return list(found.order_by("code", "place", "published_at"))


def best_version(code: str, unit_path: str) -> ScaleVersion | None:
    """Return the version a unit would use: the wording licensed nearest to it, else what ships; None if unknown."""
    own = [version for version in versions_at([unit_path]) if version.code == code]
    return max(own, key=lambda version: len(version.place), default=None)


def scales_for(actor: Actor) -> list[tuple[ScaleVersion, str]]:
    """Return what an actor would use at each of the own places, with that place: the nearest wording of each scale.

    A version that serves several places stands there once, with the first of them.
    """
    places = actor.places(Permission.SCALE_READ)
    known = versions_at(places)
    found: dict[UUID, tuple[ScaleVersion, str]] = {}
    for place in places:
        # What ships stands first, then wording from the outermost unit inwards: the nearest one remains.
        nearest = {v.code: v for v in known if not v.place or covers(v.place, place)}
        for version in nearest.values():
            found.setdefault(version.id, (version, place))
    return sorted(found.values(), key=lambda each: (each[0].code, each[0].place))


def readable_version(actor: Actor, version_id: UUID) -> tuple[ScaleVersion, str] | None:
    """Return a version, retired ones too, and the actor's place from which it is seen.

    None where it does not exist, or where its wording is licensed to a unit that the actor does not belong to.
    """
    version = ScaleVersion.objects.filter(pk=version_id).first()
    places = actor.places(Permission.SCALE_READ)
    seen_from = [place for place in places if version and (not version.place or covers(version.place, place))]
    return (version, seen_from[0]) if version and seen_from else None


def versions_alike(actor: Actor, version: ScaleVersion) -> list[ScaleVersion]:
    """Return every version of a version's scale that the actor may read, retired ones too, the newest first."""
    places = actor.places(Permission.SCALE_READ)
    found = ScaleVersion.objects.filter(code=version.code).order_by("-published_at", "-version")
    return [each for each in found if not each.place or any(covers(each.place, place) for place in places)]


def licensed_versions(actor: Actor) -> list[ScaleVersion]:
    """Return the present versions whose rights concern an actor: what ships, and licences of units above or below."""
    places = actor.places(Permission.SCALE_READ)
    above = {prefix for place in places for prefix in places_above(place)}
    wanted = Q(place="") | Q(place__in=above) | within(places)
    return list(ScaleVersion.objects.filter(wanted, retired_at=None).order_by("code", "place", "published_at"))


def parameters_in_force(version: ScaleVersion, place: str) -> ItemParameterSet | None:
    """Return the item parameters that hold for this version at a place: those of the nearest unit, None if none do."""
    known = ItemParameterSet.objects.filter(version=version, place__in=places_above(place), retired_at=None)
    return max(known, key=lambda each: len(each.place), default=None)


def key_only_scales() -> list[ScaleVersion]:
    """Return the shipped scales of which only the key ships."""
    found = ScaleVersion.objects.filter(place="", retired_at=None, has_wording=False).order_by("code")
    return list(found)


def versions_by_id(ids: Iterable[UUID]) -> dict[UUID, ScaleVersion]:
    """Return published versions by id, retired ones too."""
    return ScaleVersion.objects.in_bulk(list(ids))


def plan_for(scale_id: UUID, informant: str = "self") -> Plan:
    """Return the compiled plan of a published version for one informant, kept in memory for ever.

    Raises ScaleVersion.DoesNotExist, or ScaleFault where this informant does not answer the scale.
    """
    return _plan(scale_id, informant)


@lru_cache(maxsize=256)
def _plan(scale_id: UUID, informant: str) -> Plan:
    return plan_of_definition(ScaleVersion.objects.get(pk=scale_id).definition, informant)


def plan_of_definition(definition: str, informant: str = "self") -> Plan:
    """Compile a stored definition; where `informant` does not answer this scale, its first informant is taken."""
    scale = scale_of_definition(definition)
    return compile_scale(scale, informant=informant if informant in scale.informants else scale.informants[0])
