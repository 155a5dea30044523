"""What was done for a pupil: cases, watches, referrals, leaves, letters, feedback, filings."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.alerts.states import Level
from xinqiao.care.archives.sections.moments import joined, latest_of, midday
from xinqiao.care.crisis.leave.states import LeaveStepKind
from xinqiao.care.crisis.models import (
    Case,
    FollowUp,
    Judgement,
    LeaveStep,
    Referral,
    ReferralStep,
    Watch,
    WatchLook,
)
from xinqiao.care.crisis.referral.states import StepKind
from xinqiao.care.crisis.selectors.cases import next_of
from xinqiao.care.crisis.selectors.papers import follow_ups_of, judgements_of, plans_of
from xinqiao.care.crisis.states import CaseState, Finding, Way
from xinqiao.care.crisis.watch.states import OVER
from xinqiao.care.feedback.models import Feedback
from xinqiao.care.feedback.states import RUNNING, Audience, FeedbackState
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.states import OWED, FilingKind, FilingState
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.states import LetterState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def cases(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return cases with conferences, plans and follow-ups, for whoever works on them."""
    found: list[Entry] = []
    running = list(Case.objects.visible_to(actor, Permission.CASE_VIEW).filter(student=student))
    for case, words in zip(running, open_sealed(running, "opened_for", "end_words"), strict=True):
        found += _of_case(case, words["opened_for"] or "", words["end_words"] or "")
        for judged in judgements_of(actor, case):
            title = _("Case conference {number}: {level}").format(number=judged.number, level=Level(judged.level).label)
            found.append(Entry(judged.held_at, title, judged.reasons, _(", ").join(judged.people)))
        for plan in plans_of(actor, case):
            title = _("Plan, version {number}: helper {name}").format(number=plan.number, name=plan.helper)
            found.append(Entry(plan.written_at, title, plan.goals, plan.written_by))
        for held in follow_ups_of(actor, case):
            title = _("Follow-up: {whom}, {way}").format(whom=held.whom, way=held.way)
            text = joined(held.finding_words, held.words)
            found.append(Entry(held.held_at, title, text, held.who, "red" if held.finding == Finding.ACUTE else ""))
    return found


