"""One case on one page: where it stands, what comes next, what stands against its end, and all that happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinqiao.care.alerts.selectors import TimelineEvent, student_timeline
from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.facts import end_facts, standing_level
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.people import gone_among
from xinqiao.care.crisis.rules import obstacles_to_end
from xinqiao.care.crisis.selectors.cases import CaseRow, case_rows
from xinqiao.care.crisis.selectors.papers import (
    FollowUpPaper,
    JudgementPaper,
    PlanPaper,
    follow_ups_of,
    judgements_of,
    plans_of,
)
from xinqiao.care.crisis.states import CaseState, EndReason
from xinqiao.care.crisis.wording import obstacle_texts
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names


@dataclass(frozen=True)
class Step:
    """What is to be done next: the words, the route of the page that does it, whether it is late."""

    words: str
    action: str
    route: str
    is_late: bool = False


@dataclass(frozen=True)
class CaseStory:
    """Everything that the page of a case shows."""

    case: Case
    row: CaseRow
    step: Step | None
    judgement: JudgementPaper | None
    plan: PlanPaper | None
    older_plans: tuple[PlanPaper, ...]
    is_helper_gone: bool
    obstacles: tuple[str, ...]
    is_level_newer: bool
    level_now: str
    opened_for: str
    end_words: str
    events: tuple[TimelineEvent, ...]


def case_story(actor: Actor, case: Case) -> CaseStory:
    """Return one case for whoever may see it; reading it is an audit event (its timeline is another)."""
    judgements, plans, follow_ups = judgements_of(actor, case), plans_of(actor, case), follow_ups_of(actor, case)
    (row,), (words,) = case_rows(actor, [case]), open_sealed([case], "opened_for", "end_words")
    note_case_read(actor, case)
    facts = end_facts(case)
    plan = next((each for each in plans if each.is_current), None)
    reason = EndReason.LEFT if facts.has_left else EndReason.BETTER
    stands = standing_level(case)
    is_newer = case.state == CaseState.JUDGED and stands != case.level
    return CaseStory(
        case=case, row=row, judgement=next(iter(judgements), None), plan=plan,
        older_plans=tuple(each for each in plans if not each.is_current),
        is_helper_gone=plan is not None and bool(gone_among([plan.helper_id])),
        obstacles=obstacle_texts(obstacles_to_end(facts, reason), facts) if case.state != CaseState.CLOSED else (),
        is_level_newer=is_newer, level_now=stands or "none", opened_for=words["opened_for"] or "",
        end_words=words["end_words"] or "", step=_step(case, row, plan, is_newer=is_newer),
        events=_events(actor, case, row, judgements, plans, follow_ups, words),
    )  # fmt: skip


def note_case_read(actor: Actor, case: Case) -> None:
    """Leave the event of reading a case."""
    note_reading(
        actor, "crisis.case.read", subject_kind="student", subject_id=case.student_id, place=case.student.place,
        county_id=case.county_id, facts={"case": str(case.id)},
    )  # fmt: skip


def _step(case: Case, row: CaseRow, plan: PlanPaper | None, *, is_newer: bool) -> Step | None:
    """The one thing to do next: what is late first, then what is missing, then what is dated."""
    on = today()
    if case.state == CaseState.CLOSED:
        return None
    if row.has_left:
        return Step(_("The pupil has left. Hand the case over, then close it."), _("Close the case"), "crisis:close")
    if row.is_ownerless:
        return Step(
            _("Nobody who may lead this case leads it. Name somebody."),
            _("Hand the case over"),
            "crisis:hand-over",
            is_late=True,
        )
    if case.state == CaseState.OPEN or is_newer:
        late = case.judge_by is not None and case.judge_by < on
        return Step(_("Sit together over the case."), _("Write down a case conference"), "crisis:judge", is_late=late)
    if row.is_overdue:
        what = _follow_up_step() if row.next_on == case.follow_up_on else _judge_step()
        return Step(*what, is_late=True)
    if plan is None:
        return Step(_("Write the plan, with one named helper."), _("Write the plan"), "crisis:plan")
    return Step(*(_follow_up_step() if row.next_on == case.follow_up_on else _judge_step()))


def _follow_up_step() -> tuple[str, str, str]:
    return _("Look after the pupil again."), _("Write down a follow-up"), "crisis:follow-up"


def _judge_step() -> tuple[str, str, str]:
    return _("Sit together again over the case."), _("Write down a case conference"), "crisis:judge"


def _events(
    actor: Actor, case: Case, row: CaseRow, judgements: Sequence[JudgementPaper], plans: Sequence[PlanPaper],
    follow_ups: Sequence[FollowUpPaper], words: dict[str, str | None],
) -> tuple[TimelineEvent, ...]:  # fmt: skip
    names = staff_names([each for each in (case.opened_by, case.closed_by) if each])
    opener = names.get(case.opened_by, "")
    events = [TimelineEvent(case.opened_at, _("Case opened"), words["opened_for"] or "", who=opener)]
    events += [_of_judgement(each) for each in judgements]
    events += [_of_plan(each) for each in plans]
    events += [_of_follow_up(each) for each in follow_ups]
    if case.closed_at and case.closed_by:
        title = _("Case closed: {reason}").format(reason=row.end_words)
        events.append(TimelineEvent(case.closed_at, title, words["end_words"] or "", who=names.get(case.closed_by, "")))
    told = [*events, *student_timeline(actor, case.student)]
    return tuple(sorted(told, key=lambda event: event.at, reverse=True))


def _of_judgement(each: JudgementPaper) -> TimelineEvent:
    title = _("Case conference {number}: {level}").format(number=each.number, level=Level(each.level).label)
    who = _(", ").join(each.people)
    return TimelineEvent(each.held_at, title, each.reasons, who=who, tone=_tone(each.level))


def _of_plan(each: PlanPaper) -> TimelineEvent:
    title = _("Plan, version {number}: helper {name}").format(number=each.number, name=each.helper)
    return TimelineEvent(each.written_at, title, each.goals, who=each.written_by)


def _of_follow_up(each: FollowUpPaper) -> TimelineEvent:
    title = _("Follow-up: {whom}, {way}").format(whom=each.whom, way=each.way)
    text = _("; ").join(part for part in (each.finding_words, each.words) if part)
    return TimelineEvent(each.held_at, title, text, who=each.who, tone="red" if each.finding == "acute" else "")


def _tone(level: str) -> str:
    return level if level in ("red", "orange") else ""
