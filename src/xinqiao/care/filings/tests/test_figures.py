"""No figure gets worse because a school files: shown over random years, and with a figure that would."""

import datetime as dt
import random
from dataclasses import replace

import pytest

from xinqiao.care.filings import figures
from xinqiao.care.filings.figures import Dated, SchoolFigures, figures_of, hours_late

NOW = dt.datetime(2026, 11, 27, 8, 0, tzinfo=dt.UTC)
SCHOOLS = ("甲校", "乙校", "丙校")


def some(rng: random.Random) -> list[Dated]:
    found = []
    for _ in range(rng.randrange(12)):
        due_at = NOW + dt.timedelta(hours=rng.randrange(-400, 100))
        sent_at = rng.choice([None, due_at - dt.timedelta(hours=2), min(NOW, due_at + dt.timedelta(hours=30))])
        found.append(Dated(rng.choice(SCHOOLS), due_at, sent_at, is_lapsed=sent_at is None and rng.random() < 0.2))
    return found


def by_school(rows):
    return {row.school: row for row in figures.figures_of(rows, NOW)}


def is_no_worse(after: SchoolFigures, before: SchoolFigures) -> bool:
    return after.came >= before.came and after.in_time >= before.in_time and after.missing <= before.missing


def never_worse():
    """The check: a case more that is filed (in time or late), and one that was owed and is sent now, never worsen any
    figure of the school, and change nobody else's."""
    rng = random.Random(20261127)
    for _ in range(300):
        rows = some(rng)
        school, due_at = rng.choice(SCHOOLS), NOW + dt.timedelta(hours=rng.randrange(-400, 100))
        sent_at = min(NOW, due_at + dt.timedelta(hours=rng.randrange(-50, 50)))
        before, nothing = by_school(rows), SchoolFigures(school, 0, 0, 0, 0)
        after = by_school([*rows, Dated(school, due_at, sent_at)])
        assert is_no_worse(after[school], before.get(school, nothing))
        assert {k: v for k, v in after.items() if k != school} == {k: v for k, v in before.items() if k != school}
        for n, row in enumerate(rows):
            if row.sent_at is None and not row.is_lapsed:
                now_sent = by_school([*rows[:n], replace(row, sent_at=NOW), *rows[n + 1 :]])
                assert is_no_worse(now_sent[row.school], before[row.school])


def test_more_filings_never_worsen_any_shown_figure():
    never_worse()


def test_control_with_cases_counted_against_a_school_it_is_found(monkeypatch):
    def against(rows, now):
        return [replace(row, missing=row.missing + row.came) for row in figures_of(rows, now)]

    monkeypatch.setattr(figures, "figures_of", against)
    with pytest.raises(AssertionError):
        never_worse()


def test_schools_stand_in_the_order_of_their_names_whatever_they_filed():
    rng = random.Random(7)
    for _ in range(50):
        names = [row.school for row in figures_of(some(rng), NOW)]
        assert names == sorted(names)


def test_each_figure_by_hand():
    hour = dt.timedelta(hours=1)
    rows = [
        Dated("甲校", NOW - hour, NOW - 2 * hour), Dated("甲校", NOW - 2 * hour, NOW - hour),
        Dated("甲校", NOW - hour, None), Dated("甲校", NOW + hour, None),
        Dated("甲校", NOW - hour, None, is_lapsed=True),
    ]  # fmt: skip
    assert figures_of(rows, NOW) == [SchoolFigures("甲校", came=2, in_time=1, missing=1, dropped=1)]


def test_hours_late_are_whole_and_never_negative():
    assert hours_late(NOW, NOW + dt.timedelta(minutes=119)) == 1
    assert hours_late(NOW, NOW - dt.timedelta(hours=5)) == 0
