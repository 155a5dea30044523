"""The campaign."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.alerts.states import Gate
from xinqiao.care.screening.states import AskingEnd, CampaignState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1
from xinqiao.foundation.core.places import within

OF_EVERYONE = "[]"  # no category of the register: all pupils of the grades


class Campaign(ScopedModel):
    """One screening of one school (`place`). `grades` (JSON) lists `[stage, entry_year]` of those screened; `scale_ids`
    (JSON) the battery, empty (and then without `paper_id`) where only others are asked about the pupils, `adapted`
    (JSON) those asked by adapting, as version id → item parameters' id ("" until the launch), until `asking_ends`;
    `gate` the second gate for those flagged (a code of alerts' `Gate`, "" for none), `gate_scale_ids` its second paper,
    whose sittings have `gate_origin_id` as their origin, not the campaign's; `register` (JSON) the categories of the
    register whose pupils alone are screened, none for everyone; `pack_revision` the policy it was planned under;
    `round` counts the make-up rounds from 1."""

    DATA = {
        **SCOPED_DATA, "name": D1, "school_id": D1, "school_year": D1, "grades": D1, "register": D1, "scale_ids": D1,
        "adapted": D1, "asking_ends": D1,
        "paper_id": D1, "form_id": D1, "gate": D1, "gate_scale_ids": D1, "gate_paper_id": D1, "gate_origin_id": D1,
        "opens_at": D1, "closes_at": D1, "round": D1, "state": D1, "pack_revision": D1,
        "created_by": D1, "created_at": D1, "launched_by": D1, "launched_at": D1, "closed_by": D1, "closed_at": D1,
    }  # fmt: skip

    name = models.CharField(max_length=80)
    school_id = models.UUIDField[UUID, UUID]()
    school_year = models.PositiveSmallIntegerField()
    grades = models.TextField(default="[]")
    register = models.TextField(default=OF_EVERYONE, db_default=OF_EVERYONE)
    scale_ids = models.TextField(default="[]")
    adapted = models.TextField(default="{}")
    asking_ends = models.CharField(max_length=8, choices=AskingEnd.choices, default=AskingEnd.DECIDED)
    paper_id = models.UUIDField[UUID | None, UUID | None](null=True)
    form_id = models.UUIDField[UUID | None, UUID | None](null=True)
    gate = models.CharField(max_length=8, choices=Gate.choices, blank=True, default="")
    gate_scale_ids = models.TextField(default="[]")
    gate_paper_id = models.UUIDField[UUID | None, UUID | None](null=True)
    gate_origin_id = models.UUIDField[UUID | None, UUID | None](null=True, unique=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=CampaignState.choices, default=CampaignState.DRAFT)
    pack_revision = models.CharField(max_length=80, blank=True)
    created_by = models.UUIDField[UUID, UUID]()
    created_at = models.DateTimeField()
    launched_by = models.UUIDField[UUID | None, UUID | None](null=True)
    launched_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="campaign_running", fields=["closes_at"], condition=Q(state="open"))]
        constraints = [
            models.CheckConstraint(name="campaign_window", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="campaign_launched_with_paper",
                condition=Q(state="draft")
                | (
                    Q(launched_at__isnull=False)
                    & Q(form_id__isnull=False)
                    & (Q(paper_id__isnull=False) | Q(scale_ids="[]"))
                ),
            ),
            models.CheckConstraint(
                name="campaign_asking_ends",
                condition=Q(asking_ends="decided") | (Q(asking_ends="precise") & ~Q(adapted="{}")),
            ),
            models.CheckConstraint(
                name="campaign_closed_when", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_register(self) -> bool:
        """Are only pupils of the register screened? Then it is known to those alone who keep the register."""
        return self.register != OF_EVERYONE

    @classmethod
    def known_to(cls, actor: Actor) -> Q:
        """Return the condition under which the actor may know that a campaign is there at all.

        That one of the register runs would tell a class teacher, a principal or whoever types its sheets who is on it.
        """
        if actor.is_system:
            return Q()
        return Q(register=OF_EVERYONE) | within(actor.places(Permission.REGISTER_VIEW))

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Return where the actor may reach a campaign: by the place, and only what the actor may know of."""
        return super().scope(actor, permission) & cls.known_to(actor)
