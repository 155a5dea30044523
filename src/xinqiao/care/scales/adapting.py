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
NOT_FITTING, NO_FIGURE, LOSES_FLAGS = "not_fitting", "no_figure", "loses_flags"


@dataclass(frozen=True)
class Adapted:
    """A scale's version with the item parameters that hold for it, made ready for asking under a rule. `expected` is
    what simulated pupils showed with that rule when the parameters were loaded."""

    scale_id: UUID
    code: str
    parameters_id: UUID
    file: ParameterFile
    design: Design
    expected: Savings


def adapted_at(
    versions: Iterable[ScaleVersion], place: str, rule: Rule, *, least_agreement: float = 0.0
) -> dict[UUID, Adapted | str]:
    """Return of each version how it would be asked by adapting at a place, or the code of why it cannot be.

    Codes: no_parameters (none hold for this very version here), language (found with another wording), other_flags
    (the scale flags by more than one line, and a shorter sheet decides one), other_items (it asks what no line reads),
    not_fitting (the parameters do not fit the scale or the rule). For a rule that asks for a precision, also no_figure
    (nobody has simulated that one with them) and loses_flags (on simulated pupils it met the full scale's decision for
    fewer than `least_agreement`, or missed more than without the precision).
    """
    asked = list(versions)
    known = _kept_at(asked, place)
    return {version.id: _adapted(version, known.get(version.id), rule, least_agreement) for version in asked}


def precise_figures(versions: Iterable[ScaleVersion], place: str) -> dict[UUID, Savings]:
    """Return of the versions with item parameters at a place what asking for a precision showed on simulated pupils."""
    found = {version_id: precise_savings(kept) for version_id, kept in _kept_at(list(versions), place).items()}
    return {version_id: told[1] for version_id, told in found.items() if told}


def precise_savings(kept: ItemParameterSet) -> tuple[float, Savings] | None:
    """Return the precision that was simulated with these parameters, and what that showed; None where none was."""
    if not kept.expected_precise:
        return None
    told = json.loads(kept.expected_precise)
    return told.pop("precision"), Savings(**told)


def _kept_at(asked: list[ScaleVersion], place: str) -> dict[UUID, ItemParameterSet]:
    """The nearest parameters of each version."""
    known: dict[UUID, ItemParameterSet] = {}
    for kept in ItemParameterSet.objects.filter(
        version_id__in=[version.id for version in asked], place__in=places_above(place), retired_at=None
    ):
        if kept.version_id not in known or len(kept.place) > len(known[kept.version_id].place):
            known[kept.version_id] = kept
    return known


def _adapted(
    version: ScaleVersion, kept: ItemParameterSet | None, rule: Rule, least_agreement: float
) -> Adapted | str:  # fmt: skip
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
    expected = _expected(kept, rule, least_agreement)
    return expected if isinstance(expected, str) else Adapted(version.id, version.code, kept.id, file, design, expected)


def _expected(kept: ItemParameterSet, rule: Rule, least_agreement: float) -> Savings | str:
    """What simulation showed with this rule, or why that keeps from using it."""
    usual = Savings(**json.loads(kept.expected))
    if rule.precision is None:
        return usual
    told = precise_savings(kept)
    if told is None or told[0] != rule.precision:
        return NO_FIGURE
    return LOSES_FLAGS if told[1].agreement < least_agreement or told[1].missed > usual.missed else told[1]


def why_not(scale: Scale, design: Design) -> str:
    """Return why a scale may not be asked by one decision alone, "" where it may: nothing it says may get lost."""
    own = [flag for flag in scale.flags if flag.when is None or flag.when.informant in (None, "self")]
    if any(flag.any_of != (design.decision,) for flag in own):
        return OTHER_FLAGS
    is_all = set(design.items) == {item.number for item in scale.items}
    return "" if is_all and not any(item.asked_if for item in scale.items) else OTHER_ITEMS
