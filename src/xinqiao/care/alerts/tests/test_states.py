"""The table of moves, its drawing, and what the database itself refuses."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.moves import move_signal
from xinqiao.care.alerts.states import MOVES, SignalState, diagram, sources_of

DRAWING = Path(__file__).resolve().parents[5] / "docs" / "states" / "signal.md"


def test_the_drawing_is_the_code():
    assert f"```mermaid\n{diagram()}\n```" in DRAWING.read_text("utf-8")


def test_nothing_leaves_the_closed_state():
    assert all(move.source is not SignalState.CLOSED for move in MOVES)
    assert sources_of(SignalState.CLOSED) == ["open", "acknowledged"]


@pytest.mark.django_db
def test_a_move_that_the_table_does_not_hold_changes_nothing(raise_one, frozen):
    signal = raise_one()
    assert move_signal(signal, SignalState.ACKNOWLEDGED, acknowledged_at=frozen)
    assert not move_signal(signal, SignalState.ACKNOWLEDGED, acknowledged_at=frozen)
    assert not move_signal(signal, SignalState.OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"state": "closed"}, {"state": "closed", "outcome": "case"}, {"state": "acknowledged"}]
)
def test_the_database_refuses_half_a_move(raise_one, changes):
    signal = raise_one()
    rows = Signal.objects.for_system(reason="test").filter(pk=signal.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)


@pytest.mark.django_db
def test_the_database_refuses_the_same_fact_twice(raise_one):
    first, second = raise_one(), raise_one()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.for_system(reason="test").filter(pk=second.pk).update(once=first.once)
