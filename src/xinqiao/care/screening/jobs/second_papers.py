"""The second paper: opened by itself for those who wait at the gate, and read when it is handed in. The clock never
closes a signal: a second flag lets it through, a sheet without one is put before a person.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.gates import clear_at_gate, pass_gate
from xinqiao.care.alerts.services.telling import call_again
from xinqiao.care.alerts.states import Gate, GateState, SignalState
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.sheets import open_sheets
from xinqiao.care.sheets.models import AnswerSheet, Paper, Sitting
from xinqiao.care.sheets.services.sittings import open_sittings
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.register.deadlines.kinds import GATE
from xinqiao.register.deadlines.selectors import running_clocks
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.rules import CONSENTED
from xinqiao.register.people.selectors import consent_state
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

CAMPAIGNS_A_RUN = 50  # ours: a few milliseconds each; the schools of a city are through in some minutes
UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
_REASON = "the clock keeps the second gate of a launched campaign"


def keep_second_papers(now: dt.datetime) -> int:
    """Open, take back and read second papers where something can still change; return how many rows changed.

    A run looks at CAMPAIGNS_A_RUN of them at most, each in a transaction of its own; the next run goes on after them.
    """
    return sum(keep_second_paper(campaign, now) for campaign in _next_few(_unsettled()))


class _Round:
    """Where this process goes on."""

    after = UUID(int=0)


def _next_few(campaigns: "QuerySet[Campaign]") -> list[Campaign]:
    rows = campaigns.order_by("pk")
    found = list(rows.filter(pk__gt=_Round.after)[:CAMPAIGNS_A_RUN])
    if len(found) < CAMPAIGNS_A_RUN and _Round.after.int:
        found += rows.filter(pk__lte=_Round.after)[: CAMPAIGNS_A_RUN - len(found)]
    _Round.after = found[-1].pk if found else UUID(int=0)
    return found


def _unsettled() -> "QuerySet[Campaign]":
    """Campaigns with a signal that waits for its second paper, or with a second paper that is not handed in."""
    sittings = Sitting.objects.for_system(reason=_REASON)
    signals = Signal.objects.for_system(reason=_REASON).filter(gate=Gate.PAPER, gate_state=GateState.WAITING)
    first = sittings.filter(pk__in=signals.exclude(state=SignalState.CLOSED).values("origin_id"))
    second = sittings.filter(origin_id=OuterRef("gate_origin_id"), state__in=UNFINISHED)
    some = Q(pk__in=first.values("origin_id")) | Q(Exists(second))
    rows: QuerySet[Campaign] = Campaign.objects.for_system(reason=_REASON).filter(
        some, gate=Gate.PAPER, gate_origin_id__isnull=False
    )
    return rows


def keep_second_paper(campaign: Campaign, now: dt.datetime) -> int:
    """Bring the second papers of one campaign up to date; nothing happens the second time."""
    with recording(system_actor("screening.second_paper")):
        # Two runs must not make the same sittings.
        Campaign.objects.for_system(reason=_REASON).select_for_update().get(pk=campaign.pk)
        waiting = _waiting(campaign)
        changed = sum(_read(signal, campaign, now) for signal in waiting)
        waiting = _waiting(campaign) if changed else waiting
        return changed + _open(campaign, waiting, now) + _take_back(campaign, waiting, now)


def _waiting(campaign: Campaign) -> list[Signal]:
    first = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    signals = Signal.objects.for_system(reason=_REASON).filter(
        origin_id__in=first.values("pk"), gate=Gate.PAPER, gate_state=GateState.WAITING
    )
    return list(signals.exclude(state=SignalState.CLOSED).select_related("student").order_by("raised_at"))


def _open(campaign: Campaign, waiting: Sequence[Signal], now: dt.datetime) -> int:
    """Make a sitting for each pupil who has none yet, open until the gate's clock is due."""
    has_one = set(_second(campaign).values_list("student_id", flat=True))
    due = {sid: row.due_at for sid, rows in running_clocks([s.id for s in waiting], now).items() for row in rows
           if row.kind == GATE}  # fmt: skip
    ends = {s.student_id: due[s.id] for s in waiting if s.student_id not in has_one and due.get(s.id, now) > now}
    active = Student.objects.for_system(reason=_REASON).filter(pk__in=ends, status=StudentStatus.ACTIVE)
    students = sorted(_consenting(campaign, list(active), now), key=lambda student: (ends[student.id], student.id))
    paper = Paper.objects.for_system(reason=_REASON).get(pk=campaign.gate_paper_id) if students else None
    made = 0
    for until, some in groupby(students, key=lambda student: ends[student.id]):
        assert paper is not None
        opened = open_sittings(_origin(campaign), paper, list(some), opens_at=now, closes_at=until, is_code_only=True)
        made += len(opened.sittings)
    if made:
        _record(campaign, "screening.second_paper.opened", pupils=made)
    return made


