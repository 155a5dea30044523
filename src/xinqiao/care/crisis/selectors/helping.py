"""Whom the reader helps: the helper's part of plans, with level and advice, and nothing of the reasons."""

import datetime as dt
from dataclasses import dataclass

from xinqiao.care.alerts.models import Attention
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.crisis.models import CarePlan
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed


@dataclass(frozen=True)
class HelpRow:
    """One pupil whom the reader helps."""

    name: str
    class_name: str
    level: str
    advice: str
    what_i_do: str
    review_on: dt.date


def is_helping(actor: Actor) -> bool:
    """Was anybody entrusted to the reader?"""
    return bool(CarePlan.objects.visible_to(actor, Permission.HELPER_OWN).exists())


def whom_i_help(actor: Actor) -> list[HelpRow]:
    """Return the pupils in care whose named helper the reader is; reading it is an audit event."""
    plans = list(CarePlan.objects.visible_to(actor, Permission.HELPER_OWN).select_related("case__student"))
    students = [plan.case.student for plan in plans]
    names, classes = names_of(students), class_names({student.place for student in students}, today())
    advice = _advice(plans)
    if plans:
        note_reading(
            actor, "crisis.helping.read", subject_kind="students", place=min(s.place for s in students),
            county_id=plans[0].county_id,
            facts={"count": len(plans), "ids": [str(student.id) for student in students]},
        )  # fmt: skip
    rows = [
        HelpRow(
            name=names[plan.case.student_id], class_name=classes.get(plan.case.student.place, ""),
            level=plan.case.level or "none", advice=advice.get(plan.case.student_id, ""),
            what_i_do=words["for_helper"] or "", review_on=plan.review_on,
        )
        for plan, words in zip(plans, open_sealed(plans, "for_helper"), strict=True)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.class_name, row.name))


def _advice(plans: list[CarePlan]) -> dict[object, str]:
    """The advice in force for the same pupils: what everybody who meets them may know."""
    rows = Attention.objects.for_system(reason="advice for the helper whom a plan names")
    found = list(rows.filter(student_id__in=[plan.case.student_id for plan in plans], ended_at__isnull=True))
    return {
        row.student_id: words["advice"] or "" for row, words in zip(found, open_sealed(found, "advice"), strict=True)
    }
