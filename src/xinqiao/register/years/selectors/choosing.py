"""What can be chosen on the pages of a plan, with what is chosen now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff
from xinqiao.register.people.selectors.students import students_in
from xinqiao.register.people.sorting import sound_order
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.rules import Layout, entry_grades, targets_of, usual_way
from xinqiao.register.years.school import School, plan_of
from xinqiao.register.years.selectors.pages import day_before, day_in, name_of_class, name_of_grade

_WHY = "staff of the school whom its principal may name class teacher"


@dataclass(frozen=True)
class PupilChoices:
    """The pupils of one class with the class each is kept back into, and the classes that can be chosen."""

    rows: Sequence[tuple[str, str, str]]
    targets: Sequence[tuple[str, str]]


def grades_to_choose(turn: YearTurn, school: School) -> list[tuple[str, str, str]]:
    """Return (key, name this year, way) of every grade, the highest first."""
    plan, on = plan_of(turn), day_before(turn)
    years = {one.grade: one.primary_years for one in school.facts}
    rows = [
        (
            grade,
            name_of_grade(grade, school, on),
            plan.cohorts.get(grade, usual_way(grade, years[grade], turn.starts_in)),
        )
        for grade in sorted(years)
    ]
    return [row for row in rows if int(row[0].rpartition(":")[2]) < turn.starts_in]


def entry_to_choose(turn: YearTurn, school: School) -> list[tuple[str, str, int]]:
    """Return (key, name next year, classes) of every entering grade."""
    plan = plan_of(turn)
    return [
        (
            grade,
            _("{grade}, entering").format(grade=name_of_grade(grade, school, day_in(turn))),
            plan.entry.get(grade, count),
        )
        for grade, count in entry_grades(school.facts, turn.starts_in).items()
    ]


def pupils_to_choose(turn: YearTurn, school: School, key: str, actor: Actor) -> PupilChoices:
    """Return the pupils of a class whom the actor may list, and where they could be kept back."""
    plan, unit = plan_of(turn), school.classes[key]
    targets = targets_of(key.rpartition(":")[0], school.facts, plan, turn.starts_in)
    rows = students_in(actor, [unit.path], on=today())
    return PupilChoices(
        [(str(row.id), row.name, plan.kept_back.get(str(row.id), "")) for row in rows],
        [(target, name_of_class(target, school, day_in(turn))) for target in targets],
    )


def classes_to_lead(turn: YearTurn, school: School, layout: Layout) -> list[tuple[str, str, str]]:
    """Return (key, name next year, who is chosen) of every class of the new year."""
    plan = plan_of(turn)
    return [
        (one.key, name_of_class(one.key, school, day_in(turn)), plan.teachers.get(one.key, ""))
        for one in layout.classes
        if not one.graduates
    ]


def staff_to_name(unit: Unit, actor: Actor) -> dict[str, str]:
    """Return staff of a school with a sign-in, by the sound of their names; nobody names himself."""
    rows = Staff.objects.visible_to(actor, Permission.STAFF_VIEW).filter(within([unit.path]), left_on=None)
    with_login = set(
        User.objects.filter(is_active=True, staff_id__in=rows.values("pk")).values_list("staff_id", flat=True)
    )
    some = [row for row in rows if row.id in with_login and row.id != actor.staff_id]
    named = {str(row.id): f"{opened['name'] or ''} {row.title}".strip()
             for row, opened in zip(some, open_sealed(some, "name"), strict=True)}  # fmt: skip
    return dict(sorted(named.items(), key=lambda pair: sound_order(pair[1])))
