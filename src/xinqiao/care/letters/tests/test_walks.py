"""Every move of a letter is made by the services or by whoever holds its code, and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.letters.codes import words_digest
from xinqiao.care.letters.rows import every_letter
from xinqiao.care.letters.services.opening import ask_for_talk, open_letter
from xinqiao.care.letters.services.refusing import CannotDo
from xinqiao.care.letters.services.releasing import hand_over, release_class, settle_wish, withdraw_letter
from xinqiao.care.letters.services.writing import read_own, share_words, write_own
from xinqiao.care.letters.states import MOVES, LetterState
from xinqiao.care.letters.tests.conftest import OWN
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk, way_to

WALKED = (MOVES,)
OF_CLASS = ("letters.letters.released", "letters.letters.handed_over")


class Mail:
    """The letter of the first pupil, prepared; the words for everybody are read."""

    def __init__(self, post):
        self.post, self.mailing = post, post.read()
        self.id = post.letter().pk

    @property
    def letter(self):
        return every_letter().select_related("mailing__campaign", "student").get(pk=self.id)

    def who(self, move):
        """Return who makes a move: class teachers hand over, and no member of staff stands behind a code."""
        if not move.permission:
            return system_actor("letters.door")
        is_handed = move.event == "letters.letters.handed_over"
        return self.post.school.actor("teacher") if is_handed else self.post.psych

    def read_own(self, actor):
        write_own(self.letter, actor=actor, words=OWN)
        read_own(self.letter, actor=actor, shown=words_digest(self.id, OWN))

    def make(self, move):
        actor, unit, mailing = self.who(move), self.post.unit, self.mailing
        {
            "letters.letter.read": lambda: self.read_own(actor),
            "letters.letter.written": lambda: write_own(self.letter, actor=actor, words=f"{OWN}再见。"),
            "letters.letter.shared": lambda: share_words(self.letter, actor=actor),
            "letters.letters.released": lambda: release_class(unit, actor=actor, mailing=mailing),
            "letters.letters.handed_over": lambda: hand_over(
                unit, actor=actor, mailing=mailing, student_ids=[self.letter.student_id]
            ),
            "letters.letter.opened": lambda: open_letter(self.letter, actor=actor),
            "letters.letter.answered": lambda: ask_for_talk(self.letter, actor=actor),
            "letters.letter.settled": lambda: settle_wish(self.letter, actor=actor),
            "letters.letter.withdrawn": lambda: withdraw_letter(self.letter, actor=actor),
        }[move.event]()


def walk_of(post, move):
    """The check of one move: by whom, and about the pupil, or about the class that goes out together."""
    it = Mail(post)
    for before in way_to(MOVES, "draft", move.source):
        it.make(before)
    of = it.post.unit.id if move.event in OF_CLASS else it.letter.student_id
    walk(move, lambda: it.letter.state, lambda: it.make(move), by=it.who(move), of=of)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_letter(post, move):
    walk_of(post, move)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(post, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(post, move)


def test_control_a_move_that_the_services_refuse_is_red(post):
    (withdrawn,) = (m for m in MOVES if (m.source, m.target) == (LetterState.DELIVERED, LetterState.WITHDRAWN))
    with pytest.raises(CannotDo):
        walk_of(post, replace(withdrawn, source=LetterState.ANSWERED))
