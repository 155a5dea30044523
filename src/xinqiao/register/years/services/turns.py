"""A turn from its first draft to its end: planned, accepted, taken back, written step by step, finished."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.years.models import TurnStep, YearTurn
from xinqiao.register.years.rules import refusal_of_day, steps_of
from xinqiao.register.years.school import digest_of, layout_of
from xinqiao.register.years.states import MOVES, TurnState, sources_of
from xinqiao.register.years.writing import Written, write_step

SECTIONS = ("cohorts", "entry", "kept_back", "teachers")
_WHY = "the turn that the command is about"


class CannotTurn(ValueError):
    """The step is not possible; `code`: not_a_school, open_already, bad_day, wrong_state, has_faults, changed_since,
    lease_lost."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.YEAR_TURN)
def begin_turn(unit: Unit, *, actor: Actor, on: dt.date) -> YearTurn:
    """Begin the plan of a school for the school year that begins on a day; nothing of the register changes."""
    if unit.kind not in SCHOOL_KINDS:
        raise CannotTurn("not_a_school")
    _require_day(on)
    turn = YearTurn(
        county_id=unit.shard_id, place=unit.path, unit_id=unit.id, key_id=new_key(SubjectKind.UNIT),
        starts_in=on.year, on=on, drafted_by=actor.id, drafted_at=now(), changed_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            turn.save(force_insert=True)
    except IntegrityError as error:
        raise CannotTurn("open_already") from error
    _record(turn, "years.turn.drafted", year=turn.starts_in)
    return turn


@command(Permission.YEAR_TURN)
def change_day(turn: YearTurn, *, actor: Actor, on: dt.date) -> YearTurn | Unchanged:
    """Let the new year begin on another day."""
    del actor
    _require_day(on)
    kept = _drafted(turn)
    if kept.on == on:
        return Unchanged("same")
    kept.on, kept.starts_in, kept.changed_at = on, on.year, now()
    kept.save(update_fields=["on", "starts_in", "changed_at"])
    _record(turn, "years.turn.planned", section="day")
    return kept


@command(Permission.YEAR_TURN)
def change_plan(turn: YearTurn, *, actor: Actor, section: str, values: dict[str, Any]) -> YearTurn | Unchanged:
    """Keep decisions of one section of the plan; an empty value lets that one take its usual way again.

    Only what is named changes, so that two people who plan side by side do not overwrite each other.
    """
    del actor
    if section not in SECTIONS:
        raise ValueError(section)
    kept = _drafted(turn)
    before = dict(kept.plan.get(section, {}))
    merged = {key: value for key, value in {**before, **values}.items() if value != ""}
    if merged == before:
        return Unchanged("same")
    kept.plan = {**kept.plan, section: merged}
    kept.changed_at = now()
    kept.save(update_fields=["plan", "changed_at"])
    _record(turn, "years.turn.planned", section=section)
    return kept


@command(Permission.YEAR_TURN)
def accept_turn(turn: YearTurn, *, actor: Actor, digest: str) -> YearTurn:
    """Say yes to the dry run that was shown; refused where the school or the plan has changed since."""
    kept = _drafted(turn)
    _, layout = layout_of(kept)
    if layout.faults:
        raise CannotTurn("has_faults")
    if digest != digest_of(kept, layout):
        raise CannotTurn("changed_since")
    kept.digest, kept.accepted_by, kept.accepted_at = digest, actor.id, now()
    _move(kept, TurnState.ACCEPTED, "digest", "accepted_by", "accepted_at")
    _record(kept, "years.turn.accepted", year=kept.starts_in, pupils=len(layout.leaving),
            kept_back=len(kept.plan.get("kept_back", {})), classes=len(layout.opened))  # fmt: skip
    return kept


@command(Permission.YEAR_TURN)
def take_back_turn(turn: YearTurn, *, actor: Actor) -> YearTurn:
    """Take an accepted plan back before its day; it can be changed again."""
    del actor
    _move(turn, TurnState.DRAFT)
    _record(turn, "years.turn.taken_back")
    return turn


@command(Permission.YEAR_TURN)
def drop_turn(turn: YearTurn, *, actor: Actor) -> YearTurn:
    """Discard a plan that was not accepted; nothing was written."""
    del actor
    turn.finished_at = now()
    _move(turn, TurnState.DROPPED, "finished_at")
    _record(turn, "years.turn.dropped")
    return turn


@command(Permission.YEAR_TURN)
def begin_writing(turn: YearTurn, *, actor: Actor) -> YearTurn:
    """On its day, note every step that is to be written; from here the turn runs to its end."""
    del actor
    if turn.on > today():
        raise CannotTurn("wrong_state")
    _, layout = layout_of(turn)
    turn.worked_at = now()
    _move(turn, TurnState.WRITING, "worked_at")
    TurnStep.objects.bulk_create(
        [
            TurnStep(turn=turn, county_id=turn.county_id, place=turn.place, number=number, kind=step.kind, key=step.key)
            for number, step in enumerate(steps_of(layout), 1)
        ]
    )
    _record(turn, "years.turn.begun", steps=len(steps_of(layout)))
    return turn


@command(Permission.YEAR_TURN, is_batch=True)
def apply_step(step: TurnStep, *, actor: Actor, token: str) -> Written | Unchanged:
    """Write one step and note that it is done, together; a second time nothing happens."""
    del actor
    turn = _leased(step.turn, token)
    fresh = TurnStep.objects.for_system(reason=_WHY).select_for_update().get(pk=step.pk)
    if fresh.done_at is not None:
        return Unchanged("done_already")
    written = write_step(turn, fresh)
    fresh.done_at, fresh.pupils, fresh.skipped = now(), len(written.pupils), dict(written.skipped)
    fresh.save(update_fields=["done_at", "pupils", "skipped"])
    YearTurn.objects.for_system(reason=_WHY).filter(pk=turn.pk).update(worked_at=now())
    named = {"pupils": " ".join(sorted(one.hex for one in written.pupils))} if written.pupils else None
    record("years.step.written", subject_kind="year_turn", subject_id=turn.id, place=turn.place,
           county_id=turn.county_id, key_id=turn.key_id if named else None, labels=named,
           facts={"kind": fresh.kind, "pupils": len(written.pupils), "skipped": len(written.skipped)})  # fmt: skip
    return written


@command(Permission.YEAR_TURN)
def finish_turn(turn: YearTurn, *, actor: Actor, token: str) -> YearTurn:
    """End a turn whose steps are all written."""
    del actor
    turn = _leased(turn, token)
    steps = list(TurnStep.objects.for_system(reason=_WHY).filter(turn=turn))
    if any(step.done_at is None for step in steps):
        raise CannotTurn("wrong_state")
    turn.finished_at = now()
    _move(turn, TurnState.DONE, "finished_at")
    _record(turn, "years.turn.finished", year=turn.starts_in, pupils=sum(step.pupils for step in steps),
            skipped=sum(len(step.skipped) for step in steps))  # fmt: skip
    return turn


def _require_day(on: dt.date) -> None:
    code = refusal_of_day(on.month)
    if code:
        raise CannotTurn(code)


def _drafted(turn: YearTurn) -> YearTurn:
    """The turn as it stands now, locked; it must still be planned."""
    rows = YearTurn.objects.for_system(reason=_WHY).select_for_update().filter(pk=turn.pk, state=TurnState.DRAFT)
    kept: YearTurn | None = rows.first()
    if kept is None:
        raise CannotTurn("wrong_state")
    return kept


def _leased(turn: YearTurn, token: str) -> YearTurn:
    held = YearTurn.objects.for_system(reason=_WHY).select_for_update().filter(pk=turn.pk, token=token)
    found: YearTurn | None = held.filter(state=TurnState.WRITING).first()
    if found is None:
        raise CannotTurn("lease_lost")
    return found


def _move(turn: YearTurn, target: str, *names: str) -> None:
    """Take a step of the table, by conditional update."""
    values = {name: getattr(turn, name) for name in names}
    rows = YearTurn.objects.for_system(reason=_WHY).filter(pk=turn.pk, state__in=sources_of(target))
    if not rows.update(state=target, **values):
        raise CannotTurn("wrong_state")
    turn.state = target


def _record(turn: YearTurn, event: str, **facts: Any) -> None:
    assert event in {move.event for move in MOVES} | {"years.turn.drafted", "years.turn.planned"}
    record(event, subject_kind="year_turn", subject_id=turn.id, place=turn.place, county_id=turn.county_id,
           facts=facts)  # fmt: skip
