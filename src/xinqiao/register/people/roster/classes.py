"""The classes of one school as a roster names them: found, or added when its pupils are written."""

from dataclasses import dataclass, field

from xinqiao.foundation.core.places import bounds, covers
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import ensure_class
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
    _codes: dict[Key, str] = field(default_factory=dict)

    @classmethod
    def of(cls, school: Unit, unit: Unit) -> "ClassBook":
        """Read the school's classes and campuses in one query."""
        low, high = bounds(school.path)
        book = cls(school, unit)
        kinds = (UnitKind.CAMPUS, UnitKind.CLASS)
        for one in Unit.objects.filter(path__gte=low, path__lt=high, kind__in=kinds):
            if one.kind == UnitKind.CAMPUS:
                book.campuses[folded(one.name)] = one
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

    def ensure(self, wanted: Wanted) -> Unit:
        """Return the class, adding it (and its grade) where missing; in the caller's transaction."""
        unit = self.find(wanted)
        if unit is None:
            stage, entry_year, number = wanted.cohort
            unit, _ = ensure_class(self._parent(wanted), stage, entry_year, number)
            self.classes.setdefault(wanted.cohort, []).append(unit)
        return unit

    def _parent(self, wanted: Wanted) -> Unit:
        if self.unit.kind == UnitKind.CAMPUS:
            return self.unit
        if self.unit.kind == UnitKind.GRADE:
            return self.unit.parent or self.school
        return self._campus(wanted) or self.school
