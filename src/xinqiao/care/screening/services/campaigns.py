"""Creating, launching, extending, repeating and closing campaigns."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xinqiao.care.alerts.states import Gate
from xinqiao.care.scales.adapting import Adapted
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.models import Campaign, CampaignPupil, ClassDay
from xinqiao.care.screening.reaching import keep_reach
from xinqiao.care.screening.rules import (
    WhyNot,
    refusals_of_window,
    refusals_to_close,
    refusals_to_extend,
    refusals_to_repeat,
)
from xinqiao.care.screening.selectors.adapting import adaptations_of
from xinqiao.care.screening.selectors.campaigns import (
    Cohort,
    classes_of,
    cohorts_of,
    gate_scales_of,
    scale_ids_of,
    scales_of,
)
from xinqiao.care.screening.selectors.class_days import class_windows
from xinqiao.care.screening.selectors.ordered import bounds_refusals, ordered_of
from xinqiao.care.screening.selectors.paper import sheets_waiting
from xinqiao.care.screening.selectors.planning import launch_refusals, unguarded_days
from xinqiao.care.screening.selectors.population import categories_of, register_choices, within_population
from xinqiao.care.screening.services.informants import end_forms, freeze_forms
from xinqiao.care.screening.states import AskingEnd, CampaignState
from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.care.sheets.services.papers import build_paper
from xinqiao.care.sheets.services.sittings import open_sittings
from xinqiao.care.sheets.states import Excuse, Informant, SittingState
from xinqiao.foundation.access.actors import Actor, demand
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.rules import CONSENTED
from xinqiao.register.people.selectors import consent_state
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

_REASON = "body of a command that has checked its actor at the school"
UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
MAY_SIT_LATER = (Excuse.ABSENT, Excuse.UNWELL, Excuse.OTHER)


class CannotRun(ValueError):
    """The campaign may not be created, launched, extended, repeated or closed so; `reasons` says every why."""

    def __init__(self, reasons: Sequence[WhyNot]) -> None:
        super().__init__("; ".join(" ".join((r.code, r.about, *r.details)).strip() for r in reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class CampaignDraft:
    """What a campaign is to be: whom (`cohorts` as stage and entry year), with what, when, under which consent form;
    `register` are the categories of the register whose pupils alone are screened (none: everyone of the cohorts);
    `gate` is the second gate (a code of `Gate`, "" for none) before the full interview; `adapted` are the scales of
    the battery that are asked by adapting, until `asking_ends`."""

    name: str
    cohorts: tuple[Cohort, ...]
    scale_ids: tuple[UUID, ...]
    opens_at: dt.datetime
    closes_at: dt.datetime
    form_id: UUID | None = None
    register: tuple[str, ...] = ()
    gate: str = ""
    gate_scale_ids: tuple[UUID, ...] = ()
    adapted: tuple[UUID, ...] = ()
    asking_ends: str = AskingEnd.DECIDED


@command(Permission.CAMPAIGN_EDIT)
def create_campaign(school: Unit, *, actor: Actor, draft: CampaignDraft) -> Campaign:
    """Plan a campaign of a school. Raises CannotRun for a window that is turned round, over or too long."""
    _demand(refusals_of_window(draft.opens_at, draft.closes_at, now()))
    _demand(_refusals_of_register(actor, school.path, draft))
    campaign = Campaign(
        county_id=school.shard_id, place=school.path, school_id=school.id, created_by=actor.id, created_at=now()
    )
    _apply(campaign, draft)
    campaign.save(force_insert=True)
    _record(campaign, "screening.campaign.created")
    return campaign


@command(Permission.CAMPAIGN_EDIT)
def change_campaign(campaign: Campaign, *, actor: Actor, draft: CampaignDraft) -> Campaign:
    """Change the plan of a campaign that was not launched; days of classes that it no longer screens go. CannotRun."""
    locked = _locked(campaign)
    _demand([WhyNot("not_draft")] if locked.state != CampaignState.DRAFT else [])
    _demand(_refusals_of_register(actor, locked.place, draft))
    _demand(refusals_of_window(draft.opens_at, draft.closes_at, now()))
    _demand(_refusals_of_order(locked, draft))
    _apply(locked, draft)
    locked.save()
    _class_days(locked).exclude(class_id__in=[unit.id for unit in classes_of(locked)]).delete()
    _record(locked, "screening.campaign.changed")
    return locked


@command(Permission.CAMPAIGN_EDIT)
def discard_campaign(campaign: Campaign, *, actor: Actor) -> None:
    """Discard a plan that was never launched. Raises CannotRun."""
    del actor
    locked = _locked(campaign)
    _demand([WhyNot("not_draft")] if locked.state != CampaignState.DRAFT else [])
    _demand([WhyNot("ordered")] if ordered_of(locked) else [])
    _record(locked, "screening.campaign.discarded")
    _own(locked).delete()


def _refusals_of_register(actor: Actor, place: str, draft: CampaignDraft) -> list[WhyNot]:
    """Only who keeps the register may screen from it, and only by categories that the policy knows. Forbidden."""
    if not draft.register:
        return []
    demand(actor, Permission.REGISTER_VIEW, place)
    known = {code for code, _name in register_choices(place, timezone.localtime(now()).date())}
    return [] if set(draft.register) <= known else [WhyNot("no_such_category")]


def _refusals_of_order(campaign: Campaign, draft: CampaignDraft) -> list[WhyNot]:
    """Return why an ordered plan may not be changed so: whom and with what the order says, when within its days."""
    ordered = ordered_of(campaign)
    if ordered is None:
        return []
    is_same = set(draft.cohorts) == set(cohorts_of(campaign)) and draft.scale_ids == scale_ids_of(campaign)
    is_same = is_same and draft.register == categories_of(campaign)
    changed = [] if is_same else [WhyNot("ordered_fixed")]
    return changed + bounds_refusals(ordered, draft.opens_at, draft.closes_at)


def _apply(campaign: Campaign, draft: CampaignDraft) -> None:
    campaign.name = draft.name
    campaign.grades = json.dumps([[stage, entry_year] for stage, entry_year in draft.cohorts])
    campaign.register = json.dumps(list(draft.register))
    campaign.scale_ids = json.dumps([str(scale_id) for scale_id in draft.scale_ids])
    campaign.adapted = json.dumps({str(scale_id): "" for scale_id in draft.scale_ids if scale_id in draft.adapted})
    campaign.asking_ends = draft.asking_ends if draft.adapted else AskingEnd.DECIDED
    campaign.opens_at, campaign.closes_at, campaign.form_id = draft.opens_at, draft.closes_at, draft.form_id
    campaign.gate = draft.gate
    campaign.gate_scale_ids = json.dumps([str(scale_id) for scale_id in draft.gate_scale_ids])
    campaign.school_year = school_year_of(timezone.localtime(draft.opens_at).date())


@command(Permission.CAMPAIGN_EDIT)
def launch_campaign(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Begin a campaign: its paper is fixed and its window holds. Raises CannotRun with every reason, CannotBuildPaper.

    The sittings of its pupils are made afterwards by `jobs.filling.fill_campaign`, in short transactions: call it for
    an answer at once; the clock's job does so anyway.
    """
    campaign = _locked(campaign)
    at = now()
    _demand(launch_refusals(campaign, at))
    parameters = parameters_for(campaign.place, timezone.localtime(at).date())
    adapted = [each for each in adaptations_of(campaign, at).values() if isinstance(each, Adapted)]
    scales = scales_of(campaign)
    paper = _paper_of(campaign, scales, parameters, adapted=adapted) if scales else None
    freeze_forms(campaign, lambda versions, informant: _paper_of(campaign, versions, parameters, informant))
    fields = {
        "paper_id": paper.id if paper else None,
        "adapted": json.dumps({str(each.scale_id): str(each.parameters_id) for each in adapted}),
        **_second_paper(campaign, parameters),
        "pack_revision": parameters.revision,
        "launched_at": at,
        "launched_by": actor.id,
    }
    _freeze_population(campaign)
    _move(campaign, CampaignState.DRAFT, CampaignState.OPEN, **fields)
    shortened = {"adapted": {each.code: str(each.parameters_id) for each in adapted},
                 "asking_ends": campaign.asking_ends} if adapted else {}  # fmt: skip
    _record(campaign, "screening.campaign.launched", scales=[v.code for v in scales_of(campaign)], **shortened)
    return campaign


