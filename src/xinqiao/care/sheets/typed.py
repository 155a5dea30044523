"""What a person types from a printed sheet: one character a question, in the order of the paper. Pure.

A code stands as its digit (10 and more as letters), `-` for a question left blank. The same characters stand beside the
boxes of the printed sheet, so that whoever types copies and never translates.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
BLANK = "-"
BLANKS = frozenset("-－—–_.。")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a paper: `item` counts within its scale; `asked_if` names items and the code that opens it."""

    scale: str
    item: int
    codes: tuple[int, ...]
    critical: tuple[int, ...] = ()
    asked_if: tuple[tuple[int, ...], int] | None = None

    @property
    def is_talk(self) -> bool:
        """Is this the last box of every printed sheet, "I would like to talk to someone"?"""
        return not self.scale

    @property
    def characters(self) -> str:
        """What may be typed here, beside the blank."""
        return "".join(CHARACTERS[code] for code in self.codes)


class Mistyped(ValueError):
    """What was typed is no sheet of this paper. `code`: too_short, too_long, wrong_code; `place` counts from 1."""

    def __init__(self, code: str, place: int) -> None:
        super().__init__(f"{code} at {place}")
        self.code, self.place = code, place


TALK = Question("", 0, (1,))


def questions_of(content: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions of a printed sheet: those that pupils see, in order, and the box for a talk."""
    asked = (_question(scale["id"], item) for scale in content["scales"] for item in scale["items"])
    return (*asked, TALK)


def _question(scale: str, item: Mapping[str, Any]) -> Question:
    rule = item.get("show_if")
    return Question(
        scale, item["n"], tuple(option["code"] for option in item["options"]), tuple(item.get("critical", ())),
        (tuple(rule["any_of"]), rule["code"]) if rule else None,
    )  # fmt: skip


def can_be_typed(questions: Sequence[Question]) -> bool:
    """Has every code a character of its own?"""
    return all(0 <= code < len(CHARACTERS) for question in questions for code in question.codes)


def tidied_typing(typed: str) -> str:
    """Return what was typed, full-width forms folded, blanks between groups removed, any dash as the blank."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    return "".join(BLANK if letter in BLANKS else letter for letter in plain if not letter.isspace())


def read_typing(typed: str, questions: Sequence[Question]) -> str:
    """Return a whole sheet as it is kept: a character a question, hidden questions blank. Raises Mistyped."""
    text = tidied_typing(typed)
    for place, (letter, question) in enumerate(zip(text, questions, strict=False), start=1):
        if letter != BLANK and letter not in question.characters:
            raise Mistyped("wrong_code", place)
    if len(text) != len(questions):
        raise Mistyped("too_short" if len(text) < len(questions) else "too_long", min(len(text), len(questions)) + 1)
    return _without_hidden(text, questions)


def _without_hidden(text: str, questions: Sequence[Question]) -> str:
    """A question that the pupil was not to answer is blank, whatever stands there: as the pupil's own page does it."""
    given = {(q.scale, q.item): letter for q, letter in zip(questions, text, strict=True)}
    for question in questions:
        if question.asked_if is not None:
            gates, code = question.asked_if
            if all(given.get((question.scale, gate)) != CHARACTERS[code] for gate in gates):
                given[question.scale, question.item] = BLANK
    return "".join(given[q.scale, q.item] for q in questions)


def answers_of(text: str, questions: Sequence[Question]) -> dict[str, list[int | None]]:
    """Return a whole sheet as the pupil's page would hand it in: codes by scale, None where nothing was answered."""
    answers: dict[str, list[int | None]] = {}
    for letter, question in zip(text, questions, strict=True):
        if not question.is_talk:
            code = None if letter == BLANK else CHARACTERS.index(letter)
            answers.setdefault(question.scale, []).append(code)
    return answers


def asks_to_talk(text: str, questions: Sequence[Question]) -> bool:
    """Did the pupil tick the box for a talk?"""
    return any(letter != BLANK and q.is_talk for letter, q in zip(text, questions, strict=True))


def critical_places(text: str, questions: Sequence[Question]) -> tuple[int, ...]:
    """Return where a critical answer stands, counted from 0."""
    return tuple(
        place
        for place, (letter, question) in enumerate(zip(text, questions, strict=True))
        if letter != BLANK and CHARACTERS.index(letter) in question.critical
    )


def differences(first: str, second: str) -> tuple[int, ...]:
    """Return where two typings of one sheet disagree, counted from 0."""
    return tuple(place for place, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1])


def settled(first: str, second: str, chosen: Mapping[int, str]) -> str:
    """Return the first typing with what was read again on the sheet. Raises Mistyped for one left open."""
    letters = list(first)
    for place in differences(first, second):
        letter = tidied_typing(chosen.get(place, ""))
        if len(letter) != 1:
            raise Mistyped("wrong_code", place + 1)
        letters[place] = letter
    return "".join(letters)


SECOND_BY_OTHERS = "other_person"
SECOND_AFTER_PILE = "after_class"


def refusal_of_second(*, rule: str, is_same_person: bool, is_pile_done: bool) -> str:
    """Return why this person may not type the sheet a second time now, as a code; empty if they may.

    Who has just read a sheet reads what they remember. So the second typing is another person's, or the same one's
    after the whole pile: what `rule` (a value of the policy) allows.
    """
    if not is_same_person:
        return ""
    if rule == SECOND_BY_OTHERS:
        return "needs_other_person"
    return "" if is_pile_done else "pile_first"
