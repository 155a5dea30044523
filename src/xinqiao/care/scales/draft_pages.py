"""Drafts as rows for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.care.scales import presenting
from xinqiao.care.scales.drafting import Judged, judged
from xinqiao.care.scales.messages import draft_message
from xinqiao.care.scales.models import ScaleDraft
from xinqiao.engines.scoring import Fault
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.presenters import names_of_actors
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path, units_for
from xinqiao.register.orgs.states import UnitKind

NOT_LICENSED = (UnitKind.GRADE, UnitKind.CLASS, UnitKind.DORMITORY)


@dataclass(frozen=True)
class DraftRow:
    """One form that is being made."""

    id: UUID
    title: str
    code: str
    unit: str
    changed_at: datetime
    changed_by: str
    left: int


def licensable_units(actor: Actor) -> list[Unit]:
    """Units that can hold a licence or a form: the school and whatever stands above it, where the actor may import."""
    return [unit for unit in units_for(actor, Permission.SCALE_IMPORT) if unit.kind not in NOT_LICENSED]


def draft_rows(actor: Actor) -> list[DraftRow]:
    """Return the actor's open drafts, the latest change first."""
    rows = ScaleDraft.objects.visible_to(actor, Permission.SCALE_IMPORT).filter(ended_at=None)
    found = list(rows.order_by("-changed_at", "-id"))
    units = units_by_path(draft.place for draft in found)
    names = names_of_actors({draft.changed_by for draft in found})
    return [
        _row(draft, units[draft.place].name if draft.place in units else "", names.get(draft.changed_by, ""))
        for draft in found
    ]


def _row(draft: ScaleDraft, unit: str, changed_by: str) -> DraftRow:
    state = judged(draft)
    return DraftRow(
        id=draft.id, title=title_of(state), code=str(state.mapping.get("id", "")), unit=unit,
        changed_at=draft.changed_at, changed_by=changed_by, left=len(state.faults),
    )  # fmt: skip


def title_of(state: Judged) -> str:
    """What a draft is called, as far as it has a title."""
    title = state.mapping.get("title")
    said = title if isinstance(title, dict) else {}
    return str(said.get("zh-Hans") or said.get("en") or state.mapping.get("id", ""))


def fault_rows(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Each fault with its place and how to mend it."""
    return [{"place": fault.place, "message": draft_message(fault.code, fault.detail)} for fault in faults]


def preview_of(state: Judged) -> dict[str, Any]:
    """The draft as its page will show it, as far as it can be read."""
    known: dict[str, Any] = {"title": title_of(state), "code": state.mapping.get("id", "")}
    if state.scale is None:
        return known
    scale = state.scale
    return known | {
        "items": presenting.item_rows(scale), "scores": _scores(state), "rules": presenting.rule_rows(scale),
        "instruction": presenting.phrase(scale.instruction), "example_count": len(scale.examples),
    }  # fmt: skip


def _scores(state: Judged) -> list[presenting.ScoreRow]:
    """How scores are made; nothing while a part names an item that is not there."""
    scale = state.scale
    if scale is None or any(not 1 <= n <= len(scale.items) for part in scale.subscales for n in part.items):
        return []
    return presenting.score_rows(scale)
