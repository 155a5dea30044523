"""Looking at a pupil kept in view, ending it with a reason, and taking over what nobody leads."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.alerts.services.levels import Basis, write_attention
from xinqiao.care.alerts.services.raising import raise_signal
from xinqiao.care.alerts.states import Source
from xinqiao.care.crisis.errors import demand_none
from xinqiao.care.crisis.models import Watch, WatchLook
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.crisis.states import Finding
from xinqiao.care.crisis.watch import rules
from xinqiao.care.crisis.watch.states import OVER, WatchState, sources_of
from xinqiao.care.crisis.watch_facts import end_facts
from xinqiao.care.crisis.watch_rows import every_watch, pass_watch_on, record_watch, turn_watch_clock
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.deadlines.services.clocks import cancel_deadlines
from xinqiao.register.policy.selectors import parameters_for

HEAVIEST = 100  # evidence of a signal: first among those of its urgency
URGENCY_OF_FINDING = {Finding.ACUTE: "red", Finding.WORSE: "orange"}
FOUND_AT_LOOK = {Finding.ACUTE: "acute_at_look", Finding.WORSE: "worse_at_look"}


@dataclass(frozen=True)
class LookDraft:
    """What a look showed. `finding` is a code of `Finding`, `next_on` None to take the latest day allowed; `after` is
    how many looks its writer knew of."""

    held_at: dt.datetime
    way: str
    words: str
    finding: str
    next_on: dt.date | None = None
    after: int = 0


@command(Permission.CASE_EDIT)
def record_look(watch: Watch, *, actor: Actor, draft: LookDraft) -> WatchLook:
    """Record a look: the clock is met and runs to the next one. Raises CannotCare.

    More danger than before raises a signal in the same transaction; then the talk comes first.
    """
    at, held_on = now(), timezone.localtime(draft.held_at).date()
    longest = rules.latest_look(held_on, parameters_for(watch.student.place, today()).look_every_days, today())
    demand_none(rules.refusals_to_look(_facts(watch, draft, held_on, longest, at)))
    next_on = draft.next_on or longest
    calm = rules.calm_after(watch.calm, finding=draft.finding, held_on=held_on, last_on=watch.looked_on)
    rows = every_watch().filter(pk=watch.pk, state=WatchState.WATCHING, looks=draft.after)
    moved = rows.update(looks=draft.after + 1, calm=calm, looked_on=held_on, look_on=next_on)
    demand_none([] if moved else [rules.LOOKED_MEANWHILE])
    watch.refresh_from_db()
    look = WatchLook(
        county_id=watch.county_id, place=watch.place, watch=watch, number=watch.looks, key_id=watch.key_id,
        held_at=draft.held_at, held_by=actor.person_id, way=draft.way, seen_words=draft.words.strip(),
        finding=draft.finding, next_on=next_on, recorded_at=at,
    )  # fmt: skip
    look.save(force_insert=True)
    turn_watch_clock(watch, at=at, met_by=actor.staff_id)
    record_watch(watch, "crisis.watch.looked", look=str(look.id), way=draft.way)
    _answer_danger(watch, look, draft.finding, at)
    return look


def _facts(watch: Watch, draft: LookDraft, held_on: dt.date, longest: dt.date, at: dt.datetime) -> rules.LookFacts:
    return rules.LookFacts(
        is_over=watch.state in OVER, is_signalled=watch.state == WatchState.SIGNALLED, held_at=draft.held_at,
        held_on=held_on, opened_on=timezone.localtime(watch.opened_at).date(), now=at, today=today(),
        words=draft.words, finding=draft.finding, next_on=draft.next_on, longest_on=longest,
    )  # fmt: skip


def _answer_danger(watch: Watch, look: WatchLook, finding: str, at: dt.datetime) -> None:
    urgency = URGENCY_OF_FINDING.get(Finding(finding))
    if urgency:
        raise_signal(
            watch.student, source=Source.COUNSELLOR, urgency=urgency, evidence=HEAVIEST,
            basis=[Reason(FOUND_AT_LOOK[Finding(finding)])], origin_kind="watch_look", origin_id=look.id,
            once=f"watch_look:{look.id}", at=at,
        )  # fmt: skip


@command(Permission.CASE_EDIT)
def end_watch(watch: Watch, *, actor: Actor, reason: str, words: str) -> Watch:
    """End a watch for a reason in code and words, and the level with it. Raises CannotCare with all that stands
    against it."""
    demand_none(rules.refusals_to_end(end_facts(watch), reason, words))
    at = now()
    watch.end_words = words.strip()
    seal_rows([watch])
    rows = every_watch().filter(pk=watch.pk, state__in=sources_of(WatchState.ENDED), looks=watch.looks)
    moved = rows.update(
        state=WatchState.ENDED, ended_at=at, ended_by=actor.person_id, end_reason=reason, end_words=watch.end_words,
        look_on=None,
    )  # fmt: skip
    demand_none([] if moved else [rules.LOOKED_MEANWHILE])
    cancel_deadlines(watch.id, at=at, reason=f"ended_{reason}")
    if not every_running_case().filter(student_id=watch.student_id).exists():
        write_attention(
            watch.student, actor=actor, level="green", advice="", basis=Basis("watch", watch.id), review_on=None
        )
    record_watch(watch, "crisis.watch.ended", reason=reason)
    watch.refresh_from_db()
    return watch


@command(Permission.CASE_EDIT)
def take_watch(watch: Watch, *, actor: Actor) -> Watch | Unchanged:
    """Lead a watch from now on, whoever led it before."""
    if watch.owner == actor.staff_id or actor.staff_id is None:
        return Unchanged("same_owner")
    demand_none([] if pass_watch_on(watch, actor.staff_id) else [rules.WATCH_OVER])
    return watch
