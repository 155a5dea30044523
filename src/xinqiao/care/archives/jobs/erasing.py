"""Carrying out approved erasures once their days are over."""

import datetime as dt
import logging
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.archives.clocks import SUBJECT, stop_answering
from xinqiao.care.archives.erasing import destroy_names_left, erase
from xinqiao.care.archives.inventory import still_open
from xinqiao.care.archives.models import Erasure
from xinqiao.care.archives.rows import every_erasure, every_request
from xinqiao.care.archives.states import ErasureState, RequestState, erasure_sources_of, request_sources_of
from xinqiao.care.archives.telling import record_of
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.jobs.apart import each_apart
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

log = logging.getLogger(__name__)
BATCH = 50


class SomeWereNotErased(RuntimeError):
    """Some could not be erased just now; they are tried again, and the job's mark shows it."""


def carry_out_erasures(now: dt.datetime) -> int:
    """Carry out what was approved and not called back; return how many were ended. Run twice, it erases once."""
    due = every_erasure().filter(state=ErasureState.WAITING, runs_at__lte=now).order_by("runs_at")

    def carry_out(erasure_id: UUID) -> int:
        with recording(system_actor("archives.erase")):
            return _carry_out(erasure_id, now)

    ended, failed = each_apart(list(due.values_list("id", flat=True)[:BATCH]), carry_out, log=log, words="not erased")
    if failed:
        raise SomeWereNotErased(str(failed))
    return ended


def end_sealed_names(now: dt.datetime) -> int:
    """Destroy the names of erased pupils behind letters without a name that were closed since; return how many."""
    with recording(system_actor("archives.names")):
        ended = destroy_names_left(now)
        if ended:
            record("archives.erasure.names", facts={"count": ended})
    return ended


def _carry_out(erasure_id: UUID, now: dt.datetime) -> int:
    """End one erasure in the caller's transaction: the pupil's row is locked first, so that what is written about the
    pupil at the same moment comes before or after it."""
    waiting = every_erasure().filter(pk=erasure_id, state__in=erasure_sources_of(ErasureState.DONE))
    erasure = waiting.select_for_update().first()
    if erasure is None:
        return 0
    request = every_request().select_for_update().get(pk=erasure.request_id)
    student = Student.objects.for_system(reason="body of a job").select_for_update().get(pk=erasure.student_id)
    if still_open(student, request.id):
        waiting.update(state=ErasureState.STOPPED, ended_at=now)
        words = ("psychology_teachers", "principal")
        sent = send_neutral_word(words, (), request.place, about_kind=SUBJECT, about_id=request.id, at=now)
        record_of(request, "archives.erasure.stopped", erasure=str(erasure.id), sent=sent)
        return 1
    is_at_school = student.status == StudentStatus.ACTIVE
    rows = erase(student, erasure)
    waiting.update(state=ErasureState.DONE, ended_at=now, rows=rows)
    _answer(erasure, is_at_school=is_at_school, at=now)
    return 1


def _answer(erasure: Erasure, *, is_at_school: bool, at: dt.datetime) -> None:
    """Answer the request with what was done, and stop its clock."""
    request = every_request().get(pk=erasure.request_id)
    kept = _("Roster data and consents are kept: the school has to keep them.") if is_at_school else ""
    done = _(
        "On {day} all psychological texts about the pupil were erased. "
        "Copies in backups become unreadable when the backup of the keys ends."
    ).format(day=day_words(timezone.localtime(at).date()))
    request.answer = " ".join(part for part in (done, kept) if part)
    seal_rows([request])
    every_request().filter(pk=request.pk, state__in=request_sources_of(RequestState.GRANTED)).update(
        state=RequestState.GRANTED, answer=request.answer, answered_by=erasure.approved_by, answered_at=at
    )
    assert erasure.approved_by is not None
    stop_answering(request, at=at, by=erasure.approved_by)
    record_of(request, "archives.erasure.done", erasure=str(erasure.id), is_at_school=is_at_school)
    record_of(request, "archives.request.answered", outcome=RequestState.GRANTED.value, is_late=at > request.due_at)
