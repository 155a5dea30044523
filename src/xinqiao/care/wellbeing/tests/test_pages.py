"""The way of a member of staff through the pages."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from xinqiao.care.alerts.models import Notice, Signal
from xinqiao.care.wellbeing import views
from xinqiao.care.wellbeing.tests.conftest import NOW, SENTENCE
from xinqiao.foundation.access.actors import Actor, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.selectors import EventFilter, read_events
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.actors import actor_for

CALM = dict.fromkeys((f"q{n}" for n in range(1, 10)), "1") | {"q9": "0"}


def post(client, page, **data):
    return client.post(reverse(f"wellbeing:{page}"), {"scale": "phq-9", **data})


def words_of(response) -> str:
    return re.sub(r"<[^>]+>", "", response.content.decode())


@pytest.fixture
def me(client_of):
    return client_of("class.songhu")


def kept(client, sheet="1,1,1,1,1,1,1,1,0"):
    return post(client, "keep", sheet=sheet, new_words=SENTENCE, again=SENTENCE)


def test_the_start_says_who_sees_it_and_that_nobody_is_alarmed(me):
    told = words_of(me.get(reverse("wellbeing:index")))
    for words in ("别人都看不到", "不会惊动任何人", "12356", "PHQ-9", "GAD-7", "还没有保存过", "SDS"):
        assert words in told
    assert "12355" not in told  # a line for the young


def test_answering_shows_the_result_and_stores_nothing(me):
    before = AuditEvent.objects.count()
    assert "最近两个星期" in words_of(post(me, "ask"))
    told = words_of(post(me, "answers", **CALM))
    for words in ("轻度", "8 分（满分 27）", "不是诊断"):
        assert words in told
    assert AuditEvent.objects.count() == before
    assert "还没有保存过" in words_of(me.get(reverse("wellbeing:index")))


def test_a_critical_answer_shows_help_first_and_tells_nobody(me):
    response = post(me, "answers", **CALM | {"q9": "1"})
    told = words_of(response)
    assert told.index("请不要一个人面对") < told.index("轻度")
    assert "没有人被通知" in told
    sent = OutboxMessage.objects.for_system(reason="counted in a test").count()
    assert (Signal.objects.for_system(reason="counted in a test").count(), sent) == (0, 0)
    assert Notice.objects.for_system(reason="counted in a test").count() == 0


def test_help_stands_there_also_over_an_unfinished_sheet(me):
    response = post(me, "answers", q9="3")
    assert response.status_code == 422
    assert "请不要一个人面对" in words_of(response)
    assert "请不要一个人面对" not in words_of(post(me, "answers", q1="3"))


def test_control_without_looking_at_unfinished_sheets_help_would_be_missing(me, monkeypatch):
    monkeypatch.setattr(views, "cries_for_help", lambda own, answers: False)
    assert "请不要一个人面对" not in words_of(post(me, "answers", q9="3"))


def kept_later(client, sheet="2,2,2,2,2,2,2,2,0"):
    with clock.frozen(NOW + dt.timedelta(minutes=5)):
        post(client, "keep", sheet=sheet)


def test_a_notebook_is_begun_opened_and_looked_through(me):
    assert kept(me).status_code == 302
    kept_later(me)
    shut = words_of(me.get(reverse("wellbeing:notebook")))
    assert "已锁上" in shut
    assert "轻度" not in shut
    told = words_of(post(me, "notebook", words=SENTENCE))
    for words in ("16 分（满分 27）", "8 分（满分 27）", "加重 8 分，超出偶然波动"):
        assert words in told
    assert told.index("16 分") < told.index("8 分（满分 27）", told.index("16 分") + 3)


def test_a_small_difference_may_be_chance(me):
    kept(me)
    kept_later(me, "1,1,1,1,1,1,1,0,0")
    assert "相差 1 分。不到 6 分" in words_of(post(me, "notebook", words=SENTENCE))


def test_a_wrong_sentence_is_said_to_be_wrong(me):
    kept(me)
    response = post(me, "notebook", words="不是这一句话啊啊啊啊")
    assert response.status_code == 422
    assert "这句话打不开" in words_of(response)


@pytest.mark.parametrize(
    ("new_words", "again", "told"),
    [
        ("太短了", "太短了", "至少要 10 个"),
        ("13800138000123", "13800138000123", "纯数字很容易被猜到"),
        (SENTENCE, SENTENCE + "！", "两次输入不一样"),
        ("", "", "请填写这一项"),
    ],
)
def test_a_weak_or_differing_sentence_is_refused_and_the_result_stays(me, new_words, again, told):
    response = post(me, "keep", sheet="1,1,1,1,1,1,1,1,0", new_words=new_words, again=again)
    assert response.status_code == 422
    assert told in words_of(response)
    assert 'value="1,1,1,1,1,1,1,1,0"' in response.content.decode()
    assert SENTENCE not in response.content.decode()


@pytest.mark.parametrize("sheet", ["", "1,1", "9,9,9,9,9,9,9,9,9", "a", "1,1,1,1,1,1,1,1,255"])
def test_a_sheet_that_is_none_keeps_nothing(me, sheet):
    assert post(me, "keep", sheet=sheet, new_words=SENTENCE, again=SENTENCE).status_code == 302
    assert "还没有保存过" in words_of(me.get(reverse("wellbeing:index")))


def test_one_is_deleted_and_then_all(me):
    kept(me)
    kept_later(me)
    page = post(me, "notebook", words=SENTENCE).content.decode()
    newest, _older = re.findall(r'name="entry" value="([^"]+)"', page)
    assert post(me, "delete", entry=newest).status_code == 302
    assert "16 分" not in words_of(post(me, "notebook", words=SENTENCE))
    post(me, "delete-all")
    assert "还没有保存过" in words_of(me.get(reverse("wellbeing:notebook")))


def test_the_sentence_is_changed(me):
    kept(me)
    post(me, "words", words=SENTENCE, new_words="另外一句很长的话啊啊", again="另外一句很长的话啊啊")
    assert post(me, "notebook", words=SENTENCE).status_code == 422
    assert "轻度" in words_of(post(me, "notebook", words="另外一句很长的话啊啊"))
    assert post(me, "words", words="x", new_words=SENTENCE, again=SENTENCE).status_code == 422


@pytest.mark.parametrize("login", ["head.songhu", "psych.songhu", "county.", "audit.", "admin.", "security."])
def test_another_meets_404_and_never_a_trace(me, client_of, login):
    kept(me)
    entry = re.findall(r'name="entry" value="([^"]+)"', post(me, "notebook", words=SENTENCE).content.decode())[0]
    other = client_of(login)
    assert post(other, "delete", entry=entry).status_code == 404
    for page in (other.get(reverse("wellbeing:index")), post(other, "notebook", words=SENTENCE)):
        assert "还没有保存过" in words_of(page)
        assert entry not in page.content.decode()


def test_the_auditor_of_the_whole_tree_reads_that_somebody_did_and_not_who(me, user_of, cast):
    kept(me)
    wanted = EventFilter(event="wellbeing.notebook.changed")
    top = next(unit.path for unit in cast.units.values() if unit.parent_id is None)
    (row,) = read_events(Actor(id=new_id(), grants=(Grant(Role.AUDITOR, top),)), wanted).rows
    assert (row.sentence, row.actor, row.role) == ("有人改动了一本只有本人能看的笔记", "不具名", "不具名")
    assert (row.subject, row.place, row.facts) == ("", "", ())
    below = actor_for(user_of("audit."), clock.today())
    assert read_events(below, wanted).rows == []
