"""The one place where a pupil's psychological texts are destroyed. Private body of a job.

All in the caller's transaction: what stays is sealed under a new key, what is only counted goes to a nameless row,
words about the pupil under other keys are emptied, and the keys are destroyed last. Cut short anywhere, nothing has
happened.
"""

import datetime as dt
from collections.abc import Sequence

from django.apps import apps

from xinqiao.care.archives.inventory import ELSEWHERE, going, rows_of
from xinqiao.care.archives.models import Erasure
from xinqiao.care.archives.rows import every_erasure, every_request
from xinqiao.care.archives.states import ErasureState
from xinqiao.care.mailbox.erasing import destroy_names
from xinqiao.foundation.access.scoped import ScopedModel
from xinqiao.foundation.keys.fields import erased_word, seal_rows, sealed_fields
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import destroy_keys, new_key
from xinqiao.register.people.erasing import make_nameless, nameless_beside, reseal, under_new_key
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


def erase(student: Student, erasure: Erasure) -> int:
    """Erase what stands about a pupil; return how many rows went. The request that asked for it stays readable."""
    requests = every_request().filter(student=student)
    _empty_elsewhere(student)
    if student.status == StudentStatus.ACTIVE:
        keys = [under_new_key(student, list(requests))]
        taken = _hand_over(student, nameless_beside(student, keys[0]))
    else:
        reseal(list(requests.filter(pk=erasure.request_id)), new_key(SubjectKind.STUDENT))
        taken = sum(rows_of(model).filter(**{name: student}).count() for _area, model, name in going())
        keys = make_nameless(student)
    destroy_keys(keys)
    return taken


def destroy_names_left(now: dt.datetime) -> int:
    """Destroy the sealed names of erased pupils behind letters that are closed by now; return how many."""
    done = every_erasure().filter(state=ErasureState.DONE, ended_at__lte=now).order_by("ended_at")
    return destroy_names({row.student_id: row.ended_at for row in done if row.ended_at is not None})


def _hand_over(student: Student, nameless: Student) -> int:
    return sum(
        rows_of(model).filter(**{name: student}).update(**{name: nameless}) for _area, model, name in going()
    )  # fmt: skip


def _empty_elsewhere(student: Student) -> None:
    """Empty what others wrote of the pupil under keys that are not the pupil's, unless it is the pupil's own."""
    for label, (field, names) in ELSEWHERE.items():
        rows = rows_of(apps.get_model(label)).filter(**{field: student})
        _empty([row for row in rows if getattr(row, "key_id", None) != student.key_id], names)


def _empty(rows: Sequence[ScopedModel], names: Sequence[str]) -> None:
    for row in rows:
        kept = [field for field in sealed_fields(type(row)) if field.attname in names and getattr(row, field.attname)]
        for field in kept:
            setattr(row, field.attname, "" if field.is_coded else erased_word())
        seal_rows([row])
        row.save(update_fields=[field.attname for field in kept])
