"""Every table of moves is walked by a test that makes each of its moves for real."""

import importlib
from collections.abc import Mapping, Sequence
from functools import cache

import pytest

from tests.architecture.source import PACKAGE
from xinqiao.doors.home.drawings import DRAWINGS
from xinqiao.foundation.access.moves import Move

Table = Sequence[Move[str]]


@cache
def all_tables() -> dict[str, Table]:
    """Return every table of moves of every states.py, by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("states.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for word, value in vars(importlib.import_module(name)).items():
            if isinstance(value, tuple) and value and all(isinstance(each, Move) for each in value):
                found[f"{name}.{word}"] = value
    return found


def walked() -> list[Table]:
    """Return the tables that tests say they walk, by the list WALKED beside the tests of each app."""
    files = sorted(PACKAGE.glob("**/tests/test_walks*.py"))
    names = (".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in files)
    return [table for name in names for table in importlib.import_module(name).WALKED]


def not_walked(tables: Mapping[str, Table], walks: Sequence[Table]) -> set[str]:
    """Return the names of tables with a move that no walked table has."""
    made = {move for table in walks for move in table}
    return {name for name, table in tables.items() if not set(table) <= made}


def test_every_table_is_walked():
    assert not not_walked(all_tables(), walked())


def test_there_are_as_many_tables_as_are_drawn():
    drawn = sum(len(draws) for draws in DRAWINGS.values())
    assert len(all_tables()) >= drawn, "a diagram is drawn of something that is no table of moves"


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_a_walk_of_a_table_covers_its_states(name):
    table = all_tables()[name]
    states = type(table[0].source)
    assert {move.source for move in table} | {move.target for move in table} == set(states), (
        "a state that no move knows"
    )


def test_control_a_move_that_is_added_without_a_walk_is_red():
    tables, walks = all_tables(), walked()
    name = "xinqiao.care.crisis.leave.states.MOVES"
    first = tables[name][0]
    added = {**tables, name: (*tables[name], Move(first.target, first.source, "", "crisis.leave.undone"))}
    assert name not in not_walked(tables, walks)
    assert name in not_walked(added, walks)
    assert name in not_walked(tables, [walk for walk in walks if first not in walk])
