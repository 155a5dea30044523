"""Every move of an entry of the register is made and stands in the audit."""

import pytest

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.services.entries import EntryDraft, accept_entry, decline_entry, end_entry, propose_entry
from xinqiao.care.support.states import MOVES
from xinqiao.care.support.tests.conftest import WHY
from xinqiao.foundation.audit.tests.walking import name_of, walk

WALKED = (MOVES,)


def fresh(entry):
    return RegisterEntry.objects.for_system(reason="test").select_related("student").get(pk=entry.pk)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_an_entry(world, enter, move):
    psych = world.actor("psych")
    if move.source == "kept":
        entry = enter()
    else:
        entry = propose_entry(
            world.students[0], actor=world.actor("teacher"), draft=EntryDraft("family", "one-parent", WHY)
        )
    acts = {
        "kept": lambda: accept_entry(fresh(entry), actor=psych),
        "declined": lambda: decline_entry(fresh(entry), actor=psych),
        "ended": lambda: end_entry(fresh(entry), actor=psych, why="not_needed"),
    }
    walk(move, lambda: fresh(entry).state, acts[str(move.target)])