def _freeze_population(campaign: Campaign) -> None:
    """Keep who is on the register now, for a campaign of the register; who comes onto it later waits for the next."""
    if not campaign.is_of_register:
        return
    places = [unit.path for unit in classes_of(campaign)]
    students = Student.objects.for_system(reason=_REASON).filter(place__in=places, status=StudentStatus.ACTIVE)
    rows = [
        CampaignPupil(county_id=student.county_id, place=student.place, campaign=campaign, student=student)
        for student in within_population(campaign, students)
    ]
    CampaignPupil.objects.bulk_create(rows)


def _paper_of(
    campaign: Campaign, versions: Sequence[ScaleVersion], parameters: Parameters, informant: str = Informant.SELF,
    adapted: Sequence[Adapted] = (),
) -> Paper:  # fmt: skip
    hotlines = [_shown_hotline(line) for line in parameters.hotlines]
    return build_paper(versions, place=campaign.place, county_id=campaign.county_id, hotlines=hotlines,
                       informant=informant, adapted=adapted)  # fmt: skip


def _second_paper(campaign: Campaign, parameters: Parameters) -> dict[str, UUID]:
    """The paper of the second gate, in the same neutral words as the first, and the origin of its sittings."""
    if campaign.gate != Gate.PAPER:
        return {}
    return {"gate_paper_id": _paper_of(campaign, gate_scales_of(campaign), parameters).id, "gate_origin_id": new_id()}


