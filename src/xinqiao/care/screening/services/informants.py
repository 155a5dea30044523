"""What others are asked about the pupils: planned, fixed at the launch, refused by a guardian, opened by a teacher."""

import json
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.models import Campaign, InformantForm
from xinqiao.care.screening.rules import WhyNot
from xinqiao.care.screening.selectors.campaigns import Cohort, scales_of
from xinqiao.care.screening.selectors.informants import forms_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.care.sheets.services.forms import new_form_code, set_code
from xinqiao.care.sheets.states import Excuse, Informant, SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now

PaperOf = Callable[[Sequence[ScaleVersion], str], Paper]
UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
_REASON = "body of a command that has checked its actor at the school or class"


class CannotAsk(ValueError):
    """The form cannot be planned, opened or refused so; `reason` says why."""

    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason.code)
        self.reason = reason


@command(Permission.CAMPAIGN_EDIT)
def plan_form(
    campaign: Campaign, *, actor: Actor, informant: str, scale_ids: Sequence[UUID], cohorts: Sequence[Cohort]
) -> InformantForm | Unchanged:
    """Say what guardians or class teachers are asked, and about which grades; no scales: they are not asked.

    Raises CannotAsk once the campaign was launched, for scales without grades, and for a campaign of the register.
    """
    del actor
    locked = Campaign.objects.for_system(reason=_REASON).select_for_update().get(pk=campaign.pk)
    if locked.state != CampaignState.DRAFT:
        raise CannotAsk(WhyNot("not_draft"))
    if locked.is_of_register and scale_ids:
        raise CannotAsk(WhyNot("of_register"))
    if scale_ids and not cohorts:
        raise CannotAsk(WhyNot("no_grades"))
    form = InformantForm.objects.for_system(reason=_REASON).filter(campaign=campaign, informant=informant).first()
    if not scale_ids:
        return _drop(campaign, form)
    form = form or InformantForm(
        county_id=campaign.county_id, place=campaign.place, campaign=campaign, informant=Informant(informant)
    )
    form.scale_ids = json.dumps([str(scale_id) for scale_id in scale_ids])
    form.grades = json.dumps([[stage, entry_year] for stage, entry_year in cohorts])
    form.save()
    _record(campaign, "screening.form.planned", informant=informant, scales=len(scale_ids), grades=len(cohorts))
    return form


def _drop(campaign: Campaign, form: InformantForm | None) -> InformantForm | Unchanged:
    if form is None:
        return Unchanged("not_asked")
    form.delete()
    _record(campaign, "screening.form.dropped", informant=form.informant)
    return form


def freeze_forms(campaign: Campaign, paper_of: PaperOf) -> None:
    """Fix the papers of a campaign's forms; a private body of the launch."""
    for form in forms_of(campaign):
        form.paper_id = paper_of(scales_of(form), form.informant).id
        form.save(update_fields=["paper_id"])


def end_forms(campaign: Campaign) -> None:
    """Nobody is asked any more: what was not handed in counts as not answered. A private body of the closing."""
    ids = [form.id for form in forms_of(campaign)]
    rows = Sitting.objects.for_system(reason=_REASON).filter(origin_id__in=ids, state__in=UNFINISHED)
    rows.update(state=SittingState.EXCUSED, excuse=Excuse.ABSENT)


@command(Permission.OBSERVATION_WRITE)
def open_own_form(sitting: Sitting, *, actor: Actor) -> str:
    """Return the code that opens a class teacher's form about one pupil, until it is opened anew or the window ends.

    Raises CannotAsk for a form that was handed in, is taken back, or is not open now.
    """
    row = _own(sitting).select_for_update(of=("self",)).get()
    if row.informant != Informant.TEACHER or row.state not in UNFINISHED or not _is_open(row):
        raise CannotAsk(WhyNot("form_not_open"))
    code = new_form_code()
    set_code(row, code)
    row.opened_by = actor.id
    row.save(update_fields=["code", "code_mac", "number_index", "opened_by"])
    _record_of(row, "screening.form.opened")
    return code


@command(Permission.SEAT_LIST)
def refuse_form(sitting: Sitting, *, actor: Actor) -> Sitting | Unchanged:
    """A guardian does not want to fill in the form, or (again) does: each call turns it round. Nothing else changes.

    Raises CannotAsk where it was handed in, or stands still for another reason.
    """
    del actor
    row = _own(sitting).select_for_update(of=("self",)).get()
    has_refused = row.state == SittingState.EXCUSED and row.excuse == Excuse.REFUSED
    if row.informant != Informant.PARENT or not (has_refused or row.state in UNFINISHED) or now() >= row.closes_at:
        raise CannotAsk(WhyNot("form_not_open"))
    state, excuse = (SittingState.WAITING, "") if has_refused else (SittingState.EXCUSED, Excuse.REFUSED)
    _own(sitting).update(state=state, excuse=excuse)
    sitting.state, sitting.excuse = state, excuse
    _record_of(row, "screening.form.wanted" if has_refused else "screening.form.refused")
    return sitting


def _is_open(sitting: Sitting) -> bool:
    return sitting.opens_at <= now() < sitting.closes_at


def _own(sitting: Sitting) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(pk=sitting.pk)
    return rows


def _record(campaign: Campaign, event: str, **facts: object) -> None:
    record(event, subject_kind="campaign", subject_id=campaign.id, place=campaign.place, county_id=campaign.county_id,
           facts=facts)  # fmt: skip


def _record_of(sitting: Sitting, event: str) -> None:
    record(event, subject_kind="sitting", subject_id=sitting.id, place=sitting.place, county_id=sitting.county_id,
           facts={"origin_id": sitting.origin_id})  # fmt: skip
