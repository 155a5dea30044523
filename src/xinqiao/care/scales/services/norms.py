"""Publishing and retiring local norms: a row of its own for each, which never changes; the former one is retired."""

from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norming import NormDraft
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import unit_by_path


class CannotPublishNorm(ValueError):
    """A norm that may not be published. `reasons` as in `NormDraft.why_not`."""

    def __init__(self, reasons: tuple[tuple[str, str], ...]) -> None:
        super().__init__(", ".join(code for code, _detail in reasons))
        self.reasons = reasons


@command(Permission.NORM_EDIT)
def publish_norm(unit: Unit, *, actor: Actor, draft: NormDraft) -> LocalNorm | Unchanged:
    """Publish a norm for a unit and those below; its former one of this version is retired and stays readable.

    Returns Unchanged("same_norm") where exactly this one is in force. Raises CannotPublishNorm.
    """
    if draft.why_not:
        raise CannotPublishNorm(draft.why_not)
    own = LocalNorm.objects.select_for_update().filter(version=draft.version, place=unit.path)
    former = list(own)
    if any(each.retired_at is None and each.digest == draft.digest for each in former):
        return Unchanged("same_norm")
    own.filter(retired_at=None).update(retired_at=now())
    norm = LocalNorm(
        version=draft.version, place=unit.path, school_year=draft.file.school_year, number=len(former) + 1,
        definition=draft.file.text(), digest=draft.digest, sheets=draft.file.sheets, published_at=now(),
        published_by=None if actor.is_system else actor.id,
    )  # fmt: skip
    norm.save(force_insert=True)
    _record("scales.norm.published", norm, unit)
    return norm


@command(Permission.NORM_EDIT)
def retire_norm(norm: LocalNorm, *, actor: Actor) -> LocalNorm | Unchanged:
    """Take a norm out of force; it stays readable. Returns Unchanged("retired") where it is already."""
    del actor
    if not LocalNorm.objects.filter(pk=norm.pk, retired_at=None).update(retired_at=now()):
        return Unchanged("retired")
    norm.refresh_from_db()
    unit = unit_by_path(norm.place)
    assert unit is not None
    _record("scales.norm.retired", norm, unit)
    return norm


def _record(event: str, norm: LocalNorm, unit: Unit) -> None:
    record(event, subject_kind="scale", subject_id=norm.version_id, place=norm.place, county_id=unit.county_id,
           facts={"code": norm.version.code, "sheets": norm.sheets, "year": norm.school_year,
                  "number": norm.number, "digest": norm.digest})  # fmt: skip
