"""Clock, ids, places, hooks, data classes, logs, the embedded database's version."""

import datetime as dt
import logging
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.foundation.core import clock
from xinqiao.foundation.core.hooks import Hook
from xinqiao.foundation.core.ids import UNIT_KEY_ALPHABET, new_id, new_unit_key
from xinqiao.foundation.core.logs import QuietFormatter
from xinqiao.foundation.core.places import bounds, covers
from xinqiao.foundation.core.sqlite import is_safe
from xinqiao.foundation.core.sqlite.base import DatabaseWrapper
from xinqiao.foundation.core.sqlite.privacy import read_by_others

KEYS = st.text(UNIT_KEY_ALPHABET, min_size=8, max_size=8)
PLACES = st.lists(KEYS, min_size=1, max_size=5).map(lambda keys: "/".join(keys) + "/")


def test_the_clock_stands_where_it_is_held():
    at = dt.datetime(2026, 11, 22, 17, 30, tzinfo=dt.UTC)
    with clock.frozen(at):
        assert clock.now() == at
        assert clock.today() == dt.date(2026, 11, 23), "already tomorrow in Shanghai"
    assert clock.now() != at


def test_ids_are_ordered_by_time_and_distinct():
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made == sorted(made)
    assert {made_id.version for made_id in made} == {7}
    assert len(new_unit_key()) == 8


@given(PLACES, PLACES)
def test_the_range_of_a_place_is_what_lies_below_it(place, other):
    low, high = bounds(place)
    assert (low <= other < high) == covers(place, other) == other.startswith(place)


@pytest.mark.parametrize("wrong", ["", "abc", "abc/def"])
def test_a_place_without_its_end_is_refused(wrong):
    with pytest.raises(ValueError, match="ends in"):
        bounds(wrong)
    assert not covers(wrong, "abc/def/")


def test_hooks_call_in_order_once_and_not_for_nothing():
    heard, hook = [], Hook("Test")

    def one(payload):
        heard.append(("one", list(payload)))

    def other(payload):
        heard.append(("other", list(payload)))

    for receiver in (one, other, one):
        hook.connect(receiver)
    hook.send([1, 2])
    hook.send([])
    assert heard == [("one", [1, 2]), ("other", [1, 2])]
    assert [name.rsplit(".", 1)[-1] for name in hook.receivers()] == ["one", "other"]


def test_logs_keep_messages_of_exceptions_to_themselves():
    try:
        try:
            int("王小明")
        except ValueError as error:
            raise RuntimeError("Key (number)=(G510104) exists") from error
    except RuntimeError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), (type(error), error, error.__traceback__))
    quiet, loud = QuietFormatter().format(record), logging.Formatter().format(loud_copy(record))
    assert "王小明" not in quiet
    assert "G510104" not in quiet
    assert "builtins.ValueError" in quiet
    assert "test_logs_keep" in quiet
    assert "王小明" in loud, "control: the usual formatter tells"


def loud_copy(record):
    record.exc_text = None
    return record


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_versions_of_sqlite_with_the_fault_are_refused(version, safe):
    assert is_safe(version) is safe


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_a_new_database_is_read_by_nobody_else(tmp_path, umask):
    name, before = str(tmp_path / "city.sqlite3"), os.umask(umask)
    try:
        wrapper = DatabaseWrapper({})
        wrapper.init_commands = ["PRAGMA journal_mode=WAL"]
        link = wrapper.get_new_connection({"database": name})
        link.execute("CREATE TABLE t (x)")
        assert sorted(path.name for path in tmp_path.iterdir()) == [f"city.sqlite3{e}" for e in ("", "-shm", "-wal")]
        assert read_by_others(name) == []
        (tmp_path / "city.sqlite3").chmod(0o644)
        assert read_by_others(name) == [tmp_path / "city.sqlite3"]
        link.close()
    finally:
        os.umask(before)
