"""An incident is opened once, its plan has clocks that climb through the night, and it is closed when nothing waits."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.facts import end_facts
from xinqiao.care.incidents.models import Incident
from xinqiao.care.incidents.rows import every_incident, every_line, every_report
from xinqiao.care.incidents.rules import EndFacts
from xinqiao.care.incidents.services import opening
from xinqiao.care.incidents.services.doing import (
    Done,
    add_action,
    ask_department,
    call_experts,
    settle_line,
    waive_line,
)
from xinqiao.care.incidents.services.opening import add_note, close_incident, name_leader, open_incident
from xinqiao.care.incidents.tests.conftest import MINUTE, WHAT, draft
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.hooks import Left, staff_left
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

DAY = dt.timedelta(days=1)


def clocks(**more):
    return Deadline.objects.for_system(reason="a test looks at all rows").filter(**more)


def running(subject_id) -> bool:
    return clocks(subject_id=subject_id, met_at=None, cancelled_at=None).exists()


def test_an_incident_has_a_plan_reports_and_a_review_each_with_a_clock(people):
    codes = [line.code for line in people.lines()]
    assert codes == ["safety", "guardians", "hospital", "bureau", "group", "facts", "staff-word", "exposed"]
    assert [line.due_at - people.incident.opened_at for line in people.lines()][:3] == [
        5 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    ]  # fmt: skip
    reports = every_report().filter(incident=people.incident).order_by("position")
    assert [(each.form, each.is_checked) for each in reports] == [
        ("first", False), ("follow-up", True), ("final", True),
    ]  # fmt: skip
    rows = [*every_line().filter(incident=people.incident), *reports]
    assert all(running(row.id) for row in rows)
    assert AuditEvent.objects.filter(event="incidents.incident.opened").count() == 1


def test_those_who_lead_hear_of_it_in_words_that_name_nothing(people):
    rows = OutboxMessage.objects.for_system(reason="test").filter(about_id=people.incident.id)
    assert rows.exclude(channel="none").count() == 3  # psychology teacher, principal, leading group
    assert [row.last_error for row in rows.filter(channel="none")] == ["no_channel"]  # the one who gave no address
    assert {row.subject for row in rows} == {"心桥里有事项等您处理"} or all(WHAT not in row.body for row in rows)


def test_the_same_form_twice_is_one_incident(world):
    once = draft(world)
    opened = open_incident(world.school, actor=world.actor("head"), draft=once)
    again = open_incident(world.school, actor=world.actor("head"), draft=once)
    assert isinstance(opened, Incident)
    assert isinstance(again, Unchanged)
    assert every_incident().count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "party"}, rules.NO_SUCH_KIND),
        ({"what": "  "}, rules.NO_WORDS),
        ({"what": "字" * 4001}, rules.TOO_LONG),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_says_why(world, change, code):
    with pytest.raises(CannotDo) as refused:
        open_incident(world.school, actor=world.actor("head"), draft=draft(world, **change))
    assert refused.value.codes == (code,)
    assert every_incident().count() == 0


def test_the_future_and_a_leader_from_elsewhere_are_refused(world):
    ahead = draft(world, happened_at=clock.now() + MINUTE)
    with pytest.raises(CannotDo, match=rules.AHEAD):
        open_incident(world.school, actor=world.actor("head"), draft=ahead)
    for login in ("teacher", "other_psych"):
        with pytest.raises(CannotDo, match=rules.NO_LEADER):
            open_incident(world.school, actor=world.actor("head"), draft=draft(world, leader=world.id_of(login)))


@pytest.mark.parametrize("login", ["teacher", "officer", "other_psych"])
def test_nobody_else_opens_one(world, login):
    with pytest.raises(Forbidden):
        open_incident(world.school, actor=world.actor(login), draft=draft(world))


def test_each_pack_has_its_own_deadlines(world, tmp_path, settings):
    put_in_force(
        tmp_path, settings,
        local_pack("here", world.county.code, emergency={"guardians_within": {"value": {"minutes": 10},
                                                                              "source": ["ours"]}}),
    )  # fmt: skip
    made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
    assert every_line().get(incident=made, code="guardians").due_at == made.opened_at + 10 * MINUTE


def test_a_line_is_ticked_once_with_who_when_and_what(people):
    line = people.line("guardians")
    at = clock.now() - 2 * MINUTE
    people.settle(line, words="已到校", people="母亲", at=at)
    kept = people.line("guardians")
    assert (kept.state, kept.done_at, kept.settled_by) == ("done", at, people.world.id_of("head"))
    assert not running(line.id)
    assert clocks(subject_id=line.id).get().met_at is not None
    assert isinstance(people.settle(line, login="psych"), Unchanged)
    assert people.line("guardians").settled_by == people.world.id_of("head")


def test_a_step_may_have_been_done_before_it_was_opened_here_and_not_before_it_happened(people):
    people.settle(people.line("safety"), at=people.incident.happened_at)
    for at, code in ((people.incident.happened_at - MINUTE, rules.BEFORE_IT), (clock.now() + MINUTE, rules.AHEAD)):
        with pytest.raises(CannotDo, match=code):
            people.settle(people.line("guardians"), at=at)


def test_what_nobody_does_climbs_through_the_night(world):
    night = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)  # 23:30 in Shanghai
    with clock.frozen(night):
        made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
    line = every_line().get(incident=made, code="safety")
    told = []
    at = night
    for _rung in range(3):
        at = clocks(subject_id=line.id).get().next_climb_at
        with clock.frozen(at):
            climb_due(at)
        told.append(clocks(subject_id=line.id).get().rung)
    assert told == [1, 2, 3]
    assert at <= night + dt.timedelta(minutes=40)
    officer = world.staff["officer"].key_id
    heard = OutboxMessage.objects.for_system(reason="test").filter(about_id=made.id, key_id=officer)
    assert heard.exists()
    events = AuditEvent.objects.filter(event="incidents.overdue.told")
    assert {json.loads(each.facts)["clock"] for each in events} >= {"incident_step"}


def climbs_in_a_night(world):
    """The check: a step that nobody does has climbed by the morning."""
    night = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)
    with clock.frozen(night):
        made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
    with clock.frozen(night + dt.timedelta(minutes=6)):
        climb_due(clock.now())
    rung = clocks(subject_id=every_line().get(incident=made, code="safety").id).values_list("rung", flat=True)
    assert list(rung) == [1]


def test_control_a_plan_without_clocks_does_not_climb(world, monkeypatch):
    from xinqiao.care.incidents import lines

    monkeypatch.setattr(lines, "start", lambda *args, at, **more: at)
    with pytest.raises(AssertionError):
        climbs_in_a_night(world)


def test_departments_and_experts_have_clocks_and_answers(people):
    asked = ask_department(people.incident, actor=people.actor(), once=ids.new_id(), department="police", words="协助")
    with pytest.raises(CannotDo, match=rules.NO_SUCH_WORD):
        ask_department(people.incident, actor=people.actor(), once=ids.new_id(), department="zoo", words="协助")
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        settle_line(asked, actor=people.actor(), done=Done(clock.now(), "", "会来"))
    people.settle(asked, words="一小时内到场", people="值班民警")
    once = ids.new_id()
    called = call_experts(people.incident, actor=people.actor(), once=once, words="市危机干预专家队")
    assert isinstance(call_experts(people.incident, actor=people.actor(), once=once, words="同一张"), Unchanged)
    with pytest.raises(CannotDo, match=rules.ALREADY_CALLED):
        call_experts(people.incident, actor=people.actor("psych"), once=ids.new_id(), words="再呼一次")
    assert running(called.id)
    people.settle(called, words="", people="")
    assert not running(called.id)


def test_actions_follow_the_review_and_have_an_owner_and_a_day(people):
    psych, on = people.world.id_of("psych"), clock.today() + 7 * DAY
    more = {"actor": people.actor(), "words": "操场东侧装护栏", "owner": psych, "until": on}
    with pytest.raises(CannotDo, match=rules.NOT_REVIEWED):
        add_action(people.incident, once=ids.new_id(), **more)
    people.settle(people.line(kind="review"), words="巡查不足", people="领导小组全体")
    with pytest.raises(CannotDo, match=rules.NO_OWNER):
        add_action(people.incident, once=ids.new_id(), **{**more, "owner": people.world.id_of("teacher")})
    with pytest.raises(CannotDo, match=rules.DAY_BEHIND):
        add_action(people.incident, once=ids.new_id(), **{**more, "until": clock.today() - DAY})
    made = add_action(people.incident, once=ids.new_id(), **more)
    assert running(made.id)
    leaves(psych, people)
    assert every_line().get(pk=made.pk).owner == people.world.id_of("head")


def leaves(staff_id, people):
    """Somebody leaves and names the principal as heir."""
    with recording(system_actor("test")):
        staff_left.send([Left(staff_id, None, people.world.id_of("head"), None, people.incident.place, clock.today())])


def test_who_leads_can_change_and_follows_the_heir(people):
    psych = people.world.id_of("psych")
    name_leader(people.incident, actor=people.actor(), leader=psych)
    assert isinstance(name_leader(people.incident, actor=people.actor(), leader=psych), Unchanged)
    leaves(psych, people)
    assert people.fresh().leader == people.world.id_of("head")


def test_a_note_is_kept_once_and_not_in_a_closed_incident(people):
    once = ids.new_id()
    for _click in range(2):
        add_note(people.incident, actor=people.actor(), once=once, at=clock.now(), words="家长到校")
    assert people.incident.notes.model._system.count() == 1
    people.settle_all()
    close_incident(people.incident, actor=people.actor(), words="平稳")
    with pytest.raises(CannotDo, match=rules.IS_CLOSED):
        add_note(people.incident, actor=people.actor(), once=ids.new_id(), at=clock.now(), words="再记")
    with pytest.raises(CannotDo, match=rules.IS_CLOSED):
        ask_department(people.incident, actor=people.actor(), once=ids.new_id(), department="police", words="协助")


def refuses_to_close_what_waits(people):
    """The check: an incident in which something waits is not closed, and everything is named at once."""
    people.expose(people.world.students[0])
    with pytest.raises(CannotDo) as refused:
        close_incident(people.incident, actor=people.actor(), words="结束")
    assert set(refused.value.codes) == {rules.LINES_OPEN, rules.CARE_OPEN, rules.REPORTS_OPEN, rules.NOT_REVIEWED}
    assert people.fresh().state == "open"


def test_it_is_closed_only_when_nothing_waits(people):
    refuses_to_close_what_waits(people)
    people.settle_all()
    close_incident(people.incident, actor=people.actor(), words="平稳")
    assert people.fresh().state == "closed"
    assert isinstance(close_incident(people.incident, actor=people.actor(), words="平稳"), Unchanged)
    rows = clocks(met_at=None, cancelled_at=None)
    assert not rows.exists()


def test_control_without_the_rule_it_would_be_closed(people, monkeypatch):
    monkeypatch.setattr(opening, "end_facts", lambda incident: EndFacts(0, 0, 0, is_reviewed=True))
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        refuses_to_close_what_waits(people)


def test_a_reason_is_as_good_as_a_deed_and_cannot_be_empty(people):
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        waive_line(people.line("hospital"), actor=people.actor(), words=" ")
    waive_line(people.line("hospital"), actor=people.actor(), words="没有受伤")
    assert people.line("hospital").state == "waived"
    assert end_facts(people.incident).lines == len(people.lines()) - 1


def test_the_database_holds_what_the_rules_promise(people):
    for rows in (
        every_incident().filter(pk=people.incident.pk), every_line().filter(incident=people.incident, code="safety"),
    ):  # fmt: skip
        state = "closed" if rows.model is Incident else "done"
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)
