"""Every move of a member of the group is made and stands in the audit."""

import pytest

from xinqiao.care.counselling.rows import every_member
from xinqiao.care.counselling.services.groups import admit_member, end_member, join_group
from xinqiao.care.counselling.states import MEMBER_MOVES
from xinqiao.foundation.audit.tests.walking import name_of, walk

WALKED = (MEMBER_MOVES,)


@pytest.mark.parametrize("move", MEMBER_MOVES, ids=name_of)
def test_every_move_of_a_member(world, sealed, move):
    psych, state = world.actor("psych"), lambda: every_member().get(staff_id=world.id_of("psych2")).state
    if move.source == "admitted":
        sealed.found()
    else:
        sealed.choose("psych", "psych2")
        for login in ("psych", "psych2"):
            join_group(world.school, actor=world.actor(login))
    acts = {
        "admitted": lambda: admit_member(sealed.member("psych2"), actor=psych, private=sealed.private("psych")),
        "waiting": lambda: sealed.choose("psych2"),
        "ended": lambda: end_member(sealed.member("psych2"), actor=psych),
    }
    walk(move, state, acts[str(move.target)])
