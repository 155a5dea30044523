"""Making the sittings of running campaigns: at launch for thousands of pupils, later for those who join, move or whose
consent changes. Short transactions; whatever is left undone by a crash is done at the next run.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.class_days import Window, class_windows
from xinqiao.care.screening.selectors.population import within_population
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.care.sheets.services.sittings import open_sittings
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.rules import CONSENT_STATES, CONSENTED
from xinqiao.register.people.selectors import consent_state
from xinqiao.register.people.states import Decision, GivenBy, StudentStatus
from xinqiao.register.policy.selectors import parameters_for

CHUNK = 150  # well under a second of writing, also on a busy machine
NOT_CONSENTED = tuple(state for state in CONSENT_STATES if state not in CONSENTED)
UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
_REASON = "the clock completes a launched campaign"


@dataclass(frozen=True)
class Filled:
    """What one run did to one campaign, in pupils."""

    made: int = 0
    without_consent: int = 0
    admitted: int = 0
    withdrawn: int = 0
    left: int = 0
    moved: int = 0

    @property
    def total(self) -> int:
        """How many sittings were made or changed."""
        return self.made + self.admitted + self.withdrawn + self.left + self.moved


def complete_sittings(now: dt.datetime) -> int:
    """Complete every running campaign; return how many sittings were made or changed.

    Once the window is over nobody is let in any more, but who left or withdrew the consent still goes: printed sheets
    are typed until somebody ends the campaign.
    """
    running = Campaign.objects.for_system(reason=_REASON).filter(state=CampaignState.OPEN).order_by("launched_at")
    return sum(
        fill_campaign(campaign, now).total
        if campaign.closes_at > now
        else _withdraw(campaign, now) + _release(campaign)
        for campaign in running
    )


def fill_campaign(campaign: Campaign, now: dt.datetime) -> Filled:
    """Bring one running campaign's sittings up to date with the register; nothing happens the second time, nor where
    only others are asked.

    Who has no consent gets an excused sitting, so that the door can say so and a consent given later lets them in.
    """
    if campaign.paper_id is None:
        return Filled()
    classes = {unit.path: unit for unit in classes_of(campaign)}
    made, without_consent = _make(campaign, classes, now)
    return Filled(
        made=made, without_consent=without_consent, admitted=_admit(campaign, now), withdrawn=_withdraw(campaign, now),
        left=_release(campaign), moved=_follow(campaign, classes, now),
    )  # fmt: skip


def waiting_students(campaign: Campaign, classes: Sequence[str], now: dt.datetime) -> "QuerySet[Student]":
    """Return the pupils of a campaign's classes who have no sitting of it, and none of another that is still open.

    Of the register only the pupils of its launch; what is open elsewhere keeps nobody out of it, nor it anybody.
    """
    sittings = Sitting.objects.for_system(reason=_REASON).filter(student_id=OuterRef("pk"))
    own = sittings.filter(origin_id=campaign.id)
    elsewhere = sittings.exclude(origin_id=campaign.id).filter(
        state__in=UNFINISHED,
        closes_at__gt=now,
        is_code_only=False,  # a second paper must not show by a missing seat
    )
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        ~Exists(own), status=StudentStatus.ACTIVE, place__in=classes, number_index__isnull=False
    )
    return within_population(campaign, rows) if campaign.is_of_register else rows.filter(~Exists(elsewhere))


def _make(campaign: Campaign, classes: dict[str, Unit], now: dt.datetime) -> tuple[int, int]:
    made = without = 0
    last: UUID | None = None
    while True:
        with recording(system_actor("screening.fill")):
            if not _still_open(campaign):
                return made, without
            waiting = waiting_students(campaign, list(classes), now).order_by("id")
            students = list((waiting if last is None else waiting.filter(pk__gt=last))[:CHUNK])
            if students:
                refused = _make_chunk(campaign, students, now)
                made, without, last = made + len(students), without + refused, students[-1].id
        if len(students) < CHUNK:
            return made, without


def _still_open(campaign: Campaign) -> bool:
    """Lock the campaign for this chunk, so that two runs do not make the same sittings."""
    locked = Campaign.objects.for_system(reason=_REASON).select_for_update()
    found: bool = locked.filter(pk=campaign.pk, state=CampaignState.OPEN).exists()
    return found


def _make_chunk(campaign: Campaign, students: Sequence[Student], now: dt.datetime) -> int:
    states = consent_state(students, _form(campaign), timezone.localtime(now).date())
    paper = Paper.objects.for_system(reason=_REASON).get(pk=campaign.paper_id)
    made: list[Sitting] = []
    for window, some in _by_window(campaign, students, now).items():
        opened = open_sittings(
            campaign.id, paper, some, opens_at=window.opens_at, closes_at=window.closes_at,
            round_number=campaign.round, is_code_only=campaign.is_of_register,
        )  # fmt: skip
        made += opened.sittings
    refused = [s.id for s in made if states[s.student_id] not in CONSENTED]
    _own(campaign).filter(pk__in=refused).update(state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)
    _record(campaign, "screening.sittings.opened", made=len(made), without_consent=len(refused))
    return len(refused)


def _by_window(campaign: Campaign, students: Sequence[Student], now: dt.datetime) -> dict[Window, list[Student]]:
    """Sort pupils by when they may answer: on their class's day, or, where that is over, until the campaign ends."""
    whole, windows = Window(campaign.opens_at, campaign.closes_at), class_windows(campaign)
    own = {unit.path: windows[unit.id] for unit in classes_of(campaign) if unit.id in windows} if windows else {}
    found: dict[Window, list[Student]] = {}
    for student in students:
        window = own.get(student.place, whole)
        found.setdefault(whole if window.closes_at <= now else window, []).append(student)
    return found


