"""A unit with pupils is not closed: they would be in a class that nobody opens."""

from collections.abc import Sequence

from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import CannotCloseUnit
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


def keep_open_with_pupils(units: Sequence[Unit]) -> None:
    """Raise CannotCloseUnit("has_people") while a pupil at school stands at one of the units or below."""
    here = Student.objects.for_system(reason="whether a unit may close").filter(
        within([unit.path for unit in units]), status=StudentStatus.ACTIVE
    )
    if here.exists():
        raise CannotCloseUnit("has_people")
