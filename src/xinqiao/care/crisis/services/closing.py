"""Closing a case: with a reason, and only after what must have happened."""

from xinqiao.care.alerts.services.levels import Basis, write_attention
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.clocks import stop_clocks
from xinqiao.care.crisis.errors import demand_none
from xinqiao.care.crisis.facts import end_facts
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_case
from xinqiao.care.crisis.states import CaseState, EndReason, sources_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows


@command(Permission.CASE_EDIT)
def close_case(case: Case, *, actor: Actor, reason: str, words: str) -> Case:
    """Close a case for a reason in code and words. Raises CannotCare with all that stands against it.

    A later case is a new one that names this one. A level that a talk had set is ended where the case was a mistake or
    the pupil was handed over; otherwise it stays as the last judgement said, with its own day of the next look.
    """
    demand_none(rules.refusals_to_end(end_facts(case), reason, words, EndReason.values))
    at, by = now(), actor.person_id
    case.end_words = words.strip()
    seal_rows([case])
    rows = every_case().filter(pk=case.pk, state__in=sources_of(CaseState.CLOSED), level=case.level)
    moved = rows.update(
        state=CaseState.CLOSED, closed_at=at, closed_by=by, end_reason=reason, end_words=case.end_words,
        judge_by=None, follow_up_on=None,
    )  # fmt: skip
    demand_none([] if moved else [rules.JUDGED_MEANWHILE])
    stop_clocks(case, at=at, reason=f"closed_{reason}")
    if reason in (EndReason.MISTAKE, EndReason.LEFT):
        write_attention(
            case.student, actor=actor, level="green", advice="", basis=Basis("case", case.id), review_on=None
        )
    record(
        "crisis.case.closed", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id, facts={"case": str(case.id), "reason": reason},
    )  # fmt: skip
    case.refresh_from_db()
    return case
