"""Pages of filings in both languages, what is done on them, and what they tell to whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.crisis.rows import every_case
from xinqiao.care.filings.rows import every_edition
from xinqiao.care.filings.services.receiving import pass_on_filing
from xinqiao.care.filings.tests.conftest import DONE, REPLY
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
TYPED = {"seen": "0", "words": DONE, "asks": "请协调医院", "contact": "林老师 8000001"}


def url(name, *args):
    return reverse(f"filings:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def main_of(response) -> str:
    return text_of(response).split("<main", 1)[1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, care, desk, language):
    filing = desk.sent(care.judged("red"))
    owed = desk.of(care.judged("red", care.world.students[1]))[0]
    psych = sign_in("psych", language)
    for name, args in {"index": (), "one": (filing.id,), "write": (owed.id,)}.items():
        assert psych.get(url(name, *args)).status_code == 200, name
    assert sign_in("head", language).get(url("one", owed.id)).status_code == 200
    officer = sign_in("officer", language)
    assert officer.get(url("received")).status_code == 200
    assert officer.get(url("received-one", filing.id)).status_code == 200


@pytest.mark.parametrize("login", ["psych", "head", "officer"])
def test_empty_pages_say_so(sign_in, world, login):
    there = url("received" if login == "officer" else "index")
    assert ("还没有收到报送" if login == "officer" else "没有应报送的") in text_of(sign_in(login).get(there))


def test_the_whole_way_on_pages(sign_in, care, desk):
    filing = desk.of(care.judged("red"))[0]
    psych = sign_in("psych")
    assert "1 份待报送" in text_of(psych.get("/"))
    assert psych.post(url("write", filing.id), TYPED).url == url("one", filing.id)
    page = text_of(psych.get(url("one", filing.id)))
    assert DONE in page
    assert "等校长核对" in page
    head = sign_in("head")
    assert "1 份等您处理" in text_of(head.get("/"))
    assert head.post(url("check", filing.id), {"seen": "1"}).status_code == 302
    assert sign_in("psych").post(url("send", filing.id), {"seen": "1"}).status_code == 302
    officer = sign_in("officer")
    assert "1 份报送待确认" in text_of(officer.get("/"))
    shown = main_of(officer.get(url("received-one", filing.id)))
    assert DONE in shown
    assert "欧阳思源" not in shown
    assert officer.post(url("received-one", filing.id), {"seen": "1", "reply": REPLY}).status_code == 302
    officer.post(url("pass-on", filing.id), {"to": "city"})
    assert filing.reference in text_of(sign_in("city").get(url("received")))
    assert REPLY in text_of(sign_in("psych").get(url("one", filing.id)))


def test_what_was_typed_stays_where_it_is_refused(sign_in, care, desk):
    filing = desk.of(care.judged("red"))[0]
    psych = sign_in("psych")
    answer = psych.post(url("write", filing.id), {**TYPED, "words": "欧阳思源已有人陪，家长知道"})
    assert answer.status_code == 422
    assert "欧阳思源已有人陪，家长知道" in text_of(answer)
    assert "请改写为“该生”" in text_of(answer)
    psych.post(url("write", filing.id), TYPED)
    head = sign_in("head")
    answer = head.post(url("give-back", filing.id), {"seen": "1", "words": ""})
    assert answer.status_code == 422
    assert "请用一两句话写明" in text_of(answer)
    answer = head.post(url("lapse", filing.id), {"seen": "1", "words": "会后查明为误报，家长已知"})
    assert answer.status_code == 422
    assert "会后查明为误报，家长已知" in text_of(answer) or "请照常报送" in text_of(answer)
    head.post(url("check", filing.id), {"seen": "1"})
    sign_in("psych").post(url("send", filing.id), {"seen": "1"})
    answer = sign_in("officer").post(url("received-one", filing.id), {"seen": "1", "reply": ""})
    assert answer.status_code == 422
    assert every_edition().get().seen_at is None


def test_a_double_click_sends_once(sign_in, care, desk):
    filing = desk.of(care.judged("red"))[0]
    desk.write(filing)
    desk.check(filing)
    psych = sign_in("psych")
    assert [psych.post(url("send", filing.id), {"seen": "1"}).status_code for _ in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(event="filings.filing.sent").count() == 1


def test_an_old_page_sends_nothing_new(sign_in, care, desk):
    filing = desk.of(care.judged("red"))[0]
    desk.write(filing)
    desk.write(filing, "换了一版措施")
    desk.check(filing)
    answer = sign_in("psych").post(url("send", filing.id), {"seen": "1"})
    assert answer.status_code == 422
    assert "刚才有人改动了这份报送" in text_of(answer)


def gap_without_a_child(sign_in, care, desk):
    """The check: of what is missing the officer's page says school, level and hours, and has nothing to open."""
    filing = desk.of(care.judged("red"))[0]
    with clock.frozen(filing.due_at + dt.timedelta(hours=2, minutes=1)):
        officer = sign_in("officer")
        shown = main_of(officer.get(url("received")))
        assert "学校1" in shown
        assert "2 小时" in shown
        for hidden in ("欧阳思源", str(filing.id), str(filing.student_id), filing.reference, "七年级"):
            assert hidden not in shown
        assert officer.get(url("received-one", filing.id)).status_code == 404
        assert "学校缺报 1 份" in text_of(officer.get("/"))


