"""Shifts: who may stand in them, weeks at once, substitutes, gaps."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage, Webhook
from xinqiao.register.accounts.hooks import role_ended, staff_left
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.services.memberships import end_membership
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.selectors import (
    able_shifts_between,
    candidates,
    gaps,
    is_someone_on_duty,
    on_duty,
    seen_since,
    shifts_between,
)
from xinqiao.register.duty.services import shifts as shifts_service
from xinqiao.register.duty.services.presence import note_seen
from xinqiao.register.duty.services.shifts import (
    CannotAssign,
    Weekly,
    assign_shift,
    assign_week,
    cancel_shift,
    substitute_shift,
)
from xinqiao.register.duty.week import week_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def assign(world, frozen):
    def put(login="psych", role="psychology", start=frozen, hours=8, by="psych", **more):
        return assign_shift(
            world.school, actor=world.actor(by), staff_id=world.id_of(login), role=role, start_at=start,
            end_at=start + hours * HOUR, **more,
        )  # fmt: skip

    return put


def test_on_duty_from_the_first_to_before_the_last_moment(world, assign, frozen):
    assign()
    assert [row.name for row in on_duty(world.school.path, frozen)] == ["林若溪"]
    assert is_someone_on_duty(world.class_b.path, frozen), "the class belongs to the school"
    assert not is_someone_on_duty(world.school.path, frozen + 8 * HOUR)
    assert not is_someone_on_duty(world.school.path, frozen - dt.timedelta(seconds=1))
    assert not is_someone_on_duty(world.other_school.path, frozen)
    assert on_duty(world.school.path, frozen, "lead") == []


@pytest.mark.parametrize("login", ["teacher", "officer", "other_psych"])
def test_only_who_may_take_a_notice_there_can_be_on_duty(world, assign, login):
    with pytest.raises(CannotAssign, match="cannot_acknowledge"):
        assign(login)


def test_without_the_rule_a_class_teacher_could_stand_there(world, assign, monkeypatch):
    monkeypatch.setattr(shifts_service, "_demand_candidates", lambda *a: None)
    assign("teacher")
    assert DutyShift.objects.for_system(reason="test").count() == 1


@pytest.mark.parametrize(
    ("hours", "start_in", "code"), [(-1, 0, "ends_before_start"), (8, -9, "in_the_past"), (200, 0, "too_long")]
)
def test_impossible_times(assign, frozen, hours, start_in, code):
    with pytest.raises(CannotAssign, match=code):
        assign(start=frozen + start_in * HOUR, hours=hours)


@pytest.mark.parametrize("login", ["teacher", "officer", "other_psych"])
def test_only_the_schools_own_people_edit_the_roster(assign, login):
    with pytest.raises(Forbidden):
        assign(by=login)


def test_the_same_shift_again_changes_nothing(assign):
    assign()
    assert assign() == Unchanged("already_assigned")
    assert AuditEvent.objects.filter(event="duty.shift.assigned").count() == 1


def test_the_database_refuses_a_double_and_a_backward_shift(assign, world, frozen):
    row = assign()
    facts = {"county_id": row.county_id, "place": row.place, "staff_id": row.staff_id, "role": row.role}
    for start, end in ((row.start_at, row.end_at), (frozen + HOUR, frozen)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyShift(**facts, start_at=start, end_at=end).save(force_insert=True)


def week(first="2026-11-23", last="2026-12-06", days=(0, 2, 4), start=dt.time(7, 30), end=dt.time(17, 30)):
    return Weekly(frozenset(days), start, end, dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_weeks_in_one_step(world, frozen):
    facts = {"actor": world.actor("head"), "staff_id": world.id_of("psych"), "role": "psychology"}
    assert len(assign_week(world.school, pattern=week(), **facts)) == 6
    assert AuditEvent.objects.filter(event="duty.shift.assigned_many").count() == 1
    assert assign_week(world.school, pattern=week(), **facts) == Unchanged("already_assigned")
    assert len(assign_week(world.school, pattern=week(last="2026-12-08"), **facts)) == 1


def test_what_is_over_is_left_out(world):
    facts = {"actor": world.actor("head"), "staff_id": world.id_of("psych"), "role": "psychology"}
    assert len(assign_week(world.school, pattern=week(first="2026-11-09"), **facts)) == 6
    with pytest.raises(CannotAssign, match="no_days"):
        assign_week(world.school, pattern=week("2026-10-01", "2026-10-07"), **facts)
    with pytest.raises(CannotAssign, match="too_many_shifts"):
        assign_week(world.school, pattern=week(last="2028-12-31", days=range(7)), **facts)


def test_a_night_shift_ends_the_next_morning():
    ((start, end),) = week(last="2026-11-23", start=dt.time(22), end=dt.time(6)).spans(ZONE)
    assert (start.isoformat(), end.isoformat()) == ("2026-11-23T22:00:00+08:00", "2026-11-24T06:00:00+08:00")


def test_cancelling_leaves_a_gap_at_once(world, assign, frozen):
    row = assign()
    cancel_shift(row, actor=world.actor("head"))
    assert not is_someone_on_duty(world.school.path, frozen)
    assert cancel_shift(row, actor=world.actor("head")) == Unchanged("already_cancelled")


def test_a_shift_that_is_over_cannot_be_cancelled(world, assign, frozen):
    row = assign()
    with clock.frozen(frozen + 9 * HOUR):
        assert cancel_shift(row, actor=world.actor("head")) == Unchanged("is_over")


def test_a_substitute_takes_the_rest_and_what_was_worked_stays(world, assign, frozen):
    row = assign()
    with clock.frozen(frozen + HOUR):
        substitute_shift(row, actor=world.actor("head"), staff_id=world.id_of("psych2"))
        assert [r.name for r in on_duty(world.school.path, frozen + 2 * HOUR)] == ["苏晚晴"]
        (now_on,) = on_duty(world.school.path, frozen + 2 * HOUR)
    assert now_on.substitute_name == "林若溪"
    rows = shifts_between(world.school.path, frozen, frozen + 24 * HOUR)
    assert [(r.name, (r.end_at - r.start_at) // HOUR) for r in rows] == [("林若溪", 1), ("苏晚晴", 7)]


def test_nobody_stands_in_for_themselves(world, assign):
    row = assign()
    with pytest.raises(CannotAssign, match="own_substitute"):
        substitute_shift(row, actor=world.actor("head"), staff_id=world.id_of("psych"))


def test_gaps_of_a_day(world, assign, frozen):
    assign(start=frozen + HOUR, hours=2)
    assign("psych2", start=frozen + 4 * HOUR, hours=1)
    assign("head", role="lead", start=frozen, hours=8)
    rows = shifts_between(world.school.path, frozen, frozen + 8 * HOUR)
    found = gaps(rows, "psychology", frozen, frozen + 8 * HOUR)
    spans = [((gap.start_at - frozen) // HOUR, (gap.end_at - frozen) // HOUR) for gap in found]
    assert spans == [(0, 1), (3, 4), (5, 8)]


def test_the_week_shows_gaps_to_come_only(world, assign, frozen):
    assign(start=frozen - HOUR, hours=2)
    view = week_of(world.school.path, frozen.date(), frozen)
    assert [day.on.weekday() for day in view.days] == list(range(7))
    assert view.days[0].is_today
    assert [gap.start_at for gap in view.days[0].gaps] == [frozen + HOUR]


def test_those_who_left_are_no_candidates(world):
    assert set(candidates(world.school.path, clock.today())) == {world.id_of(n) for n in ("psych", "psych2", "head")}
    user = world.users["psych2"]
    user.is_active = False
    user.save()
    assert world.id_of("psych2") not in candidates(world.school.path, clock.today())


def test_presence_is_written_seldom_and_read_back(world, frozen):
    staff = world.id_of("psych")
    assert note_seen(staff, frozen)
    assert not note_seen(staff, frozen + dt.timedelta(seconds=10))
    assert note_seen(staff, frozen + dt.timedelta(seconds=30))
    assert seen_since([staff], frozen) == {staff}
    assert seen_since([staff], frozen + HOUR) == set()


# ---- pages


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


FORM = {"role": "psychology", "first_on": "2026-11-23", "last_on": "2026-11-27", "weekdays": ["0", "1"],
        "start": "07:30", "end": "17:30"}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_roster_renders_with_shifts(sign_in, assign, language):
    row = assign()
    client = sign_in("psych", language)
    text = client.get("/duty/").content.decode()
    assert "林若溪" in text
    assert client.get(f"/duty/shifts/{row.id}/substitute/").status_code == 200


def test_a_shift_that_is_over_offers_nothing(sign_in, assign, frozen):
    row = assign(hours=0.1)
    assert f"/duty/shifts/{row.id}/" in sign_in("psych").get("/duty/").content.decode()
    with clock.frozen(frozen + 0.1 * HOUR):
        text = sign_in("psych").get("/duty/").content.decode()
    assert "林若溪" in text
    assert f"/duty/shifts/{row.id}/" not in text


def test_the_empty_roster_says_what_is_at_stake(sign_in):
    text = sign_in("psych").get("/duty/").content.decode()
    assert "Nobody is on duty now" in text
    assert "someone must hear it within a minute" in text


def test_a_class_teacher_may_look_but_not_touch(sign_in, world, assign):
    row = assign()
    client = sign_in("teacher")
    assert "Put someone on duty" not in client.get("/duty/").content.decode()
    assert client.get(f"/duty/schools/{world.school.id}/assign/").status_code == 403
    assert client.post(f"/duty/shifts/{row.id}/cancel/").status_code == 403


def test_another_school_finds_nothing(sign_in, world, assign):
    row = assign()
    client = sign_in("other_psych")
    assert client.get(f"/duty/?school={world.school.code}").status_code == 404
    assert client.get(f"/duty/schools/{world.school.id}/assign/").status_code == 404
    assert client.post(f"/duty/shifts/{row.id}/cancel/").status_code == 404


def test_assigning_by_the_form(sign_in, world):
    url = f"/duty/schools/{world.school.id}/assign/"
    client = sign_in("head")
    assert client.post(url, FORM | {"staff": str(world.id_of("psych"))}).status_code == 302
    assert DutyShift.objects.for_system(reason="test").count() == 2
    bad = client.post(url, FORM | {"staff": str(world.id_of("psych")), "last_on": "2026-11-20"})
    assert bad.status_code == 422
    assert "The last day lies before the first" in bad.content.decode()
    assert client.post(url, FORM | {"staff": str(world.id_of("teacher"))}).status_code == 422


def test_cancelling_and_substituting_by_the_form(sign_in, world, assign, frozen):
    row = assign()
    client = sign_in("head")
    assert client.post(f"/duty/shifts/{row.id}/substitute/", {"staff": str(world.id_of("psych2"))}).status_code == 302
    (now_on,) = on_duty(world.school.path, frozen)
    assert client.post(f"/duty/shifts/{now_on.id}/cancel/").status_code == 302
    assert on_duty(world.school.path, frozen) == []


def test_a_robot_of_a_host_that_is_not_allowed_is_refused(sign_in, world, settings):
    settings.XINQIAO_WEBHOOK_HOSTS = ("203.0.113.7",)
    url = f"/duty/schools/{world.school.id}/webhook/"
    client = sign_in("head")
    refused = client.post(url, {"address": "https://evil.example/hook"})
    assert refused.status_code == 422
    assert "XINQIAO_WEBHOOK_HOSTS" in refused.content.decode()
    assert client.post(url, {"address": "https://203.0.113.7/robot"}).status_code == 302
    assert Webhook.objects.for_system(reason="test").filter(ended_at__isnull=True).count() == 1
    assert client.post(url, {"address": ""}).status_code == 302
    assert not Webhook.objects.for_system(reason="test").filter(ended_at__isnull=True).exists()


def test_what_did_not_leave_is_shown(sign_in, world, frozen):
    staff = world.staff["psych"]
    OutboxMessage(
        county_id=staff.county_id, place=world.school.path, key_id=staff.key_id, channel="mail", address="a@b.example",
        subject="s", body="b", about_kind="signal", about_id=staff.id, status="failed", last_error="mail_not_set_up",
        created_at=frozen,
    ).save(force_insert=True)  # fmt: skip
    assert "mail is not set up" in sign_in("head").get("/duty/").content.decode()
    assert "mail is not set up" not in sign_in("teacher").get("/duty/").content.decode()


@pytest.fixture
def leave(world):
    def end(login="psych", heir=None):
        head = world.actor("head")
        return end_staff(world.staff[login], actor=head, heir=world.staff[heir] if heir else None)

    return end


def test_the_heir_takes_the_shifts_of_who_leaves_from_now_on(world, assign, leave, frozen):
    assign(start=frozen - HOUR, hours=3)
    assign(start=frozen + 24 * HOUR)
    assign("head", "lead", start=frozen + 24 * HOUR)
    leave(heir="psych2")
    assert [row.name for row in on_duty(world.school.path, frozen, "psychology")] == ["苏晚晴"]
    assert [row.name for row in on_duty(world.school.path, frozen + 25 * HOUR, "psychology")] == ["苏晚晴"]
    assert [row.name for row in on_duty(world.school.path, frozen + 25 * HOUR, "lead")] == ["贺长风"]
    worked = DutyShift.objects.for_system(reason="a test").filter(staff_id=world.id_of("psych"), cancelled_at=None)
    assert [(row.start_at, row.end_at) for row in worked] == [(frozen - HOUR, frozen)]
    event = AuditEvent.objects.get(event="duty.shifts.handed_over")
    assert '"handed_over": 2' in event.facts


def test_of_two_shifts_that_run_at_once_the_heir_takes_the_longer(world, assign, leave, frozen):
    assign(start=frozen - 2 * HOUR, hours=3)
    assign(start=frozen - HOUR, hours=8)
    leave(heir="psych2")
    standing = DutyShift.objects.for_system(reason="a test").filter(staff_id=world.id_of("psych2"), cancelled_at=None)
    assert [(row.start_at, row.end_at) for row in standing] == [(frozen, frozen + 7 * HOUR)]


def test_an_heir_who_may_not_take_notices_leaves_a_gap(world, assign, leave, frozen):
    assign(start=frozen + 24 * HOUR)
    leave(heir="teacher")
    assert not is_someone_on_duty(world.school.path, frozen + 25 * HOUR)
    assert '"dropped": 1' in AuditEvent.objects.get(event="duty.shifts.handed_over").facts


def test_control_without_the_receiver_the_leaver_stays_on_the_roster(world, assign, leave, frozen, monkeypatch):
    monkeypatch.setattr(staff_left, "_receivers", [])
    assign(start=frozen + 24 * HOUR)
    leave(heir="psych2")
    standing = DutyShift.objects.for_system(reason="a test").filter(cancelled_at=None)
    assert [row.staff_id for row in standing] == [world.id_of("psych")]


def end_role(world, login):
    membership = Membership.objects.get(user__staff_id=world.id_of(login), place=world.school.path)
    return end_membership(membership, actor=system_actor("a test"))


def test_who_loses_the_role_is_on_duty_no_longer(world, assign, frozen):
    assign(start=frozen - HOUR, hours=3)
    assign(start=frozen + 24 * HOUR)
    assign("head", "lead", start=frozen - HOUR, hours=3)
    end_role(world, "psych")
    assert on_duty(world.school.path, frozen, "psychology") == []
    assert [row.name for row in on_duty(world.school.path, frozen, "lead")] == ["贺长风"]
    assert shifts_between(world.school.path, frozen + 24 * HOUR, frozen + 48 * HOUR) == []
    worked = DutyShift.objects.for_system(reason="a test").filter(staff_id=world.id_of("psych"), cancelled_at=None)
    assert [(row.start_at, row.end_at) for row in worked] == [(frozen - HOUR, frozen)]
    assert '"dropped": 2' in AuditEvent.objects.get(event="duty.shifts.dropped").facts


def test_control_without_the_receiver_the_shift_stands_and_yet_counts_for_nothing(world, assign, frozen, monkeypatch):
    monkeypatch.setattr(role_ended, "_receivers", [])
    assign(start=frozen - HOUR, hours=3)
    end_role(world, "psych")
    assert len(shifts_between(world.school.path, frozen, frozen + HOUR)) == 1
    assert not is_someone_on_duty(world.school.path, frozen)
    assert able_shifts_between(world.school.path, frozen, frozen + HOUR, "psychology") == []
    monkeypatch.setattr("xinqiao.register.duty.selectors.is_able_now", lambda held, above, today: True)
    assert is_someone_on_duty(world.school.path, frozen)


NIGHT = 20 * HOUR  # a shift from before midnight to after it: frozen is at ten in the morning


@pytest.mark.parametrize(("days", "field"), [(1, "end_on"), (0, "start_on")])
def test_on_duty_now_is_asked_of_today_alone(world, assign, frozen, days, field):
    """Whose right ends tomorrow is on duty tonight; whose right began today is, in a shift that began yesterday."""
    start = frozen - HOUR if days else frozen - NIGHT
    assign(start=start, hours=21)
    day = frozen.astimezone(ZONE).date() + dt.timedelta(days=days)
    Membership.objects.filter(user__staff_id=world.id_of("psych")).update(**{field: day})
    assert is_someone_on_duty(world.school.path, frozen)
    assert [row.name for row in on_duty(world.school.path, frozen)] == ["林若溪"]
    planned = able_shifts_between(world.school.path, start, start + 21 * HOUR, "psychology")
    assert planned == [], "control: over the whole shift it guards nothing"


def test_a_role_that_will_have_ended_does_not_guard_that_day(world, assign, frozen):
    assign(start=frozen + 24 * HOUR)
    assign(start=frozen)
    tomorrow = frozen.astimezone(ZONE).date() + dt.timedelta(days=1)
    Membership.objects.filter(user__staff_id=world.id_of("psych")).update(end_on=tomorrow)
    able = able_shifts_between(world.school.path, frozen, frozen + 48 * HOUR, "psychology")
    assert [shift.start_at for shift in able] == [frozen]
