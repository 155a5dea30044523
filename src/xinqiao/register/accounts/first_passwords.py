"""First passwords: drawn here, shown once, stored nowhere in plain. Private bodies of the commands in services."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from xinqiao.foundation.core.clock import now, today
from xinqiao.register.accounts.limits import forget_name
from xinqiao.register.accounts.models import User
from xinqiao.register.people.models import Staff
from xinqiao.register.policy.selectors import parameters_for

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when read aloud
GROUPS, GROUP_LENGTH = 4, 4  # 16 of 31 characters: 79 bits


class CannotGiveLogin(ValueError):
    """`code`: name_taken, has_login, no_login, has_left, own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FirstPassword:
    """A sign-in as handed out once; the password is stored nowhere in plain."""

    staff_id: UUID
    login: str
    password: str = field(repr=False)
    until: dt.datetime | None = None


def new_password() -> str:
    """Return a password that can be read aloud: four groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def create_login(staff: Staff, login: str, *, by: UUID) -> FirstPassword:
    """Create the user of a member of staff, the password drawn by a user; raise CannotGiveLogin."""
    if staff.left_on is not None:
        raise CannotGiveLogin("has_left")
    if User.objects.filter(staff_id=staff.id).exists():
        raise CannotGiveLogin("has_login")
    password = new_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                login.lower(), password, staff_id=staff.id, must_change_password=True,
                first_password_until=opens_until(staff), password_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise CannotGiveLogin("name_taken") from error
    return FirstPassword(staff.id, user.username, password, user.first_password_until)


def draw_anew(staff: Staff, user: User, *, by: UUID) -> FirstPassword:
    """Draw another first password for a user and end the open sessions."""
    password = new_password()
    user.set_password(password)
    user.must_change_password, user.first_password_until, user.password_by = True, opens_until(staff), by
    _save_anew(user)
    return FirstPassword(staff.id, user.username, password, user.first_password_until)


def close_password(user: User) -> None:
    """Let no password open this sign-in until another is drawn, and end the open sessions."""
    user.set_unusable_password()
    user.must_change_password, user.first_password_until, user.password_by = True, None, None
    _save_anew(user)


def _save_anew(user: User) -> None:
    user.save(update_fields=["password", "must_change_password", "first_password_until", "password_by"])
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    forget_name(user.username)


def opens_until(staff: Staff) -> dt.datetime:
    """Return until when a first password drawn now opens something, by the policy where the person works."""
    return now() + dt.timedelta(days=parameters_for(staff.place, today()).first_password_days)


def has_run_out(user: User) -> bool:
    """Is this a first password that nobody used in time?"""
    until = user.first_password_until
    return user.must_change_password and until is not None and until <= now()
