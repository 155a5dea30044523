"""Importing the wording of a key-only scale that a unit holds a licence for: a published version of its own."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import definition_text, digest_of
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.services.publishing import retire
from xinqiao.care.scales.wording_file import Wording
from xinqiao.engines.scoring import Fault, Text, check_scale, scale_from_mapping
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit

# Ours, for every scale and whoever answers; a licensed edition brings its own in the third sheet.
PLAIN_INSTRUCTION = Text(
    en="Take each question as it comes and choose what fits. Nothing here is right or wrong.",
    zh_hans="请逐题作答，选择最符合实际情况的一项。答案没有对错之分。",
)
_LONGEST_BASE = 18  # of the 24 characters of a version, "+w" and four digits are ours


class CannotImportWording(ValueError):
    """The wording may not be published. `code`: not_published, ships_in_full, faulty (see `faults`)."""

    def __init__(self, code: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.faults = code, faults


@command(Permission.SCALE_IMPORT)
def import_wording(
    unit: Unit, *, actor: Actor, code: str, wording: Wording, holder: str, statement: str, until: date | None = None
) -> ScaleVersion | Unchanged:
    """Publish a unit's licensed wording of a scale; its former one is retired and stays readable.

    `holder` is who granted the licence or holds it, `statement` what it allows, `until` its last day
    if it names one; all are shown with the scale.
    Returns Unchanged("same_wording") where the unit has exactly this already. Raises CannotImportWording.
    """
    base = _base(code)
    former = ScaleVersion.objects.filter(code=code, place=unit.path)
    mapping = _licensed(json.loads(base.definition), wording, f"{holder.strip()}: {statement.strip()}")
    if any(_same(version, mapping) and version.licensed_until == until for version in former.filter(retired_at=None)):
        return Unchanged("same_wording")
    mapping["version"] = f"{base.version[:_LONGEST_BASE]}+w{former.count() + 1}"
    if faults := check_scale(scale_from_mapping(mapping)):
        raise CannotImportWording("faulty", tuple(faults))
    definition = definition_text(mapping)
    version = ScaleVersion(
        code=code, version=mapping["version"], place=unit.path, definition=definition, digest=digest_of(definition),
        has_wording=True, published_at=now(), published_by=None if actor.is_system else actor.id, licensed_until=until,
    )  # fmt: skip
    retire(former)
    version.save(force_insert=True)
    record("scales.wording.imported", subject_kind="scale", subject_id=version.id, place=unit.path,
           county_id=unit.county_id, facts={"code": code, "version": version.version})  # fmt: skip
    return version


def _base(code: str) -> ScaleVersion:
    base = ScaleVersion.objects.filter(code=code, place="", retired_at=None).first()
    if base is None:
        raise CannotImportWording("not_published")
    if scale_of(base).licence.status != "key":
        raise CannotImportWording("ships_in_full")
    return base


def _same(version: ScaleVersion, mapping: Mapping[str, Any]) -> bool:
    stored = json.loads(version.definition)
    return {**stored, "version": ""} == {**mapping, "version": ""}


def _licensed(mapping: Mapping[str, Any], wording: Wording, licence: str) -> dict[str, Any]:
    """Return a key-only scale's mapping with wording; its key, sources and examples stay as they are."""
    items = {
        **mapping["items"],
        "texts": {str(number): _phrase(text) for number, text in sorted(wording.texts.items())},
        "labels_of": {
            str(number): {str(code): _phrase(label) for code, label in sorted(labels.items())}
            for number, labels in sorted(wording.labels.items())
        },
    }
    return {
        **mapping, "wording": "full", "rendering": "licensed", "wording_licence": licence,
        "instruction": _phrase(wording.instruction or PLAIN_INSTRUCTION), "items": items,
    }  # fmt: skip


def _phrase(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh-Hans": text.zh_hans} if text.en else {"zh-Hans": text.zh_hans}
