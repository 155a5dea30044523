"""Kept in view: begun by a talk, looked at by the rhythm of the policy, ended with a reason or turned into a case."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.services.interviewing import Talk
from xinqiao.care.alerts.services.lot_talks import write_talk_without_signal
from xinqiao.care.crisis.errors import CannotCare
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.crisis.services import watches as service
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.crisis.services.watches import end_watch, take_watch
from xinqiao.care.crisis.tests.watching import A_DAY, SEEN, WHY, Watching, clock_of, fresh
from xinqiao.care.crisis.watch import rules
from xinqiao.care.crisis.watch.states import MOVES, OVER, WatchState
from xinqiao.care.crisis.watch_rows import every_look, every_watch
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.students import end_enrolment
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.selectors import parameters_for

PACK_DAYS, PACK_LOOKS = 14, 2


@pytest.fixture
def watching(world):
    return Watching(world)


def events(name):
    return AuditEvent.objects.filter(event=f"crisis.watch.{name}").count()


def last_minute(day):
    return dt.datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone())


def test_a_talk_that_keeps_in_view_dates_the_first_look_by_the_pack(world, watching):
    watch = watching.begin()
    parameters = parameters_for(world.school.path, clock.today())
    assert (parameters.look_every_days, parameters.clean_looks_to_end) == (PACK_DAYS, PACK_LOOKS)
    assert (watch.state, watch.owner) == ("watching", world.id_of("psych"))
    assert watch.look_on == clock.today() + PACK_DAYS * A_DAY
    running = clock_of(watch)
    assert (running.kind, running.due_at) == ("watch", last_minute(watch.look_on))
    assert events("opened") == 1


def test_two_calm_looks_let_it_end_with_a_reason_and_the_level_with_it(world, watching):
    watch, psych = watching.begin(), world.actor("psych")
    for number in (1, 2):
        with pytest.raises(CannotCare) as refused:
            end_watch(fresh(watch), actor=psych, reason="calm", words=WHY)
        assert refused.value.codes == (rules.NOT_ENOUGH_LOOKS,)
        with clock.frozen(MONDAY_10 + number * 10 * A_DAY):
            watch = watching.look(watch)
            assert watch.look_on == clock.today() + PACK_DAYS * A_DAY
            assert clock_of(watch).due_at == last_minute(watch.look_on)
    with clock.frozen(MONDAY_10 + 20 * A_DAY):
        with pytest.raises(CannotCare) as refused:
            end_watch(watch, actor=psych, reason="calm", words=" ")
        assert refused.value.codes == (rules.NO_WATCH_REASON,)
        ended = end_watch(watch, actor=psych, reason="calm", words=WHY)
        assert (ended.state, ended.look_on, clock_of(ended)) == ("ended", None, None)
        assert not every_attention().filter(student=watch.student, ended_at__isnull=True).exists()
        with pytest.raises(CannotCare) as refused:
            watching.look(ended)
        assert refused.value.codes == (rules.WATCH_OVER,)
    assert (events("looked"), events("ended")) == (2, 1)
    assert every_look().count() == 2


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_two_looks_on_one_day_count_once(watching, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(service.rules, "calm_after", lambda calm, **_facts: calm + 1)
    watch = watching.begin()
    watching.look(watch)

    def check():
        assert watching.look(watch).calm == 1

    if is_guarded:
        check()
    else:
        with pytest.raises(AssertionError):
            check()


def test_a_look_that_is_not_calm_counts_anew(watching):
    watch = watching.look(watching.begin())
    assert watch.calm == 1
    with clock.frozen(MONDAY_10 + 7 * A_DAY):
        watch = watching.look(watch, "same", next_on=clock.today() + 3 * A_DAY)
        assert (watch.calm, watch.state, watch.look_on) == (0, "watching", clock.today() + 3 * A_DAY)


@pytest.mark.parametrize(("finding", "urgency"), [("worse", "orange"), ("acute", "red")])
def test_more_danger_is_a_signal_at_once_and_the_talk_comes_first(world, watching, finding, urgency):
    watch = watching.look(watching.begin(), finding)
    signal = Signal.objects.for_system(reason="test").select_related("student").exclude(state="closed").get()
    assert (signal.urgency, signal.origin_kind, watch.state) == (urgency, "watch_look", "signalled")
    assert clock_of(watch) is not None, "the clock of the look runs on"
    with pytest.raises(CannotCare) as refused:
        watching.look(watch)
    assert refused.value.codes == (rules.TALK_FIRST,)
    with pytest.raises(CannotCare) as refused:
        end_watch(watch, actor=world.actor("psych"), reason="calm", words=WHY)
    assert rules.TALK_FIRST in refused.value.codes
    watching.talk(signal, "watch", "orange")
    assert (fresh(watch).state, fresh(watch).calm) == ("watching", 0)
    assert events("resumed") == 1


@pytest.mark.parametrize("is_heard", [True, False], ids=["heard", "control"])
def test_a_new_signal_from_the_intake_ends_the_waiting(world, watching, monkeypatch, is_heard):
    watch = watching.begin()
    if not is_heard:
        monkeypatch.setattr("xinqiao.care.crisis.watch_following.signal_watch", lambda _student_id: None)
    signal = watching.unheard(watch.student)
    tell_new_signals(clock.now())

    def check():
        assert fresh(watch).state == "signalled"

    if not is_heard:
        with pytest.raises(AssertionError):
            check()
        return
    check()
    due = clock_of(watch).due_at
    assert due == last_minute(watch.look_on), "a new signal never puts the look off"
    with clock.frozen(MONDAY_10 + 2 * A_DAY):
        signal.refresh_from_db()
        watching.talk(signal, "nothing", "")
        assert (fresh(watch).state, fresh(watch).look_on) == ("watching", clock.today() + PACK_DAYS * A_DAY)


def test_while_another_signal_waits_the_watch_waits_for_its_talk(watching):
    first, second = watching.signal(), watching.signal()
    watching.talk(first)
    watch = every_watch().get()
    assert watch.state == "signalled"
    watching.talk(second, "nothing", "")
    assert fresh(watch).state == "watching"


def test_a_talk_that_finds_need_turns_it_into_a_case(watching):
    watch = watching.begin()
    watching.talk(watching.signal(), "case", "orange")
    watch = fresh(watch)
    assert (watch.state, clock_of(watch)) == ("case", None)
    assert every_running_case().filter(student=watch.student).count() == 1
    assert events("became_case") == 1


def test_a_case_opened_by_hand_ends_it_as_well_and_a_case_begins_no_watch(world, watching):
    watch = watching.begin()
    open_case(watch.student, actor=world.actor("psych"), urgency="orange", why="家里出了大事，需要持续关护")
    assert fresh(watch).state == "case"
    watching.talk(watching.signal())
    assert every_watch().count() == 1


def test_a_pupil_drawn_by_lot_is_kept_in_view_too_and_one_in_need_has_a_case(world, watching):
    psych = world.actor("psych")
    for student, outcome, level in ((world.students[0], "watch", "yellow"), (world.students[1], "case", "orange")):
        talk = Talk(
            held_at=clock.now(), is_face_to_face=True, asked_about_suicide="yes", risk_found="none", note="抽样访谈",
            outcome=outcome, level=level, advice="多留意", review_on=clock.today() + 20 * A_DAY, kind="lot",
        )  # fmt: skip
        with recording(psych):
            write_talk_without_signal(student, actor=psych, talk=talk, since=clock.now() - A_DAY)
    assert every_watch().get().student_id == world.students[0].id
    assert every_running_case().get().student_id == world.students[1].id


def test_an_overdue_look_climbs_and_tells_neutrally(watching):
    watch = watching.begin()
    with clock.frozen(MONDAY_10 + (PACK_DAYS + 1) * A_DAY):
        climb_due(clock.now())
        sent = OutboxMessage.objects.for_system(reason="test").filter(about_kind="watch")
        assert sent.count() > 0
        assert all("欧阳" not in f"{row.subject}{row.body}" for row in sent)
        assert events("overdue") == 1
        watching.look(watch)
        assert clock_of(watch).rung == 0


def test_a_pupil_who_left_is_handed_over_and_one_who_is_here_is_not(world, watching):
    watch, psych = watching.begin(), world.actor("psych")
    with pytest.raises(CannotCare) as refused:
        end_watch(watch, actor=psych, reason="left", words=WHY)
    assert refused.value.codes == (rules.STILL_AT_SCHOOL,)
    end_enrolment(watch.student, actor=psych, on=clock.today())
    assert fresh(watch).state == "watching", "nothing ends by itself"
    assert end_watch(fresh(watch), actor=psych, reason="left", words="已转给新学校的心理教师").state == "ended"


def test_whoever_takes_over_leads(world, watching):
    watch = watching.begin()
    take_watch(watch, actor=world.actor("psych2"))
    assert fresh(watch).owner == world.id_of("psych2")
    assert isinstance(take_watch(fresh(watch), actor=world.actor("psych2")), Unchanged)
    assert events("handed_over") == 1


def test_who_may_do_what(world, watching):
    watch = watching.begin()
    for login in ("teacher", "head", "officer", "other_psych"):
        with pytest.raises(Forbidden):
            take_watch(watch, actor=world.actor(login))
        with pytest.raises(Forbidden):
            end_watch(watch, actor=world.actor(login), reason="calm", words=WHY)


def test_a_double_click_writes_one_look(watching):
    watch = watching.begin()
    watching.look(watch)
    with pytest.raises(CannotCare) as refused:
        watching.look(watch, after=0)
    assert refused.value.codes == (rules.LOOKED_MEANWHILE,)
    assert every_look().count() == 1


FACTS = {
    "is_over": False, "is_signalled": False, "held_at": MONDAY_10, "held_on": MONDAY_10.date(),
    "opened_on": MONDAY_10.date(), "now": MONDAY_10, "today": MONDAY_10.date(), "words": SEEN, "finding": "none",
    "next_on": None, "longest_on": MONDAY_10.date() + 14 * A_DAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({}, []),
        ({"held_at": MONDAY_10 + A_DAY}, [rules.LOOK_IN_FUTURE]),
        ({"held_on": MONDAY_10.date() - A_DAY}, [rules.LOOK_BEFORE_WATCH]),
        ({"words": "  "}, [rules.NO_LOOK_WORDS]),
        ({"finding": ""}, [rules.NO_LOOK_FINDING]),
        ({"next_on": MONDAY_10.date()}, [rules.NEXT_LOOK_NOT_AHEAD]),
        ({"next_on": MONDAY_10.date() + 15 * A_DAY}, [rules.NEXT_LOOK_TOO_LATE]),
    ],
)
def test_what_stands_against_a_look(wrong, codes):
    assert rules.refusals_to_look(rules.LookFacts(**{**FACTS, **wrong})) == codes


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({}, []),
        ({"calm": 1}, [rules.NOT_ENOUGH_LOOKS]),
        ({"is_overdue": True}, [rules.LOOK_OVERDUE]),
        ({"level": "orange"}, [rules.LEVEL_STILL_HIGH]),
        ({"is_signalled": True}, [rules.TALK_FIRST]),
        ({"is_over": True}, [rules.WATCH_OVER]),
    ],
)
def test_what_stands_against_an_end(wrong, codes):
    facts = {"is_over": False, "is_signalled": False, "calm": 2, "calm_at_least": 2, "is_overdue": False,
             "level": "yellow", "has_left": False}  # fmt: skip
    assert rules.obstacles_to_end(rules.EndFacts(**{**facts, **wrong}), "calm") == codes


@pytest.mark.parametrize("wrong", [{"look_on": None}, {"state": "ended"}, {"state": "case"}])
def test_a_state_without_what_belongs_to_it_cannot_be_stored(watching, wrong):
    watch = watching.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        every_watch().filter(pk=watch.pk).update(**wrong)


def test_every_state_is_reached_and_left():
    assert {move.target for move in MOVES} == set(WatchState)
    assert {move.source for move in MOVES} | set(OVER) == set(WatchState)


# ---- Pages


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()  # a session that idled through a frozen week is over
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, watching, language):
    assert sign_in("psych", language).get("/watch/").status_code == 200
    watch = watching.look(watching.begin())
    for path in ("", f"{watch.id}/", f"{watch.id}/look/", f"{watch.id}/end/"):
        response = sign_in("psych", language).get(f"/watch/{path}")
        assert response.status_code == 200, path
        assert "欧阳思源" in response.content.decode(), path
    read = AuditEvent.objects.filter(event__in=("crisis.watches.read", "crisis.watch.read"))
    assert read.count() == 4


def look_given(**more):
    at = clock.now().astimezone(zone()).strftime("%Y-%m-%dT%H:%M")
    return {"held_at": at, "way": "in_person", "words": SEEN, "finding": "none", "after": "0", **more}


def test_a_look_and_an_end_on_the_page_and_bad_input_keeps_the_words(sign_in, watching):
    client, watch = sign_in("psych"), watching.begin()
    url = f"/watch/{watch.id}/"
    wrong = client.post(f"{url}look/", look_given(next_on="2020-01-01"))
    assert wrong.status_code == 422
    assert SEEN in wrong.content.decode()
    assert client.post(f"{url}look/", look_given()).status_code == 302
    again = client.post(f"{url}look/", look_given(words="另一位老师也看过"))
    assert again.status_code == 422
    assert "另一位老师也看过" in again.content.decode()
    assert 'name="after" value="1"' in again.content.decode()
    refused = client.post(f"{url}end/", {"reason": "calm", "words": WHY})
    assert refused.status_code == 422
    assert WHY in refused.content.decode()
    with clock.frozen(MONDAY_10 + 7 * A_DAY):
        sign_in("psych").post(f"{url}look/", look_given(after="1"))
        assert SEEN in sign_in("psych").get(url).content.decode()
        assert sign_in("psych").post(f"{url}end/", {"reason": "calm", "words": WHY}).status_code == 302
    assert fresh(watch).state == "ended"


def test_the_front_page_says_how_many_looks_are_due(sign_in, watching):
    watching.begin()
    assert "/watch/" in sign_in("psych").get("/").content.decode()
    assert "待复看" not in sign_in("psych").get("/").content.decode()
    with clock.frozen(MONDAY_10 + PACK_DAYS * A_DAY):
        assert "待复看" in sign_in("psych").get("/").content.decode()


def test_the_class_teacher_sees_level_and_advice_and_nothing_of_the_watch(sign_in, watching):
    watch = watching.look(watching.begin())
    client = sign_in("teacher")
    for path in ("", f"{watch.id}/", f"{watch.id}/look/", f"{watch.id}/end/"):
        assert client.get(f"/watch/{path}").status_code == 403, path
    text = client.get("/alerts/attention/").content.decode()
    assert "多留意" in text
    assert SEEN not in text
    assert "/watch/" not in text
    assert sign_in("other_psych").get(f"/watch/{watch.id}/").status_code == 404


def test_twenty_watches_cost_no_more_queries_than_one(sign_in, world, watching):
    client, counts = sign_in("psych"), []
    watching.begin()
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(19)]
    for students in ((), register_students(world.school, drafts, clock.today())):
        for student in students:
            watching.begin(student)
        client.get("/watch/")
        with CaptureQueriesContext(connection) as made:
            client.get("/watch/")
        counts.append(len(made))
    assert counts[1] <= counts[0]
