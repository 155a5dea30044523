"""Every move of an item of public opinion and of a message's draft is made by the services and stands in the audit."""

import pytest

from xinqiao.care.incidents.services.drafting import drop_draft, write_draft
from xinqiao.care.incidents.states import DRAFT_MOVES, OPINION_MOVES
from xinqiao.care.incidents.tests.speaking import Speaking
from xinqiao.foundation.audit.tests.walking import name_of, walk, way_to

WALKED = (OPINION_MOVES, DRAFT_MOVES)


@pytest.fixture
def speaking(world, incident):
    return Speaking(world, incident)


def step(speaking, item, target):
    {"judged": speaking.judge, "answered": speaking.answer, "closed": speaking.close}[target](item)


@pytest.mark.parametrize("move", OPINION_MOVES, ids=name_of)
def test_every_move_of_what_the_public_says(speaking, move):
    item = speaking.collect()
    for before in way_to(OPINION_MOVES, "found", move.source):
        step(speaking, item, str(before.target))
    walk(move, lambda: speaking.item(item).state, lambda: step(speaking, item, str(move.target)))


def lead(speaking, draft, target):
    now = speaking.message(draft)
    if target == "written":
        write_draft(now, actor=speaking.actor(), text=f"第{now.version}稿", after=now.version)
    elif target == "checked":
        speaking.check(draft)
    elif target == "given":
        speaking.give(draft)
    else:
        drop_draft(now, actor=speaking.actor(), words="不再需要")


@pytest.mark.parametrize("move", DRAFT_MOVES, ids=name_of)
def test_every_move_of_a_message(speaking, move):
    draft = speaking.begin()
    for before in way_to(DRAFT_MOVES, "written", move.source):
        lead(speaking, draft, str(before.target))
    walk(move, lambda: speaking.message(draft).state, lambda: lead(speaking, draft, str(move.target)))
