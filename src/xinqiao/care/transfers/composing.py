"""What of a pupil's file goes, by the rule of the pack and by consent. Private bodies, for an actor of the school."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.alerts.models import Attention
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.states import CaseState
from xinqiao.care.transfers.models import Handover
from xinqiao.care.transfers.parcel import Line, Parcel, Part
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import Section, sections

_REASON = "of a pupil whose file is handed over by a psychology teacher of the school"


def going(actor: Actor, student: Student, codes: Sequence[str], without_asking: Sequence[str]) -> list[Part]:
    """Return the sections of these codes that the actor may read, those `without_asking` as they may be printed.

    A section in which nothing stands does not go.
    """
    found = []
    for section in sections():
        if section.code in codes and section.is_open_to(actor, student.place):
            part = _part(actor, student, section, is_printed=section.code in without_asking)
            found += [part] if part.lines else []
    return found


def _part(actor: Actor, student: Student, section: Section, *, is_printed: bool) -> Part:
    read = section.printed if is_printed and section.printed is not None else section.entries
    entries = sorted(read(actor, student), key=lambda entry: entry.at)
    lines = tuple(Line(each.at, each.title, each.text, each.who) for each in entries)
    return Part(section.code, str(section.title), lines)


def compose(handover: Handover, school: Unit, parts: Sequence[Part]) -> Parcel:
    """Return the parcel of a handover with these sections.

    A level or a case that was ended because the pupil left counts as running.
    """
    student = handover.student
    (opened,) = open_sealed([student], "name", "birth_on")
    left_at = timezone.make_aware(dt.datetime.combine(handover.left_on, dt.time()))
    levels = Attention.objects.for_system(reason=_REASON).filter(student=student).order_by("-set_at")
    attention = levels.filter(Q(ended_at=None) | Q(ended_at__gte=left_at)).first()
    cases = Case.objects.for_system(reason=_REASON).filter(student=student)
    running = cases.filter(~Q(state=CaseState.CLOSED) | Q(closed_at__gte=left_at))
    return Parcel(
        name=opened["name"] or "", sex=student.sex, birth=opened["birth_on"] or "", school=school.name,
        left_on=handover.left_on, level=attention.level if attention is not None else "",
        has_case=running.exists(), parts=tuple(parts),
    )  # fmt: skip
