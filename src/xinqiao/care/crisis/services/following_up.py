"""Writing down a follow-up: it dates the next one, and acute danger is a signal at once."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.alerts import hearing
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.crisis import rules
from xinqiao.care.crisis.clocks import hasten_judgement, rhythm, rules_at, run_clock
from xinqiao.care.crisis.errors import demand_none
from xinqiao.care.crisis.models import Case, FollowUp
from xinqiao.care.crisis.rows import every_case, every_follow_up, every_judgement
from xinqiao.care.crisis.states import CaseState, Finding, Whom
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.kinds import FOLLOW_UP

HEAVIEST = 100  # evidence of a signal: first among those of its urgency
ACUTE_AT_FOLLOW_UP = "acute_at_follow_up"


@dataclass(frozen=True)
class FollowUpDraft:
    """What happened; `finding` is "" for a talk with guardians, `next_on` None to take the latest day allowed."""

    held_at: dt.datetime
    way: str
    whom: str
    words: str
    finding: str = ""
    next_on: dt.date | None = None


@command(Permission.CASE_EDIT)
def record_follow_up(case: Case, *, actor: Actor, draft: FollowUpDraft) -> FollowUp:
    """Record a follow-up; one with the pupil meets the clock and dates the next. Raises CannotCare.

    Acute danger raises a red signal in the same transaction and calls people to sit together again.
    """
    at, longest = now(), latest_next(case, timezone.localtime(draft.held_at).date())
    demand_none(rules.refusals_to_follow_up(_facts(case, draft, longest, at)))
    is_with_pupil = draft.whom == Whom.PUPIL
    next_on = (draft.next_on or longest) if is_with_pupil and longest is not None else None
    row = FollowUp(
        county_id=case.county_id, place=case.place, case=case, key_id=case.key_id, held_at=draft.held_at,
        held_by=actor.person_id, way=draft.way, whom=draft.whom, seen_words=draft.words.strip(),
        finding=draft.finding if is_with_pupil else None, next_on=next_on, recorded_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    record(
        "crisis.case.followed_up", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id,
        facts={"case": str(case.id), "follow_up": str(row.id), "way": draft.way, "whom": draft.whom},
    )  # fmt: skip
    if is_with_pupil:
        _carry_on(case, row, actor, at)
        _answer_danger(case, row, draft.finding, at)
    else:
        heard = hearing.Heard(case.student_id, hearing.FOLLOW_UP, row.id, actor.person_id, at)
        hearing.guardian_heard.send([heard])
    return row


def latest_next(case: Case, held_on: dt.date) -> dt.date | None:
    """Return the last day on which the next follow-up may lie by the level's rhythm; None where none is due.

    A follow-up that is written down late still leads ahead.
    """
    if case.state != CaseState.JUDGED:
        return None
    days = rhythm(rules_at(case), case.level, _done_at_level(case) + 1)
    return None if days is None else max(held_on + dt.timedelta(days=days), today() + dt.timedelta(days=1))


def _done_at_level(case: Case) -> int:
    """Return how many follow-ups with the pupil there were since the level was last changed."""
    changed = every_judgement().filter(case=case).exclude(level=case.level).order_by("number").last()
    since = every_judgement().filter(case=case, number__gt=changed.number if changed else 0).order_by("number").first()
    rows = every_follow_up().filter(case=case, whom=Whom.PUPIL)
    return rows.filter(recorded_at__gte=since.recorded_at).count() if since else rows.count()


def _facts(case: Case, draft: FollowUpDraft, longest: dt.date | None, at: dt.datetime) -> rules.FollowUpFacts:
    return rules.FollowUpFacts(
        is_closed=case.state == CaseState.CLOSED, held_at=draft.held_at,
        held_on=timezone.localtime(draft.held_at).date(), opened_on=timezone.localtime(case.opened_at).date(), now=at,
        today=today(), words=draft.words, is_with_pupil=draft.whom == Whom.PUPIL, finding=draft.finding,
        next_on=draft.next_on, longest_on=longest,
    )  # fmt: skip


def _carry_on(case: Case, row: FollowUp, actor: Actor, at: dt.datetime) -> None:
    if row.next_on is None:
        return
    moved = every_case().filter(pk=case.pk, state=CaseState.JUDGED).update(follow_up_on=row.next_on)
    demand_none([] if moved else [rules.CASE_CLOSED])
    case.follow_up_on = row.next_on
    run_clock(case, FOLLOW_UP, row.next_on, at=at, met_by=actor.person_id)


def _answer_danger(case: Case, row: FollowUp, finding: str, at: dt.datetime) -> None:
    if finding == Finding.ACUTE:
        raise_signal(
            case.student, source=Source.COUNSELLOR, urgency="red", evidence=HEAVIEST,
            basis=[Reason(ACUTE_AT_FOLLOW_UP)], origin_kind="follow_up", origin_id=row.id, once=f"follow_up:{row.id}",
            at=at,
        )  # fmt: skip
    if finding in (Finding.ACUTE, Finding.WORSE):
        hasten_judgement(case, "red" if finding == Finding.ACUTE else "orange", at=at)