def _shown_hotline(line: object) -> dict[str, object]:
    """A hotline of the policy as the pupil's page takes it."""
    name, purpose = line.name, line.for_  # type: ignore[attr-defined]  # a msgspec struct of the policy
    return {
        "number": line.number,  # type: ignore[attr-defined]  # likewise
        "name": {"zh-hans": name.zh_hans, "en": name.en},
        "when": {"zh-hans": purpose.zh_hans, "en": purpose.en},
    }


@command(Permission.CAMPAIGN_EDIT)
def extend_campaign(campaign: Campaign, *, actor: Actor, until: dt.datetime) -> Campaign:
    """Let a running campaign end later, for all who have not handed in, also where the class's own day is over; a class
    whose day is still to come keeps it. CannotRun."""
    del actor
    campaign = _locked(campaign)
    at = now()
    _demand(refusals_to_extend(campaign.state, campaign.closes_at, until, campaign.opens_at, at))
    waiting = _sittings(campaign).filter(state__in=UNFINISHED).exclude(_on_own_day(campaign), closes_at__gt=at)
    again = waiting.filter(closes_at__lte=at).exists()  # for these it opens again today, not only after the old end
    _demand(unguarded_days(campaign, at if again else campaign.closes_at, until, at))
    _own(campaign).update(closes_at=until)
    campaign.closes_at = until
    pupils = waiting.update(closes_at=until)
    _record(campaign, "screening.campaign.extended", until=until.isoformat(), pupils=pupils)
    return campaign


@command(Permission.CAMPAIGN_EDIT)
def open_make_up_round(
    campaign: Campaign,
    *,
    actor: Actor,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    with_missing: bool = True,
    again: Sequence[UUID] = (),
) -> Campaign:
    """Hold a further round: for those who have not handed in, and for pupils whose sheet should be answered again.

    The missing keep their sitting (and the draft on their device) with the new window; those in `again` (student ids)
    get a further sitting beside the one they handed in. Who is still to sit on the class's day is not missing.
    Raises CannotRun.
    """
    del actor
    campaign = _locked(campaign)
    missing = _missing(campaign) if with_missing else []
    repeated = _to_repeat(campaign, again)
    _demand(refusals_to_repeat(campaign.state, opens_at, closes_at, now(), len(missing) + len(repeated)))
    _demand(unguarded_days(campaign, opens_at, closes_at, now()))
    campaign.round += 1
    campaign.closes_at = max(campaign.closes_at, closes_at)
    _own(campaign).update(round=campaign.round, closes_at=campaign.closes_at)
    _sittings(campaign).filter(pk__in=missing).update(
        state=SittingState.WAITING, excuse="", round=campaign.round, opens_at=opens_at, closes_at=closes_at
    )
    paper = Paper.objects.for_system(reason=_REASON).get(pk=campaign.paper_id)
    open_sittings(
        campaign.id, paper, repeated, opens_at=opens_at, closes_at=closes_at, round_number=campaign.round,
        is_code_only=campaign.is_of_register,
    )  # fmt: skip
    _record(campaign, "screening.round.opened", round=campaign.round, missing=len(missing), again=len(repeated))
    return campaign


def _on_own_day(campaign: Campaign) -> Q:
    """The sittings that stand in the window of their class's day."""
    condition = Q(pk__in=())
    for class_id, window in class_windows(campaign).items():
        condition |= Q(class_id=class_id, opens_at=window.opens_at, closes_at=window.closes_at)
    return condition


def _missing(campaign: Campaign) -> list[UUID]:
    sittings = _sittings(campaign).filter(student__status=StudentStatus.ACTIVE)
    sittings = sittings.exclude(_on_own_day(campaign), closes_at__gt=now())
    waiting = sittings.filter(state__in=UNFINISHED).values_list("pk", flat=True)
    excused = sittings.filter(state=SittingState.EXCUSED, excuse__in=MAY_SIT_LATER).values_list("pk", flat=True)
    return [*waiting, *excused]


