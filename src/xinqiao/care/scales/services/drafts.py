"""Changes to a unit's own forms: begun, changed, thrown away, published."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from xinqiao.care.scales.drafting import Judged, judged
from xinqiao.care.scales.models import ScaleDraft, ScaleVersion
from xinqiao.care.scales.packs import definition_text, digest_of
from xinqiao.care.scales.services.publishing import CannotPublish, retire
from xinqiao.engines.scoring import Fault
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit


class StaleDraft(ValueError):
    """Somebody changed or ended the draft since it was opened; nothing was written."""


@command(Permission.SCALE_IMPORT)
def start_draft(unit: Unit, *, actor: Actor, mapping: Mapping[str, Any], remarks: Sequence[Fault] = ()) -> ScaleDraft:
    """Begin a form of a unit's own; `remarks` are what the file it came from could not say."""
    draft = ScaleDraft(
        place=unit.path, county_id=unit.shard_id, definition=definition_text(mapping), remarks=_kept(remarks),
        created_by=actor.id, created_at=now(), changed_by=actor.id, changed_at=now(),
    )  # fmt: skip
    draft.save(force_insert=True)
    _tell("scales.draft.started", draft)
    return draft


@command(Permission.SCALE_IMPORT)
def revise_draft(
    draft: ScaleDraft, *, actor: Actor, mapping: Mapping[str, Any], revision: int, remarks: Sequence[Fault] = ()
) -> ScaleDraft | Unchanged:
    """Put another content into a draft. Raises StaleDraft where `revision` is not the one that was seen."""
    definition, kept = definition_text(mapping), _kept(remarks)
    if (draft.definition, draft.remarks, draft.revision) == (definition, kept, revision):
        return Unchanged("same_draft")
    _advance(draft, revision, definition=definition, remarks=kept, changed_by=actor.id, changed_at=now())
    _tell("scales.draft.changed", draft)
    return draft


@command(Permission.SCALE_IMPORT)
def discard_draft(draft: ScaleDraft, *, actor: Actor, revision: int) -> ScaleDraft:
    """Throw a draft away. Raises StaleDraft."""
    _advance(draft, revision, ended_at=now(), changed_by=actor.id, changed_at=now())
    _tell("scales.draft.discarded", draft)
    return draft


@command(Permission.SCALE_IMPORT)
def publish_draft(draft: ScaleDraft, *, actor: Actor, revision: int) -> ScaleVersion:
    """Publish a draft in which nothing is left to mend; the unit's former version of it is retired.

    Raises CannotPublish (`faulty`) with what is left, or StaleDraft.
    """
    state = judged(draft)
    if state.faults or state.scale is None:
        raise CannotPublish(str(state.mapping.get("id", "")), "faulty", state.faults)
    version = _published(draft, state, actor)
    _advance(draft, revision, ended_at=now(), published_id=version.id, changed_by=actor.id, changed_at=now())
    record("scales.version.published", subject_kind="scale", subject_id=version.id, place=draft.place,
           county_id=draft.county_id, facts={"code": version.code, "version": version.version})  # fmt: skip
    return version


def _published(draft: ScaleDraft, state: Judged, actor: Actor) -> ScaleVersion:
    assert state.scale is not None
    definition = definition_text(state.mapping)
    version = ScaleVersion(
        code=state.scale.id, version=state.scale.version, place=draft.place, definition=definition,
        digest=digest_of(definition), has_wording=state.scale.has_wording, published_at=now(), published_by=actor.id,
    )  # fmt: skip
    retire(ScaleVersion.objects.filter(code=version.code, place=draft.place))
    version.save(force_insert=True)
    return version


def _advance(draft: ScaleDraft, revision: int, **values: Any) -> None:
    """Write where nobody was faster; the row in hand then says what is stored."""
    rows = ScaleDraft.objects.for_system(reason="the draft that the command checked").filter(pk=draft.pk)
    if not rows.filter(revision=revision, ended_at=None).update(revision=revision + 1, **values):
        raise StaleDraft
    for name, value in {"revision": revision + 1, **values}.items():
        setattr(draft, name, value)


def _kept(remarks: Sequence[Fault]) -> str:
    return json.dumps([[fault.place, fault.code, fault.detail] for fault in remarks], ensure_ascii=False)


def _tell(kind: str, draft: ScaleDraft) -> None:
    code = str(json.loads(draft.definition).get("id", ""))
    record(kind, subject_kind="scale_draft", subject_id=draft.id, place=draft.place, county_id=draft.county_id,
           facts={"code": code})  # fmt: skip
