"""What is put before pupils and those who know them, and each sitting of it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.sheets.states import Informant, SittingState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D0, D1, D2, D4
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student

FORM_WINDOW = "~form"  # in the place of a class code; what is typed at the pupils' door is upper case


class Paper(ScopedModel):
    """A battery as pupils see it: the scales' published versions, in order, and the page, by its content hash.

    `content` (JSON) is what `care.sheets.pupil.page.render_paper` takes; `scale_ids` (JSON) lists ScaleVersion ids;
    `adapting` (JSON, by scale) what its answers are asked again with where a scale is asked by adapting, "" for none.
    """

    DATA = {**SCOPED_DATA, "digest": D0, "content": D0, "scale_ids": D0, "adapting": D0, "has_suicide_item": D0,
            "created_at": D1, "informant": D0}  # fmt: skip

    digest = models.CharField(max_length=64, db_index=True)
    content = models.TextField()
    scale_ids = models.TextField()
    adapting = models.TextField(blank=True, default="")
    has_suicide_item = models.BooleanField()
    informant = models.CharField(max_length=8, choices=Informant.choices, default=Informant.SELF)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Sitting(ScopedModel):
    """One pupil, one paper, one round. `class_id` and `place` are those of the day it was made.

    `window_code` is the class code with which a pupil enters; `code_mac` the HMAC of the one-time code, which serves
    instead of a PIN (and is the only way in where `is_code_only`: a PIN that others know must not tell who has such a
    sitting); `key` and `payload_digest` make the submit idempotent.

    `informant` is who answers about the pupil. Another's sitting is entered by its code alone: `window_code` is then
    `FORM_WINDOW`, which no door takes, and `number_index` that of the code. `note` is what they added in their own
    words; `opened_by` the user who opened a class teacher's form.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "origin_id": D1, "paper": D1, "class_id": D1, "window_code": D1,
        "number_index": D2, "round": D1, "code": D2, "code_mac": D2, "failures": D1, "locked_until": D1,
        "opens_at": D1, "closes_at": D1, "state": D1, "started_at": D1, "submitted_at": D1, "key": D1,
        "payload_digest": D1, "is_code_only": D1, "receipt": D1, "device": D1, "excuse": D1,
        "informant": D1, "note": D4, "opened_by": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)
    SELF = "student_id"

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="sittings")
    key_id = models.UUIDField[UUID, UUID]()
    origin_id = models.UUIDField[UUID, UUID](db_index=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="sittings")
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    window_code = models.CharField(max_length=8)
    is_code_only = models.BooleanField(default=False)
    number_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True)
    round = models.PositiveSmallIntegerField(default=1)
    code = SealedField(null=True, coded=True)
    code_mac = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SittingState.choices, default=SittingState.WAITING)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=64, blank=True)
    payload_digest = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    receipt = models.CharField(max_length=12, null=True, unique=True)
    device = models.CharField(max_length=8, blank=True)
    excuse = models.CharField(max_length=24, blank=True)
    informant = models.CharField(max_length=8, choices=Informant.choices, default=Informant.SELF)
    note = SealedField(null=True)
    opened_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        indexes = [models.Index(name="sitting_entry", fields=["window_code", "number_index"])]
        constraints = [
            models.UniqueConstraint(name="sitting_once", fields=["student", "origin_id", "round"]),
            models.CheckConstraint(
                name="sitting_of_another_by_code",
                condition=Q(informant="self") | (Q(is_code_only=True) & Q(window_code=FORM_WINDOW)),
            ),
            models.CheckConstraint(
                name="sitting_receipt_when_submitted",
                condition=~Q(state="submitted") | (Q(receipt__isnull=False) & Q(submitted_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
