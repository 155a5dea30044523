"""Noting that parents were taught."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.support import rules
from xinqiao.care.support.models import ParentSession
from xinqiao.care.support.selectors.dealing import pupils_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


class CannotTeach(ValueError):
    """It cannot be noted so; `code` as in `rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SessionDraft:
    """A session as it was written down: `kind`, `way` and `topic` are codes, `families` how many came."""

    kind: str
    way: str
    title: str
    topic: str
    held_on: dt.date
    led_by: str
    families: int
    key: UUID


@command(Permission.PARENTS_EDIT)
def note_session(unit: Unit, *, actor: Actor, draft: SessionDraft) -> ParentSession | Unchanged:
    """Note that parents of a class, a grade or a school were taught. The same form sent twice is one.

    Raises CannotTeach.
    """
    topics = {topic.code for topic in parameters_for(unit.path, today()).families.topics}
    invited = pupils_at(unit.path).count()
    refusal = rules.refusal_to_note_session(
        draft.held_on, today(), families=draft.families, invited=invited, is_topic=draft.topic in topics
    )
    if refusal:
        raise CannotTeach(refusal)
    rows = ParentSession.objects.for_system(reason="body of a command that has checked its actor at the unit")
    row = ParentSession(
        county_id=unit.shard_id, place=unit.path, unit_id=unit.id, key=draft.key, kind=draft.kind, way=draft.way,
        title=draft.title.strip(), topic=draft.topic, held_on=draft.held_on, led_by=draft.led_by.strip(),
        families=draft.families, invited=invited, noted_by=actor.person_id, noted_at=now(),
    )  # fmt: skip
    rows.bulk_create([row], ignore_conflicts=True)
    if not rows.filter(pk=row.pk).exists():
        return Unchanged("noted_already")
    record(
        "support.parents.taught", subject_kind="unit", subject_id=unit.id, place=unit.path, county_id=unit.shard_id,
        facts={"kind": draft.kind, "topic": draft.topic, "families": draft.families, "invited": invited},
    )  # fmt: skip
    return row
