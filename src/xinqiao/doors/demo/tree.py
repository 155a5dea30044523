"""The tree, the calendar, the staff with their logins, and the pupils of the demo city."""

import datetime as dt
import random
import secrets
from dataclasses import dataclass, field

from xinqiao.doors.demo.cast import City, NameParts, StaffSeed, UnitSeed
from xinqiao.doors.demo.dates import Dates, dates_around
from xinqiao.doors.demo.names import invented_name
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.orgs.models import SchoolYear, Term, Unit
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.orgs.states import STAGE_YEARS, Stage, UnitKind
from xinqiao.register.people.models import Staff, Student
from xinqiao.register.people.registering import GuardianDraft, StudentDraft, register_staff, register_students
from xinqiao.register.people.states import Relation, Sex

AGE_AT_ENTRY = {
    Stage.KINDERGARTEN: 3, Stage.PRIMARY: 6, Stage.JUNIOR: 12, Stage.SENIOR: 15, Stage.VOCATIONAL: 15,
    Stage.UNIVERSITY: 18,
}  # fmt: skip
NAMED_CLASS = ("songhu-junior", Stage.JUNIOR, 1, 3)


@dataclass
class Built:
    """What was built, by code and login; passwords are only here."""

    dates: Dates
    units: dict[str, Unit] = field(default_factory=dict)
    classes: dict[tuple[str, str, int, int], Unit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    students: dict[str, list[Student]] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        """The day on which it was built."""
        return self.dates.today


def build_tree(city: City, today: dt.date, *, only: set[str] | None = None) -> Built:
    """Build province, city, counties, schools and their classes; `only` keeps some of the schools (tests)."""
    built = Built(dates_around(today))
    province = _add(built, None, UnitKind.PROVINCE, city.province.code, city.province.name)
    top = _add(built, province, UnitKind.CITY, city.city.code, city.city.name)
    for county in city.counties:
        _add(built, top, UnitKind.COUNTY, county.code, county.name)
    for seed in city.units:
        is_wanted = only is None or seed.code in only or not seed.classes
        if is_wanted and seed.under in built.units:
            _add_unit(built, seed)
    _add_calendar(top, built.dates)
    return built


def _add(built: Built, parent: Unit | None, kind: str, code: str, name: str, **fields: object) -> Unit:
    unit = build_unit(parent, kind, code, name, **fields)
    unit.save(force_insert=True)
    built.units[code] = unit
    return unit


def _add_unit(built: Built, seed: UnitSeed) -> None:
    unit = _add(built, built.units[seed.under], seed.kind, seed.code, seed.name,
                stages=",".join(seed.stages), has_boarders=seed.boarders)  # fmt: skip
    year = built.dates.year
    for stage, per_grade in seed.classes.items():
        for grade in range(1, min(STAGE_YEARS[Stage(stage)], 6) + 1):
            if stage == Stage.UNIVERSITY and grade > 3:
                continue
            for number in range(1, per_grade + 1):
                built.classes[seed.code, stage, grade, number] = ensure_class(unit, stage, year - grade + 1, number)[0]


def _add_calendar(top: Unit, dates: Dates) -> None:
    for starts_in, first, second in dates.years:
        year = SchoolYear.objects.create(unit=top, starts_in=starts_in, start_on=first[0], end_on=second[1])
        for number, (start, end) in enumerate((first, second), 1):
            Term.objects.create(year=year, number=number, start_on=start, end_on=end)


def add_staff(built: Built, city: City, *, password: str = "") -> None:
    """Create staff, users and memberships; a password each is drawn unless one is given (tests)."""
    for seed in city.staff:
        if seed.at not in built.units:
            continue
        unit = _unit_of(built, seed)
        staff = register_staff(built.units[seed.at], seed.name, title=seed.title)
        secret = password or secrets.token_urlsafe(9)
        user = User.objects.create_user(seed.login, secret, staff_id=staff.id)
        Membership.objects.create(user=user, role=seed.role, place=unit.path, start_on=built.dates.staff_since)
        built.staff[seed.login], built.users[seed.login] = staff, user
        built.passwords[seed.login] = secret


def _unit_of(built: Built, seed: StaffSeed) -> Unit:
    if seed.class_:
        return built.classes[seed.at, seed.class_[0], seed.class_[1], seed.class_[2]]
    if seed.grade:
        grade = built.classes[seed.at, seed.grade[0], seed.grade[1], 1].parent
        assert grade is not None
        return grade
    return built.units[seed.at]


def add_students(built: Built, city: City, *, size: int = 0, seed: int = 2026) -> None:
    """Fill every class with invented pupils (`size` a class, or as the cast says), the named ones first."""
    draw = random.Random(seed)
    sizes = {unit.code: unit.size for unit in city.units}
    for (code, stage, grade, number), unit in built.classes.items():
        drafts = _named_drafts(city, unit) if (code, stage, grade, number) == NAMED_CLASS else []
        count = (size or sizes[code]) - len(drafts)
        drafts += [_draft(draw, city.names, built.today, unit, grade, len(drafts) + i + 1) for i in range(count)]
        newcomers = register_students(built.units[code], drafts, built.dates.entered_on(grade))
        built.students.setdefault(code, []).extend(newcomers)


def _named_drafts(city: City, unit: Unit) -> list[StudentDraft]:
    return [
        StudentDraft(
            name=pupil.name, class_unit=unit, number=pupil.number, sex=pupil.sex, birth_on=pupil.birth_on,
            guardians=(GuardianDraft(pupil.guardian, pupil.phone, pupil.relation),),
        )
        for pupil in city.pupils
    ]  # fmt: skip


def _draft(draw: random.Random, parts: NameParts, today: dt.date, unit: Unit, grade: int, index: int) -> StudentDraft:
    stage, name = Stage(unit.stage), invented_name(draw, parts)
    born = school_year_of(today) - AGE_AT_ENTRY[stage] - grade + 1
    birth_on = dt.date(born - 1, 9, 1) + dt.timedelta(days=draw.randrange(364))
    parent = GuardianDraft(
        name[0] + invented_name(draw, parts)[1:], f"139{draw.randrange(10**8):08d}",
        draw.choice((Relation.FATHER, Relation.MOTHER)),
    )  # fmt: skip
    return StudentDraft(
        name=name, class_unit=unit, number=f"{unit.entry_year}{list(Stage).index(stage)}{unit.number:02d}{index:02d}",
        sex=draw.choice((Sex.FEMALE, Sex.MALE)), birth_on=birth_on, ethnicity=parts.ethnicity,
        boards=draw.random() < 0.4 if stage in (Stage.SENIOR, Stage.VOCATIONAL, Stage.JUNIOR) else False,
        guardians=(parent,),
    )  # fmt: skip
