"""Pages of cases in both languages, what can be done on them, what they tell to whom, and what they cost."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.crisis.rows import every_case, every_judgement
from xinqiao.care.crisis.selectors.helping import whom_i_help
from xinqiao.care.crisis.tests.conftest import ADVICE, FOR_HELPER, GOALS, REASONS, SEEN, WHY, fresh
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership
from xinqiao.register.people.registering import StudentDraft, register_students

SECRET = (WHY, REASONS, GOALS, SEEN)
DAY = dt.timedelta(days=1)


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.fixture
def whole(care):
    """A case with everything that a page can show."""
    case = care.judged("orange")
    care.plan(case)
    return care.follow(case)


def page(client, name, *args, status=200, **data) -> str:
    answer = client.post(reverse(name, args=args), data) if data else client.get(reverse(name, args=args))
    assert answer.status_code == status, name
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, whole, world, language):
    client = sign_in("psych", language)
    for name in ("case", "judge", "plan", "follow-up", "hand-over", "close"):
        assert "欧阳思源" in page(client, f"crisis:{name}", whole.id), name
    assert "㛃䶮" in page(client, "crisis:pupil", world.students[1].id)
    for name in ("cases", "ledger"):
        assert "欧阳思源" in page(client, f"crisis:{name}"), name
    for show in ("high-risk", "closed", "weird"):
        assert client.get(reverse("crisis:cases"), {"show": show}).status_code == 200
    for name, args in (
        ("ledger-pdf", ()),
        ("minutes-pdf", (every_judgement().get().id,)),
        ("plan-pdf", (whole.plans.model._system.get().id,)),
    ):
        assert client.get(reverse(f"crisis:{name}", args=args)).content.startswith(b"%PDF"), name
    assert FOR_HELPER in page(sign_in("helper", language), "crisis:helping")


def test_the_one_page_tells_the_whole_story(sign_in, whole):
    text = page(sign_in("psych"), "crisis:case", whole.id)
    for words in (*SECRET, ADVICE, FOR_HELPER, "方思齐", "林若溪"):
        assert words in text, words
    assert "结案之前" in text
    assert AuditEvent.objects.filter(event="crisis.case.read").exists()


def test_from_the_pupils_page_to_a_case_with_a_conference_and_a_plan(sign_in, world):
    client, pupil = sign_in("psych"), world.students[0]
    there = reverse("crisis:pupil", args=[pupil.id])
    assert there in page(client, "people:student", pupil.id)
    assert client.post(there, {"urgency": "orange", "reasons": "短"}).status_code == 422
    opened = client.post(there, {"urgency": "orange", "reasons": WHY})
    case = every_case().get()
    assert opened.url == reverse("crisis:case", args=[case.id])
    assert client.get(there).url == opened.url, "it leads to the case from now on"
    said = {
        "held_at": "2026-11-23T09:00", "present": [str(world.id_of("psych"))], "others": "校医", "looked_at": "",
        "dynamic": "said_family:", "level": "orange", "reasons": REASONS, "advice": ADVICE,
        "review_on": "2026-12-07", "after": 0,
    }  # fmt: skip
    judge = reverse("crisis:judge", args=[case.id])
    assert client.post(judge, {**said, "others": ""}).status_code == 422
    assert client.post(judge, said).status_code == 302
    meanwhile = client.post(judge, said)
    text = meanwhile.content.decode()
    assert meanwhile.status_code == 422
    assert "其间已有人记录" in text
    assert REASONS in text
    assert re.search(r'name="after" value="1"', text), "sending it again confirms it"
    assert client.post(judge, {**said, "after": 1, "level": "red"}).status_code == 302
    plan = {
        "goals": GOALS, "what_1": "每周见面", "who_1": "心理教师", "until_1": "2026-12-31",
        "helper": str(world.id_of("helper")), "for_helper": FOR_HELPER, "family_part": "", "review_on": "2026-12-21",
        "after": 0,
    }  # fmt: skip
    for n in range(2, 6):
        plan |= {f"what_{n}": "", f"who_{n}": "", f"until_{n}": ""}
    assert client.post(reverse("crisis:plan", args=[case.id]), {**plan, "helper": ""}).status_code == 422
    assert client.post(reverse("crisis:plan", args=[case.id]), plan).status_code == 302
    assert 'value="每周见面"' in page(client, "crisis:plan", case.id), "the next version begins with what stands"


def test_a_follow_up_and_an_end_on_their_pages(sign_in, care, world):
    client, case = sign_in("psych"), care.judged("yellow")
    follow = reverse("crisis:follow-up", args=[case.id])
    said = {"whom": "pupil", "held_at": "2026-11-23T09:30", "way": "in_person", "words": SEEN, "next_on": ""}
    assert client.post(follow, said).status_code == 422
    assert client.post(follow, {**said, "finding": "acute"}).status_code == 302
    close = reverse("crisis:close", args=[case.id])
    refused = client.post(close, {"reason": "better", "words": "持续平稳，家长同意"})
    assert refused.status_code == 422
    assert "红色线索" in refused.content.decode()
    other = care.judged("yellow", world.students[1])
    close = reverse("crisis:close", args=[other.id])
    assert client.post(close, {"words": "持续平稳，家长同意"}).status_code == 422
    assert client.post(close, {"reason": "better", "words": "持续平稳，家长同意"}).status_code == 302
    assert fresh(other).state == "closed"
    assert "学生再次需要关护" in page(client, "crisis:case", other.id)


def test_a_case_is_handed_over_on_its_page(sign_in, care, world):
    client, case = sign_in("psych"), care.open()
    there = reverse("crisis:hand-over", args=[case.id])
    assert client.post(there, {"to": str(world.id_of("head"))}).status_code == 422
    assert client.post(there, {"to": str(world.id_of("psych2"))}).status_code == 302
    assert fresh(case).owner == world.id_of("psych2")


def test_a_case_whose_leader_may_lead_it_no_more_is_shown_as_nobodys(sign_in, care, world):
    case = care.judged()
    assert "无人负责" not in page(sign_in("psych2"), "crisis:cases"), "the control: it has a leader"
    Membership.objects.filter(user=world.users["psych"]).update(end_on=clock.today())
    assert "无人负责" in page(sign_in("psych2"), "crisis:cases")
    assert "请指定负责人" in page(sign_in("psych2"), "crisis:case", case.id)


def test_what_is_overdue_stands_first_and_the_high_risk_list_is_what_people_judged(sign_in, care, world):
    care.judged("yellow", world.students[1])
    late = care.open(world.students[2], urgency="red")
    care.judged("red")
    with clock.frozen(clock.now() + 2 * DAY):
        client = sign_in("psych")
        text = page(client, "crisis:cases")
        assert text.index("张伟") < text.index("欧阳思源") < text.index("㛃䶮")
        high = client.get(reverse("crisis:cases"), {"show": "high-risk"}).content.decode().split("<main", 1)[1]
        assert "欧阳思源" in high
        assert "张伟" not in high, "urgent, and judged by nobody yet"
        assert "已逾期" in page(client, "crisis:case", late.id)
        assert "有 1 个个案到期" in page(client, "home:index")
    assert "个个案到期" not in page(sign_in("psych"), "home:index"), "nothing is due yet"


def test_the_head_reads_the_ledger_and_no_words_of_a_case(sign_in, whole):
    client = sign_in("head")
    text = page(client, "crisis:ledger")
    for words in ("欧阳思源", "林若溪", "方思齐", "橙色"):
        assert words in text, words
    assert not any(words in text for words in (*SECRET, FOR_HELPER, "线索来源"))
    for name in ("case", "judge", "close"):
        page(client, f"crisis:{name}", whole.id, status=403)
    psych = page(sign_in("psych"), "crisis:ledger")
    assert "线索来源" in psych, "the control: where it may be known, it is"
    assert AuditEvent.objects.filter(event="crisis.ledger.read").count() == 2


def test_the_helper_reads_the_own_part_and_nobody_elses(sign_in, care, whole, world):
    text = page(sign_in("helper"), "crisis:helping")
    for words in ("欧阳思源", FOR_HELPER, ADVICE):
        assert words in text, words
    assert not any(words in text for words in SECRET)
    assert reverse("crisis:helping") in page(sign_in("helper"), "home:index")
    other = page(sign_in("teacher"), "crisis:helping")
    assert FOR_HELPER not in other
    assert reverse("crisis:helping") not in page(sign_in("teacher"), "home:index")
    care.plan(whole, after=1, helper=world.id_of("teacher"))
    assert whom_i_help(world.actor("helper")) == [], "the version before no longer entrusts the pupil"
    assert len(whom_i_help(world.actor("teacher"))) == 1


def test_nobody_outside_the_school_reaches_a_case_and_the_try_is_audited(sign_in, whole):
    for login, status in (("other_psych", 404), ("teacher", 403), ("officer", 403), ("helper", 403)):
        client = sign_in(login)
        for name in ("case", "judge", "plan", "follow-up", "hand-over", "close"):
            page(client, f"crisis:{name}", whole.id, status=status)
    refused = AuditEvent.objects.filter(event__contains="refused")
    assert refused.count() >= 24


def test_twenty_cases_cost_no_more_queries_than_one(sign_in, care, world):
    client, counts = sign_in("psych"), {"crisis:cases": [], "crisis:ledger": []}
    care.plan(care.judged())
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(19)]
    for students in ((), register_students(world.school, drafts, clock.today())):
        for student in students:
            care.plan(care.judged(student=student))
        for name, made in counts.items():
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            made.append(len(queries))
    for name, (one, twenty) in counts.items():
        assert twenty <= one, name
