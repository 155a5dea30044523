"""Who read what of one pupil, from the audit: every event of reading whose subject is the pupil, something of the
pupil's, or a list on which the pupil stood."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.screening.models import CampaignPupil
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.events import event_kinds
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.presenters import names_of_actors, present, raw_facts, role_words
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.register.people.models import Enrolment, Student
from xinqiao.register.people.sections import sections

MOST_ROWS = 500
DAYS = 365
_REASON = "what of a pupil's an event may have been about; the pupil was fetched for the actor"


@dataclass(frozen=True)
class AccessRow:
    """One reading: when, who in which role, and what it was; `what` is empty for whoever may only know who and when.
    `area` says the same roughly, for paper that leaves the school. `is_list`: the pupil was one of several."""

    at: dt.datetime
    who: str
    role: str
    what: str
    area: str
    is_list: bool


@dataclass(frozen=True)
class AccessRegister:
    """The readings of a year, newest first; `is_cut` where there are more than are shown."""

    rows: tuple[AccessRow, ...]
    is_cut: bool


def access_register(actor: Actor, student: Student, now: dt.datetime, *, event: str) -> AccessRegister:
    """Return who read what of a pupil who was fetched for the actor; that is read as well, and leaves `event`."""
    note_reading(
        actor, event, subject_kind="student", subject_id=student.id, place=student.place, county_id=student.county_id
    )
    found = list(_readings(student, now)[: MOST_ROWS + 1])
    shown = found[:MOST_ROWS]
    knows_what = actor.can(Permission.QUEUE_VIEW, student.place)
    names = names_of_actors({each.actor_id for each in shown})
    sentences = _sentences(actor, shown) if knows_what else {}
    return AccessRegister(
        tuple(
            AccessRow(
                each.at, names[each.actor_id], role_words(each.actor_role), sentences.get(each.id, ""),
                area_words(each.event), each.subject_id not in (student.id,),
            )
            for each in shown
        ),
        is_cut=len(found) > MOST_ROWS,
    )  # fmt: skip


def _sentences(actor: Actor, shown: Sequence[AuditEvent]) -> dict[UUID, str]:
    """Each reading as a sentence; of a file also which sections were shown."""
    titles, found = {each.code: str(each.title) for each in sections()}, {}
    for event, row in zip(shown, present(shown, actor), strict=True):
        codes = raw_facts(event).get("sections") if event.event == "archives.file.read" else None
        said = _(", ").join(titles.get(code, code) for code in codes or ())
        found[row.id] = _("{label}: {words}").format(label=row.sentence, words=said) if said else row.sentence
    return found


def _readings(student: Student, now: dt.datetime) -> QuerySet[AuditEvent]:
    codes = [code for code, kind in event_kinds().items() if kind.is_reading]
    own = set(Sitting.objects.for_system(reason=_REASON).filter(student=student).values_list("id", flat=True))
    lists = set(
        CampaignPupil.objects.for_system(reason=_REASON).filter(student=student).values_list("campaign_id", flat=True)
    )
    about = Q(subject_id__in=[student.id, *own, *lists]) | Q(facts__contains=str(student.id))
    since = now - dt.timedelta(days=DAYS)
    rows = AuditEvent.objects.filter(about | _of_classes(student), event__in=codes, at__gte=since)
    return rows.order_by("-at", "-id")


def _of_classes(student: Student) -> Q:
    """Lists of a class, read while the pupil was in it."""
    condition = Q(pk__in=[])
    stays = Enrolment.objects.for_system(reason=_REASON).filter(student=student)
    for class_id, start_on, end_on in stays.values_list("class_id", "start_on", "end_on"):
        part = Q(subject_id=class_id, at__gte=_midnight(start_on))
        condition |= part & Q(at__lt=_midnight(end_on)) if end_on else part
    return condition


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def area_words(event: str) -> str:
    """Return roughly what was read, by the app that wrote the event: nothing of it tells why."""
    areas: Mapping[str, str] = {
        "people": _("Roster data"), "years": _("Roster data"), "screening": _("Screening"), "sheets": _("Screening"),
        "scales": _("Screening"), "letters": _("Letters to guardians"), "archives": _("The pupil's file"),
        "rounds": _("Lists of the class"),
    }  # fmt: skip
    return areas.get(event.partition(".")[0], _("Care"))
