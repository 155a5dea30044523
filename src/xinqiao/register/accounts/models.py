"""Users and memberships. A user row names nobody: the name is the staff member's, sealed."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.data_classes import D1, DataClass
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user with a hashed password; without one, nobody can sign in by password."""
        user = User(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in. `username` is a sign-in name such as `psych.a01`, never a person's name or number."""

    DATA: ClassVar[dict[str, DataClass]] = {
        "id": D1, "username": D1, "password": D1, "last_login": D1, "staff_id": D1, "is_active": D1, "language": D1,
        "created_at": D1,
    }  # fmt: skip

    id = models.UUIDField[UUID, UUID](primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True)
    staff_id = models.UUIDField[UUID | None, UUID | None](null=True, unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh-hans")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.username


class Membership(BaseModel):
    """A role over a unit and its subtree, for [start_on, end_on)."""

    DATA = {"id": D1, "user": D1, "role": D1, "place": D1, "start_on": D1, "end_on": D1, "granted_by": D1}

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    place = PlaceField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    granted_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_one_open", fields=["user", "role", "place"], condition=Q(end_on__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_interval", condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
