"""`xinqiao user add|grant|passwd|list`: sign-ins from the command line, for the first officer and emergencies.

Whoever can run it has the machine and its keys; everything it does is in the audit as done by the system.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xinqiao.foundation.access.actors import Actor, Forbidden, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.first_passwords import CannotGiveLogin, FirstPassword
from xinqiao.register.accounts.forms import LOGIN_SHAPE
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.selectors import all_logins
from xinqiao.register.accounts.services.logins import (
    give_new_password,
    reset_second_factor,
)
from xinqiao.register.accounts.services.memberships import CannotGrant, grant_role
from xinqiao.register.accounts.services.staff import StaffDraft, add_staff
from xinqiao.register.accounts.wording import refusal_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff


class Command(BaseCommand):
    """Sign-ins from the command line."""

    help = "Add sign-ins, grant roles, draw new first passwords, list who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="register someone at a unit and print a first password")
        add.add_argument("login")
        add.add_argument("--unit", required=True, help="code of the unit where the person works")
        add.add_argument("--name", default="", help="asked for if not given: it stays out of the history")
        add.add_argument("--title", default="")
        add.add_argument("--role", action="append", default=[], choices=[role.value for role in Role])
        grant = acts.add_parser("grant", help="grant a role over a unit")
        grant.add_argument("login")
        grant.add_argument("--role", required=True, choices=[role.value for role in Role])
        grant.add_argument("--unit", required=True)
        passwd = acts.add_parser("passwd", help="print a new first password and end all sessions")
        passwd.add_argument("login")
        passwd.add_argument("--reset-second-factor", action="store_true")
        listing = acts.add_parser("list", help="list sign-ins with their roles; no names")
        listing.add_argument("--unit")
        listing.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = {"add": self._add, "grant": self._grant, "passwd": self._passwd, "list": self._list}
        try:
            acts[options["act"]](system_actor("command line"), options)
        except (CannotGiveLogin, CannotGrant) as refusal:
            raise CommandError(refusal_words(refusal.code)) from refusal
        except Forbidden as refusal:
            raise CommandError(str(refusal)) from refusal

    def _add(self, actor: Actor, options: dict[str, Any]) -> None:
        login, unit = options["login"].lower(), _unit(options["unit"])
        if not LOGIN_SHAPE.match(login):
            raise CommandError("The sign-in name: 3 to 40 small letters, digits, dots or hyphens, a letter first.")
        name = options["name"] or input("Name: ").strip()
        given = add_staff(unit, actor=actor, draft=StaffDraft(name, options["title"]), login=login)
        staff = _staff(login)
        for role in options["role"]:
            grant_role(unit, actor=actor, staff=staff, role=Role(role), start_on=today())
        self._tell(given)

    def _grant(self, actor: Actor, options: dict[str, Any]) -> None:
        staff = _staff(options["login"].lower())
        role, unit = Role(options["role"]), _unit(options["unit"])
        granted = grant_role(unit, actor=actor, staff=staff, role=role, start_on=today())
        self.stdout.write(f"{options['login']} {options['role']}@{options['unit']}")
        if granted.slip is not None:
            self.stdout.write("Whoever drew the old password may not hold what this role opens: a new one was drawn.")
            self._tell(granted.slip)

    def _passwd(self, actor: Actor, options: dict[str, Any]) -> None:
        staff = _staff(options["login"].lower())
        if options["reset_second_factor"]:
            reset_second_factor(staff, actor=actor)
        self._tell(give_new_password(staff, actor=actor))

    def _list(self, actor: Actor, options: dict[str, Any]) -> None:
        rows = all_logins(_unit(options["unit"]) if options["unit"] else None)
        if options["json"]:
            told = [{"login": login, "is_active": is_active, "roles": roles} for login, is_active, roles in rows]
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for login, is_active, roles in rows:
            self.stdout.write(f"{login:<24} {'' if is_active else 'closed '}{', '.join(roles)}".rstrip())

    def _tell(self, given: FirstPassword) -> None:
        self.stdout.write(f"{given.login}  {given.password}")
        self.stdout.write("Shown only now; it must be changed at the first sign-in.")


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(f"There is no unit with the code {code}.")
    return unit


def _staff(login: str) -> Staff:
    user = User.objects.filter(username=login).first()
    staff = Staff.objects.for_system(reason="the command line").filter(pk=user.staff_id).first() if user else None
    if staff is None:
        raise CommandError(f"Nobody signs in as {login}.")
    return staff  # type: ignore[no-any-return]  # the closed manager is untyped