def _to_repeat(campaign: Campaign, student_ids: Sequence[UUID]) -> list[Student]:
    """Return those of some pupils who handed in, have no sitting open, and whose consent stands."""
    if not student_ids:
        return []
    sittings = _sittings(campaign).filter(student_id__in=student_ids)
    handed_in = set(sittings.filter(state=SittingState.SUBMITTED).values_list("student_id", flat=True))
    handed_in -= set(sittings.filter(state__in=UNFINISHED).values_list("student_id", flat=True))
    students = list(
        Student.objects.for_system(reason=_REASON).filter(pk__in=handed_in, status=StudentStatus.ACTIVE).order_by("pk")
    )
    form = ConsentForm.objects.for_system(reason=_REASON).get(pk=campaign.form_id)
    states = consent_state(students, form, timezone.localtime(now()).date())
    return [student for student in students if states[student.id] in CONSENTED]


@command(Permission.CAMPAIGN_EDIT)
def close_campaign(
    campaign: Campaign, *, actor: Actor, excuse: str = Excuse.ABSENT, named: Mapping[UUID, str] | None = None
) -> Campaign | Unchanged:
    """End a campaign. Whoever has not handed in by now is excused: those `named` (student ids) each with the reason
    given, the others with `excuse`; nobody is left open in silence. What it reached is kept per class.

    Closing it again changes nothing. Raises CannotRun for one that was never launched, for a reason that is nobody's to
    give, and while printed sheets are typed and not checked.
    """
    campaign = _locked(campaign)
    if campaign.state == CampaignState.CLOSED:
        return Unchanged("already_closed")
    _demand(refusals_to_close(campaign.state, sheets_waiting(campaign)))
    at = now()
    _move(campaign, CampaignState.OPEN, CampaignState.CLOSED, closed_at=at, closed_by=actor.id)
    handed_in = _sittings(campaign).filter(state=SittingState.SUBMITTED).count()
    reasons = _excuse_missing(campaign, Excuse(excuse), named or {})
    keep_reach(campaign)
    end_forms(campaign)
    _record(
        campaign, "screening.campaign.closed", handed_in=handed_in, missing=sum(reasons.values()),
        reasons={reason: count for reason, count in reasons.items() if count},
    )  # fmt: skip
    return campaign


def _excuse_missing(campaign: Campaign, excuse: Excuse, named: Mapping[UUID, str]) -> dict[str, int]:
    """Excuse whoever has not handed in, by name or with the reason for all; return how many by reason."""
    by_reason: dict[Excuse, list[UUID]] = {}
    for student_id, reason in named.items():
        by_reason.setdefault(Excuse(reason), []).append(student_id)
    _demand([WhyNot("follows_consent")] if Excuse.NO_CONSENT in {excuse, *by_reason} else [])
    counts: dict[str, int] = {}
    for reason, student_ids in by_reason.items():
        rows = _sittings(campaign).filter(state__in=UNFINISHED, student_id__in=student_ids)
        counts[str(reason)] = rows.update(state=SittingState.EXCUSED, excuse=reason)
    rest = _sittings(campaign).filter(state__in=UNFINISHED)
    counts[str(excuse)] = counts.get(str(excuse), 0) + rest.update(state=SittingState.EXCUSED, excuse=excuse)
    return counts


def _move(campaign: Campaign, source: CampaignState, target: CampaignState, **fields: object) -> None:
    """Move by conditional update; of two at once only one succeeds."""
    moved = _own(campaign).filter(state=source).update(state=target, **fields)
    if not moved:
        raise CannotRun([WhyNot("not_draft" if source == CampaignState.DRAFT else "not_open")])
    campaign.refresh_from_db()


def _locked(campaign: Campaign) -> Campaign:
    """Return the row as it stands, with every campaign of the school locked: two launches see each other."""
    rows = Campaign.objects.for_system(reason=_REASON).filter(place=campaign.place).order_by("pk").select_for_update()
    found: Campaign = next(row for row in rows if row.pk == campaign.pk)
    return found


def _own(campaign: Campaign) -> "QuerySet[Campaign]":
    rows: QuerySet[Campaign] = Campaign.objects.for_system(reason=_REASON).filter(pk=campaign.pk)
    return rows


def _class_days(campaign: Campaign) -> "QuerySet[ClassDay]":
    rows: QuerySet[ClassDay] = ClassDay.objects.for_system(reason=_REASON).filter(campaign=campaign)
    return rows


def _sittings(campaign: Campaign) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    return rows


def _demand(reasons: Sequence[WhyNot]) -> None:
    if reasons:
        raise CannotRun(reasons)


def _record(campaign: Campaign, event: str, **facts: object) -> None:
    record(event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place, county_id=campaign.county_id,
           facts=facts)  # fmt: skip