def _take_back(campaign: Campaign, waiting: Sequence[Signal], now: dt.datetime) -> int:
    """Whoever left, whose consent no longer stands, or whose signal a person has settled, is asked nothing more."""
    rows = list(_second(campaign).filter(state__in=UNFINISHED).select_related("student"))
    gone = [row.pk for row in rows if row.student.status != StudentStatus.ACTIVE]
    active = [row.student for row in rows if row.student.status == StudentStatus.ACTIVE]
    willing = {student.id for student in _consenting(campaign, active, now)}
    refused = [row.pk for row in rows if row.pk not in gone and row.student_id not in willing]
    still_waiting = {signal.student_id for signal in waiting}
    settled = [row.pk for row in rows if row.student_id not in still_waiting and row.pk not in {*gone, *refused}]
    changed = 0
    for ids, excuse in ((gone, Excuse.LEFT), (refused, Excuse.NO_CONSENT), (settled, Excuse.OTHER)):
        still = _second(campaign).filter(pk__in=ids, state__in=UNFINISHED)
        changed += still.update(state=SittingState.EXCUSED, excuse=excuse)
    if changed:
        _record(campaign, "screening.second_paper.withdrawn", pupils=changed)
    return changed


def _read(signal: Signal, campaign: Campaign, now: dt.datetime) -> int:
    """Let a signal through whose pupil was flagged again; put one without a flag before a person."""
    sitting = _second(campaign).filter(student_id=signal.student_id, state=SittingState.SUBMITTED).first()
    if sitting is None:
        return 0
    if Signal.objects.for_system(reason=_REASON).filter(origin_id=sitting.id).exists():
        urgency = parameters_for(signal.place, timezone.localtime(now).date()).gate_confirmed
        if not pass_gate(signal, at=now, by=None, urgency=urgency, is_taken=True):
            return 0
        # Nobody was called while it waited, whatever its urgency: now the clock of the interview runs (domain paper,
        # clocks: orange is told the same day, yellow with the next digest).
        call_again(signal, at=now)
        return 1
    sheets = AnswerSheet.objects.for_system(reason=_REASON).filter(sitting=sitting).select_related("sitting")
    opened = open_sheets(list(sheets))
    if not opened or any(sheet.is_doubtful for sheet in opened):
        return 0  # it says nothing: the gate's clock runs on until somebody talks to the pupil
    return int(clear_at_gate(signal, at=now))


def _consenting(campaign: Campaign, students: list[Student], now: dt.datetime) -> list[Student]:
    if not students:
        return []
    form = ConsentForm.objects.for_system(reason=_REASON).get(pk=campaign.form_id)
    states = consent_state(students, form, timezone.localtime(now).date())
    return [student for student in students if states[student.id] in CONSENTED]


def _origin(campaign: Campaign) -> UUID:
    assert campaign.gate_origin_id is not None
    return campaign.gate_origin_id


def _second(campaign: Campaign) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=_origin(campaign))
    return rows


def _record(campaign: Campaign, event: str, **facts: int) -> None:
    record(event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place, county_id=campaign.county_id,
           facts=dict(facts))  # fmt: skip
