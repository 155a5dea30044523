"""The analysis meeting is dated by itself, fills its agenda once, is closed whole, and its tasks climb."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from xinqiao.care.feedback import rules
from xinqiao.care.feedback.jobs.calling import keep_meetings
from xinqiao.care.feedback.models import AgendaItem, Decision, Meeting
from xinqiao.care.feedback.rules import CannotDo
from xinqiao.care.feedback.services.meetings import (
    ClosingDraft,
    DecisionDraft,
    close_meeting,
    finish_decision,
    name_leader,
    note_item,
    open_meeting,
    record_decision,
)
from xinqiao.care.feedback.tests.conftest import ADVICE, NOTE, rows
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.hooks import Left, staff_left
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SAID = "班主任说近来上课能跟上，家长已到校谈过"
WHAT = "每周五课间聊十分钟，记下状态"
BEYOND = "初一年级近来考试焦虑较多，安排一次主题班会"


@pytest.fixture
def ahead(house):
    """The meeting that is ahead at the first school."""
    assert keep_meetings(clock.now()) == 2
    return rows(Meeting).get(school_id=house.world.school.id)


@pytest.fixture
def under_way(house, ahead):
    """Opened with one pupil in care and one kept in view."""
    house.settle(outcome="case", level="orange")
    house.settle(house.signal(house.world.students[2]))
    open_meeting(ahead, actor=house.world.actor("head"))
    return rows(Meeting).get(pk=ahead.pk)


def items(meeting):
    return list(rows(AgendaItem).filter(meeting=meeting).select_related("student").order_by("place"))


def draft(house, **more):
    fields = {"present": tuple(house.world.id_of(each) for each in ("head", "psych", "teacher")), "words": BEYOND}
    return ClosingDraft(**{**fields, **more})


def held(house, meeting):
    for item in items(meeting):
        note_item(item, actor=house.psych, words=SAID)
    return close_meeting(meeting, actor=house.world.actor("head"), draft=draft(house))


def test_every_school_has_one_ahead_by_the_rules_on_a_school_day_with_a_clock(house, ahead):
    rule = parameters_for(ahead.place, clock.today()).meetings
    assert ahead.due_on >= clock.today() + rule.every_days * DAY
    assert ahead.due_on.weekday() < 5
    assert house.clock(ahead, "meeting").met_at is None
    assert keep_meetings(clock.now()) == 0, "run twice it dates nothing"
    assert OutboxMessage.objects.for_system(reason="test").filter(about_id=ahead.id).exists()


def test_one_that_is_not_held_climbs(house, ahead):
    due = house.clock(ahead, "meeting").due_at
    with clock.frozen(due + dt.timedelta(minutes=1)):
        assert [climb.subject_id for climb in climb_due(clock.now()) if climb.kind == "meeting"].count(ahead.id) == 1
    assert AuditEvent.objects.filter(event="feedback.clock.overdue", subject_id=ahead.id).exists()
    ahead.refresh_from_db()
    assert ahead.state == "called"


def test_the_agenda_is_what_is_open_at_this_moment_and_stays(house, under_way):
    why = {
        item.student_id: json.loads(said["why"])
        for item, said in zip(items(under_way), open_sealed(items(under_way), "why"), strict=True)
    }
    assert why == {house.world.students[0].id: ["case"], house.world.students[2].id: ["watch"]}
    house.settle(house.signal(house.world.students[1]))
    assert len(items(under_way)) == 2
    assert isinstance(open_meeting(under_way, actor=house.psych), Unchanged)


def test_what_is_overdue_says_so_on_the_agenda(house, ahead):
    house.settle()
    with clock.frozen(clock.now() + 20 * DAY):
        open_meeting(ahead, actor=house.psych)
    (item,) = items(ahead)
    assert json.loads(open_sealed([item], "why")[0]["why"]) == ["watch", "overdue", "feedback"]


def why_not_closed(house, meeting):
    try:
        close_meeting(meeting, actor=house.psych, draft=draft(house))
    except CannotDo as error:
        return error.codes
    return ()


def refuses_unseen(house, meeting):
    note_item(items(meeting)[0], actor=house.psych, words=SAID)
    assert why_not_closed(house, meeting) == (rules.NOT_LOOKED_AT,)
    assert rows(Meeting).get(pk=meeting.pk).state == "open"


def test_nobody_on_the_agenda_is_passed_over(house, under_way):
    refuses_unseen(house, under_way)


def test_control_without_the_rule_the_same_check_would_fail(house, under_way, monkeypatch):
    monkeypatch.setattr(rules, "refusals_to_close", lambda **_facts: ())
    with pytest.raises(AssertionError):
        refuses_unseen(house, under_way)


def test_closing_meets_the_clock_and_dates_the_next(house, under_way):
    name_leader(under_way, actor=house.psych, to=house.world.id_of("head"))
    done = held(house, under_way)
    assert done.state == "held"
    assert house.clock(done, "meeting").met_at == clock.now()
    following = rows(Meeting).get(school_id=house.world.school.id, state="called")
    rule = parameters_for(done.place, clock.today()).meetings
    assert following.due_on >= clock.today() + rule.every_days * DAY
    assert following.led_by == house.world.id_of("head")
    with pytest.raises(CannotDo, match="held_already"):
        close_meeting(under_way, actor=house.psych, draft=draft(house))
    with pytest.raises(CannotDo, match="held_already"):
        note_item(items(under_way)[0], actor=house.psych, words=SAID)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"present": ()}, "nobody_present"), ({"words": "短"}, "no_words"),
     ({"words": "欧阳思源最近状态好了很多，继续观察"}, "names_a_pupil")],
)  # fmt: skip
def test_minutes_that_are_not_whole_are_refused(house, under_way, more, code):
    for item in items(under_way):
        note_item(item, actor=house.psych, words=SAID)
    with pytest.raises(CannotDo) as refused:
        close_meeting(under_way, actor=house.psych, draft=draft(house, **more))
    assert refused.value.codes == (code,)


def decided(house, meeting, **more):
    fields = {"what": WHAT, "owner": house.world.id_of("teacher"), "due_on": clock.today() + 5 * DAY}
    found = record_decision(meeting, actor=house.psych, draft=DecisionDraft(**{**fields, **more}))
    return found if isinstance(found, Unchanged) else rows(Decision).get(pk=found.pk)


def test_what_is_decided_has_an_owner_a_day_and_a_clock_that_climbs(house, under_way):
    task = decided(house, under_way, item_id=items(under_way)[0].id)
    assert isinstance(decided(house, under_way, item_id=items(under_way)[0].id), Unchanged), "a double click"
    due = house.clock(task, "decision").due_at
    with clock.frozen(due + dt.timedelta(minutes=1)):
        assert task.id in [climb.subject_id for climb in climb_due(clock.now())]
    finish_decision(task, actor=house.world.actor("teacher"), words="聊了两次，孩子愿意说话")
    assert house.clock(task, "decision").met_at == clock.now()
    assert isinstance(finish_decision(task, actor=house.psych, words="聊了两次，孩子愿意说话"), Unchanged)


def test_a_task_is_done_by_its_owner_or_whoever_holds_meetings(house, under_way):
    task = decided(house, under_way)
    with pytest.raises(Forbidden):
        finish_decision(task, actor=house.world.actor("teacher_a"), words="聊了两次，孩子愿意说话")
    with pytest.raises(CannotDo, match="not_of_the_school"):
        decided(house, under_way, owner=house.world.id_of("other_psych"))
    with pytest.raises(CannotDo, match="day_not_ahead"):
        decided(house, under_way, due_on=clock.today() - DAY)


def text(response):
    return response.content.decode()


def test_head_and_psychology_teacher_hold_it_on_pages(house, under_way, sign_in):
    client = sign_in("head")
    page = text(client.get(reverse("feedback:meeting", args=[under_way.id])))
    assert "欧阳思源" in page
    assert NOTE not in page, "what the talk said stays with the talk"
    for item in items(under_way):
        assert client.post(reverse("feedback:item", args=[item.id]), {"words": "短"}).status_code == 422
        assert client.post(reverse("feedback:item", args=[item.id]), {"words": SAID}).status_code == 302
    body = {"words": WHAT, "about": str(items(under_way)[0].id), "owner": str(house.world.id_of("teacher")),
            "due_on": "2026-11-30"}  # fmt: skip
    assert client.post(reverse("feedback:decide", args=[under_way.id]), body).status_code == 302
    close = {"present": [str(house.world.id_of("head"))], "words": "短", "others": ""}
    faulty = client.post(reverse("feedback:close", args=[under_way.id]), close)
    assert faulty.status_code == 422
    assert "至少十个字" in text(faulty)
    close["words"] = BEYOND
    assert client.post(reverse("feedback:close", args=[under_way.id]), close).status_code == 302
    page = text(client.get(reverse("feedback:meeting", args=[under_way.id])))
    assert BEYOND in page
    assert "未到" in page, "the rules want a psychology teacher and a class teacher there"
    paper = client.get(reverse("feedback:minutes-pdf", args=[under_way.id]))
    assert paper.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(event="feedback.meeting.printed").count() == 1


def shows_own_alone(house, meeting, sign_in):
    for item in items(meeting):
        note_item(item, actor=house.psych, words=SAID)
    page = text(sign_in("teacher").get(reverse("feedback:meeting", args=[meeting.id])))
    assert "欧阳思源" in page
    assert ADVICE in page
    assert "张伟" not in page
    assert SAID not in page


def test_a_class_teacher_sees_own_pupils_level_and_advice_alone(house, under_way, sign_in):
    shows_own_alone(house, under_way, sign_in)


def test_control_if_attending_were_holding_the_same_check_would_fail(house, under_way, sign_in, monkeypatch):
    from xinqiao.care.feedback.selectors import meetings as selectors

    real = selectors._items
    monkeypatch.setattr(selectors, "_items", lambda _actor, it, may_hold: real(house.psych, it, may_hold=True))
    with pytest.raises(AssertionError):
        shows_own_alone(house, under_way, sign_in)


def test_a_class_teacher_reads_and_finishes_an_own_task(house, under_way, sign_in):
    task = decided(house, under_way, item_id=items(under_way)[0].id)
    client = sign_in("teacher")
    assert client.post(reverse("feedback:open", args=[under_way.id])).status_code == 403
    assert WHAT in text(client.get(reverse("feedback:tasks")))
    url = reverse("feedback:done", args=[task.id])
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "聊了两次，孩子愿意说话"}).status_code == 302
    assert rows(Decision).get(pk=task.pk).state == "done"
    assert WHAT not in text(sign_in("teacher_a").get(reverse("feedback:tasks")))
    assert sign_in("teacher_a").post(url, {"words": "聊了两次，孩子愿意说话"}).status_code == 404


def test_another_schools_meeting_is_404(house, ahead, sign_in):
    assert sign_in("other_psych").get(reverse("feedback:meeting", args=[ahead.id])).status_code == 404
    assert sign_in("officer").get(reverse("feedback:meetings")).status_code == 403


def test_whoever_leaves_leaves_tasks_to_the_heir_who_reaches_them(house, under_way):
    task, world = decided(house, under_way), house.world
    left = Left(
        staff_id=world.id_of("teacher"), user_id=None, heir_staff_id=world.id_of("teacher_a"), heir_user_id=None,
        place=world.school.path, on=clock.today(),
    )  # fmt: skip
    with recording(system_actor("test")):
        staff_left.send([left])
    mine = Decision.objects.visible_to(world.actor("teacher_a"), Permission.FEEDBACK_OWN).get()
    assert mine.id == task.id
    finish_decision(mine, actor=world.actor("teacher_a"), words="聊了两次，孩子愿意说话")
