"""Every move of a letter, of one that does not wait and of a sealed name is made by the services and stands in the
audit; what the code of a letter moves is in the tests of the intake."""

import pytest

from xinqiao.care.mailbox.rows import every_letter, every_request
from xinqiao.care.mailbox.services.letters import answer_letter, close_letter, lay_letter_aside, make_urgent
from xinqiao.care.mailbox.services.names import ask_name, decide_name, rescue_name, show_name
from xinqiao.care.mailbox.states import MOVES, NAME_MOVES, URGENT_MOVES, NameState
from xinqiao.care.mailbox.tests.conftest import TOLD, WHY
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk

WALKED = (MOVES, URGENT_MOVES, NAME_MOVES)
BY_STAFF = [move for moves in WALKED for move in moves if move.permission]


def letter_at(world, write_letter, move):
    """A letter, and a request for its name where the move is of one, in the state the move begins in."""
    psych = world.actor("psych")
    letter = write_letter(urgent=move in URGENT_MOVES)
    if move in MOVES and move.source == "answered":
        answer_letter(letter, actor=psych, words="收到", seen=1)
    if move in URGENT_MOVES and move.source == "aside":
        lay_letter_aside(letter, actor=psych, reason=WHY)
    request = None
    if move.event == "mailbox.name.shown" or (move in NAME_MOVES and move.source != NameState.RESCUE):
        request = ask_name(letter, actor=psych, reason=WHY, told=TOLD)
        if move.event == "mailbox.name.shown" or move.source == NameState.APPROVED:
            decide_name(request, actor=world.actor("head"), agrees=True, words=WHY)
    elif move in NAME_MOVES:
        rescue_name(letter, actor=psych, reason=WHY, told=TOLD)
        request = every_request().get(letter=letter)
    return letter, request


def walk_of(world, write_letter, move):
    letter, request = letter_at(world, write_letter, move)
    psych, head = world.actor("psych"), world.actor("head")
    acts = {
        "mailbox.letter.answered": lambda: answer_letter(letter, actor=psych, words="在的", seen=1),
        "mailbox.letter.closed": lambda: close_letter(letter, actor=psych, reason=WHY),
        "mailbox.letter.laid_aside": lambda: lay_letter_aside(letter, actor=psych, reason=WHY),
        "mailbox.letter.made_urgent": lambda: make_urgent(letter, actor=psych),
        "mailbox.name.rescued": lambda: rescue_name(letter, actor=psych, reason=WHY, told=TOLD),
        "mailbox.name.shown": lambda: show_name(request, actor=psych),
        **{f"mailbox.name.{word}": lambda agrees=agrees: decide_name(request, actor=head, agrees=agrees, words=WHY)
           for word, agrees in (("approved", True), ("refused", False), ("confirmed", True), ("objected", False))},
    }  # fmt: skip
    state = {
        MOVES: lambda: every_letter().get(pk=letter.pk).state,
        URGENT_MOVES: lambda: every_letter().get(pk=letter.pk).urgent,
        NAME_MOVES: lambda: every_request().get(pk=request.pk).state,
    }  # fmt: skip
    table = next(moves for moves in WALKED if move in moves)
    walk(move, state[table], acts[move.event], by=head if move.permission == "mailbox.name:decide" else psych,
         of=letter.id)  # fmt: skip


@pytest.mark.parametrize("move", BY_STAFF, ids=name_of)
def test_every_move(world, write_letter, move):
    walk_of(world, write_letter, move)


@pytest.mark.parametrize("move", [MOVES[0], URGENT_MOVES[0], NAME_MOVES[0]], ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(world, write_letter, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(world, write_letter, move)
