"""New PINs for one pupil or a whole class."""

from collections.abc import Sequence

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.store import ciphers
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import PupilPin, Student
from xinqiao.register.people.pins import new_pin, pin_mac
from xinqiao.register.people.registering import pin_row
from xinqiao.register.people.states import StudentStatus

_WHY = "pupils of the unit the command is about"


@command(Permission.PIN_SLIP)
def reset_pin(student: Student, *, actor: Actor) -> Student:
    """Give one pupil a new PIN and lift the lock; the old one is void at once."""
    del actor
    _renew([student])
    record("people.pin.reset", subject_kind="student", subject_id=student.id, place=student.place,
           county_id=student.county_id)  # fmt: skip
    return student


@command(Permission.PIN_SLIP, is_batch=True)
def reset_pins(unit: Unit, *, actor: Actor) -> int | Unchanged:
    """Give every pupil of a class a new PIN; return how many."""
    del actor
    students = list(
        Student.objects.for_system(reason=_WHY).filter(
            place__gte=unit.path, place__lt=unit.path[:-1] + "0", status=StudentStatus.ACTIVE
        )
    )
    if not students:
        return Unchanged("nobody_here")
    _renew(students)
    record("people.pins.reset", subject_kind="unit", subject_id=unit.id, place=unit.path, county_id=unit.shard_id,
           facts={"pupils": len(students)})  # fmt: skip
    return len(students)


def _renew(students: Sequence[Student]) -> None:
    ciphers(student.key_id for student in students)
    rows = {row.student_id: row for row in PupilPin.objects.for_system(reason=_WHY).filter(student__in=students)}
    renewed = []
    for student in students:
        row = rows.get(student.id)
        if row is None:
            pin_row(student).save(force_insert=True)
            continue
        pin = new_pin()
        row.pin, row.pin_mac, row.set_at, row.failures, row.locked_until = pin, pin_mac(student.id, pin), now(), 0, None
        renewed.append(row)
    seal_rows(renewed)
    fields = ["pin", "pin_mac", "set_at", "failures", "locked_until"]
    PupilPin.objects.for_system(reason=_WHY).bulk_update(renewed, fields, batch_size=100)
