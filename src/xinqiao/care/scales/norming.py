"""Drafting a local norm: from the sheets that whoever holds them hands over, to a file that may be published.

Scales know nothing of screenings; who does registers here and hands over scores without names.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.scales.models import LocalNorm, ScaleVersion
from xinqiao.care.scales.norm_file import NormFile, norm_file
from xinqiao.care.scales.packs import digest_of
from xinqiao.care.scales.selectors import scale_of
from xinqiao.engines.norms import NormRules, NormSheet, build
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import places_above, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class NormSource:
    """Where sheets come from. `answered` returns (version, school year) of what was answered at or below some places,
    in screenings that are over; `sheets` all sheets of one version there in one year, those that do not count too."""

    answered: Callable[[Collection[str]], Collection[tuple[UUID, int]]]
    sheets: Callable[[ScaleVersion, str, int, NormRules], Sequence[NormSheet]]


_sources: list[NormSource] = []


def register_norm_source(source: NormSource) -> None:
    """Let sheets be handed over; once, in `ready()`."""
    if source not in _sources:
        _sources.append(source)


@dataclass(frozen=True)
class NormDraft:
    """A norm that may be published where `why_not` is empty.

    `why_not` are (code, detail): few_sheets (those there are, and those needed), few_schools (likewise), too_close (of
    another norm of the same year here, above or below: the sheets in which they differ, and those needed).
    """

    version: ScaleVersion
    unit: Unit
    file: NormFile
    why_not: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the norm as it would be stored."""
        return digest_of(self.file.text())


def answered_choices(places: Collection[str]) -> list[tuple[ScaleVersion, int]]:
    """Return what a norm can be made of at some places: versions with a school year, the latest year first."""
    found = {pair for source in _sources for pair in source.answered(places)}
    versions = ScaleVersion.objects.in_bulk([version_id for version_id, _year in found])
    known = [(versions[version_id], year) for version_id, year in found if version_id in versions]
    own = [(version, year) for version, year in known if _is_own_report(version)]
    return sorted(own, key=lambda each: (-each[1], each[0].code, each[0].version))


def _is_own_report(version: ScaleVersion) -> bool:
    """A norm is of what pupils say of themselves."""
    scale = scale_of(version)
    return scale.audience == "pupils" and "self" in scale.informants


def draft_norm(actor: Actor, unit: Unit, version: ScaleVersion, school_year: int) -> NormDraft:
    """Draft a norm of a unit; opening the sheets is one reading event, with nothing but their number."""
    policy = parameters_for(unit.path, timezone.localtime(now()).date())
    rules = policy.norm_rules
    sheets = [sheet for source in _sources for sheet in source.sheets(version, unit.path, school_year, rules)]
    note_reading(
        actor, "scales.norm.drafted", subject_kind="scale", subject_id=version.id, place=unit.path,
        county_id=unit.county_id, facts={"code": version.code, "sheets": len(sheets), "year": school_year},
    )  # fmt: skip
    built = build(sheets, rules, is_one_school=unit.kind in SCHOOL_KINDS)
    file = norm_file(
        built, rules, scale=version.code, version=version.version, school_year=school_year,
        revision=policy.revision,
    )  # fmt: skip
    return NormDraft(version, unit, file, tuple(_why_not(unit, version, file, rules, sheets)))


def _why_not(
    unit: Unit, version: ScaleVersion, file: NormFile, rules: NormRules, sheets: Sequence[NormSheet]
) -> list[tuple[str, str]]:
    if not file.groups:
        counted = [sheet for sheet in sheets if not sheet.why_out]
        if len(counted) < rules.group_sheets:
            return [("few_sheets", f"{len(counted)}:{rules.group_sheets}")]
        return [("few_schools", f"{len({sheet.school for sheet in counted})}:{rules.schools}")]
    gaps = [abs(each.sheets - file.sheets) for each in _nested(unit, version, file)]
    close = [gap for gap in gaps if gap < rules.group_sheets]
    return [("too_close", f"{min(close)}:{rules.group_sheets}")] if close else []


def _nested(unit: Unit, version: ScaleVersion, file: NormFile) -> list[LocalNorm]:
    """Norms of the same year that a reader could hold against this one, retired ones too: here, above and below."""
    along = within([unit.path]) | Q(place__in=places_above(unit.path))
    rows = LocalNorm.objects.filter(along, version=version, school_year=file.school_year)
    return list(rows.exclude(digest=digest_of(file.text())))