def _admit(campaign: Campaign, now: dt.datetime) -> int:
    """Let in those who had no consent and have it now; whose class's day is over meanwhile, until the campaign ends."""
    excused = _own(campaign).filter(state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)
    form = _form(campaign)
    if not form.is_opt_out:
        excused = excused.filter(Exists(_decisions(form, Decision.GIVEN)))
    ids = _with_state(excused, form, now, CONSENTED)
    late = set(_own(campaign).filter(pk__in=ids, closes_at__lte=now).values_list("pk", flat=True))
    fields = {"state": SittingState.WAITING, "excuse": ""}
    on_time = [pk for pk in ids if pk not in late]
    return _change(campaign, on_time, "screening.sittings.admitted", **fields) + _change(
        campaign, list(late), "screening.sittings.admitted", closes_at=campaign.closes_at, **fields
    )


def _withdraw(campaign: Campaign, now: dt.datetime) -> int:
    """Take out those whose consent was withdrawn or refused before they handed in, or no longer suffices.

    Only where other rules are in force than at the launch, whoever is here without a guardian's yes is asked about too.
    """
    form = _form(campaign)
    in_doubt = Q(Exists(_decisions(form, Decision.REFUSED, Decision.WITHDRAWN)))
    if parameters_for(campaign.place, timezone.localtime(now).date()).revision != campaign.pack_revision:
        in_doubt |= Q(~Exists(_decisions(form, Decision.GIVEN).filter(given_by=GivenBy.GUARDIAN)))
    ids = _with_state(_own(campaign).filter(in_doubt, state__in=UNFINISHED), form, now, NOT_CONSENTED)
    return _change(campaign, ids, "screening.sittings.withdrawn", state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)


def _release(campaign: Campaign) -> int:
    gone = _own(campaign).filter(state__in=UNFINISHED).exclude(student__status=StudentStatus.ACTIVE)
    ids = list(gone.values_list("pk", flat=True))
    return _change(campaign, ids, "screening.sittings.left", state=SittingState.EXCUSED, excuse=Excuse.LEFT)


def _follow(campaign: Campaign, classes: dict[str, Unit], now: dt.datetime) -> int:
    """Let the sittings of pupils who changed class be entered with the new class's code, on the new class's day."""
    stray = _own(campaign).filter(state__in=(*UNFINISHED, SittingState.EXCUSED)).exclude(place=F("student__place"))
    targets: dict[str, list[UUID]] = {}
    for sitting_id, place in stray.values_list("pk", "student__place"):
        if place in classes:
            targets.setdefault(place, []).append(sitting_id)
    windows = class_windows(campaign) if targets else {}
    moved = 0
    for place, ids in targets.items():
        unit = classes[place]
        fields = {"place": place, "class_id": unit.id, "window_code": unit.window_code or ""}
        window = windows.get(unit.id)
        if window is not None and window.closes_at > now and campaign.round == 1:
            fields |= {"opens_at": window.opens_at, "closes_at": window.closes_at}
        moved += _change(campaign, ids, "screening.sittings.moved", **fields)
    return moved


def _with_state(
    sittings: "QuerySet[Sitting]", form: ConsentForm, now: dt.datetime, wanted: Sequence[str]
) -> list[UUID]:
    rows = list(sittings.select_related("student"))
    if not rows:
        return []
    states = consent_state([row.student for row in rows], form, timezone.localtime(now).date())
    return [row.pk for row in rows if states[row.student_id] in wanted]


def _change(campaign: Campaign, ids: Sequence[UUID], event: str, **fields: object) -> int:
    """Change sittings that were not handed in meanwhile, in chunks, each with its event."""
    changed = 0
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with recording(system_actor("screening.fill")):
            rows = _own(campaign).filter(pk__in=some).exclude(state=SittingState.SUBMITTED)
            if count := rows.update(**fields):
                _record(campaign, event, pupils=count)
            changed += count
    return changed


def _decisions(form: ConsentForm, *decisions: str) -> "QuerySet[Consent]":
    consents = Consent.objects.for_system(reason=_REASON)
    rows: QuerySet[Consent] = consents.filter(form=form, student_id=OuterRef("student_id"), decision__in=decisions)
    return rows


def _form(campaign: Campaign) -> ConsentForm:
    found: ConsentForm = ConsentForm.objects.for_system(reason=_REASON).get(pk=campaign.form_id)
    return found


def _own(campaign: Campaign) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    return rows


def _record(campaign: Campaign, event: str, **facts: int) -> None:
    record(event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place, county_id=campaign.county_id,
           facts=dict(facts))  # fmt: skip
