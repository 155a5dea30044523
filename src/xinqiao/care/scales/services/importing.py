"""Importing the wording of a key-only scale by whoever holds a licence for it."""

import json
from collections.abc import Sequence
from typing import Any

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import definition_text, digest_of
from xinqiao.care.scales.services.publishing import retire
from xinqiao.care.scales.wording_file import Wording
from xinqiao.engines.scoring import Fault, check_scale, scale_from_mapping
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit

DEFAULT_INSTRUCTION = {
    "zh-Hans": "请按自己的真实情况选择，没有对错。",
    "en": "Choose what fits you. Nothing here is right or wrong.",
}
LICENSED = "licensed"
DIGEST_CHARACTERS = 8


class CannotImportWording(ValueError):
    """The wording may not be imported. `code`: unknown_scale, ships_with_wording, no_licence, faulty (see `faults`)."""

    def __init__(self, code: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(code)
        self.code, self.faults = code, tuple(faults)


@command(Permission.SCALE_IMPORT)
def import_wording(
    unit: Unit, *, actor: Actor, code: str, wording: Wording, holder: str, statement: str
) -> ScaleVersion | Unchanged:
    """Publish a version of a key-only scale with this wording, for a unit and what lies below it.

    `holder` is who holds the licence, `statement` what it allows and from whom it comes; both are shown with the
    scale. The scoring key is the shipped one. The unit's earlier wording of this scale is retired, not removed.
    """
    shipped = ScaleVersion.objects.filter(code=code, place="", retired_at=None).first()
    if shipped is None:
        raise CannotImportWording("unknown_scale")
    if shipped.has_wording:
        raise CannotImportWording("ships_with_wording")
    if not holder.strip() or not statement.strip():
        raise CannotImportWording("no_licence")
    mapping = worded(json.loads(shipped.definition), wording, f"{holder.strip()}: {statement.strip()}")
    definition = definition_text(mapping)
    if ScaleVersion.objects.filter(code=code, place=unit.path, version=mapping["version"]).exists():
        return Unchanged("same_wording")
    faults = check_scale(scale_from_mapping(mapping))
    if faults:
        raise CannotImportWording("faulty", faults)
    retire(ScaleVersion.objects.filter(code=code, place=unit.path))
    version = ScaleVersion.objects.create(
        code=code, version=mapping["version"], place=unit.path, definition=definition, digest=digest_of(definition),
        has_wording=True, published_at=now(), published_by=actor.id,
    )  # fmt: skip
    record("scales.wording.imported", subject_kind="scale", subject_id=version.id, place=unit.path,
           county_id=unit.county_id, facts={"code": code, "version": version.version})  # fmt: skip
    return version


def worded(mapping: dict[str, Any], wording: Wording, licence: str) -> dict[str, Any]:
    """Return a key-only scale's mapping with wording put in; the version names the wording by its digest."""
    items = dict(mapping["items"])
    items["texts"] = {str(number): both for number, both in sorted(wording.texts.items())}
    if wording.labels:
        items["labels"] = {str(code): both for code, both in sorted(wording.labels.items())}
    if wording.item_labels:
        items["labels_of"] = {
            str(number): {str(code): both for code, both in sorted((wording.labels | labels).items())}
            for number, labels in sorted(wording.item_labels.items())
        }
    found = mapping | {
        "items": items, "wording": "full", "rendering": LICENSED, "wording_licence": licence,
        "instruction": wording.instruction or DEFAULT_INSTRUCTION,
    }  # fmt: skip
    digest = digest_of(definition_text(found))
    return found | {"version": f"{mapping['version']}-{digest[:DIGEST_CHARACTERS]}"}
