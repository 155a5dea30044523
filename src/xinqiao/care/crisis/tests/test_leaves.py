"""Leave and return: four steps out, five back, an appeal that others decide, looks after the return."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.shortcuts import redirect
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.crisis.leave import rules
from xinqiao.care.crisis.leave.states import ENDED, MOVES, LeaveState
from xinqiao.care.crisis.leave_rows import every_leave, every_leave_step
from xinqiao.care.crisis.services import leaves as service
from xinqiao.care.crisis.services.leaves import (
    CannotStep,
    decide_return,
    look_after_return,
    note_contact,
    open_leave,
    take_step,
)
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.people.registering import StudentDraft, register_students

A_DAY = dt.timedelta(days=1)
WORDS, PEOPLE = "家里商量好先休养一个学期。", "班主任、心理教师"
TO_LEAVE = ("assessed", "talked", "on_leave")
TO_JOINT = ("papers", "reviewed", "joint")


@pytest.fixture
def world(db):
    with clock.frozen(MONDAY_10):
        yield build_world()


def step(target: str, **changes) -> rules.Step:
    return replace(rules.Step(target, clock.today(), PEOPLE, WORDS), **changes)


def fresh(leave):
    return every_leave().select_related("student").get(pk=leave.pk)


@pytest.fixture
def lead(world):
    """Begin a leave of a pupil and lead it through some steps by the psychology teacher."""

    def through(*targets, number=0):
        leave = open_leave(world.students[number], actor=world.actor("psych"), step=step("found"))
        for target in targets:
            leave = take_step(fresh(leave), actor=world.actor("psych"), step=step(target))
        return fresh(leave)

    return through


def clock_of(leave):
    return open_clocks().filter(subject_id=leave.id).values_list("kind", flat=True).first()


def test_four_steps_out_five_back_and_the_looks(world, lead):
    leave, psych = lead(*TO_LEAVE), world.actor("psych")
    assert (leave.state, leave.left_on, clock_of(leave)) == ("on_leave", clock.today(), "leave")
    note_contact(leave, actor=psych, step=step("on_leave"))
    for target in TO_JOINT:
        take_step(fresh(leave), actor=psych, step=step(target))
    decide_return(fresh(leave), actor=world.actor("head"), step=step("accepted"))
    take_step(fresh(leave), actor=psych, step=step("returned", words="前两周半天到校，每天见一次心理教师。"))
    leave = fresh(leave)
    assert (leave.state, clock_of(leave), leave.look_on) == ("returned", "return", clock.today() + 3 * A_DAY)
    days = []
    while fresh(leave).state == "returned":
        look_after_return(fresh(leave), actor=psych, step=step("returned"))
        days.append(fresh(leave).look_on)
    assert days == [clock.today() + days * A_DAY for days in (14, 30, 60)] + [None]
    assert (fresh(leave).state, clock_of(leave)) == ("ended", None)
    kinds = [row.kind for row in every_leave_step().order_by("at", "id")]
    assert kinds == ["found", *TO_LEAVE, "contact", *TO_JOINT, "accepted", "returned", *["look"] * 4]


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_an_appeal_is_decided_by_other_people(world, lead, monkeypatch, is_guarded):
    leave = lead(*TO_LEAVE, *TO_JOINT)
    head, psych = world.actor("head"), world.actor("psych")
    decide_return(leave, actor=head, step=step("not_yet"))
    take_step(fresh(leave), actor=psych, step=step("appealed"))
    if not is_guarded:
        monkeypatch.setattr(service, "who_took_part", lambda leave: set())
    for actor in (psych,) if not is_guarded else (head, psych):
        if is_guarded:
            with pytest.raises(CannotStep) as refused:
                decide_return(fresh(leave), actor=actor, step=step("accepted"))
            assert refused.value.code == "same_people"
        else:
            decide_return(fresh(leave), actor=actor, step=step("accepted"))
    if is_guarded:
        decide_return(fresh(leave), actor=world.actor("psych2"), step=step("accepted"))
    assert fresh(leave).state == "accepted"


def test_the_database_knows_as_well_that_an_appeal_is_others(world, lead):
    leave = lead(*TO_LEAVE, *TO_JOINT)
    decide_return(leave, actor=world.actor("head"), step=step("not_yet"))
    by = fresh(leave).decided_by
    with pytest.raises(IntegrityError), transaction.atomic():
        every_leave().filter(pk=leave.pk).update(appeal_decided_by=by)


def test_after_not_yet_a_new_try_has_its_own_decision(world, lead):
    leave, head, psych = lead(*TO_LEAVE, *TO_JOINT), world.actor("head"), world.actor("psych")
    decide_return(leave, actor=head, step=step("not_yet"))
    for target in TO_JOINT:
        take_step(fresh(leave), actor=psych, step=step(target))
    assert decide_return(fresh(leave), actor=head, step=step("accepted")).state == "accepted"


@pytest.mark.parametrize(
    ("state", "wrong", "code"),
    [
        ("found", {"target": "on_leave"}, "not_now"),
        ("found", {"target": "assessed", "words": " "}, "who_and_words"),
        ("found", {"target": "assessed", "people": ""}, "who_and_words"),
        ("found", {"target": "assessed", "day": dt.date(2026, 11, 24)}, "day_ahead"),
        ("joint", {"target": "accepted"}, "not_now"),  # a decision is no step
        ("returned", {"target": "ended"}, "not_now"),  # ends by its looks alone
        ("found", {"target": "assessed", "words": "长" * 2001}, "too_long"),
    ],
)
def test_what_is_refused(state, wrong, code):
    given = rules.Step(**{"target": "x", "day": dt.date(2026, 11, 23), "people": "某", "words": "某", **wrong})
    assert rules.refusal_to_step(state, given, service.Permission.LEAVE_EDIT, dt.date(2026, 11, 23)) == code


def test_one_leave_runs_at_a_time_and_a_dropped_one_makes_room(world, lead):
    leave = lead()
    with pytest.raises(CannotStep) as refused:
        lead()
    assert refused.value.code == "runs_already"
    take_step(leave, actor=world.actor("psych"), step=step("dropped"))
    assert clock_of(leave) is None
    assert lead().state == "found"


@pytest.mark.parametrize("is_taken", [False, True], ids=["silent", "control"])
def test_a_step_that_does_not_come_climbs(world, lead, is_taken):
    leave = lead()
    with clock.frozen(MONDAY_10 + 4 * A_DAY):
        if is_taken:
            take_step(leave, actor=world.actor("psych"), step=step("assessed"))
    with clock.frozen(MONDAY_10 + 8 * A_DAY):
        climbed = climb_due(clock.now())
        assert bool(climbed) is not is_taken
        sent = OutboxMessage.objects.for_system(reason="test").filter(about_kind="leave")
        assert sent.count() == 2 * len(climbed)
        assert all("欧阳" not in f"{row.subject}{row.body}" for row in sent)


def test_who_may_do_what(world, lead):
    leave, head = lead(*TO_LEAVE, *TO_JOINT), world.actor("head")
    with pytest.raises(Forbidden):
        take_step(leave, actor=head, step=step("papers"))
    for login in ("teacher", "officer", "other_psych"):
        with pytest.raises(Forbidden):
            decide_return(leave, actor=world.actor(login), step=step("accepted"))


@pytest.mark.parametrize("state", ["on_leave", "returned", "ended", "dropped"])
def test_a_state_without_what_belongs_to_it_cannot_be_stored(lead, state):
    leave = lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        every_leave().filter(pk=leave.pk).update(state=state)


def test_a_step_says_who_and_what(lead):
    lead()
    for wrong in ({"by": None}, {"people": None}, {"words": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            every_leave_step().update(**wrong)


def test_every_state_is_reached_and_left():
    assert {move.target for move in MOVES} | {LeaveState.FOUND} == set(LeaveState)
    assert {move.source for move in MOVES} | set(ENDED) == set(LeaveState)


# ---- Pages


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, world, lead, language):
    leave, student = lead(*TO_LEAVE), world.students[0].id
    client = sign_in("psych", language)
    for name, args in (("index", ()), ("pupil", (student,)), ("new", (student,)), ("one", (leave.id,))):
        response = client.get(reverse(f"leaves:{name}", args=args))
        assert response.status_code == 200, name
        assert "欧阳思源" in response.content.decode(), name


def test_steps_are_taken_on_the_page_and_the_head_reads_no_words_of_care(sign_in, world):
    client, student = sign_in("psych"), world.students[0].id
    assert reverse("leaves:pupil", args=[student]) in client.get(f"/people/students/{student}/").content.decode()
    given = {"day": "2026-11-23", "people": PEOPLE, "words": WORDS}
    one = client.post(reverse("leaves:new", args=[student]), {**given, "target": "found"}).url
    for target in (*TO_LEAVE, *TO_JOINT):
        client.post(f"{one}step/", {**given, "target": target})
    assert WORDS in client.get(one).content.decode()
    head = sign_in("head")
    text = head.get(one).content.decode()
    assert "已联合评估" in text
    assert WORDS not in text
    head.post(f"{one}decide/", {**given, "target": "not_yet", "words": "医院建议再休养一个月。"})
    sign_in("psych").post(f"{one}step/", {**given, "target": "appealed", "words": "家长认为孩子已经好转。"})
    text = sign_in("head").get(one).content.decode()
    assert "家长认为孩子已经好转" in text
    assert "须由其他人复议" in text
    sign_in("psych2").post(f"{one}decide/", {**given, "target": "accepted"})
    assert every_leave().get().state == "accepted"
    assert sign_in("teacher").get(one).status_code == 403
    assert sign_in("other_psych").get(one).status_code == 404
    assert AuditEvent.objects.filter(event="access.refused").count() == 2


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])
@pytest.mark.parametrize(("act", "wrong"), [("step", {"people": ""}), ("step", {"day": "2026-12-24"}),
                                            ("contact", {"people": ""})])  # fmt: skip
def test_a_refused_step_is_shown_again_with_what_was_typed(sign_in, lead, monkeypatch, act, wrong, is_kept):
    leave = lead(*TO_LEAVE)
    client, typed = sign_in("psych"), "家里说想先休息两周，再看医生怎么说"
    given = {"target": "papers" if act == "step" else "on_leave", "day": "2026-11-23", "people": PEOPLE, "words": typed}
    if not is_kept:
        monkeypatch.setattr("xinqiao.care.crisis.views.leaves._page", lambda *_a: redirect("leaves:one", leave.id))
    answer = client.post(f"/leaves/{leave.id}/{act}/", {**given, **wrong})

    def check():
        assert answer.status_code == 422
        assert typed in answer.content.decode()
        assert "请" in answer.content.decode()

    if is_kept:
        check()
    else:
        with pytest.raises(AssertionError):
            check()
    assert fresh(leave).state == "on_leave"


def test_twenty_leaves_cost_no_more_queries_than_one(sign_in, world, lead):
    client, counts = sign_in("psych"), []
    lead()
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(19)]
    for students in ((), register_students(world.school, drafts, clock.today())):
        for student in students:
            world.students.append(student)
            lead(number=len(world.students) - 1)
        client.get("/leaves/")
        with CaptureQueriesContext(connection) as made:
            client.get("/leaves/")
        counts.append(len(made))
    assert counts[1] <= counts[0]
