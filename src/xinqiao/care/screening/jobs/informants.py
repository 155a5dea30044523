"""Making the forms of running campaigns, and keeping them in step with the register. Short transactions."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from xinqiao.care.screening.models import Campaign, InformantForm
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Paper, Sitting
from xinqiao.care.sheets.services.forms import open_forms
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import ConsentForm, Student
from xinqiao.register.people.rules import CONSENTED
from xinqiao.register.people.selectors import consent_state
from xinqiao.register.people.states import StudentStatus

CHUNK = 150
UNFINISHED = (SittingState.WAITING, SittingState.STARTED)
_REASON = "the clock completes the forms of a launched campaign"


def complete_forms(now: dt.datetime) -> int:
    """Bring the forms of every running campaign up to date; return how many were made or changed."""
    open_ones = Campaign.objects.for_system(reason=_REASON).filter(state=CampaignState.OPEN)
    campaigns = list(open_ones.values_list("pk", flat=True))  # by themselves: joined, every form ever was gone through
    running = InformantForm.objects.for_system(reason=_REASON).filter(campaign__in=campaigns)
    return sum(keep_form(form, now) for form in running.select_related("campaign").order_by("id"))


def fill_forms(campaign: Campaign, now: dt.datetime) -> int:
    """The same for one campaign."""
    own = InformantForm.objects.for_system(reason=_REASON).filter(campaign=campaign, paper_id__isnull=False)
    return sum(keep_form(form, now) for form in own.select_related("campaign").order_by("id"))


def keep_form(form: InformantForm, now: dt.datetime) -> int:
    """Bring one form up to date with the register and the campaign's window; nothing happens the second time."""
    classes = {unit.path: unit for unit in classes_of(form)}
    made = _make(form, classes, now) if form.campaign.closes_at > now else 0
    with recording(system_actor("screening.forms")):
        if not _still_open(form):
            return made
        changed = _settle(form, classes, now)
        if changed:
            _record(form, "screening.forms.kept", pupils=changed)
    return made + changed


def _make(form: InformantForm, classes: dict[str, Unit], now: dt.datetime) -> int:
    made, last = 0, None
    while True:
        with recording(system_actor("screening.forms")):
            if not _still_open(form):
                return made
            waiting = _without_form(form, list(classes)).order_by("id")
            students: list[Student] = list((waiting if last is None else waiting.filter(pk__gt=last))[:CHUNK])
            if students:
                last = students[-1].id
                made += _make_chunk(form, students, classes, now)
        if len(students) < CHUNK:
            return made


def _without_form(form: InformantForm, places: Sequence[str]) -> "QuerySet[Student]":
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        ~Exists(_own(form).filter(student_id=OuterRef("pk"))), status=StudentStatus.ACTIVE, place__in=places
    )
    return rows


def _make_chunk(form: InformantForm, students: Sequence[Student], classes: dict[str, Unit], now: dt.datetime) -> int:
    """Who has no consent gets a form that is taken back: it stands beside the coverage, and a later yes opens it."""
    paper = Paper.objects.for_system(reason=_REASON).get(pk=form.paper_id)
    campaign = form.campaign
    made = open_forms(form.id, paper, students, classes, opens_at=campaign.opens_at, closes_at=campaign.closes_at)
    willing = _willing(form, students, now)
    refused = [sitting.id for sitting in made if sitting.student_id not in willing]
    _own(form).filter(pk__in=refused).update(state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)
    _record(form, "screening.forms.opened", made=len(made), without_consent=len(refused), informant=form.informant)
    return len(made)


def _settle(form: InformantForm, classes: dict[str, Unit], now: dt.datetime) -> int:
    """Follow pupils who left or changed class, consents that changed, and the campaign's end."""
    unfinished = _own(form).filter(state__in=UNFINISHED)
    changed = unfinished.exclude(student__status=StudentStatus.ACTIVE).update(
        state=SittingState.EXCUSED, excuse=Excuse.LEFT
    )
    changed += unfinished.exclude(closes_at=form.campaign.closes_at).update(closes_at=form.campaign.closes_at)
    stray = _own(form).exclude(state=SittingState.SUBMITTED).exclude(place=F("student__place"))
    for sitting in stray.filter(student__place__in=classes).select_related("student"):
        unit = classes[sitting.student.place]
        changed += _own(form).filter(pk=sitting.pk).update(place=unit.path, class_id=unit.id)
    return changed + _follow_consent(form, now)


def _follow_consent(form: InformantForm, now: dt.datetime) -> int:
    taken_back = _own(form).filter(state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)
    rows = list(_own(form).filter(state__in=UNFINISHED).select_related("student"))
    rows += list(taken_back.filter(student__status=StudentStatus.ACTIVE).select_related("student"))
    willing = _willing(form, [row.student for row in rows], now)
    out = [row.pk for row in rows if row.state in UNFINISHED and row.student_id not in willing]
    back = [row.pk for row in rows if row.state == SittingState.EXCUSED and row.student_id in willing]
    changed = (
        _own(form).filter(pk__in=out, state__in=UNFINISHED).update(state=SittingState.EXCUSED, excuse=Excuse.NO_CONSENT)
    )
    return changed + taken_back.filter(pk__in=back).update(
        state=SittingState.WAITING, excuse="", closes_at=form.campaign.closes_at
    )


def _willing(form: InformantForm, students: Sequence[Student], now: dt.datetime) -> set[UUID]:
    if not students:
        return set()
    consent = ConsentForm.objects.for_system(reason=_REASON).get(pk=form.campaign.form_id)
    states = consent_state(students, consent, timezone.localtime(now).date())
    return {student.id for student in students if states[student.id] in CONSENTED}


def _still_open(form: InformantForm) -> bool:
    """Lock the campaign, so that two runs do not make the same forms."""
    locked = Campaign.objects.for_system(reason=_REASON).select_for_update()
    found: bool = locked.filter(pk=form.campaign_id, state=CampaignState.OPEN).exists()
    return found


def _own(form: InformantForm) -> "QuerySet[Sitting]":
    rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=_REASON).filter(origin_id=form.id)
    return rows


def _record(form: InformantForm, event: str, **facts: object) -> None:
    record(event, subject_kind="campaign", subject_id=form.campaign_id, place=form.place, county_id=form.county_id,
           facts=facts)  # fmt: skip
