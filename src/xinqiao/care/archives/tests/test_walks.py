"""Every move of a request and of an excerpt is made by a command, and stands in the audit."""

import pytest

from xinqiao.care.archives.rows import every_excerpt, every_request
from xinqiao.care.archives.services.requests import answer_request, ask_for_excerpt, decide_excerpt
from xinqiao.care.archives.states import EXCERPT_MOVES, REQUEST_MOVES, ExcerptState
from xinqiao.foundation.audit.tests.walking import unheard, walk

WALKED = (REQUEST_MOVES, EXCERPT_MOVES)
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


@pytest.mark.parametrize("walked", [walk_requests, walk_excerpts], ids=["requests", "excerpts"])
def test_every_move_and_its_control(house, monkeypatch, walked):
    walked(house)
    table = REQUEST_MOVES if walked is walk_requests else EXCERPT_MOVES
    every_excerpt().delete()
    every_request().delete()
    unheard(monkeypatch, table[0].event)
    with pytest.raises(AssertionError, match="no event"):
        walked(house)
