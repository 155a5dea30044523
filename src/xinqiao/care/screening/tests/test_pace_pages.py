"""Pages of the pace: what a plan shows by class, buttons and form, who sees which, and the live picture."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.class_days import class_windows
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.screening.tests.test_pace import (
    FLAGGED,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    crowded,
    days_of,
    in_class,
    paced,
    planned,
)
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students

__all__ = ["crowded"]


@pytest.fixture
def visit(school):
    def get(login: str, url: str, *, lang: str = "zh-hans", data: dict | None = None):
        client = Client(headers={"accept-language": lang})
        client.force_login(school.world.users[login])
        return client.get(url) if data is None else client.post(url, data, follow=True)

    return get


def at(name: str, campaign: Campaign, *more) -> str:
    return reverse(f"screening:{name}", args=[campaign.pk, *more])


def text_of(response) -> str:
    assert response.status_code in (200, 422)
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh-hans", ("建议分 2 天进行", "11月25日", "Richardson 2010", "每 100 名学生中有 5 人", "每天按 4 小时访谈")),
        ("en", ("Proposed: take 2 days", "25 Nov", "Richardson 2010", "5 in 100 pupils", "4 hours of talks")),
    ],
)  # fmt: skip
def test_a_plan_shows_flags_hours_days_and_the_pace_by_class(crowded, visit, lang, words):
    text = text_of(visit("psych", at("campaign", planned(crowded)), lang=lang))
    assert [word for word in words if word not in text] == []
    assert text.count("7.8") == 2, "flags to expect of each class"


@pytest.mark.parametrize(("login", "times"), [("psych", 2), ("head", 0)])
def test_flags_of_a_class_are_shown_to_whoever_reads_results(crowded, visit, login, times):
    """They are the share of the grade that was flagged last time; with the answered one could count the children."""
    text = text_of(visit(login, at("campaign", planned(crowded))))
    assert text.count("7.8") == times
    assert "各班" in text or "分班" in text


def test_a_window_too_short_says_until_when_it_should_last_and_the_button_takes_it(crowded, visit):
    campaign = planned(crowded, closes_at=MONDAY_10 + dt.timedelta(hours=5))
    text = text_of(visit("psych", at("campaign", campaign)))
    assert "作答时间不够长" in text
    assert "需要进行到 11月25日 周三 17:00" in text
    text = text_of(visit("psych", at("take-pace", campaign), data={}))
    assert "各班作答日已安排好" in text
    assert days_of(campaign) == [MONDAY, WEDNESDAY]
    campaign.refresh_from_db()
    assert campaign.closes_at.isoformat() == "2026-11-25T09:00:00+00:00"
    text = text_of(visit("psych", at("campaign", campaign)))
    assert "目前的安排与学校的访谈能力相符" in text
    for words in ("作答时间不够长", "建议日期", at("take-pace", campaign)):
        assert words not in text


def test_days_are_chosen_by_hand_and_a_missing_one_keeps_what_was_chosen(crowded, visit):
    campaign, url = planned(crowded), None
    url = at("pace", campaign)
    text = text_of(visit("psych", url))
    assert f'<option value="{MONDAY}" selected>' in text, "the proposal stands there beforehand"
    assert "2026-11-28" not in text, "Saturday is no school day"
    assert "2026-12-01" not in text, "nobody is on duty"
    refused = visit("psych", url, data={str(crowded.class_a.id): str(TUESDAY), str(crowded.class_b.id): ""})
    assert refused.status_code == 422
    assert f'<option value="{TUESDAY}" selected>' in text_of(refused)
    assert "这个班还没有作答日" in text_of(refused)
    assert not class_windows(campaign)
    visit("psych", url, data={str(crowded.class_a.id): str(TUESDAY), str(crowded.class_b.id): str(FRIDAY)})
    assert days_of(campaign) == [TUESDAY, FRIDAY]
    text = text_of(visit("psych", at("campaign", campaign)))
    assert "改用建议安排" in text
    visit("psych", at("drop-pace", campaign), data={})
    assert not class_windows(campaign)


def test_where_nobody_is_on_duty_the_page_names_the_days_and_offers_no_pace(crowded, visit):
    campaign = planned(crowded)
    DutyShift.objects.for_system(reason="test").exclude(start_at__date=MONDAY).update(cancelled_at=MONDAY_10)
    text = text_of(visit("psych", at("campaign", campaign)))
    assert "有人值班的日子不够" in text
    assert reverse("duty:roster") in text
    assert at("take-pace", campaign) not in text
    assert "目前没有可采用的安排" in text_of(visit("psych", at("take-pace", campaign), data={}))
    assert not class_windows(campaign)


def test_few_pupils_or_no_figures_are_said_so(crowded, visit):
    small = planned(crowded, cohorts=(("junior", 2025),))
    assert "可能来作答的学生不足 30 人" in text_of(visit("psych", at("campaign", small)))
    unknown = planned(crowded, scale_ids=(crowded.versions["gad-7"].id,))
    assert "没有可用于估算的已发表数据" in text_of(visit("psych", at("campaign", unknown)))


def test_who_only_reads_the_plan_has_no_buttons(crowded, visit):
    campaign = planned(crowded)
    text = text_of(visit("head", at("campaign", campaign)))
    assert "建议分 2 天进行" in text
    for name in ("take-pace", "pace", "drop-pace"):
        assert at(name, campaign) not in text
        assert visit("head", at(name, campaign), data={}).status_code == 403


def test_a_launched_plan_takes_no_proposal(crowded, visit):
    campaign = paced(crowded, days=(TUESDAY, FRIDAY))
    assert "这次测评已经" in text_of(visit("psych", at("take-pace", campaign), data={}))
    assert days_of(campaign) == [TUESDAY, FRIDAY]


def test_class_teachers_see_the_day_of_their_class_and_no_other_and_nothing_of_the_queue(crowded, visit):
    campaign = paced(crowded)
    hand_in(campaign, in_class(crowded, crowded.class_a), FLAGGED)
    text = text_of(visit("teacher", at("campaign", campaign)))
    assert "11月25日 周三" in text
    assert "11月23日 周一</td>" not in text
    for words in ("访谈进度", "已筛出", "预计筛出", at("workload", campaign)):
        assert words not in text
    assert "本班作答时间：2026年11月25日 周三，08:00 至 17:00" in text_of(
        visit("teacher", at("class", campaign, crowded.class_b.pk))
    )
    seats = text_of(visit("teacher", at("seats", campaign, crowded.class_b.pk)))
    assert "11月25日 周三 08:00" in seats
    assert visit("teacher", at("workload", campaign)).status_code == 403


@pytest.mark.parametrize("login", ["head", "lead", "grade"])
def test_control_the_queue_is_the_psychology_teachers(crowded, visit, login):
    campaign = paced(crowded)
    assert "访谈进度" not in text_of(visit(login, at("campaign", campaign)))
    assert "访谈进度" in text_of(visit("psych", at("campaign", campaign)))
    assert visit(login, at("workload", campaign)).status_code == 403


def test_the_live_picture_warns_and_one_click_moves_the_classes_to_come(crowded, visit):
    campaign = paced(crowded)
    for n in range(20):
        hand_in(campaign, in_class(crowded, crowded.class_a, n), FLAGGED)
    text = text_of(visit("psych", at("workload", campaign)))
    assert "待访谈人数超过了能谈的人数" in text
    assert "顺延 2 天" in text
    assert "20 / 30" in text
    text = text_of(visit("psych", at("later", campaign), data={"days": "2"}))
    assert "尚未开始的班级已顺延" in text
    assert "待访谈人数超过了能谈的人数" not in text
    assert days_of(campaign) == [MONDAY, FRIDAY]
    assert AuditEvent.objects.filter(event="screening.pace.moved").count() == 1
    for days in ("0", "x", "400"):
        assert "没有更晚的、有人值班的上学日" in text_of(visit("psych", at("later", campaign), data={"days": days}))
    assert days_of(campaign) == [MONDAY, FRIDAY]


def test_the_days_of_a_running_screening_are_changed_by_hand_while_nobody_has_begun(crowded, visit):
    campaign = paced(crowded)
    hand_in(campaign, in_class(crowded, crowded.class_a), FLAGGED)
    text = text_of(visit("psych", at("pace", campaign)))
    assert str(crowded.class_a.id) not in text
    visit("psych", at("pace", campaign), data={str(crowded.class_b.id): str(FRIDAY)})
    assert days_of(campaign) == [MONDAY, FRIDAY]
    hand_in(campaign, in_class(crowded, crowded.class_b), FLAGGED)
    assert "没有可以调整的班级" in text_of(visit("psych", at("pace", campaign)))


@pytest.mark.parametrize("name", ["campaign", "workload", "pace"])
def test_more_pupils_cost_no_more_queries(crowded, visit, name):
    campaign = paced(crowded)
    hand_in(campaign, in_class(crowded, crowded.class_a), FLAGGED)
    url = at(name, campaign)
    visit("psych", url)
    with CaptureQueriesContext(connection) as few:
        visit("psych", url)
    drafts = [StudentDraft(f"又来{n}", crowded.class_a, f"2026888{n:02d}") for n in range(20)]
    crowded.consent(register_students(crowded.unit, drafts, clock.today()))
    for n in range(1, 12):
        hand_in(campaign, in_class(crowded, crowded.class_a, n), FLAGGED)
    with CaptureQueriesContext(connection) as many:
        visit("psych", url)
    assert len(many) == len(few)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(crowded, visit, lang):
    campaign = paced(crowded)
    for name in ("campaign", "workload", "pace", "extend", "make-up"):
        text = text_of(visit("psych", at(name, campaign), lang=lang))
        assert " style=" not in text.replace("<svg", "")
    text = text_of(visit("psych", at("workload", campaign), lang=lang))
    assert ("Queue of talks" in text) is (lang == "en")
