"""First passwords: drawn here, shown once, stored nowhere in plain. Private bodies of the commands in services."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction

from xinqiao.register.accounts.models import User
from xinqiao.register.people.models import Staff

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


def new_password() -> str:
    """Return a password that can be read aloud: four groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def create_login(staff: Staff, login: str) -> FirstPassword:
    """Create the user of a member of staff; raise CannotGiveLogin."""
    if staff.left_on is not None:
        raise CannotGiveLogin("has_left")
    if User.objects.filter(staff_id=staff.id).exists():
        raise CannotGiveLogin("has_login")
    password = new_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(login.lower(), password, staff_id=staff.id, must_change_password=True)
    except IntegrityError as error:
        raise CannotGiveLogin("name_taken") from error
    return FirstPassword(staff.id, user.username, password)
