"""What pages about one pupil begin with: the pupil of the address, or 404; and the pupil's name."""

from uuid import UUID

from django.http import Http404

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student


def student_or_404(actor: Actor, student_id: UUID, permission: Permission) -> Student:
    """Return a pupil at whose place the actor holds the permission."""
    found: Student | None = Student.objects.visible_to(actor, permission).filter(pk=student_id).first()
    if found is None:
        raise Http404
    return found


def name_of(student: Student) -> str:
    """Return the opened name of a pupil who was fetched for the actor."""
    return open_sealed([student], "name")[0]["name"] or ""
