"""What stands about a pupil, model by model: what an erasure takes, what stays, and what is still open.

Every model that points to a pupil stands in one of the two tables; a test refuses a new one that stands in neither.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey, Q, QuerySet

from xinqiao.foundation.access.scoped import ScopedModel
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.people.models import Student

_REASON = "what stands about a pupil, counted or taken without being read"
# Rows that go, by area of the page. Their words lie under the pupil's key; what is left is counted under nobody's name.
GOES: Mapping[str, str] = {
    "alerts.Attention": "attention", "alerts.Signal": "attention", "alerts.Interview": "attention",
    "alerts.Report": "attention", "alerts.GuardianTold": "attention",
    "voices.HelpCall": "voices", "voices.ClassReport": "voices", "voices.ClassmateWorry": "voices",
    "mailbox.PupilLetter": "voices",
    "centre.Booking": "counselling", "centre.Visit": "counselling", "centre.Waiting": "counselling",
    "counselling.Course": "counselling",
    "sheets.Sitting": "screening", "sheets.AnswerSheet": "screening", "sheets.CriticalTick": "screening",
    "sheets.PaperTyping": "screening", "screening.LotDraw": "screening", "screening.CampaignPupil": "screening",
    "letters.Letter": "screening",
    "support.FamilyContact": "support", "support.ContactDuty": "support", "support.RegisterEntry": "support",
    "support.MentorTalk": "support", "rounds.RoundLine": "support",
    "incidents.Exposure": "incidents", "incidents.HotlineCall": "incidents",
    "crisis.Case": "cases", "crisis.Leave": "cases", "crisis.Referral": "cases", "crisis.Watch": "cases",
    "feedback.Feedback": "cases", "feedback.AgendaItem": "cases", "filings.Filing": "cases",
    "archives.FamilyNote": "file", "archives.GrowthPlan": "file", "archives.Excerpt": "file",
    "transfers.Handover": "file", "transfers.Arrival": "file",
}  # fmt: skip
# Rows that stay with the pupil: who is at the school, what a guardian decided, what was asked and what became of it.
STAYS: Mapping[str, str] = {
    "people.Enrolment": "roster", "people.PupilPin": "roster", "people.Tie": "roster", "people.Consent": "consents",
    "voices.CommitteeSeat": "roster", "archives.FileRequest": "requests", "archives.Erasure": "requests",
}  # fmt: skip
AREAS = ("attention", "cases", "screening", "counselling", "support", "voices", "incidents", "file")
# Words about a pupil under somebody else's key: emptied at once, gone from backups when the data files are.
ELSEWHERE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "voices.ClassmateWorry": ("named", ("about", "said")),
    "incidents.HotlineCall": ("student", ("concern", "answered", "back_to", "back_words")),
}
# What has to come to its end first: a code, the model, and which of its rows are open.
OPEN: tuple[tuple[str, str, Q], ...] = (
    ("signal", "alerts.Signal", ~Q(state="closed")),
    ("case", "crisis.Case", ~Q(state="closed")),
    ("watch", "crisis.Watch", ~Q(state__in=["ended", "case"])),
    ("referral", "crisis.Referral", ~Q(state__in=["closed", "withdrawn"])),
    ("leave", "crisis.Leave", ~Q(state__in=["ended", "dropped", "left"])),
    ("attention", "alerts.Attention", Q(ended_at__isnull=True)),
    ("course", "counselling.Course", ~Q(state="ended")),
    ("register", "support.RegisterEntry", Q(state__in=["proposed", "kept"])),
    ("booking", "centre.Booking", Q(state="open")),
    ("waiting", "centre.Waiting", Q(state="waiting")),
    ("letter", "mailbox.PupilLetter", ~Q(state="closed")),
    ("worry", "voices.ClassmateWorry", Q(state="open")),
    ("screening", "screening.CampaignPupil", Q(campaign__state="open")),
    ("guardian_letter", "letters.Letter", Q(state__in=["draft", "read", "released", "answered"])),
    ("round", "rounds.RoundLine", Q(list__state="waiting")),
    ("exposure", "incidents.Exposure", Q(state="waiting")),
    ("feedback", "feedback.Feedback", Q(state__in=["owed", "released"])),
    ("meeting", "feedback.AgendaItem", ~Q(meeting__state="held") | Q(decisions__state="open")),
    ("filing", "filings.Filing", ~Q(state__in=["acknowledged", "lapsed"])),
    ("excerpt", "archives.Excerpt", Q(state="waiting")),
    ("handover", "transfers.Handover", Q(state__in=["owed", "returned", "sent", "taken"])),
    ("arrival", "transfers.Arrival", Q(state="taken")),
)
CLOCK, OTHER_REQUEST = "clock", "other_request"


def rows_of(model: type[models.Model]) -> "QuerySet[Any]":
    """Return all rows of a scoped model."""
    assert issubclass(model, ScopedModel)
    rows: QuerySet[Any] = model.objects.for_system(reason=_REASON)
    return rows


def ties_to_pupils() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every field of every model that points to a pupil."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Student:
                yield model, field.name


def going() -> Iterator[tuple[str, type[models.Model], str]]:
    """Yield area, model and field of what goes with an erasure."""
    for model, name in ties_to_pupils():
        if model._meta.label in GOES:
            yield GOES[model._meta.label], model, name


def counted(student: Student) -> dict[str, int]:
    """Return how many rows of each area an erasure takes; none is opened."""
    found: Counter[str] = Counter(dict.fromkeys(AREAS, 0))
    for area, model, name in going():
        found[area] += rows_of(model).filter(**{name: student}).count()
    return dict(found)


def still_open(student: Student, request_id: UUID) -> list[str]:
    """Return codes of what about a pupil is still open; letters without a name are never asked."""
    codes = [
        code for code, label, condition in OPEN
        if rows_of(apps.get_model(label)).filter(condition, student=student).exists()
    ]  # fmt: skip
    others = (
        rows_of(apps.get_model("archives.FileRequest")).filter(student=student, state="open").exclude(pk=request_id)
    )
    codes += [OTHER_REQUEST] if others.exists() else []
    if not codes and open_clocks().filter(subject_id__in=[student.id, *_ids(student)]).exists():
        codes.append(CLOCK)
    return codes


def _ids(student: Student) -> Iterator[UUID]:
    for _area, model, name in going():
        yield from rows_of(model).filter(**{name: student}).values_list("pk", flat=True)
