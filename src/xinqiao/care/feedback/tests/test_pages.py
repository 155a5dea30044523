"""Pages of feedback: each role sees what it may, bad input comes back with the reason, and every reading is noted."""

import pytest
from django.urls import reverse

from xinqiao.care.feedback.models import GuardianTry
from xinqiao.care.feedback.tests.conftest import ADVICE, NOTE, SAID, rows
from xinqiao.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NAME = "欧阳思源"


def text(response):
    return response.content.decode()


def test_nobody_is_flagged_yet_and_the_page_says_so(sign_in):
    page = text(sign_in("psych").get(reverse("feedback:owed")))
    assert "没有未完成的反馈" in page


def test_the_psychology_teacher_sees_whose_feedback_is_missing_and_the_reading_is_noted(house, sign_in):
    house.settle()
    page = text(sign_in("psych").get(reverse("feedback:owed")))
    assert NAME in page
    assert "未反馈" in page
    assert NOTE not in page
    event = AuditEvent.objects.get(event="feedback.list.read")
    assert str(house.world.students[0].id) in event.facts


@pytest.mark.parametrize("login", ["head", "officer"])
def test_the_head_and_the_county_count_and_read_no_name(house, sign_in, login):
    house.settle()
    client = sign_in(login)
    assert client.get(reverse("feedback:owed")).status_code == 403
    page = text(client.get(reverse("feedback:counts")))
    assert "学校1" in page
    assert NAME not in page
    assert ("人数很少" in page) == (login == "officer"), "beyond the school a handful is not told"


def test_a_class_teacher_opens_level_and_advice_and_never_why(house, sign_in):
    house.settle()
    client = sign_in("teacher")
    assert ADVICE not in text(client.get(reverse("feedback:words")))
    page = text(client.get(reverse("feedback:word", args=[house.word().id])))
    assert ADVICE in page
    assert NOTE not in page
    assert house.owed("teachers").state == "given"
    assert AuditEvent.objects.filter(event="feedback.words.opened").count() == 1


def test_words_for_another_are_404_and_the_try_is_noted(house, sign_in):
    house.settle()
    response = sign_in("teacher_a").get(reverse("feedback:word", args=[house.word().id]))
    assert response.status_code == 404
    assert house.word().opened_at is None
    assert AuditEvent.objects.filter(event__startswith="access.").exists()


def test_a_subject_teacher_reads_the_words_without_a_level(house, sign_in):
    house.settle()
    client = sign_in("psych")
    both = [str(house.world.id_of(each)) for each in ("teacher", "subject")]
    body = {"words": "上课多鼓励，有事找我", "teachers": both}
    assert client.post(reverse("feedback:release", args=[house.owed("teachers").id]), body).status_code == 302
    page = text(sign_in("subject").get(reverse("feedback:word", args=[house.word("subject").id])))
    assert "上课多鼓励" in page
    assert "黄色" not in page
    assert "黄色" in text(sign_in("teacher").get(reverse("feedback:word", args=[house.word().id])))


def test_words_that_say_why_come_back_with_what_was_typed_and_the_spot(house, sign_in):
    house.settle()
    body = {"words": "他的 PHQ-9 偏高，请多关心", "teachers": [str(house.world.id_of("teacher"))]}
    response = sign_in("psych").post(reverse("feedback:release", args=[house.owed("teachers").id]), body)
    assert response.status_code == 422
    assert "他的 PHQ-9 偏高" in text(response)
    assert "请删去" in text(response)


def test_a_try_is_written_down_and_a_faulty_one_comes_back(house, sign_in):
    house.settle()
    client, url = sign_in("psych"), reverse("feedback:try", args=[house.owed().id])
    body = {"tried_at": "2026-11-23T09:30", "way": "phone", "guardian": "else", "outcome": "nobody", "words": "没"}
    response = client.post(url, body)
    assert response.status_code == 422
    assert "至少十个字" in text(response)
    body |= {"tried_at": "2026-11-23T10:00", "outcome": "reached", "words": SAID}
    assert client.post(url, body).status_code == 302
    assert rows(GuardianTry).count() == 1
    assert "已反馈" in text(client.get(reverse("feedback:one", args=[house.owed().id])))


def test_a_list_costs_the_same_for_one_and_for_three(house, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in("psych")
    costs = []
    for number, student in enumerate(house.world.students):
        house.settle(house.signal(student))
        if number in (0, 2):
            client.get(reverse("feedback:owed"))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(reverse("feedback:owed"))
            costs.append(len(queries))
    assert costs[0] == costs[1]
