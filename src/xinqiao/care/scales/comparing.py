"""Versions of a scale as rows: what differs between two of them, and the register of licences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.scales.messages import after_colon
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.presenting import (
    facts_of,
    foreign_language,
    item_rows,
    licence_words,
    phrase,
    rule_rows,
    score_rows,
    source_rows,
    title_of,
)
from xinqiao.care.scales.selectors import scale_of
from xinqiao.engines.scoring import Scale
from xinqiao.engines.scoring.comparing import Difference, differences
from xinqiao.engines.scoring.writing import fingerprint
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.presenters import names_of_actors
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import covers
from xinqiao.register.orgs.selectors import units_by_path


@dataclass(frozen=True)
class VersionRow:
    """One version in the history of a scale."""

    id: UUID
    version: str
    unit: str
    published_at: datetime
    published_by: str
    retired_at: datetime | None
    fingerprint: str
    is_this: bool


@dataclass(frozen=True)
class ComparedRow:
    """One thing that differs, in words; lines are empty where the version does not have it."""

    where: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs: in words, and every single entry as a scale file names it."""

    rows: tuple[ComparedRow, ...]
    entries: tuple[Difference, ...]


@dataclass(frozen=True)
class LicenceRow:
    """One right to use a scale."""

    id: UUID
    title: str
    code: str
    version: str
    right: str
    terms: str
    holder: str
    language: str
    unit: str
    until: date | None
    has_ended: bool
    imported_by: str
    imported_at: datetime
    may_read: bool


def version_rows(versions: Sequence[ScaleVersion], this: ScaleVersion, actor: Actor) -> list[VersionRow]:
    """Return the history, the newest first."""
    units = units_by_path(version.place for version in versions if version.place)
    names = _importers(versions, actor)
    return [
        VersionRow(
            id=each.id, version=each.version, unit=units[each.place].name if each.place in units else "",
            published_at=each.published_at, published_by=names.get(each.published_by, "") if each.published_by else "",
            retired_at=each.retired_at, fingerprint=fingerprint(scale_of(each))[:12], is_this=each.id == this.id,
        )
        for each in versions
    ]  # fmt: skip


def comparison(left: ScaleVersion, right: ScaleVersion) -> Comparison:
    """Return what differs between two versions of a scale."""
    one, other = dict(_told(left)), dict(_told(right))
    places = [*one, *(place for place in other if place not in one)]
    rows = [ComparedRow(p, one.get(p, ()), other.get(p, ())) for p in places if one.get(p) != other.get(p)]
    return Comparison(tuple(rows), tuple(differences(scale_of(left), scale_of(right))))


def _told(version: ScaleVersion) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All that the page of a scale says, each under a name of its own."""
    scale = scale_of(version)
    yield _("Title of the scale"), (phrase(scale.title),)
    for fact in facts_of(version, with_scores=False):
        if fact.label != _("Version"):  # it always differs, and stands in the heads of the columns
            yield fact.label, fact.lines
    yield _("Instruction"), (phrase(scale.instruction),)
    for item in item_rows(scale):
        yield _("Question {number}").format(number=item.number), (item.text, item.answers, *item.remarks)
    yield from _scores(scale)
    for n, rule in enumerate(rule_rows(scale), 1):
        yield after_colon(_("Rule"), f"{n} {rule.kind}"), (rule.text, rule.source)
    for source in source_rows(scale):
        yield after_colon(_("Source"), source.id), tuple(text for text in (source.citation, source.note) if text)
    yield _("Worked examples"), (str(len(scale.examples)),)


def _scores(scale: Scale) -> Iterator[tuple[str, tuple[str, ...]]]:
    for score in score_rows(scale):
        bands = [
            f"{after_colon(norm.who, '') if norm.who else ''}{band.start} {band.title}"
            for norm in score.norms
            for band in norm.bands
        ]
        told = (score.title, score.items, score.method, score.reach, *bands, *score.sources)
        yield after_colon(_("Score"), score.code), told


def licence_rows(versions: Sequence[ScaleVersion], actor: Actor) -> list[LicenceRow]:
    """Return the register; wording of a unit elsewhere is named here and can be read only there."""
    places = actor.places(Permission.SCALE_READ)
    units = units_by_path(version.place for version in versions if version.place)
    names = _importers(versions, actor)
    return [
        _licence_row(
            each, units[each.place].name if each.place in units else "",
            names.get(each.published_by, "") if each.published_by else "",
            may_read=not each.place or any(covers(each.place, place) for place in places),
        )
        for each in versions
    ]  # fmt: skip


def _importers(versions: Sequence[ScaleVersion], actor: Actor) -> dict[UUID, str]:
    """Who published, by id, where colleagues or the bureau above ask; advisers from outside need no names."""
    places = [*actor.places(Permission.DUTY_VIEW), *actor.places(Permission.COVERAGE_VIEW)]
    known = {
        version.published_by
        for version in versions
        if version.published_by
        and any(covers(place, version.place) or covers(version.place, place) for place in places)
    }
    return names_of_actors(known)


def _licence_row(version: ScaleVersion, unit: str, imported_by: str, *, may_read: bool) -> LicenceRow:
    scale = scale_of(version)
    owner = next((source.citation for source in scale.sources if source.id == scale.licence.source), "")
    holder = scale.wording_licence or (_(owner) if owner else "")
    return LicenceRow(
        id=version.id, title=title_of(version), code=version.code, version=version.version,
        right=licence_words(scale), terms=phrase(scale.licence.text), holder=holder, language=foreign_language(holder),
        unit=unit, until=version.licensed_until,
        has_ended=version.licensed_until is not None and version.licensed_until < today(),
        imported_by=imported_by, imported_at=version.published_at, may_read=may_read,
    )  # fmt: skip