def test_the_officer_sees_a_gap_and_no_child(sign_in, care, desk):
    gap_without_a_child(sign_in, care, desk)


def test_control_with_the_number_in_the_gap_it_is_found(sign_in, care, desk, monkeypatch):
    from xinqiao.care.filings.selectors import bureau

    def told(dated, schools, now):
        (filing,) = desk.of(every_case().get())
        return [bureau.GapRow(f"学校1 {filing.reference}", "red", 2)]

    monkeypatch.setattr(bureau, "_gaps", told)
    with pytest.raises(AssertionError):
        gap_without_a_child(sign_in, care, desk)


def test_the_page_says_that_few_are_no_merit(sign_in, care, desk):
    desk.sent(care.judged("red"))
    assert "报得少不算成绩" in text_of(sign_in("officer").get(url("received")))


@pytest.mark.parametrize(
    ("login", "status"),
    [("teacher", 403), ("other_psych", 404), ("officer", 403), ("helper", 403)],
)
def test_the_schools_pages_are_not_there_for_others(sign_in, care, desk, login, status):
    filing = desk.sent(care.judged("red"))
    client = sign_in(login)
    for name in ("one", "write"):
        assert client.get(url(name, filing.id)).status_code == status, name
    for name in ("check", "give-back", "send", "lapse"):
        expected = 403 if login == "other_psych" and name in ("check", "give-back", "lapse") else status
        assert client.post(url(name, filing.id)).status_code == expected, name
    assert AuditEvent.objects.filter(event="access.refused").count() == 6, "every try to reach a child is noted"


@pytest.mark.parametrize(("login", "status"), [("psych", 403), ("head", 403), ("officer2", 404), ("city", 404)])
def test_the_bureaus_pages_are_not_there_for_others(sign_in, care, desk, login, status):
    filing = desk.sent(care.judged("red"))
    client = sign_in(login)
    assert client.get(url("received-one", filing.id)).status_code == status
    assert client.post(url("pass-on", filing.id), {"to": "city"}).status_code == status


def test_further_up_it_is_read_and_not_confirmed(sign_in, care, desk):
    filing = desk.sent(care.judged("red"))
    pass_on_filing(filing, actor=care.world.actor("officer"), to="city")
    city = sign_in("city")
    page = text_of(city.get(url("received-one", filing.id)))
    assert DONE in page
    assert "确认收到" not in page
    assert city.post(url("received-one", filing.id), {"seen": "1", "reply": REPLY}).status_code == 422


def test_reading_is_an_event(sign_in, care, desk):
    filing = desk.sent(care.judged("red"))
    psych = sign_in("psych")
    psych.get(url("index"))
    psych.get(url("one", filing.id))
    officer = sign_in("officer")
    officer.get(url("received"))
    officer.get(url("received-one", filing.id))
    for event, count in {"list": 1, "filing": 2, "received": 1}.items():
        assert AuditEvent.objects.filter(event=f"filings.{event}.read").count() == count


def test_what_goes_up_is_sealed_in_the_database(care, desk):
    desk.sent(care.judged("red"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM filings_edition")
        assert DONE.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(("login", "name"), [("psych", "index"), ("officer", "received")])
def test_a_list_costs_as_much_for_many_as_for_one(sign_in, care, desk, login, name):
    desk.sent(care.judged("red"))
    client, counted = sign_in(login), []
    client.get(url(name))
    drafts = [StudentDraft(f"学生{n}", care.world.class_b, f"20269{n:02}") for n in range(5)]
    for round_ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url(name))
        counted.append(len(queries))
        if not round_:
            for student in register_students(care.world.school, drafts, clock.today()):
                desk.sent(care.judged("red", student))
    assert counted[0] == counted[1]
