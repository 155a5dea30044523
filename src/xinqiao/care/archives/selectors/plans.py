"""What the forms of growth plans and of the family sections begin with."""

import datetime as dt
from uuid import UUID

from django.utils.translation import get_language

from xinqiao.care.archives.models import FamilyNote, GrowthPlan
from xinqiao.care.archives.terms import term_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student
from xinqiao.register.policy.archive_packs import PlanTemplate
from xinqiao.register.policy.selectors import parameters_for


def templates_for(place: str, stage: str, on: dt.date) -> list[tuple[str, str]]:
    """Return the templates of the rules in force for a stage, as (code, name) in the reader's language."""
    language = get_language() or ""
    return [(each.code, each.name.in_language(language)) for each in _templates(place, stage, on)]


def first_words(place: str, stage: str, code: str, on: dt.date) -> dict[str, object]:
    """Return what a form for new plans begins with: a template's words, or none, and the day of the next look."""
    language = get_language() or ""
    look_on = on + dt.timedelta(days=parameters_for(place, on).archives.look_days)
    chosen = next((each for each in _templates(place, stage, on) if each.code == code), None)
    if chosen is None:
        return {"look_on": look_on}
    words = {name: getattr(chosen, name).in_language(language) for name in ("strengths", "aim", "helps")}
    return {**words, "look_on": look_on}


def _templates(place: str, stage: str, on: dt.date) -> list[PlanTemplate]:
    return [each for each in parameters_for(place, on).archives.templates if not stage or stage in each.stages]


def plan_now(actor: Actor, student: Student, on: dt.date) -> dict[str, object]:
    """Return the words of a pupil's plan of this term, empty where there is none; reading it is an event."""
    note_reading(
        actor, "archives.plan.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id,
    )  # fmt: skip
    term = term_at(student.place, on)
    visible = GrowthPlan.objects.visible_to(actor, Permission.FILE_PLAN)
    row = visible.filter(student=student, year=term.year, term=term.number, is_current=True).first()
    if row is None:
        return {}
    return {**open_sealed([row], "strengths", "aim", "helps")[0], "look_on": row.look_on}


def family_now(actor: Actor, student: Student) -> dict[str, object]:
    """Return the family sections in force, empty where there are none; reading them is an event."""
    note_reading(
        actor, "archives.family.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id,
    )  # fmt: skip
    visible = FamilyNote.objects.visible_to(actor, Permission.FILE_FAMILY)
    row = visible.filter(student=student, is_current=True).first()
    if row is None:
        return {}
    return {**open_sealed([row], "situation", "upbringing", "experience")[0], "told_by": row.told_by}


def ids_of(texts: list[str]) -> set[UUID]:
    """Return the ids that a form sent; what is none is left out."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
