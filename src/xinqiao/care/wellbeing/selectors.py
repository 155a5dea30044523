"""Reads for the one whom it concerns: which scales there are, what answers say, and the opened notebook."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import (
    NOT_FOR_PUPILS,
    best_version,
    launchable,
    plan_for,
    scale_of,
    versions_by_id,
)
from xinqiao.care.wellbeing.models import Entry, Notebook
from xinqiao.engines.scoring import Scale, critical_answers, pack_answers, score_one
from xinqiao.foundation.access.actors import Actor, any_place
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.boxes import out_of_box, unlocked
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.policy.packs import StaffScale
from xinqiao.register.policy.selectors import parameters_for


class Kept(msgspec.Struct, frozen=True):
    """What lies in a box: the moment, the version answered, its first score and that score's band. No answers."""

    at: dt.datetime
    version_id: UUID
    score: float
    band: str


@dataclass(frozen=True)
class OwnScale:
    """A scale that may be answered here, and what the policy says of it."""

    version: ScaleVersion
    scale: Scale
    rule: StaffScale


@dataclass(frozen=True)
class Said:
    """What answers say to the one who gave them; `cries` where an answer must not be left alone with."""

    own: OwnScale
    score: float
    band: str
    cries: bool


@dataclass(frozen=True)
class KeptRow:
    """One entry of the opened notebook."""

    id: UUID
    own: OwnScale
    kept: Kept


def own_place(actor: Actor) -> str:
    """Return the place whose policy and licences hold for the actor: the first of the own."""
    return any_place(actor.places(Permission.WELLBEING_OWN))


def own_scales(actor: Actor, on: dt.date) -> tuple[list[OwnScale], list[str]]:
    """Return the scales that may be answered, and the codes of those whose wording has not been imported."""
    place = own_place(actor)
    found: list[OwnScale] = []
    without: list[str] = []
    for rule in parameters_for(place, on).staff_scales:
        version = best_version(rule.code, place)
        if version is None or set(launchable(version, place)) - {NOT_FOR_PUPILS}:
            without.append(rule.code)
        else:
            found.append(OwnScale(version, scale_of(version), rule))
    return found, without


def own_scale(actor: Actor, code: str, on: dt.date) -> OwnScale | None:
    """Return one of the scales that may be answered; None where it is not among them."""
    return next((each for each in own_scales(actor, on)[0] if each.rule.code == code), None)


def said_by(own: OwnScale, answers: Sequence[int]) -> Said:
    """Return what complete answers say. Raises ValueError where they are not an answer sheet of this scale."""
    result = score_one(plan_for(own.version.id), answers)
    if result.faults:
        raise ValueError(result.error)
    first = own.scale.subscales[0].id
    return Said(own, result.scores[first], result.bands[first], cries=bool(result.critical))


def cries_for_help(own: OwnScale, answers: Sequence[int | None]) -> bool:
    """Does an answer call for help, whatever else is missing?"""
    return bool(critical_answers(plan_for(own.version.id), pack_answers(answers)))


def kept_text(said: Said, at: dt.datetime) -> bytes:
    """Return a result as it lies in a box."""
    return msgspec.json.encode(Kept(at, said.own.version.id, said.score, said.band))


def has_notebook(actor: Actor) -> bool:
    """Has the actor a notebook?"""
    return bool(Notebook.objects.own(actor).exists())


def opened_notebook(actor: Actor, words: str, on: dt.date) -> list[KeptRow] | None:
    """Return the actor's own entries, the oldest first; None where there is no notebook. Raises WrongWords."""
    notebook = Notebook.objects.own(actor).first()
    if notebook is None:
        return None
    (lock,) = open_sealed([notebook], "guarded")
    private = unlocked(lock["guarded"], words, notebook.id.bytes)
    entries = list(Entry.objects.own(actor))
    boxes = open_sealed(entries, "box")
    kept = [
        (entry.id, msgspec.json.decode(out_of_box(private, box["box"], entry.id.bytes), type=Kept))
        for entry, box in zip(entries, boxes, strict=True)
    ]
    return _rows(actor, sorted(kept, key=lambda each: each[1].at), on)


def _rows(actor: Actor, kept: Sequence[tuple[UUID, Kept]], on: dt.date) -> list[KeptRow]:
    versions = versions_by_id({each.version_id for _id, each in kept})
    rules = {rule.code: rule for rule in parameters_for(own_place(actor), on).staff_scales}
    return [
        KeptRow(row_id, OwnScale(version, scale_of(version), rule), each)
        for row_id, each in kept
        if (version := versions.get(each.version_id))
        and (rule := rules.get(version.code, StaffScale(code=version.code, advice={})))
    ]
