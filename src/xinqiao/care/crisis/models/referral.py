"""The referral of one pupil to one institution, and its story."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.crisis.models.case import Case
from xinqiao.care.crisis.models.partner import Partner
from xinqiao.care.crisis.referral.states import ReferralState, StepKind, Way
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D5, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student

NOT_OUT = ("draft", "ready", "refused", "withdrawn")


class Referral(ScopedModel):
    """One referral. `shared` are codes of what the institution may see, `payload` (JSON) is what it does see: made when
    the school looked it through, and never made anew once it is out. `advice` are own words on the guardians' form.

    `link` finds it (by `link_mac`) and `code` opens it (checked by `code_mac`); both are sealed, to be told again.
    `shut_at` is set while the link opens nothing because the family took its consent back. `is_unread` says that an
    answer came by the link and nobody at the school has noted it yet.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "case": D1, "key_id": D1, "partner": D1, "state": D3, "written_by": D1,
        "written_at": D1, "reason": D6, "observed": D6, "contact": D2, "advice": D5, "shared": D1, "payload": D6,
        "payload_digest": D1, "link": D2, "link_mac": D2, "code": D2, "code_mac": D2, "failures": D1,
        "locked_until": D1, "sent_by": D1, "sent_at": D1, "expires_at": D1, "is_override": D3, "opened_at": D1,
        "answered_at": D1, "visit_on": D3, "attended_on": D3, "is_unread": D1, "ended_at": D1, "end_reason": D3,
        "shut_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="referrals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals", null=True)
    key_id = models.UUIDField[UUID, UUID]()
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=12, choices=ReferralState.choices, default=ReferralState.DRAFT)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    reason = SealedField()
    observed = SealedField(null=True)
    contact = SealedField()
    advice = SealedField(null=True)
    shared = models.CharField(max_length=80, blank=True)
    payload = SealedField(null=True, coded=True)
    payload_digest = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    link = SealedField(null=True, coded=True)
    link_mac = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True, db_index=True)
    code = SealedField(null=True, coded=True)
    code_mac = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    sent_by = models.UUIDField[UUID | None, UUID | None](null=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    shut_at = models.DateTimeField(null=True)
    is_override = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    visit_on = models.DateField(null=True)
    attended_on = models.DateField(null=True)
    is_unread = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="referral_one_running", fields=["student", "partner"],
                condition=~Q(state__in=("closed", "withdrawn", "declined", "returned")),
            ),
            models.CheckConstraint(
                name="referral_ready_shown",
                condition=~Q(state="ready") | (Q(payload__isnull=False) & Q(payload_digest__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_out_whole",
                condition=Q(state__in=NOT_OUT)
                | (Q(sent_at__isnull=False) & Q(expires_at__isnull=False) & Q(link_mac__isnull=False)
                   & Q(code_mac__isnull=False) & Q(payload__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_visit_when", condition=~Q(state="visit_dated") | Q(visit_on__isnull=False)
            ),
            models.CheckConstraint(
                name="referral_ended_why",
                condition=~Q(state__in=("closed", "withdrawn"))
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.student_id} {self.state}"


class ReferralStep(ScopedModel):
    """One dated thing in a referral's story; `by` is None where whoever holds link and code did it.

    `words` of an institution are the institution's, kept as they came.
    """

    DATA = {
        **SCOPED_DATA, "referral": D1, "key_id": D1, "kind": D3, "at": D1, "by": D1, "way": D1, "reason": D3,
        "day": D3, "words": D6,
    }  # fmt: skip
    SCOPE = ("referral__student__place",)

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    key_id = models.UUIDField[UUID, UUID]()
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    at = models.DateTimeField()
    by = models.UUIDField[UUID | None, UUID | None](null=True)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.SCHOOL)
    reason = models.CharField(max_length=12, blank=True)
    day = models.DateField(null=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referral_step_by_whom", condition=Q(by__isnull=False) | Q(way="link") | Q(kind="overdue")
            ),
            models.CheckConstraint(
                name="referral_step_declined_why", condition=~Q(kind="declined") | ~Q(reason="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"
