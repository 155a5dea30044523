"""Proposing the erasure of a pupil's texts, approving it as a second person, and calling it back."""

import datetime as dt

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.archives import rules
from xinqiao.care.archives.clocks import SUBJECT, rules_for
from xinqiao.care.archives.errors import CannotFile, demand_none
from xinqiao.care.archives.inventory import still_open
from xinqiao.care.archives.models import Erasure, FileRequest
from xinqiao.care.archives.rows import every_erasure, every_request
from xinqiao.care.archives.states import LIVE, ErasureState, erasure_sources_of
from xinqiao.care.archives.telling import record_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.models import Student


@command(Permission.FILE_EXCERPT)
def propose_erasure(request: FileRequest, *, actor: Actor) -> Erasure:
    """Propose to erase a pupil's texts; a second person hears neutrally that something waits. Raises CannotFile."""
    locked = every_request().select_for_update().get(pk=request.pk)
    student = Student.objects.for_system(reason="body of a command").select_for_update().get(pk=locked.student_id)
    is_live = every_erasure().filter(student=student, state__in=LIVE).exists()
    demand_none(
        rules.refusals_to_propose(locked.kind, locked.state, still_open(student, locked.id), is_live=is_live)
    )  # fmt: skip
    at = now()
    erasure = Erasure(
        county_id=locked.county_id, place=locked.place, student=student, request=locked, proposed_by=actor.person_id,
        proposed_at=at,
    )  # fmt: skip
    erasure.save(force_insert=True)
    send_neutral_word(("principal",), (), locked.place, about_kind=SUBJECT, about_id=locked.id, at=at)
    record_of(locked, "archives.erasure.proposed", erasure=str(erasure.id))
    return erasure


@command(Permission.FILE_APPROVE)
def approve_erasure(erasure: Erasure, *, actor: Actor) -> Erasure:
    """Approve an erasure as somebody else than who proposed it; it is carried out after the pack's days."""
    erasure.refresh_from_db()
    is_same = erasure.proposed_by == actor.person_id
    demand_none(
        rules.refusals_to_approve(
            erasure.state, still_open(erasure.student, erasure.request_id), is_same_person=is_same
        )
    )  # fmt: skip
    at = now()
    days = rules_for(erasure.place, at).archives.erasure_wait_days
    return _moved(
        erasure, ErasureState.WAITING, "archives.erasure.approved", at, approved_by=actor.person_id, approved_at=at,
        runs_at=at + dt.timedelta(days=days),
    )  # fmt: skip


@command(Permission.FILE_APPROVE)
def refuse_erasure(erasure: Erasure, *, actor: Actor) -> Erasure:
    """Do not approve an erasure; the request stays open, and its answer says why. Raises CannotFile."""
    at = now()
    return _moved(
        erasure, ErasureState.REFUSED, "archives.erasure.refused", at, ended_by=actor.person_id, ended_at=at
    )  # fmt: skip


@command(Permission.FILE_REQUEST)
def recall_erasure(erasure: Erasure, *, actor: Actor) -> Erasure:
    """Call an erasure back before it is carried out; the request stays open. Raises CannotFile."""
    at = now()
    return _moved(
        erasure, ErasureState.RECALLED, "archives.erasure.recalled", at, ended_by=actor.person_id, ended_at=at
    )  # fmt: skip


def _moved(erasure: Erasure, target: ErasureState, event: str, at: dt.datetime, **changes: object) -> Erasure:
    """Move an erasure, once: of two at the same time one wins."""
    rows = every_erasure().filter(pk=erasure.pk, state__in=erasure_sources_of(target))
    if not rows.update(state=target, **changes):
        raise CannotFile([rules.ERASURE_OVER])
    erasure.refresh_from_db()
    send_neutral_word(
        ("psychology_teachers",), (), erasure.place, about_kind=SUBJECT, about_id=erasure.request_id, at=at
    )  # fmt: skip
    record_of(erasure.request, event, erasure=str(erasure.id))
    return erasure
