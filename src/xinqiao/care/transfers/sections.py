"""What came from the school before, as a section of the pupil's file."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.transfers.models import Arrival
from xinqiao.care.transfers.parcel import read_parcel
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Entry, Section


def from_the_school_before(actor: Actor, student: Student) -> Sequence[Entry]:
    """Return the lines of the files that were taken in for a pupil, each with the section it comes from."""
    rows = list(Arrival.objects.visible_to(actor, Permission.TRANSFER_HAND).filter(student=student))
    found = []
    for words in open_sealed(rows, "parcel"):
        parcel = read_parcel(words["parcel"]) if words["parcel"] else None
        for part in parcel.parts if parcel is not None else ():
            found += [
                Entry(line.at, _("{section} · {title}").format(section=part.title, title=line.title), line.text,
                      _("{name} at {school}").format(name=line.who, school=parcel.school) if line.who and parcel
                      else parcel.school if parcel else "")
                for line in part.lines
            ]  # fmt: skip
    return found


SECTION = Section(
    code="before", title=gettext_lazy("From the school before"), order=14, permission=Permission.TRANSFER_HAND,
    entries=from_the_school_before, empty=gettext_lazy("No file came from another school."),
)  # fmt: skip
