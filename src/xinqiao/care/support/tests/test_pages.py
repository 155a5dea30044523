"""Pages of the register in both languages, what can be done on them, and what they tell to whom."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.tests.conftest import WHY
from xinqiao.foundation.core import clock
from xinqiao.register.people.registering import StudentDraft, register_students


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, enter, world, language):
    client, entry, student = sign_in("psych", language), enter(), world.students[0].id
    names = {"register": (), "pupil": (student,), "add": (student,), "review": (entry.id,), "end": (entry.id,)}
    for name, args in names.items():
        response = client.get(reverse(f"support:{name}", args=args))
        assert response.status_code == 200, name
        assert "欧阳思源" in response.content.decode(), name
    told = sign_in("teacher", language).get(reverse("support:propose", args=[student])).content.decode()
    assert "欧阳思源" in told
    assert WHY not in told


def test_from_the_roster_to_an_entry_and_off_again(sign_in, world):
    client, student = sign_in("psych"), world.students[0].id
    assert "名册上还没有学生" in client.get("/support/").content.decode()
    there = reverse("support:pupil", args=[student])
    assert there in client.get(reverse("people:student", args=[student])).content.decode()
    add = reverse("support:add", args=[student])
    assert client.post(add, {"what": "", "reason": ""}).status_code == 422
    assert client.post(add, {"what": "psychology:in-care", "reason": WHY}).url == there
    again = client.post(add, {"what": "psychology:in-care", "reason": WHY})
    assert again.status_code == 422
    assert "请复核原有登记" in again.content.decode()
    entry = RegisterEntry.objects.for_system(reason="a test looks at it").get()
    assert "特殊心理" in client.get("/support/").content.decode()
    assert client.post(reverse("support:review", args=[entry.id]), {"reason": "好一些了"}).status_code == 302
    assert client.post(reverse("support:end", args=[entry.id]), {"why": "left"}).status_code == 422
    assert client.post(reverse("support:end", args=[entry.id]), {"why": "not_needed"}).status_code == 302
    assert "好一些了" not in client.get("/support/").content.decode()


def test_a_proposal_waits_on_todays_page_until_it_is_decided(sign_in, world):
    student = world.students[0].id
    propose = reverse("support:propose", args=[student])
    teacher = sign_in("teacher")
    assert propose in teacher.get(reverse("people:student", args=[student])).content.decode()
    assert teacher.post(propose, {"what": "family:loss", "reason": WHY}).url == propose
    page = teacher.get(propose).content.decode()
    assert "特殊家庭" in page
    assert WHY not in page
    assert "关爱名册" not in teacher.get("/").content.decode()
    entry = RegisterEntry.objects.for_system(reason="a test looks at it").get()
    psych = sign_in("psych")
    assert "有 1 条待办" in psych.get("/").content.decode()
    psych.post(reverse("support:decline", args=[entry.id]))
    assert "条待办" not in psych.get("/").content.decode()
    assert psych.post(reverse("support:accept", args=[entry.id]), follow=True).status_code == 200
    entry.refresh_from_db()
    assert entry.state == "declined", "decided once"


def test_a_class_teachers_pages_are_the_same_with_and_without_an_entry(sign_in, world, enter):
    student = world.students[0].id

    def main(login, name):
        text = sign_in(login).get(reverse(name, args=[student])).content.decode().split("<main", 1)[1]
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)

    names = ("people:student", "support:propose")
    before, own = [main("teacher", name) for name in names], main("psych", "support:pupil")
    enter()
    assert [main("teacher", name) for name in names] == before
    assert main("psych", "support:pupil") != own, "the control: where it may be seen, it is"


def test_twenty_entries_cost_no_more_queries_than_one(sign_in, world, enter):
    client, counts = sign_in("psych"), []
    enter()
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(19)]
    for students in ((), register_students(world.school, drafts, clock.today())):
        for student in students:
            enter(student)
        client.get("/support/")
        with CaptureQueriesContext(connection) as made:
            client.get("/support/")
        counts.append(len(made))
    assert counts[1] <= counts[0]
