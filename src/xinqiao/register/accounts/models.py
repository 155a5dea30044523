"""Users and memberships. A user row names nobody: the name is the staff member's, sealed."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

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
    """Someone who signs in. `username` is a sign-in name such as `psych.a01`, never a person's name or number.

    `password_by` is who drew the last first password; it stays when the holder chooses another, because whoever drew it
    may have been the one who chose. None: nobody known.
    """

    DATA: ClassVar[dict[str, DataClass]] = {
        "id": D1, "username": D1, "password": D1, "last_login": D1, "staff_id": D1, "is_active": D1, "language": D1,
        "created_at": D1, "must_change_password": D1, "first_password_until": D1, "session_epoch": D1,
        "password_by": D1,
    }  # fmt: skip

    id = models.UUIDField[UUID, UUID](primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True)
    staff_id = models.UUIDField[UUID | None, UUID | None](null=True, unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh-hans")
    created_at = models.DateTimeField(auto_now_add=True)
    must_change_password = models.BooleanField(default=False)
    first_password_until = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)
    password_by = models.UUIDField[UUID | None, UUID | None](null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """Return what a session must match: another password or another epoch ends every session at once."""
        return self._epoch_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield what sessions from before a change of the site's secret match."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._epoch_hash(secret)

    def _epoch_hash(self, secret: str | bytes | None) -> str:
        salt = "xinqiao.register.accounts.models.User.session"
        return salted_hmac(salt, f"{self.password}|{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()


class Membership(BaseModel):
    """A role over a unit and its subtree, for [start_on, end_on).

    `is_joint` marks the second of two offices of a keeper in one hand, as a single school may have it; the auditor
    never holds another. The database holds that for open memberships, rules.py for dated ones.
    """

    DATA = {
        "id": D1, "user": D1, "role": D1, "place": D1, "start_on": D1, "end_on": D1, "granted_by": D1, "is_joint": D1,
    }  # fmt: skip

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    place = PlaceField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    granted_by = models.UUIDField[UUID | None, UUID | None](null=True)
    is_joint = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_one_open", fields=["user", "role", "place"], condition=Q(end_on__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_interval", condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on"))
            ),
            models.UniqueConstraint(
                name="membership_auditor_is_not_security_officer", fields=["user"],
                condition=Q(end_on__isnull=True, role__in=["auditor", "security_officer"]),
            ),
            models.UniqueConstraint(
                name="membership_auditor_is_not_system_admin", fields=["user"],
                condition=Q(end_on__isnull=True, role__in=["auditor", "system_admin"]),
            ),
            models.UniqueConstraint(
                name="membership_keepers_apart", fields=["user"],
                condition=Q(end_on__isnull=True, is_joint=False, role__in=["security_officer", "system_admin"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class SignInTally(BaseModel):
    """Wrong passwords and codes in a row, by a blind index: a mistyped name may itself be a secret."""

    DATA = {"id": D1, "index": D1, "failures": D1, "last_at": D1}

    index = models.BinaryField[bytes, bytes](max_length=16, unique=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)
