"""What a pack says of pupils' files, flattened."""

from dataclasses import dataclass

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.archive_packs import Archives, PlanTemplate


@dataclass(frozen=True)
class ArchiveRules:
    """When a term's growth plans should be there, when one is looked at again, what counts as kept up, words to begin a
    plan with, how soon a request of a pupil or guardian is answered, how long an approved erasure can be called back,
    and who hears of a request that is late."""

    plan_days: int
    look_days: int
    fresh_days: int
    templates: tuple[PlanTemplate, ...]
    answer_within: ClockRule
    erasure_wait_days: int
    ladder: tuple[tuple[str, ...], ...]


def archive_rules(part: Archives) -> ArchiveRules:
    """Flatten the part of a pack."""
    return ArchiveRules(
        plan_days=part.plan_days.value,
        look_days=part.look_days.value,
        fresh_days=part.fresh_days.value,
        templates=tuple(part.templates.value),
        answer_within=part.answer_within.value.rule(),
        erasure_wait_days=part.erasure_wait_days.value,
        ladder=tuple(tuple(rung) for rung in part.rungs.value),
    )
