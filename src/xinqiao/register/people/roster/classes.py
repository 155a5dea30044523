"""The classes of one school as a roster names them: found, or entered to be added with their pupils."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from xinqiao.foundation.core.places import bounds, covers
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.roster.schools import folded
from xinqiao.register.people.roster.wanted import Cohort, Wanted

Key = tuple[str, Cohort]


@dataclass
class ClassBook:
    """The classes of a school by campus and cohort, and the unit beyond which a roster may not reach."""

    school: Unit
    unit: Unit
    campuses: dict[str, Unit] = field(default_factory=dict)
    classes: dict[Cohort, list[Unit]] = field(default_factory=dict)
    grades: dict[tuple[str, str, int], Unit] = field(default_factory=dict)
    _codes: dict[Key, str] = field(default_factory=dict)

    @classmethod
    def of(cls, school: Unit, unit: Unit) -> "ClassBook":
        """Read the school's campuses, grades and classes in one query."""
        low, high = bounds(school.path)
        book = cls(school, unit)
        kinds = (UnitKind.CAMPUS, UnitKind.GRADE, UnitKind.CLASS)
        for one in Unit.objects.filter(path__gte=low, path__lt=high, kind__in=kinds):
            if one.kind == UnitKind.CAMPUS:
                book.campuses[folded(one.name)] = one
            elif one.kind == UnitKind.GRADE and one.entry_year is not None:
                book.grades[_parent_path(one), one.stage, one.entry_year] = one
            elif one.entry_year is not None and one.number is not None:
                book.classes.setdefault((one.stage, one.entry_year, one.number), []).append(one)
        return book

    def why_not(self, wanted: Wanted) -> str:
        """Return why the roster may not put a pupil into this class, or an empty code.

        campus_unknown, campus_needed (several campuses have such a class), class_closed, class_outside_unit.
        """
        key = (wanted.campus, wanted.cohort)
        if key not in self._codes:
            self._codes[key] = self._judge(wanted)
        return self._codes[key]

    def _judge(self, wanted: Wanted) -> str:
        if wanted.campus and self.campuses and folded(wanted.campus) not in self.campuses:
            return "campus_unknown"
        found = self._fitting(wanted)
        if len(found) > 1:
            return "campus_needed"
        if found and found[0].is_closed:
            return "class_closed"
        inside = covers(self.unit.path, found[0].path) if found else self._may_be_added(wanted)
        return "" if inside else "class_outside_unit"

    def _may_be_added(self, wanted: Wanted) -> bool:
        if self.unit.kind == UnitKind.CLASS:
            return False
        if self.unit.kind == UnitKind.GRADE:
            return (self.unit.stage, self.unit.entry_year) == wanted.cohort[:2]
        campus = self._campus(wanted)
        return self.unit.kind != UnitKind.CAMPUS or campus is None or campus.id == self.unit.id

    def _campus(self, wanted: Wanted) -> Unit | None:
        return self.campuses.get(folded(wanted.campus)) if wanted.campus else None

    def _fitting(self, wanted: Wanted) -> list[Unit]:
        found = self.classes.get(wanted.cohort, [])
        campus = self._campus(wanted) or (self.unit if self.unit.kind == UnitKind.CAMPUS else None)
        return [one for one in found if campus is None or covers(campus.path, one.path)]

    def find(self, wanted: Wanted) -> Unit | None:
        """Return the class if the school has it."""
        found = self._fitting(wanted)
        return found[0] if len(found) == 1 else None

    def place_of(self, wanted: Wanted) -> str:
        """Return the class's place, empty while it is not there."""
        unit = self.find(wanted)
        return unit.path if unit is not None else ""

    def with_missing(self, some: Iterable[Wanted]) -> tuple[list[Unit], list[Unit]]:
        """Enter the classes of these pupils where missing; return the grades and classes to be inserted, unsaved."""
        grades: list[Unit] = []
        classes: list[Unit] = []
        for wanted in some:
            if self.find(wanted) is None:
                grade = self._grade(wanted, grades)
                unit = new_class(grade, wanted.cohort[2])
                classes.append(unit)
                self.classes.setdefault(wanted.cohort, []).append(unit)
        return grades, classes

    def _grade(self, wanted: Wanted, added: list[Unit]) -> Unit:
        stage, entry_year, _ = wanted.cohort
        parent = self._parent(wanted)
        key = (parent.path, stage, entry_year)
        if key not in self.grades:
            self.grades[key] = new_grade(parent, stage, entry_year)
            added.append(self.grades[key])
        return self.grades[key]

    def class_of(self, wanted: Wanted) -> Unit:
        """Return the class, which is there by now."""
        unit = self.find(wanted)
        assert unit is not None
        return unit

    def _parent(self, wanted: Wanted) -> Unit:
        if self.unit.kind == UnitKind.CAMPUS:
            return self.unit
        if self.unit.kind == UnitKind.GRADE:
            return self.unit.parent or self.school
        return self._campus(wanted) or self.school


def _parent_path(unit: Unit) -> str:
    return unit.path.removesuffix(f"{unit.key}/")


def new_grade(parent: Unit, stage: str, entry_year: int) -> Unit:
    """Return an unsaved grade, as `ensure_class` makes one."""
    code = f"{parent.code}-{stage[:1]}{entry_year}"
    return build_unit(parent, UnitKind.GRADE, code, f"{entry_year}", stage=stage, entry_year=entry_year)


def new_class(grade: Unit, number: int) -> Unit:
    """Return an unsaved class of a grade, as `ensure_class` makes one."""
    name, code = f"{grade.entry_year}-{number}", f"{grade.code}-{number:02d}"
    return build_unit(
        grade, UnitKind.CLASS, code, name, stage=grade.stage, entry_year=grade.entry_year, number=number
    )  # fmt: skip
