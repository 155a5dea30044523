"""Loading the demo city, keeping it, and drawing its passwords anew."""

import datetime as dt
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from xinqiao.care.sheets.selectors import next_at_the_door
from xinqiao.care.sheets.services.sittings import new_code
from xinqiao.doors.demo.cases import add_care
from xinqiao.doors.demo.cast import City, read_city
from xinqiao.doors.demo.centre import add_centre
from xinqiao.doors.demo.channels import add_channels
from xinqiao.doors.demo.committee import add_committee
from xinqiao.doors.demo.counselling import add_counselling
from xinqiao.doors.demo.feedback import add_feedback
from xinqiao.doors.demo.files import add_files
from xinqiao.doors.demo.forms import add_own_form
from xinqiao.doors.demo.incidents import add_incidents
from xinqiao.doors.demo.letters import add_letters
from xinqiao.doors.demo.mailbox import add_mailbox
from xinqiao.doors.demo.mentoring import add_families, add_mentors, add_parents
from xinqiao.doors.demo.norms import add_norm
from xinqiao.doors.demo.orders import add_order
from xinqiao.doors.demo.referrals import add_referrals
from xinqiao.doors.demo.registers import add_register
from xinqiao.doors.demo.rounds import add_round
from xinqiao.doors.demo.screenings import add_screenings
from xinqiao.doors.demo.staff_list import add_staff_list
from xinqiao.doors.demo.transfers import add_transfers
from xinqiao.doors.demo.tree import Built, add_staff, add_students, build_tree
from xinqiao.doors.demo.watches import add_watches
from xinqiao.doors.demo.year import add_year_plan
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, school_of, unit_by_path
from xinqiao.register.people.pins import pin_mac

LOADED = "demo.city.loaded"


class CannotLoad(RuntimeError):
    """The demo city cannot be loaded here; `code` is real_data or not_embedded."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Login:
    """A sign-in of the demo city; of a pupil `login` is the student number and `password` the one-time code."""

    role: str
    login: str
    password: str
    title: str
    unit: str
    class_code: str = ""
    address: str = "/"


def has_data() -> bool:
    """Is there any unit yet?"""
    return Unit.objects.exists()


def is_demo_city(city: City) -> bool:
    """Is what is loaded the demo city, and not a real register?"""
    return Unit.objects.filter(parent=None, code=city.province.code).exists()


def is_whole() -> bool:
    """Was the city loaded to its end? Loading that broke off leaves no such event."""
    return AuditEvent.objects.filter(event=LOADED).exists()


def load_city(city: City, *, size: int = 0, only: set[str] | None = None) -> Built:
    """Load the city into an empty database; `size` pupils a class and `only` these schools, for tests.

    No one transaction could hold it: sheets are written by the intake's own connection. So the last thing written is
    the event that says it is whole.
    """
    built = build_city(city, size=size, only=only)
    add_channels(built, city)
    add_screenings(built, city)
    add_register(built, city)
    add_mentors(built, city)
    add_families(built, city)
    add_parents(built, city)
    add_round(built, city)
    add_counselling(built, city)
    add_care(built, city)
    add_watches(built, city)
    add_norm(built, city)
    add_year_plan(built)
    add_staff_list(built)
    add_order(built, city)
    add_letters(built)
    add_committee(built, city)
    add_mailbox(built, city)
    add_centre(built, city)
    add_referrals(built, city)
    add_feedback(built, city)
    add_incidents(built, city)
    add_files(built, city)
    add_transfers(built, city)
    add_own_form(built)
    top = built.units[city.city.code]
    with recording(system_actor("demo.load")):
        record(LOADED, subject_kind="unit", subject_id=top.id, place=top.path, county_id=top.county_id)
    return built


@transaction.atomic
def build_city(city: City, *, size: int = 0, only: set[str] | None = None) -> Built:
    """Build tree, staff and pupils."""
    built = build_tree(city, today(), only=only)
    add_staff(built, city)
    add_students(built, city, size=size)
    return built


def redraw_passwords(city: City) -> dict[str, str]:
    """Give every login of the cast a new password and return them; nobody else's is touched."""
    drawn = {}
    for user in User.objects.filter(username__in=[seed.login for seed in city.staff]):
        drawn[user.username] = secrets.token_urlsafe(9)
        user.set_password(drawn[user.username])
        user.save(update_fields=["password"])
    return drawn


def logins(city: City, passwords: dict[str, str]) -> list[Login]:
    """Return one login per role first, then the others, in the order of the cast."""
    names = {unit.code: unit.name for unit in city.units} | {p.code: p.name for p in city.counties}
    names |= {city.city.code: city.city.name, city.province.code: city.province.name}
    rows = [
        Login(seed.role, seed.login, passwords[seed.login], seed.title, names[seed.at])
        for seed in city.staff
        if seed.login in passwords
    ]
    return sorted(rows, key=lambda row: row.login != next(r.login for r in rows if r.role == row.role))


def draw_pupil(at: dt.datetime) -> Login | None:
    """Give a pupil who may answer now and has not a new one-time code, and return how to go in; None if nobody may."""
    sitting = next_at_the_door(at)
    if sitting is None:
        return None
    code = new_code()
    sitting.code, sitting.code_mac, sitting.failures = code, pin_mac(sitting.id, code), 0
    sitting.save(update_fields=["code", "code_mac", "failures"])
    (words,) = open_sealed([sitting.student], "number")
    unit, school = unit_by_path(sitting.place), school_of(sitting.place)
    assert unit is not None
    assert school is not None
    title = name_on(unit, timezone.localtime(at).date())
    return Login(
        role=Role.STUDENT, login=words["number"] or "", password=code, title=title, unit=school.name,
        class_code=sitting.window_code, address="/s/",
    )  # fmt: skip


def set_aside() -> Path:
    """Put the embedded database of a demo city aside and return where; raise CannotLoad for anything else."""
    if connection.vendor != "sqlite" or not settings.XINQIAO_DEMO:
        raise CannotLoad("not_embedded")
    if has_data() and not is_demo_city(read_city()):
        raise CannotLoad("real_data")
    path = Path(str(connection.settings_dict["NAME"]))
    connections.close_all()
    aside = path.with_name(f"{path.name}.before-{now():%Y%m%dT%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    checkpoints = Path(settings.XINQIAO_HOME) / "checkpoints"
    if checkpoints.exists():
        checkpoints.rename(checkpoints.with_name(f"checkpoints.before-{now():%Y%m%dT%H%M%S}"))
    return aside
