"""The door: who gets in, who does not, and that every wrong entry is told the same."""

import base64
import datetime as dt

import pytest
from django.utils import timezone

from xinqiao.care.sheets.intake import attempts, entering
from xinqiao.care.sheets.intake.tickets import read_ticket
from xinqiao.care.sheets.tests.conftest import entry_of, sheet_of, tick_of
from xinqiao.foundation.core.clock import now


def test_a_pupil_enters_by_pin_or_by_one_time_code(room):
    pupil = room.fresh_pupil()
    by_pin, by_code = room.enter(pupil), room.enter(pupil, pin=pupil["code"].lower())
    assert by_pin.status == by_code.status == 200
    assert by_pin.body["pad"] == by_code.body["pad"]
    assert len(base64.b64decode(by_pin.body["pad"])) == 14
    assert by_pin.body["sitting"] == by_code.body["sitting"] != pupil["sitting"]
    assert by_pin.body["name_hint"] == "测*"
    ticket = read_ticket(room.desk.tickets_secret, by_pin.body["ticket"], now())
    assert (str(ticket.sitting_id), ticket.sex, ticket.grade) == (pupil["sitting"], ticket.sex, ticket.grade)
    assert ticket.grade in range(7, 10)
    assert ticket.age is not None
    assert room.sitting(pupil)["state"] == "started"


def test_a_sitting_that_only_a_code_opens_is_told_to_no_pin(room):
    """A class teacher can print every PIN of the class: trying them must not tell who has such a sitting."""
    pupil = room.fresh_pupil()
    of_the_class = f"receipt IS NULL AND window_code = '{pupil['class_code']}'"
    statement = f"UPDATE sheets_sitting SET is_code_only = {{}} WHERE {of_the_class}"
    room.house.inside("run_sql", statement=statement.format("TRUE"))
    try:
        assert room.enter(pupil).body == {"code": "unknown_entry"}
        assert room.enter(pupil, pin=pupil["code"]).status == 200
    finally:
        room.house.inside("run_sql", statement=statement.format("FALSE"))
    assert room.enter(pupil).status == 200  # the control: an ordinary sitting opens by PIN


def test_what_is_typed_is_folded(room):
    pupil = room.fresh_pupil()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in pupil["number"])
    typed = {
        "class_code": f" {pupil['class_code'].lower()} ",
        "number": wide,
        "pin": f"{pupil['pin'][:3]} {pupil['pin'][3:]}",
    }
    assert room.enter(pupil, **typed).status == 200


def test_wrong_class_number_and_pin_are_told_the_same(room):
    pupil = room.fresh_pupil()
    wrong = [{"class_code": "ZZZZZZ"}, {"number": "99999999"}, {"pin": "not-it"}, {"pin": ""}, {"number": ""}]
    replies = [room.enter(pupil, **typed) for typed in wrong]
    assert {(reply.status, tuple(sorted(reply.body.items()))) for reply in replies} == {
        (403, (("code", "unknown_entry"),))
    }


def test_another_pupils_pin_or_code_does_not_open(room):
    one, other = room.fresh_pupil(), room.fresh_pupil()
    assert room.enter(one, pin=other["pin"]).body["code"] == "unknown_entry"
    assert room.enter(one, pin=other["code"]).body["code"] == "unknown_entry"


def test_five_wrong_pins_lock_this_pupil_only_and_also_after_a_restart(room):
    pupil, neighbour = room.fresh_pupil(), room.fresh_pupil()
    for _ in range(5):
        assert room.enter(pupil, pin="000000").body["code"] == "unknown_entry"
    locked = room.enter(pupil)
    assert (locked.status, locked.body["code"]) == (429, "locked")
    assert 500 < locked.body["retry_after"] <= 600
    assert room.enter(neighbour).status == 200
    room.new_desk()
    assert room.enter(pupil).body["code"] == "locked"
    later = now() + dt.timedelta(minutes=11)
    assert room.do(entry_of(pupil), at=later)[0].status == 200
    assert room.report()["events"]["sheets.entry.locked"] >= 1


def test_control_without_the_limit_the_sixth_try_would_enter(room, monkeypatch):
    monkeypatch.setattr(entering, "FAILURES_TO_LOCK", 10_000)
    pupil = room.fresh_pupil()
    for _ in range(5):
        room.enter(pupil, pin="000000")
    assert room.enter(pupil).status == 200


def test_five_wrong_entries_in_one_batch_lock_too(room):
    pupil = room.fresh_pupil()
    replies = room.do(*[entry_of(pupil, pin="000000")] * 6, entry_of(pupil))
    assert [reply.body["code"] for reply in replies] == ["unknown_entry"] * 5 + ["locked"] * 2


