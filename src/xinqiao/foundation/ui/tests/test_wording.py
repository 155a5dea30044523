"""Dates, durations and shares in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from xinqiao.foundation.core import clock
from xinqiao.foundation.ui import wording

NOVEMBER = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november():
    with clock.frozen(NOVEMBER):
        yield


@pytest.mark.parametrize(("code", "expected"), [("zh-hans", "2026年11月22日 周日"), ("en", "Sun 22 Nov 2026")])
def test_a_day(code, expected):
    with translation.override(code):
        assert wording.day_words(date(2026, 11, 22)) == expected


def test_every_month_and_weekday_in_chinese():
    with translation.override("zh-hans"):
        months = [wording.short_day_words(date(2026, month, 1)).split("1日")[0] for month in range(1, 13)]
        days = [wording.short_day_words(date(2026, 6, day))[-1] for day in range(1, 8)]
    assert months == [f"{month}月" for month in range(1, 13)]
    assert "".join(days) == "一二三四五六日"


def test_a_moment_is_local():
    late = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # half past two next morning in Shanghai
    with translation.override("zh-hans"):
        assert wording.moment_words(late) == "11月23日 周一 02:30"
        assert wording.day_words(late) == "2026年11月23日 周一"


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2026, 1, 5), "1月5日 周一", "Mon 5 Jan"),
        (date(2027, 1, 4), "1月4日 周一", "Mon 4 Jan"),
        (date(2025, 9, 23), "2025年9月23日 周二", "Tue 23 Sep 2025"),
        (date(2027, 9, 1), "2027年9月1日 周三", "Wed 1 Sep 2027"),
    ],
)
def test_a_day_of_another_year_says_so_where_it_could_be_taken_for_ours(day, zh, en):
    with translation.override("zh-hans"):
        assert wording.short_day_words(day) == zh
    with translation.override("en"):
        assert wording.short_day_words(day) == en


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0 分钟", "0 min"),
        (0.9, "0 分钟", "0 min"),
        (59, "59 分钟", "59 min"),
        (60, "1 小时", "1 h"),
        (125, "2 小时 5 分钟", "2 h 5 min"),
        (1440, "1 天", "1 day"),
        (1500, "1 天 1 小时", "1 day 1 h"),
        (4320, "3 天", "3 days"),
        (-125, "2 小时 5 分钟", "2 h 5 min"),
    ],
)
def test_a_duration(minutes, zh, en):
    with translation.override("zh-hans"):
        assert wording.duration_words(minutes) == zh
    with translation.override("en"):
        assert wording.duration_words(minutes) == en


@pytest.mark.parametrize(
    ("minutes", "expected"), [(11, "剩 11 分钟"), (0, "剩 0 分钟"), (-125, "已超时 2 小时 5 分钟")]
)
def test_a_deadline(minutes, expected):
    with translation.override("zh-hans"):
        assert wording.due_words(minutes) == expected


@pytest.mark.parametrize(("done", "total", "expected"), [(0, 0, "–"), (0, 9, "0%"), (199, 200, "99%"), (9, 9, "100%")])
def test_a_share_is_never_whole_before_the_end(done, total, expected):
    assert wording.share_words(done, total) == expected


def test_filters_show_nothing_for_nothing():
    page = Template(
        "{% load ui %}[{{ n|on_day }}{{ n|on_short_day }}{{ n|at_moment }}{{ n|at_clock }}"
        "{{ n|as_duration }}{{ n|as_due }}]"
    )
    assert page.render(Context({"n": None})) == "[]"
