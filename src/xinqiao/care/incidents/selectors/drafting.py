"""Drafts of messages about an incident, for those who lead it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.incidents.messages import Flag, data_language, flags_in, guidance, has_gap
from xinqiao.care.incidents.models import Incident, MessageDraft
from xinqiao.care.incidents.rows import every_draft
from xinqiao.care.incidents.selectors.story import Told
from xinqiao.care.incidents.states import DRAFT_OPEN, Audience, DraftState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names


@dataclass(frozen=True)
class DraftRow:
    """One draft in the list of an incident, and in its course once it is given out."""

    id: UUID
    audience: str
    language: str
    state: str
    state_label: str
    written_by: str
    written_at: dt.datetime
    given_by: str
    given_to: str
    given_at: dt.datetime | None

    @property
    def is_waiting(self) -> bool:
        """Is it neither given out nor put aside?"""
        return self.state in DRAFT_OPEN


@dataclass(frozen=True)
class DraftPage:
    """One draft with its text, what the guidance finds in it, and what this reader can do next."""

    row: DraftRow
    text: str
    reason: str
    checked_by: str
    flags: Sequence[Flag]
    advice: Sequence[str]
    source: str
    has_gap: bool
    may_write: bool
    may_check: bool
    may_give: bool


def draft_for(actor: Actor, draft_id: UUID) -> MessageDraft | None:
    """Return a draft of an incident that the actor may lead, else None."""
    rows = MessageDraft.objects.visible_to(actor, Permission.INCIDENT_LEAD).select_related("incident")
    found: MessageDraft | None = rows.filter(pk=draft_id).first()
    return found


def draft_rows(incident: Incident) -> list[DraftRow]:
    """Return the drafts of an incident whose reader was checked, those that wait first; a fixed number of queries."""
    rows = _rows(list(every_draft().filter(incident=incident).order_by("written_at", "id")))
    return sorted(rows, key=lambda row: not row.is_waiting)


def _rows(drafts: Sequence[MessageDraft]) -> list[DraftRow]:
    names = staff_names([each for draft in drafts for each in (draft.written_by, draft.given_by) if each])
    return [
        DraftRow(
            id=draft.id, audience=str(Audience(draft.audience).label), language=draft.language, state=draft.state,
            state_label=str(DraftState(draft.state).label), written_by=names.get(draft.written_by, ""),
            written_at=draft.written_at, given_by=names.get(draft.given_by, "") if draft.given_by else "",
            given_to=said["given_to"] or "", given_at=draft.given_at,
        )
        for draft, said in zip(drafts, open_sealed(list(drafts), "given_to"), strict=True)
    ]  # fmt: skip


def draft_page(actor: Actor, draft: MessageDraft, typed: str = "") -> DraftPage:
    """Return a draft that was fetched for the actor; reading it is an audit event. `typed` is a text that was refused:
    the guidance looks at it instead."""
    note_reading(
        actor, "incidents.draft.read", subject_kind="incident", subject_id=draft.incident_id, place=draft.place,
        county_id=draft.county_id, facts={"audience": draft.audience},
    )  # fmt: skip
    said = open_sealed([draft], "text", "reason")[0]
    text, language = said["text"] or "", data_language(get_language() or "")
    looked_at, known = typed or text, guidance()
    return DraftPage(
        row=_rows([draft])[0], text=text, reason=said["reason"] or "",
        checked_by=staff_names([draft.checked_by]).get(draft.checked_by, "") if draft.checked_by else "",
        flags=flags_in(looked_at, language), advice=[each[language] for each in known.advice],
        source=known.source[language], has_gap=has_gap(looked_at), may_write=draft.state in DRAFT_OPEN,
        may_check=draft.state == DraftState.WRITTEN and draft.written_by != actor.person_id,
        may_give=draft.state == DraftState.CHECKED,
    )  # fmt: skip


def draft_story(rows: Sequence[DraftRow]) -> list[Told]:
    """Return which messages were given out, for the course of the incident."""
    return [
        Told(row.given_at, _("Given out: {audience}").format(audience=row.audience), row.given_to, row.given_by)
        for row in rows
        if row.given_at
    ]
