"""Drills of the emergency plan."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import Drill
from xinqiao.care.incidents.rows import every_drill
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS


@dataclass(frozen=True)
class DrillDraft:
    """The day of a drill, what was played through, who took part, what was found; `once` comes with the form."""

    once: UUID
    held_on: dt.date
    scenario: str
    people: str
    found: str


@command(Permission.INCIDENT_LEAD)
def note_drill(school: Unit, *, actor: Actor, draft: DrillDraft) -> Drill | Unchanged:
    """Keep a drill of a school. Raises CannotDo."""
    Unit.objects.select_for_update().get(pk=school.pk)  # of two clicks at once the second waits for the first
    if every_drill().filter(once=draft.once).exists():
        return Unchanged("noted_already")
    if school.kind not in SCHOOL_KINDS:
        raise CannotDo(rules.NOT_AT_SCHOOL)
    if draft.held_on > today():
        raise CannotDo(rules.AHEAD)
    if refusal := rules.refusal_of_words(draft.scenario, draft.people, draft.found):
        raise CannotDo(refusal)
    drill = Drill(
        county_id=school.shard_id, place=school.path, school_id=school.id, key_id=new_key(SubjectKind.INCIDENT),
        once=draft.once, held_on=draft.held_on, scenario=draft.scenario.strip(), people=draft.people.strip(),
        found=draft.found.strip(), noted_by=actor.person_id, noted_at=now(),
    )  # fmt: skip
    drill.save(force_insert=True)
    record("incidents.drill.noted", subject_kind="unit", subject_id=school.id, place=school.path,
           county_id=school.shard_id, facts={"held_on": draft.held_on.isoformat()})  # fmt: skip
    return drill
