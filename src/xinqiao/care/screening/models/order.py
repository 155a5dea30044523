"""A screening that a bureau orders from many schools at once, and what each of them made of it."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.screening.states import Obstacle, OrderedState, OrderState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ScreeningOrder(ScopedModel):
    """What a unit above schools (`place`) asks of them: with which scales, whom by stage, between which days.

    `scale_codes` and `stages` are JSON lists; which grades of a stage are screened, the pack in force at each school
    says. `provider` names the professional body that helps (S1-07a), blank where the schools do it by themselves.
    Schools answer until `answer_by`; the screening lies between `earliest_on` and `latest_on`, both included.
    """

    DATA = {
        **SCOPED_DATA, "unit_id": D1, "name": D1, "note": D1, "provider": D1, "scale_codes": D1, "stages": D1,
        "earliest_on": D1, "latest_on": D1, "answer_by": D1, "state": D1, "issued_by": D1, "issued_at": D1,
        "withdrawn_at": D1,
    }  # fmt: skip

    unit_id = models.UUIDField[UUID, UUID]()
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)
    provider = models.CharField(max_length=80, blank=True)
    scale_codes = models.TextField(default="[]")
    stages = models.TextField(default="[]")
    earliest_on = models.DateField()
    latest_on = models.DateField()
    answer_by = models.DateField()
    state = models.CharField(max_length=12, choices=OrderState.choices, default=OrderState.ISSUED)
    issued_by = models.UUIDField[UUID, UUID]()
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="screeningorder_days", condition=Q(latest_on__gte=F("earliest_on"))),
            models.CheckConstraint(name="screeningorder_answer", condition=Q(answer_by__lte=F("latest_on"))),
            models.CheckConstraint(
                name="screeningorder_withdrawn_when", condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrderedSchool(ScopedModel):
    """One school (`place`) of an order: its plan, and its answer. The plan runs by the school's own hand alone.

    `missing` (JSON) lists `[code, count]` of what stood in the way of a launch at `missing_at`; it never names a pupil.
    """

    DATA = {
        **SCOPED_DATA, "order": D1, "school_id": D1, "campaign": D1, "state": D1, "looked_at": D1, "answered_by": D1,
        "answered_at": D1, "obstacle": D1, "remark": D1, "missing": D1, "missing_at": D1, "reminded_at": D1,
        "reminders": D1,
    }  # fmt: skip

    order = models.ForeignKey(ScreeningOrder, on_delete=models.PROTECT, related_name="schools")
    school_id = models.UUIDField[UUID, UUID]()
    campaign = models.OneToOneField(Campaign, null=True, on_delete=models.SET_NULL, related_name="ordered")
    state = models.CharField(max_length=12, choices=OrderedState.choices, default=OrderedState.WAITING)
    looked_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField[UUID | None, UUID | None](null=True)
    answered_at = models.DateTimeField(null=True)
    obstacle = models.CharField(max_length=16, choices=Obstacle.choices, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    missing = models.TextField(default="[]")
    missing_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="orderedschool_once", fields=["order", "school_id"]),
            models.CheckConstraint(name="orderedschool_cannot_why", condition=~Q(state="cannot") | ~Q(obstacle="")),
            models.CheckConstraint(
                name="orderedschool_confirmed_when", condition=~Q(state="confirmed") | Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.school_id}"
