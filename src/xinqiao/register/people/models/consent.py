"""Consent per purpose and form version."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models.student import Student
from xinqiao.register.people.states import Decision, GivenBy, Purpose


class ConsentForm(ScopedModel):
    """A published wording of what is asked; a version never changes. `place` is the unit that asks."""

    DATA = {
        **SCOPED_DATA, "purpose": D1, "version": D1, "is_opt_out": D1, "title_zh": D1, "title_en": D1, "text_zh": D1,
        "text_en": D1, "published_at": D1,
    }  # fmt: skip

    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    is_opt_out = models.BooleanField(default=False)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    text_zh = models.TextField()
    text_en = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="consentform_once", fields=["place", "purpose", "version"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Consent(ScopedModel):
    """One decision on one form for one student; the latest one counts. Rows are never changed."""

    DATA = {
        **SCOPED_DATA, "student": D1, "form": D1, "decision": D1, "given_by": D1, "guardian_id": D1, "means": D1,
        "decided_at": D1, "recorded_by": D1, "key_id": D1, "remark": D2,
    }  # fmt: skip
    SCOPE = ("student__place",)
    SELF = "student_id"

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="consents")
    form = models.ForeignKey(ConsentForm, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    given_by = models.CharField(max_length=10, choices=GivenBy.choices)
    guardian_id = models.UUIDField[UUID | None, UUID | None](null=True)
    means = models.CharField(max_length=10, default="paper")
    decided_at = models.DateTimeField()
    recorded_by = models.UUIDField[UUID | None, UUID | None](null=True)
    key_id = models.UUIDField[UUID, UUID]()
    remark = SealedField(null=True)

    class Meta:
        indexes = [models.Index(name="consent_latest", fields=["student", "form", "decided_at"])]

    def __str__(self) -> str:
        return f"{self.student_id} {self.decision}"
