"""Loading item parameters: a row of its own for each, which never changes; the former one of the unit is retired."""

import json
from dataclasses import asdict

from django.utils import timezone

from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.packs import digest_of
from xinqiao.care.scales.parameter_file import ParameterFile
from xinqiao.care.scales.parameter_report import expected_savings
from xinqiao.care.scales.selectors import best_version, scale_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


class CannotLoadParameters(ValueError):
    """Parameters that may not be used here. `code`: not_published, too_few_sheets (detail: how many, and how many are
    needed)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@command(Permission.SCALE_IMPORT)
def load_parameters(unit: Unit, *, actor: Actor, file: ParameterFile) -> ItemParameterSet | Unchanged:
    """Keep item parameters for a unit and those below; its former ones are retired and stay readable.

    They belong to the version of the scale that the unit would use today. Returns Unchanged("same_parameters") where
    exactly these are in force. Raises CannotLoadParameters, or CannotAdapt where they do not fit the scale.
    """
    version = best_version(file.scale, unit.path)
    if version is None:
        raise CannotLoadParameters("not_published", file.scale)
    policy = parameters_for(unit.path, timezone.localtime(now()).date())
    if file.sheets < policy.calibration_sheets:
        raise CannotLoadParameters("too_few_sheets", f"{file.sheets}:{policy.calibration_sheets}")
    scale = scale_of(version)
    expected = expected_savings(scale, file, policy.adaptive_rule)
    precise = expected_savings(scale, file, policy.precise_rule)
    digest = digest_of(file.text())
    former = ItemParameterSet.objects.filter(version=version, place=unit.path, retired_at=None)
    if former.filter(digest=digest).exists():
        return Unchanged("same_parameters")
    former.update(retired_at=now())
    told = {
        "expected": json.dumps(asdict(expected)),
        "expected_precise": json.dumps({"precision": policy.precise_rule.precision, **asdict(precise)}),
    }
    return _stored(unit, version, file, digest, told, actor)


def _stored(
    unit: Unit, version: ScaleVersion, file: ParameterFile, digest: str, told: dict[str, str], actor: Actor
) -> ItemParameterSet:
    kept = ItemParameterSet(
        version=version, place=unit.path, language=file.language, definition=file.text(), digest=digest,
        sheets=file.sheets,
        source=file.source.strip(), calibrated_on=file.calibrated_on, **told,
        loaded_at=now(), loaded_by=None if actor.is_system else actor.id,
    )  # fmt: skip
    kept.save(force_insert=True)
    record("scales.parameters.loaded", subject_kind="scale", subject_id=version.id, place=unit.path,
           county_id=unit.county_id, facts={"code": version.code, "sheets": file.sheets, "digest": digest})  # fmt: skip
    return kept
