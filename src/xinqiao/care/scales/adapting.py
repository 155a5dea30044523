"""Which scales can be asked by adapting at a place, with which item parameters, and why the others cannot."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.parameter_file import ParameterFile, parameters_of_text
from xinqiao.care.scales.selectors import scale_of
from xinqiao.engines.adaptive import CannotAdapt, Design, Rule, Savings, decision_of, design_of
from xinqiao.engines.scoring import Scale
from xinqiao.foundation.core.places import places_above

LANGUAGE = "zh-hans"  # pupils' pages open in it; whoever answers in another is asked the whole scale
NO_PARAMETERS, OTHER_LANGUAGE, OTHER_FLAGS, OTHER_ITEMS = "no_parameters", "language", "other_flags", "other_items"
NOT_FITTING = "not_fitting"


@dataclass(frozen=True)
class Adapted:
    """A scale's version with the item parameters that hold for it, made ready for asking under a rule. `expected` is
    what simulated pupils showed when the parameters were loaded."""

    scale_id: UUID
    code: str
    parameters_id: UUID
    file: ParameterFile
    design: Design
    expected: Savings


def adapted_at(versions: Iterable[ScaleVersion], place: str, rule: Rule) -> dict[UUID, Adapted | str]:
    """Return of each version how it would be asked by adapting at a place, or the code of why it cannot be.

    Codes: no_parameters (none hold for this very version here), language (found with another wording), other_flags
    (the scale flags by more than one line, and a shorter sheet decides one), other_items (it asks what no line reads),
    not_fitting (the parameters do not fit the scale or the rule).
    """
    asked = list(versions)
    known: dict[UUID, ItemParameterSet] = {}
    for kept in ItemParameterSet.objects.filter(
        version_id__in=[version.id for version in asked], place__in=places_above(place), retired_at=None
    ):
        if kept.version_id not in known or len(kept.place) > len(known[kept.version_id].place):
            known[kept.version_id] = kept
    return {version.id: _adapted(version, known.get(version.id), rule) for version in asked}


def _adapted(version: ScaleVersion, kept: ItemParameterSet | None, rule: Rule) -> Adapted | str:
    if kept is None:
        return NO_PARAMETERS
    if kept.language != LANGUAGE:
        return OTHER_LANGUAGE
    scale, file = scale_of(version), parameters_of_text(kept.definition)
    try:
        design = design_of(scale, file.parameters(), rule, decision_of(scale, file.subscale))
    except CannotAdapt:
        return NOT_FITTING
    if why := why_not(scale, design):
        return why
    return Adapted(version.id, version.code, kept.id, file, design, Savings(**json.loads(kept.expected)))


def why_not(scale: Scale, design: Design) -> str:
    """Return why a scale may not be asked by one decision alone, "" where it may: nothing it says may get lost."""
    own = [flag for flag in scale.flags if flag.when is None or flag.when.informant in (None, "self")]
    if any(flag.any_of != (design.decision,) for flag in own):
        return OTHER_FLAGS
    is_all = set(design.items) == {item.number for item in scale.items}
    return "" if is_all and not any(item.asked_if for item in scale.items) else OTHER_ITEMS
