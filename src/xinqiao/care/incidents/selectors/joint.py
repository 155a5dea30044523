"""Joint activations with health: the officer's page, what the school sees of one, and what a report says of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.incidents.models import Incident, JointActivation, JointPart
from xinqiao.care.incidents.rows import every_activation, every_joint_note, every_part
from xinqiao.care.incidents.selectors.story import Told
from xinqiao.care.incidents.states import PART_OPEN, JointState, LineState, PartState
from xinqiao.care.incidents.wording import name_in
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import units_by_id


@dataclass(frozen=True)
class PartRow:
    """What one partner was asked for and contributes; `minutes_left` to its answer, then to its arrival."""

    id: UUID
    whom: str
    asked: str
    state: str
    state_label: str
    due_at: dt.datetime
    people: int | None
    arrives_at: dt.datetime | None
    words: str
    minutes_left: int | None

    @property
    def is_waiting(self) -> bool:
        """Is its answer still out?"""
        return self.state == PartState.WAITING

    @property
    def is_promised(self) -> bool:
        """Is it on its way?"""
        return self.state == PartState.PROMISED

    @property
    def is_late(self) -> bool:
        """Is its answer or its arrival overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class JointPage:
    """One joint activation. `experts` says how the expert team's call-out stands that belongs to it, or is empty."""

    activation: JointActivation
    school: str
    kind: str
    level: str
    grounds: str
    lead_education: str
    lead_health: str
    is_active: bool
    parts: Sequence[PartRow]
    experts: str
    experts_due_at: dt.datetime | None
    story: Sequence[Told]
    situation_left: int | None
    ending: str

    @property
    def open_parts(self) -> int:
        """How many partners still have to answer or to arrive."""
        return sum(row.state in PART_OPEN for row in self.parts)


def activation_for(actor: Actor, activation_id: UUID) -> JointActivation | None:
    """Return a joint activation that the actor leads, else None."""
    rows = JointActivation.objects.visible_to(actor, Permission.INCIDENT_RECEIVE).select_related("incident", "call")
    found: JointActivation | None = rows.filter(pk=activation_id).first()
    return found


def part_for(actor: Actor, part_id: UUID) -> JointPart | None:
    """Return a partner's part of a joint activation that the actor leads, else None."""
    rows = JointPart.objects.visible_to(actor, Permission.INCIDENT_RECEIVE)
    found: JointPart | None = rows.select_related("activation__incident", "activation__call").filter(pk=part_id).first()
    return found


def joint_page(actor: Actor, activation: JointActivation, at: dt.datetime) -> JointPage:
    """Return a joint activation that was fetched for the actor; reading it is an audit event. It names no pupil."""
    note_reading(
        actor, "incidents.joint.read", subject_kind="incident", subject_id=activation.incident_id,
        place=activation.place, county_id=activation.county_id, facts={"level": activation.level},
    )  # fmt: skip
    return _page(activation, at)


def joints_of(incident: Incident, at: dt.datetime) -> list[JointPage]:
    """Return the joint activations of an incident whose reader was checked, the newest first."""
    rows = every_activation().filter(incident=incident).select_related("incident", "call").order_by("-opened_at")
    return [_page(row, at) for row in rows]


def _page(row: JointActivation, at: dt.datetime) -> JointPage:
    said = open_sealed([row], "grounds", "lead_health", "ending")[0]
    parts = list(every_part().filter(activation=row).order_by("asked_at", "id"))
    is_active = row.state == JointState.ACTIVE
    schools = units_by_id([row.incident.school_id])
    return JointPage(
        activation=row, school=getattr(schools.get(row.incident.school_id), "name", ""),
        kind=name_in(row.incident.names), level=name_in(row.level_names), grounds=said["grounds"] or "",
        lead_education=staff_names([row.lead_education]).get(row.lead_education, ""),
        lead_health=said["lead_health"] or "", is_active=is_active, parts=part_rows(parts, at),
        experts=_experts(row), story=_story(row, parts),
        experts_due_at=row.call.due_at if row.call and row.call.state == LineState.WAITING else None,
        situation_left=minutes_left(row.situation_due_at, at) if is_active else None, ending=said["ending"] or "",
    )  # fmt: skip


def part_rows(parts: Sequence[JointPart], at: dt.datetime) -> list[PartRow]:
    """Return parts of partners that were fetched for the reader."""
    opened = open_sealed(list(parts), "asked", "words")
    return [_part(part, said, at) for part, said in zip(parts, opened, strict=True)]


def _part(part: JointPart, said: Mapping[str, str | None], at: dt.datetime) -> PartRow:
    return PartRow(
        id=part.id, whom=part.whom, asked=said["asked"] or "", state=part.state,
        state_label=str(PartState(part.state).label), due_at=part.due_at, people=part.people,
        arrives_at=part.arrives_at, words=said["words"] or "",
        minutes_left=minutes_left(part.due_at, at) if part.state in PART_OPEN else None,
    )  # fmt: skip


def _experts(row: JointActivation) -> str:
    if row.call is None:
        return ""
    return {
        LineState.WAITING: _("called out, on its way"), LineState.DONE: _("has arrived"),
        LineState.WAIVED: _("does not come"),
    }[LineState(row.call.state)]  # fmt: skip


def _story(row: JointActivation, parts: Sequence[JointPart]) -> list[Told]:
    """What happened in it, the earliest first."""
    notes = list(every_joint_note().filter(activation=row))
    names = staff_names([row.opened_by, *(note.noted_by for note in notes), *([row.ended_by] if row.ended_by else [])])
    told = [Told(row.opened_at, _("Joint activation begun"), row.partner_name, names.get(row.opened_by, ""))]
    for note, said in zip(notes, open_sealed(notes, "words"), strict=True):
        told.append(Told(note.at, said["words"] or "", who=names.get(note.noted_by, "")))
    for part in parts:
        if part.answered_at and part.people and part.arrives_at:
            words = ngettext("{whom}: {count} person comes", "{whom}: {count} people come", part.people)
            told.append(Told(part.answered_at, words.format(whom=part.whom, count=part.people)))
        if part.settled_at:
            label = str(PartState(part.state).label)
            told.append(Told(part.settled_at, _("{how}: {count}").format(how=part.whom, count=label)))
    if row.ended_at:
        told.append(Told(row.ended_at, _("Joint activation ended"), tone="green"))
    return sorted(told, key=lambda each: each.at)


def joint_words(incident: Incident) -> str:
    """Return what a report says of joint activations: which level, with whom, how many people; empty without one."""
    rows = list(every_activation().filter(incident=incident).order_by("opened_at"))
    people = sum(
        part.people or 0 for part in every_part().filter(activation__in=rows, state__in=("promised", "came"))
    )  # fmt: skip
    return "\n".join(
        _("Joint activation with health: {level}, {partner}; {count} people promised or there").format(
            level=name_in(row.level_names), partner=row.partner_name, count=people
        )
        for row in rows
    )  # fmt: skip
