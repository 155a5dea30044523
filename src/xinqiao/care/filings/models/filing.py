"""What is filed with a bureau of a case: the duty, its versions, and to whom a bureau passed it on."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.models import Case
from xinqiao.care.filings.bureaus import bureaus_of
from xinqiao.care.filings.states import FilingKind, FilingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Filing(ScopedModel):
    """One filing that is owed, and what became of it. `place` is the school's, `bureau` the id of the unit it
    goes to.

    `terms` (JSON) is the order of the pack as it was when the filing became due, `reference` the number under which
    the bureau knows the pupil's filings of this case. `level` is the one it is about, `version` the newest one written
    (0 for none), `sent_at` when the first version was sent. A bureau reaches it only from then on.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "case": D1, "key_id": D1, "order": D1, "number": D1, "kind": D1, "level": D3,
        "terms": D1, "reference": D1, "bureau": D1, "state": D1, "version": D1, "owed_at": D1, "due_at": D1,
        "sent_at": D1, "lapsed_at": D1, "lapsed_by": D1, "lapse_words": D6,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="filings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filings")
    key_id = models.UUIDField[UUID, UUID]()
    order = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=FilingKind.choices)
    level = models.CharField(max_length=8, choices=Level.choices)
    terms = models.TextField()
    reference = models.CharField(max_length=12, db_index=True)
    bureau = models.UUIDField[UUID, UUID](db_index=True)
    state = models.CharField(max_length=12, choices=FilingState.choices, default=FilingState.WRITING)
    version = models.PositiveSmallIntegerField(default=0)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    lapsed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    lapse_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="filing_numbered", fields=["case", "order", "number"]),
            models.UniqueConstraint(
                name="filing_one_owed", fields=["case", "order"],
                condition=Q(sent_at__isnull=True) & ~Q(state="lapsed"),
            ),
            models.CheckConstraint(
                name="filing_sent_when",
                condition=~Q(state__in=("sent", "acknowledged")) | (Q(sent_at__isnull=False) & Q(version__gt=0)),
            ),
            models.CheckConstraint(
                name="filing_lapsed_why",
                condition=~Q(state="lapsed")
                | (Q(lapsed_at__isnull=False) & Q(lapsed_by__isnull=False) & Q(lapse_words__isnull=False)
                   & Q(sent_at__isnull=True)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order} {self.number} {self.state}"

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """A bureau reaches what came in at exactly its own unit, or was passed on to it; a school its own."""
        if permission != Permission.FILING_RECEIVE:
            return super().scope(actor, permission)
        units = bureaus_of(actor)
        passed = Passing.objects.for_system(reason="which filings were passed on to the actor's bureau")
        addressed = Q(bureau__in=units) | Q(pk__in=passed.filter(bureau__in=units).values("filing"))
        return Q(sent_at__isnull=False) & addressed


class Edition(ScopedModel):
    """One version of a filing; a correction is the next one, and the old one stays.

    `payload` (JSON) is everything that goes up, fixed when it is written. Whoever checks it is somebody else.
    `reply` is what the bureau says to it.
    """

    DATA = {
        **SCOPED_DATA, "filing": D1, "key_id": D1, "number": D1, "payload": D5, "composed_by": D1, "composed_at": D1,
        "checked_by": D1, "checked_at": D1, "returned_by": D1, "returned_at": D1, "return_words": D5, "sent_by": D1,
        "sent_at": D1, "seen_by": D1, "seen_at": D1, "reply": D5,
    }  # fmt: skip

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="editions")
    key_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveSmallIntegerField()
    payload = SealedField(coded=True)
    composed_by = models.UUIDField[UUID, UUID]()
    composed_at = models.DateTimeField()
    checked_by = models.UUIDField[UUID | None, UUID | None](null=True)
    checked_at = models.DateTimeField(null=True)
    returned_by = models.UUIDField[UUID | None, UUID | None](null=True)
    returned_at = models.DateTimeField(null=True)
    return_words = SealedField(null=True)
    sent_by = models.UUIDField[UUID | None, UUID | None](null=True)
    sent_at = models.DateTimeField(null=True)
    seen_by = models.UUIDField[UUID | None, UUID | None](null=True)
    seen_at = models.DateTimeField(null=True)
    reply = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="edition_numbered", fields=["filing", "number"]),
            models.CheckConstraint(
                name="edition_second_person", condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("composed_by"))
            ),
            models.CheckConstraint(
                name="edition_sent_by_whom", condition=Q(sent_at__isnull=True) | Q(sent_by__isnull=False)
            ),
            models.CheckConstraint(
                name="edition_seen_with_reply",
                condition=Q(seen_at__isnull=True)
                | (Q(seen_by__isnull=False) & Q(reply__isnull=False) & Q(sent_at__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.filing_id} {self.number}"


class Passing(ScopedModel):
    """That a bureau passed a filing on to one above it, which sees every sent version, never a name."""

    DATA = {**SCOPED_DATA, "filing": D1, "bureau": D1, "passed_by": D1, "passed_at": D1}

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="passings")
    bureau = models.UUIDField[UUID, UUID](db_index=True)
    passed_by = models.UUIDField[UUID, UUID]()
    passed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="passing_once", fields=["filing", "bureau"])]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.bureau}"
