"""The counselling group of a school and its keys: none of them opens by the database and the master key alone."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.counselling.states import MemberState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D6
from xinqiao.foundation.keys.fields import SealedField


class OwnKey(ScopedModel):
    """One person's key pair: the public half, and the private half under the person's own sentence.

    `key_id` is the person's data key, an outer seal and nothing more. A sentence that was forgotten is replaced by
    another row: whatever was sealed to the old one goes with it.
    """

    DATA = {**SCOPED_DATA, "staff_id": D1, "key_id": D1, "public": D1, "guarded": D6, "made_at": D1}

    staff_id = models.UUIDField[UUID, UUID](unique=True)
    key_id = models.UUIDField[UUID, UUID]()
    public = models.BinaryField[bytes, bytes](max_length=32)
    guarded = SealedField(binary=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Group(ScopedModel):
    """The counselling group of a school. `place` is the school's."""

    DATA = {**SCOPED_DATA, "school_id": D1, "founded_by": D1, "founded_at": D1}

    school_id = models.UUIDField[UUID, UUID](unique=True)
    founded_by = models.UUIDField[UUID, UUID]()
    founded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class GroupVersion(ScopedModel):
    """One version of a group's key: the public half. The private half lies in shares and in halves, nowhere else."""

    DATA = {**SCOPED_DATA, "group": D1, "number": D1, "public": D1, "made_at": D1}

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    public = models.BinaryField[bytes, bytes](max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="groupversion_number", fields=["group", "number"])]

    def __str__(self) -> str:
        return f"{self.group_id} {self.number}"


class Member(ScopedModel):
    """Somebody of the group's named list; `by` admitted or ended."""

    DATA = {
        **SCOPED_DATA, "group": D1, "staff_id": D1, "state": D1, "asked_at": D1, "admitted_at": D1, "by": D1,
        "ended_at": D1,
    }  # fmt: skip

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    state = models.CharField(max_length=8, choices=MemberState.choices)
    asked_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    by = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="member_once", fields=["group", "staff_id"], condition=~Q(state=MemberState.ENDED)
            ),
            models.CheckConstraint(
                name="member_ended_when", condition=~Q(state=MemberState.ENDED) | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.state}"


class Share(ScopedModel):
    """A version's private half, sealed to the public half of one member."""

    DATA = {**SCOPED_DATA, "version": D1, "own_key": D1, "key_id": D1, "parcel": D6}

    version = models.ForeignKey(GroupVersion, on_delete=models.CASCADE, related_name="shares")
    own_key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="shares")
    key_id = models.UUIDField[UUID, UUID]()
    parcel = SealedField(binary=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="share_once", fields=["version", "own_key"])]

    def __str__(self) -> str:
        return str(self.id)


class Half(ScopedModel):
    """One of two parts of a version's private half, sealed to the public half of a named holder; neither tells
    anything without the other."""

    DATA = {**SCOPED_DATA, "version": D1, "own_key": D1, "part": D1, "key_id": D1, "parcel": D6}

    version = models.ForeignKey(GroupVersion, on_delete=models.CASCADE, related_name="halves")
    own_key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="halves")
    part = models.PositiveSmallIntegerField()
    key_id = models.UUIDField[UUID, UUID]()
    parcel = SealedField(binary=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="half_once", fields=["version", "part"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.part}"


class Holder(ScopedModel):
    """One of the two people named to hold halves of the group's key."""

    DATA = {**SCOPED_DATA, "group": D1, "staff_id": D1, "part": D1, "named_by": D1, "named_at": D1}

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="holders")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    part = models.PositiveSmallIntegerField()
    named_by = models.UUIDField[UUID, UUID]()
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="holder_part", fields=["group", "part"]),
            models.UniqueConstraint(name="holder_once", fields=["group", "staff_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.part}"


class Recovery(ScopedModel):
    """Two holders admit a named heir: each gives the own halves on, sealed to the heir; the heir alone joins them."""

    DATA = {
        **SCOPED_DATA, "group": D1, "heir_key": D1, "begun_by": D1, "begun_at": D1, "joined_by": D1, "joined_at": D1,
        "taken_at": D1,
    }  # fmt: skip

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="recoveries")
    heir_key = models.ForeignKey(OwnKey, on_delete=models.CASCADE, related_name="recoveries")
    begun_by = models.UUIDField[UUID, UUID]()
    begun_at = models.DateTimeField()
    joined_by = models.UUIDField[UUID | None, UUID | None](null=True)
    joined_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recovery_two_people", condition=Q(joined_by__isnull=True) | ~Q(joined_by=models.F("begun_by"))
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class GivenHalf(ScopedModel):
    """A half that a holder gave on, sealed to the heir."""

    DATA = {**SCOPED_DATA, "recovery": D1, "version": D1, "part": D1, "key_id": D1, "parcel": D6}

    recovery = models.ForeignKey(Recovery, on_delete=models.CASCADE, related_name="given")
    version = models.ForeignKey(GroupVersion, on_delete=models.CASCADE, related_name="+")
    part = models.PositiveSmallIntegerField()
    key_id = models.UUIDField[UUID, UUID]()
    parcel = SealedField(binary=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="givenhalf_once", fields=["recovery", "version", "part"])]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.part}"