def decisions(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return that a case is open, at which level, what comes next: what a head may know, no notes."""
    rows = Case.objects.visible_to(actor, Permission.LEDGER_VIEW).filter(student=student)
    return [entry for case in rows for entry in _of_case(case)]


def _of_case(case: Case, why: str = "", end: str = "") -> list[Entry]:
    next_on, what = next_of(case)
    state, level = str(CaseState(case.state).label), str(Level(case.level).label) if case.level else ""
    text, owner = joined(state, level, why), staff_names([case.owner])
    found = [Entry(case.opened_at, _("Case opened"), text, owner.get(case.owner, ""), next_on=next_on, next_what=what)]
    if case.closed_at is not None:
        title = _("Case closed: {reason}").format(reason=case.get_end_reason_display())
        found.append(Entry(case.closed_at, title, end))
    return found


def watches(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return since when a pupil is kept in view, and every look."""
    rows = list(Watch.objects.visible_to(actor, Permission.CASE_VIEW).filter(student=student))
    looks = list(WatchLook.objects.visible_to(actor, Permission.CASE_VIEW).filter(watch__in=[row.id for row in rows]))
    names = staff_names([*(row.owner for row in rows), *(look.held_by for look in looks)])
    found = [
        Entry(
            row.opened_at, _("Kept in view"), who=names.get(row.owner, ""),
            next_on=None if row.state in OVER else row.look_on, next_what="" if row.state in OVER else _("Next look"),
        )
        for row in rows
    ]  # fmt: skip
    for look, words in zip(looks, open_sealed(looks, "seen_words", "finding"), strict=True):
        finding = str(Finding(words["finding"]).label) if words["finding"] else ""
        text = joined(finding, words["seen_words"])
        title = _("Look: {way}").format(way=Way(look.way).label)
        found.append(Entry(look.held_at, title, text, names.get(look.held_by, "")))
    return found


def referrals(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the steps of referrals; what the institution wrote stands on the referral's own page."""
    rows = list(Referral.objects.visible_to(actor, Permission.REFERRAL_EDIT).filter(student=student)
                .select_related("partner"))  # fmt: skip
    visible = ReferralStep.objects.visible_to(actor, Permission.REFERRAL_EDIT)
    steps = list(visible.filter(referral__in=[row.id for row in rows]).order_by("at"))
    partners = {row.id: row.partner.name for row in rows}
    days = {row.id: row.visit_on for row in rows if row.ended_at is None and row.attended_on is None}
    names = staff_names([step.by for step in steps if step.by])
    last = {step.referral_id: step.id for step in steps}
    return [
        Entry(
            step.at, _("Referral to {name}: {step}").format(
                name=partners[step.referral_id], step=StepKind(step.kind).label
            ),
            who=names.get(step.by, "") if step.by else "",
            next_on=days.get(step.referral_id) if last[step.referral_id] == step.id else None,
            next_what=_("First visit at the institution"),
        )
        for step in steps
    ]  # fmt: skip


def leaves(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the steps of leaves and returns; their words stand on the leave's own page."""
    visible = LeaveStep.objects.visible_to(actor, Permission.LEAVE_DECIDE)
    steps = list(visible.filter(leave__student=student).select_related("leave").order_by("at"))
    names = staff_names([step.by for step in steps if step.by])
    last = {step.leave_id: step.id for step in steps}
    return [
        Entry(
            midday(step.day), str(LeaveStepKind(step.kind).label), who=names.get(step.by, "") if step.by else "",
            next_on=step.leave.look_on if last[step.leave_id] == step.id and step.leave.ended_at is None else None,
            next_what=_("Look after the return"),
        )
        for step in steps
    ]  # fmt: skip


def letters(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the letters to guardians and what became of them."""
    rows = Letter.objects.visible_to(actor, Permission.LETTER_WRITE).filter(student=student, released_at__isnull=False)
    return [
        Entry(row.released_at, _("Letter to the guardians: {state}").format(state=LetterState(row.state).label))
        for row in rows
        if row.released_at
    ]


def feedback(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the feedback that is owed or was given, to whom."""
    rows = Feedback.objects.visible_to(actor, Permission.FEEDBACK_EDIT).filter(student=student)
    return [
        Entry(
            row.done_at or row.flagged_at,
            _("Feedback, {to}: {state}").format(to=Audience(row.to).label, state=FeedbackState(row.state).label),
            next_on=_day(row.due_at) if row.state in RUNNING else None,
            next_what=_("Give the feedback") if row.state in RUNNING else "",
        )
        for row in rows
    ]  # fmt: skip


def filings(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return what was filed with the bureau; its words stand on the filing's own page."""
    rows = Filing.objects.visible_to(actor, Permission.FILING_VIEW).filter(student=student)
    return [
        Entry(
            row.sent_at or row.owed_at,
            _("Filing, {kind}: {state}").format(
                kind=FilingKind(row.kind).label, state=FilingState(row.state).label
            ),
            next_on=_day(row.due_at) if row.state in OWED else None,
            next_what=_("Send the filing") if row.state in OWED else "",
        )
        for row in rows
    ]  # fmt: skip


CARING = (
    Section(
        code="cases", title=gettext_lazy("Cases"), order=60, permission=Permission.CASE_VIEW, entries=cases,
        empty=gettext_lazy("No case. One is opened where a talk finds that care has to go on."), link="case-of-pupil",
        latest=latest_of(FollowUp, "held_at", "case__student"),
    ),
    Section(
        code="decisions", title=gettext_lazy("Decisions in cases"), order=60, permission=Permission.LEDGER_VIEW,
        unless=Permission.CASE_VIEW, entries=decisions, empty=gettext_lazy("No case."),
        latest=latest_of(Judgement, "held_at", "case__student"),
    ),
    Section(
        code="watches", title=gettext_lazy("Kept in view"), order=62, permission=Permission.CASE_VIEW, entries=watches,
        empty=gettext_lazy("Not kept in view."), latest=latest_of(WatchLook, "held_at", "watch__student"),
    ),
    Section(
        code="referrals", title=gettext_lazy("Referrals"), order=64, permission=Permission.REFERRAL_EDIT,
        entries=referrals, empty=gettext_lazy("Not referred."), link="pupil-referrals",
        latest=latest_of(ReferralStep, "at", "referral__student"),
    ),
    Section(
        code="leaves", title=gettext_lazy("Leave and return"), order=66, permission=Permission.LEAVE_DECIDE,
        entries=leaves, empty=gettext_lazy("Never on leave for this."), link="pupil-leave",
        latest=latest_of(LeaveStep, "at", "leave__student"),
    ),
    Section(
        code="letters", title=gettext_lazy("Letters to guardians"), order=70, permission=Permission.LETTER_WRITE,
        entries=letters, empty=gettext_lazy("No letter was released yet."), latest=latest_of(Letter, "released_at"),
        printed=letters,
    ),
    Section(
        code="feedback", title=gettext_lazy("Feedback"), order=72, permission=Permission.FEEDBACK_EDIT,
        entries=feedback, empty=gettext_lazy("No feedback is owed: nobody flagged this pupil."),
        latest=latest_of(Feedback, "done_at"),
    ),
    Section(
        code="filings", title=gettext_lazy("Filed with the bureau"), order=74, permission=Permission.FILING_VIEW,
        entries=filings, empty=gettext_lazy("Nothing of this pupil is filed."), latest=latest_of(Filing, "sent_at"),
    ),
)  # fmt: skip
