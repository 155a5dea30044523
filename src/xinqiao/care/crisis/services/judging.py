"""Writing down a judgement: what people who know the child decided together."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.services.levels import Basis, write_attention
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.clocks import judged_every, rhythm, rules_at, run_clock
from xinqiao.care.crisis.errors import CannotCare, demand_none
from xinqiao.care.crisis.evidence import has_dynamic, has_static
from xinqiao.care.crisis.facts import finding_since, open_urgencies, standing_level
from xinqiao.care.crisis.judged import Judged, case_judged
from xinqiao.care.crisis.models import Case, Judgement
from xinqiao.care.crisis.rows import every_case, every_judgement
from xinqiao.care.crisis.states import CaseState, sources_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.deadlines.kinds import FOLLOW_UP, JUDGEMENT


@dataclass(frozen=True)
class JudgementDraft:
    """What was decided; without `review_on` the latest day that the rules allow.

    `present` are staff ids, `others` further people a line each; `evidence` as in `evidence.py`; `after` is the number
    of the last judgement that the writer has seen (0 for none).
    """

    held_at: dt.datetime
    present: tuple[UUID, ...]
    level: str
    reasons: str
    advice: str = ""
    review_on: dt.date | None = None
    others: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    looked_at: str = ""
    after: int = 0

    @property
    def people(self) -> int:
        """How many sat."""
        return len(set(self.present)) + sum(bool(line.strip()) for line in self.others.splitlines())


@command(Permission.CASE_EDIT)
def judge_case(case: Case, *, actor: Actor, draft: JudgementDraft) -> Judgement:
    """Write down a judgement, and the level with its advice for those who meet the child. Raises CannotCare.

    Whoever has not seen the judgement before is refused and shown it first.
    """
    at = now()
    last = every_judgement().filter(case=case).order_by("number").last()
    demand_none([rules.JUDGED_MEANWHILE] if (last.number if last else 0) != draft.after else [])
    before = standing_level(case)
    draft = draft if draft.review_on else replace(draft, review_on=latest_review(case, draft.level))
    demand_none(rules.refusals_to_judge(_facts(case, draft, before, last, at)))
    judgement = _write(case, draft, before, actor, at)
    _carry_on(case, draft, at=at, by=actor.staff_id)
    write_attention(
        case.student, actor=actor, level=draft.level, advice="" if draft.level == "green" else draft.advice,
        basis=Basis("judgement", judgement.id), review_on=None if draft.level == "green" else draft.review_on,
    )  # fmt: skip
    record(
        "crisis.case.judged", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id,
        facts={"case": str(case.id), "judgement": str(judgement.id), "people": draft.people, "level": draft.level,
               "before": before or "none", "is_static": judgement.has_static, "is_dynamic": judgement.has_dynamic},
    )  # fmt: skip
    case_judged.send([Judged(case.id, draft.level, last.level if last else "", actor.person_id, at)])
    return judgement


def latest_review(case: Case, level: str) -> dt.date:
    """Return the last day on which a level may be judged again."""
    return today() + dt.timedelta(days=judged_every(rules_at(case), level))


def _facts(
    case: Case, draft: JudgementDraft, before: str, last: Judgement | None, at: dt.datetime
) -> rules.JudgementFacts:
    parameters = rules_at(case)
    return rules.JudgementFacts(
        is_closed=case.state == CaseState.CLOSED, level=draft.level, level_before=before, people=draft.people,
        people_at_least=parameters.care.people_at_least, reasons=draft.reasons, advice=draft.advice,
        held_at=draft.held_at, held_on=timezone.localtime(draft.held_at).date(),
        opened_on=timezone.localtime(case.opened_at).date(), now=at, today=today(),
        review_on=draft.review_on or latest_review(case, draft.level),
        longest_on=latest_review(case, draft.level),
        last_finding=finding_since(case, last.held_at if last else None),
        has_open_red="red" in open_urgencies(case.student_id),
    )  # fmt: skip


def _write(case: Case, draft: JudgementDraft, before: str, actor: Actor, at: dt.datetime) -> Judgement:
    """Insert it as the next; somebody who was quicker by a moment wins."""
    assert draft.review_on is not None  # filled in before the rules were asked
    judgement = Judgement(
        county_id=case.county_id, place=case.place, case=case, key_id=case.key_id, number=draft.after + 1,
        held_at=draft.held_at, recorded_at=at, recorded_by=actor.person_id,
        present=json.dumps(sorted(str(each) for each in set(draft.present))), others=draft.others.strip() or None,
        evidence=json.dumps([list(each) for each in draft.evidence]), has_static=has_static(draft.evidence),
        has_dynamic=has_dynamic(draft.evidence), looked_at=draft.looked_at.strip() or None, level=draft.level,
        level_before=before, reasons=draft.reasons.strip(), advice=draft.advice.strip() or None,
        review_on=draft.review_on,
    )  # fmt: skip
    seal_rows([judgement])
    every_judgement().bulk_create([judgement], ignore_conflicts=True)
    if not every_judgement().filter(pk=judgement.pk).exists():
        raise CannotCare([rules.JUDGED_MEANWHILE])
    return judgement


def _carry_on(case: Case, draft: JudgementDraft, *, at: dt.datetime, by: UUID | None) -> None:
    """Move the case on, with the day of the next judgement and of the next follow-up."""
    follow_up_on = _follow_up_on(case, draft.level)
    rows = every_case().filter(pk=case.pk, state__in=sources_of(CaseState.JUDGED))
    fields = {"level": draft.level, "judge_by": draft.review_on, "follow_up_on": follow_up_on}
    demand_none([] if rows.update(state=CaseState.JUDGED, **fields) else [rules.CASE_CLOSED])
    is_ahead = follow_up_on is not None and follow_up_on > today()
    # One that is overdue keeps its clock and the rungs it has climbed, whatever the level is now.
    is_other_day = follow_up_on != case.follow_up_on or (draft.level != case.level and is_ahead)
    case.state, case.level, case.judge_by = CaseState.JUDGED, draft.level, draft.review_on
    case.follow_up_on = follow_up_on
    run_clock(case, JUDGEMENT, draft.review_on, at=at, met_by=by)
    if is_other_day:
        run_clock(case, FOLLOW_UP, follow_up_on, at=at, met_by=None)


def _follow_up_on(case: Case, level: str) -> dt.date | None:
    """Return the day of the next follow-up: by the new level's rhythm; one that is due or sooner stays."""
    days = rhythm(rules_at(case), level, 0)
    if days is None:
        return None
    fresh = today() + dt.timedelta(days=days)
    if case.follow_up_on is None:
        return fresh
    if level == case.level or case.follow_up_on <= today():
        return case.follow_up_on
    return fresh if rules.is_higher(case.level, level) else min(fresh, case.follow_up_on)