def test_a_number_that_no_pupil_has_is_locked_as_a_real_one_is(room):
    pupil = room.fresh_pupil()
    codes = [room.enter(pupil, number="4040404").body["code"] for _ in range(6)]
    assert codes == ["unknown_entry"] * 5 + ["locked"]


def test_a_class_code_takes_sixty_wrong_entries_a_minute(room, monkeypatch):
    monkeypatch.setattr(attempts, "WINDOW_FAILURES", 3)
    pupil = room.fresh_pupil()
    for n in range(3):
        room.enter(pupil, number=f"777{n}")
    assert room.enter(pupil).body["code"] == "locked"
    room.new_desk()
    assert room.enter(pupil).status == 200


def test_after_the_window_it_is_not_open(room):
    reply = room.do(entry_of(room.fresh_pupil()), at=now() + dt.timedelta(days=30))[0]
    assert (reply.status, reply.body) == (403, {"code": "not_open"})


def test_before_the_window_the_pupil_is_told_when_it_opens(room):
    pupil = room.fresh_pupil()
    early = now() - dt.timedelta(days=1)
    reply = room.do(entry_of(pupil), at=early)[0]
    assert (reply.status, set(reply.body)) == (403, {"code", "day", "hour"})
    assert timezone.localtime(early).date().isoformat() <= reply.body["day"]
    assert room.do(entry_of(pupil, pin="00000000"), at=early)[0].body == {"code": "unknown_entry"}, "and nobody else is"


def test_nobody_on_duty_refuses_a_paper_with_a_suicide_item(room):
    pupil = room.fresh_pupil()
    room.house.inside("run_sql", statement="UPDATE duty_dutyshift SET cancelled_at = start_at")
    try:
        assert room.enter(pupil).body == {"code": "nobody_on_duty"}
    finally:
        room.house.inside("run_sql", statement="UPDATE duty_dutyshift SET cancelled_at = NULL")
    room.new_desk()
    assert room.enter(pupil).status == 200


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("UPDATE accounts_membership SET end_on = start_on", "UPDATE accounts_membership SET end_on = NULL"),
        ("UPDATE accounts_user SET is_active = FALSE", "UPDATE accounts_user SET is_active = TRUE"),
    ],
)
def test_who_may_read_no_notices_any_more_is_not_on_duty(room, change, back):
    pupil = room.fresh_pupil()
    room.house.inside("run_sql", statement=change)
    try:
        assert room.enter(pupil).body == {"code": "nobody_on_duty"}
    finally:
        room.house.inside("run_sql", statement=back)
    room.new_desk()
    assert room.enter(pupil).status == 200


def test_duty_is_asked_again_after_five_seconds(room):
    pupil = room.fresh_pupil()
    assert room.enter(pupil).status == 200
    room.house.inside("run_sql", statement="UPDATE duty_dutyshift SET cancelled_at = start_at")
    try:
        assert room.do(entry_of(pupil), at=now() + dt.timedelta(seconds=6))[0].body == {"code": "nobody_on_duty"}
    finally:
        room.house.inside("run_sql", statement="UPDATE duty_dutyshift SET cancelled_at = NULL")


@pytest.mark.parametrize(("excuse", "code"), [("no_consent", "needs_consent"), ("unwell", "not_open")])
def test_excused_pupils_are_told_why(room, excuse, code):
    pupil = room.fresh_pupil()
    room.house.inside("excuse", sitting=pupil["sitting"], excuse=excuse)
    assert room.enter(pupil).body == {"code": code}


def test_already_handed_in_shows_the_receipt_again(room):
    pupil = room.fresh_pupil()
    receipt = room.do(sheet_of(room.ticket(pupil)))[0].body
    again = room.enter(pupil)
    assert (again.status, again.body["code"], again.body["receipt"]) == (409, "already_submitted", receipt["receipt"])


def test_a_ticket_ends_with_the_window(room):
    pupil = room.fresh_pupil()
    at = now() + dt.timedelta(days=7, hours=-1)
    closing = room.do(entry_of(pupil), at=at)[0]
    room.new_desk()
    ticket = read_ticket(room.desk.tickets_secret, closing.body["ticket"], at)
    assert ticket.expires_at - ticket.issued_at < 3_700
    assert tick_of(ticket).ticket is ticket


def test_a_pupil_who_left_the_school_does_not_answer(room):
    pupil = room.fresh_pupil()
    of_pupil = (
        f"WHERE id = '{pupil['student'] if room.house.database != 'sqlite' else pupil['student'].replace('-', '')}'"
    )
    room.house.inside("run_sql", statement=f"UPDATE people_student SET status = 'left' {of_pupil}")
    assert room.enter(pupil).body == {"code": "not_open"}
