"""Every move of a request, of an excerpt and of an erasure is made by a command, and stands in the audit."""

import datetime as dt

import pytest

from xinqiao.care.archives.jobs.erasing import carry_out_erasures
from xinqiao.care.archives.rows import every_erasure, every_excerpt, every_request
from xinqiao.care.archives.services.erasures import approve_erasure, propose_erasure, recall_erasure, refuse_erasure
from xinqiao.care.archives.services.requests import (
    Asked,
    answer_request,
    ask_for_excerpt,
    decide_excerpt,
    record_request,
)
from xinqiao.care.archives.states import ERASURE_MOVES, EXCERPT_MOVES, REQUEST_MOVES, ErasureState, ExcerptState
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.tests.walking import unheard, walk
from xinqiao.foundation.core import clock

WALKED = (REQUEST_MOVES, EXCERPT_MOVES, ERASURE_MOVES)
OTHER = Asked("see", "pupil", "person", dt.date(2026, 11, 20), "想看看记录")
pytestmark = pytest.mark.django_db


def walk_requests(house):
    """Three requests, each answered another way."""
    psych = house.world.actor("psych")
    for student, move in zip(house.world.students, REQUEST_MOVES, strict=True):
        request = house.ask(student)
        walk(
            move, lambda key=request.pk: every_request().get(pk=key).state,
            lambda one=request, to=move.target: answer_request(one, actor=psych, outcome=to, answer="已答复"),
            by=psych, of=student.id,
        )  # fmt: skip


def walk_excerpts(house):
    """Two excerpts, one approved and one not, by the head."""
    psych, head = house.world.actor("psych"), house.world.actor("head")
    for student, move in zip(house.world.students[:2], EXCERPT_MOVES, strict=True):
        excerpt = ask_for_excerpt(house.ask(student), actor=psych, sections=["plan"], purpose="给家长")
        is_yes = move.target == ExcerptState.APPROVED
        walk(
            move, lambda key=excerpt.pk: every_excerpt().get(pk=key).state,
            lambda one=excerpt, yes=is_yes: decide_excerpt(one, actor=head, is_yes=yes, reason="不必要"),
            by=head, of=student.id,
        )  # fmt: skip


def carry_out(erasure, *, is_open):
    """Let the clock come to an erasure, with something open about the pupil or nothing."""
    extra = record_request(erasure.student, actor=system_actor("test"), asked=OTHER) if is_open else None
    with clock.frozen(erasure.runs_at):
        carry_out_erasures(clock.now())
    if extra is not None:
        answer_request(extra, actor=system_actor("test"), outcome="granted", answer="已答复")


def walk_erasures(house):
    """One erasure for each move: by the head, called back by the psychology teacher, or by the clock."""
    psych, head = house.world.actor("psych"), house.world.actor("head")
    acts = {
        ErasureState.WAITING: lambda one: approve_erasure(one, actor=head),
        ErasureState.REFUSED: lambda one: refuse_erasure(one, actor=head),
        ErasureState.RECALLED: lambda one: recall_erasure(one, actor=psych),
        ErasureState.STOPPED: lambda one: carry_out(one, is_open=True),
        ErasureState.DONE: lambda one: carry_out(one, is_open=False),
    }
    student = house.world.students[0]
    for move in ERASURE_MOVES:
        student.refresh_from_db()  # its key is another one after an erasure
        request = house.ask(student, kind="delete")
        erasure = propose_erasure(request, actor=psych)
        if move.source == ErasureState.WAITING:
            erasure = approve_erasure(erasure, actor=head)
        by = {ErasureState.WAITING: head, ErasureState.REFUSED: head, ErasureState.RECALLED: psych}.get(move.target)
        walk(
            move, lambda key=erasure.pk: every_erasure().get(pk=key).state,
            lambda one=erasure, to=move.target: acts[to](one), by=by, of=student.id,
        )  # fmt: skip
        if every_erasure().get(pk=erasure.pk).state == ErasureState.WAITING:
            recall_erasure(erasure, actor=psych)
        every_erasure().delete()
        every_request().delete()


TABLES = {walk_requests: REQUEST_MOVES, walk_excerpts: EXCERPT_MOVES, walk_erasures: ERASURE_MOVES}


@pytest.mark.parametrize("walked", TABLES, ids=lambda walked: walked.__name__)
def test_every_move_and_its_control(house, monkeypatch, walked):
    walked(house)
    table = TABLES[walked]
    every_excerpt().delete()
    every_request().delete()
    unheard(monkeypatch, table[0].event)
    with pytest.raises(AssertionError, match="no event"):
        walked(house)
