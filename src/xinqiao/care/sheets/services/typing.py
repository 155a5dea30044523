"""Printed sheets typed in: each twice, compared, settled against the paper, and only then handed in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.sheets.intake.from_paper import Critical, write_typed_sheet, write_typed_talk, write_typed_ticks
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.models import PaperTyping, Sitting
from xinqiao.care.sheets.selectors import refusal_to_type
from xinqiao.care.sheets.states import Excuse, SittingState
from xinqiao.care.sheets.typed import (
    BLANK,
    CHARACTERS,
    Mistyped,
    Question,
    answers_of,
    asks_to_talk,
    critical_places,
    differences,
    questions_of,
    read_typing,
    refusal_of_second,
    settled,
)
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.policy.selectors import parameters_for

DEVICE = "paper"
ONCE, DIFFERS, CHECKED = "once", "differs", "checked"
_REASON = "body of a command that has checked its actor at the pupil's place"


class CannotType(ValueError):
    """The sheet cannot be taken so; `code` says why, `place` which question (from 1) where it is one."""

    def __init__(self, code: str, place: int = 0) -> None:
        super().__init__(f"{code} {place}".strip())
        self.code, self.place = code, place


@dataclass(frozen=True)
class Typed:
    """How a printed sheet stands now: `once`, `differs` or `checked` (handed in); is a critical answer, or a wish to
    talk, on it, of which people have been told now?"""

    standing: str
    is_critical: bool = False
    is_talk: bool = False


@dataclass(frozen=True)
class _Desk:
    """A sitting, locked, with its questions and what was typed of it so far."""

    sitting: Sitting
    questions: tuple[Question, ...]
    typings: tuple[PaperTyping, ...]
    texts: tuple[str, ...]


@command(Permission.PAPER_TYPE)
def type_sheet(
    sitting: Sitting, *, actor: Actor, typed: str, key: str, is_pile_done: bool = False
) -> Typed | Unchanged:
    """Take one typing of a printed sheet, the first or the second. Raises CannotType.

    A critical answer of the first typing raises its signal at once. The second typing hands the sheet in if both agree;
    else both are kept until the differences are settled. The same typing again (`key`) changes nothing.
    """
    desk = _desk_of(sitting, actor)
    if desk.sitting.state == SittingState.SUBMITTED and desk.sitting.key == key:
        return Unchanged(CHECKED)
    _demand_open(desk.sitting)
    text = _read(typed, desk.questions)
    known = next((place for place, row in enumerate(desk.typings) if row.key == key), None)
    if known is not None:
        if desk.texts[known] != text:
            raise CannotType("changed")
        return Unchanged(ONCE if len(desk.typings) == 1 else DIFFERS)
    if not desk.typings:
        return _first(desk, actor, text, key)
    return _second(desk, actor, text, key, is_pile_done=is_pile_done)


@command(Permission.PAPER_TYPE)
def settle_typings(sitting: Sitting, *, actor: Actor, chosen: Mapping[int, str]) -> Typed | Unchanged:
    """Hand in a sheet whose typings disagreed, with what was read again on the paper. Raises CannotType.

    `chosen` maps the place of each difference (from 0) to its character.
    """
    desk = _desk_of(sitting, actor)
    if desk.sitting.state == SittingState.SUBMITTED and desk.sitting.device == DEVICE:
        return Unchanged(CHECKED)
    _demand_open(desk.sitting)
    if len(desk.typings) < 2:
        raise CannotType("nothing_to_settle")
    try:
        text = settled(desk.texts[0], desk.texts[1], chosen)
    except Mistyped as error:
        raise CannotType(error.code, error.place) from error
    differing = len(differences(*desk.texts))
    _hand_in(desk, _read(text, desk.questions), desk.typings[1].key)
    _record(desk.sitting, "sheets.paper.settled", differing=differing)
    return Typed(CHECKED)


@command(Permission.PAPER_TYPE)
def discard_typings(sitting: Sitting, *, actor: Actor) -> None:
    """Give up what was typed of a sheet, such as another pupil's under this number. Raises CannotType.

    A signal that the first typing raised stays: a person closes it.
    """
    desk = _desk_of(sitting, actor)
    if not desk.typings:
        raise CannotType("nothing_typed")
    _typings_of([desk.sitting]).delete()
    _record(desk.sitting, "sheets.paper.discarded", typings=len(desk.typings))


def _typings_of(sittings: Sequence[Sitting]) -> "QuerySet[PaperTyping]":
    """Return what is typed and not settled of some sittings."""
    rows: QuerySet[PaperTyping] = PaperTyping.objects.for_system(reason=_REASON).filter(
        sitting_id__in=[sitting.pk for sitting in sittings]
    )
    return rows.order_by("sitting_id", "turn")


def _desk_of(sitting: Sitting, actor: Actor) -> _Desk:
    rows = Sitting.objects.for_system(reason=_REASON).select_for_update(of=("self",)).select_related("paper")
    locked: Sitting = rows.get(pk=sitting.pk)
    refusal = refusal_to_type(actor, locked.place)
    if refusal:
        raise CannotType(refusal)
    typings = tuple(_typings_of([locked]))
    texts = tuple(words["answers"] or "" for words in open_sealed(typings, "answers"))
    return _Desk(locked, questions_of(json.loads(locked.paper.content)), typings, texts)


def _demand_open(sitting: Sitting) -> None:
    if sitting.state == SittingState.SUBMITTED:
        raise CannotType("already_submitted")
    if sitting.state == SittingState.EXCUSED:
        raise CannotType("no_consent" if sitting.excuse == Excuse.NO_CONSENT else "excused")
    if now() < sitting.opens_at:
        raise CannotType("not_open_yet")


def _read(typed: str, questions: Sequence[Question]) -> str:
    try:
        return read_typing(typed, questions)
    except Mistyped as error:
        raise CannotType(error.code, error.place) from error


def _first(desk: _Desk, actor: Actor, text: str, key: str) -> Typed:
    _keep(desk.sitting, actor, 1, text, key)
    critical = [_critical(desk.questions[place], text[place]) for place in critical_places(text, desk.questions)]
    if critical:
        _demand_written(write_typed_ticks(desk.sitting.pk, critical, key=key, at=now()))
    wants_talk = asks_to_talk(text, desk.questions)
    if wants_talk:
        _demand_written(write_typed_talk(desk.sitting.pk, at=now()))
    _record(desk.sitting, "sheets.paper.typed", turn=1)
    return Typed(ONCE, is_critical=bool(critical), is_talk=wants_talk)


def _second(desk: _Desk, actor: Actor, text: str, key: str, *, is_pile_done: bool) -> Typed:
    if len(desk.typings) > 1:
        raise CannotType("settle_first")
    rule = parameters_for(desk.sitting.place, timezone.localtime(now()).date()).paper_second_typing
    is_same_person = desk.typings[0].typed_by == actor.id
    if code := refusal_of_second(rule=rule, is_same_person=is_same_person, is_pile_done=is_pile_done):
        raise CannotType(code)
    if differing := differences(desk.texts[0], text):
        _keep(desk.sitting, actor, 2, text, key)
        _record(desk.sitting, "sheets.paper.differs", differing=len(differing))
        return Typed(DIFFERS)
    _hand_in(desk, text, key)
    _record(desk.sitting, "sheets.paper.checked", by="same" if is_same_person else "other")
    return Typed(CHECKED)


def _keep(sitting: Sitting, actor: Actor, turn: int, text: str, key: str) -> None:
    PaperTyping(
        county_id=sitting.county_id, place=sitting.place, sitting=sitting, student_id=sitting.student_id,
        key_id=sitting.key_id, turn=turn, answers=text, key=key, typed_by=actor.id, typed_at=now(),
    ).save(force_insert=True)  # fmt: skip


def _critical(question: Question, letter: str) -> Critical:
    return question.scale, question.item, None if letter == BLANK else CHARACTERS.index(letter)


def _hand_in(desk: _Desk, text: str, key: str) -> None:
    """Write the sheet as the intake does; a critical answer that turned out otherwise is told as a changed tick is."""
    sitting, at = desk.sitting, now()
    told = critical_places(desk.texts[0], desk.questions)
    changed = [_critical(desk.questions[place], text[place]) for place in told if desk.texts[0][place] != text[place]]
    if changed:
        _demand_written(write_typed_ticks(sitting.pk, changed, key=key, at=at))
    if asks_to_talk(text, desk.questions) and not asks_to_talk(desk.texts[0], desk.questions):
        _demand_written(write_typed_talk(sitting.pk, at=at))
    _demand_written(write_typed_sheet(sitting.pk, answers_of(text, desk.questions), key=key, at=at))
    Sitting.objects.for_system(reason=_REASON).filter(pk=sitting.pk).update(device=DEVICE)
    _typings_of([sitting]).delete()


def _demand_written(reply: Reply) -> None:
    if reply.status != 200:
        raise CannotType(str(reply.body.get("code", "not_saved")))


def _record(sitting: Sitting, event: str, **facts: object) -> None:
    record(event, subject_kind="sitting", subject_id=sitting.id, place=sitting.place, county_id=sitting.county_id,
           facts={**facts, "origin_id": sitting.origin_id})  # fmt: skip
