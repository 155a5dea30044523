"""Publishing the scales that ship. A published version never changes; a new edition is a new version."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import PackFile, definition_text, digest_of, shipped_packs
from xinqiao.engines.scoring import Fault, check_scale
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.clock import now


class CannotPublish(ValueError):
    """A scale file may not be published. `code`: `faulty` (see `faults`) or `version_changed`: the file was edited
    without a new version number, while a published version never changes."""

    def __init__(self, scale_id: str, code: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(f"{scale_id}: {code}")
        self.scale_id, self.code, self.faults = scale_id, code, faults


@dataclass(frozen=True)
class Published:
    """What a run of `publish_shipped_scales` did, by scale id."""

    published: tuple[str, ...]
    unchanged: tuple[str, ...]


def publish_shipped_scales() -> Published:
    """Publish every shipped scale that is not yet; running it again changes nothing.

    Older shipped versions of a scale are retired, not removed. A private body of set-up, the demo and the command
    line, recorded under the system's name. Raises CannotPublish or ScaleFault before anything is written.
    """
    fresh: list[PackFile] = []
    unchanged: list[PackFile] = []
    for pack in shipped_packs():
        (unchanged if _is_published(pack) else fresh).append(pack)
    if fresh:
        with recording(system_actor("scale publish")):
            for pack in fresh:
                publish_pack(pack)
    return Published(tuple(p.scale.id for p in fresh), tuple(p.scale.id for p in unchanged))


def _is_published(pack: PackFile) -> bool:
    found = ScaleVersion.objects.filter(code=pack.scale.id, version=pack.scale.version, place="").first()
    if found is not None and found.digest != digest_of(definition_text(pack.mapping)):
        raise CannotPublish(pack.scale.id, "version_changed")
    if found is None and (faults := check_scale(pack.scale)):
        raise CannotPublish(pack.scale.id, "faulty", tuple(faults))
    return found is not None


def publish_pack(pack: PackFile) -> ScaleVersion:
    """Store one shipped scale and retire its elder; a private body, inside `recording`."""
    definition = definition_text(pack.mapping)
    version = ScaleVersion(
        code=pack.scale.id, version=pack.scale.version, place="", definition=definition, digest=digest_of(definition),
        has_wording=pack.scale.has_wording, published_at=now(),
    )  # fmt: skip
    retire(ScaleVersion.objects.filter(code=version.code, place=""))
    version.save(force_insert=True)
    record("scales.version.published", subject_kind="scale", subject_id=version.id,
           facts={"code": version.code, "version": version.version})  # fmt: skip
    return version


def retire(versions: QuerySet[ScaleVersion, ScaleVersion]) -> int:
    """Retire versions that are not yet: what rests on them stays readable, nothing new is begun with them."""
    return versions.filter(retired_at=None).update(retired_at=now())
