"""The small parts of the intake: tickets, pads, counters, bodies, states."""

import dataclasses
import datetime as dt
import uuid
from pathlib import Path

import pytest

from xinqiao.care.sheets.intake.attempts import Attempts
from xinqiao.care.sheets.intake.bodies import BadBody, CriticalBody, EnterBody, SubmitBody, read_body, tidied
from xinqiao.care.sheets.intake.replies import busy, refusal
from xinqiao.care.sheets.intake.submitting import new_receipt, packed_seconds
from xinqiao.care.sheets.intake.tickets import (
    BadTicket,
    Ticket,
    draft_name,
    expiry,
    pad_bytes,
    read_ticket,
    write_ticket,
)
from xinqiao.care.sheets.states import MOVES, SittingState, diagram, sources_of
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.events import event_kinds

AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SECRET = b"s" * 32
IDS = [uuid.UUID(int=n) for n in range(1, 8)]
TICKET = Ticket(*IDS, place="aaaaaaaa/bbbbbbbb/", issued_at=1_795_000_000,
                expires_at=int(AT.timestamp()) + 3_600, sex="female", grade=8, age=14)  # fmt: skip
ROOT = Path(__file__).resolve().parents[5]


def test_a_ticket_comes_back_as_it_was_written():
    assert read_ticket(SECRET, write_ticket(SECRET, TICKET), AT) == TICKET
    bare = dataclasses.replace(TICKET, sex=None, grade=None, age=None)
    assert read_ticket(SECRET, write_ticket(SECRET, bare), AT) == bare


def test_every_changed_byte_of_a_ticket_is_noticed():
    text = write_ticket(SECRET, TICKET)
    for place in range(len(text) - 1):  # the last character carries unused bits
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(BadTicket):
            read_ticket(SECRET, changed, AT)


@pytest.mark.parametrize("text", ["", "AA", "!!!!", "A" * 601, "AQ" * 100])
def test_what_is_no_ticket_is_refused(text):
    with pytest.raises(BadTicket):
        read_ticket(SECRET, text, AT)


def test_another_secret_and_an_expired_ticket_are_refused_and_grace_is_given():
    text = write_ticket(SECRET, TICKET)
    with pytest.raises(BadTicket, match="forged"):
        read_ticket(b"o" * 32, text, AT)
    later = AT + dt.timedelta(hours=1)
    with pytest.raises(BadTicket, match="expired"):
        read_ticket(SECRET, text, later)
    assert read_ticket(SECRET, text, later, grace_seconds=60) == TICKET


def test_a_ticket_lives_four_hours_or_until_the_window_closes():
    assert expiry(AT, AT + dt.timedelta(days=3)) == AT + dt.timedelta(hours=4)
    assert expiry(AT, AT + dt.timedelta(minutes=20)) == AT + dt.timedelta(minutes=20)


def test_pad_and_draft_name_are_always_the_same_and_differ_by_sitting():
    assert pad_bytes(SECRET, IDS[0], 100)[:14] == pad_bytes(SECRET, IDS[0], 14)
    assert pad_bytes(SECRET, IDS[0], 100) != pad_bytes(SECRET, IDS[1], 100)
    assert len({draft_name(SECRET, i) for i in IDS}) == len(IDS)
    assert IDS[0].hex not in draft_name(SECRET, IDS[0])


def test_a_class_code_is_locked_for_a_minute_after_sixty_wrong_entries():
    attempts = Attempts()
    for n in range(59):
        attempts.count_failure("ABC234", n / 10)
    assert attempts.seconds_locked("ABC234", 6.0) == 0
    attempts.count_failure("ABC234", 6.0)
    assert 0 < attempts.seconds_locked("ABC234", 6.0) <= 60
    assert attempts.seconds_locked("XYZ234", 6.0) == 0
    assert attempts.seconds_locked("ABC234", 61.0) == 0


def test_an_unknown_number_is_locked_for_ten_minutes_after_five():
    attempts = Attempts()
    for n in range(5):
        assert attempts.seconds_unknown_locked("W", b"n", float(n)) == 0
        attempts.count_unknown("W", b"n", float(n))
    assert attempts.seconds_unknown_locked("W", b"n", 5.0) == 599
    assert attempts.seconds_unknown_locked("W", b"other", 5.0) == 0
    assert attempts.seconds_unknown_locked("W", b"n", 605.0) == 0
    attempts.count_unknown("W", b"n", 605.0)
    assert attempts.seconds_unknown_locked("W", b"n", 606.0) == 0


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (EnterBody, b"{}"),
        (EnterBody, b'{"class_code":"A","number":"1","pin":1}'),
        (EnterBody, b'{"class_code":"A","number":"1","pin":"1","more":1}'),
        (EnterBody, b"\xff"),
        (CriticalBody, b'{"scale":"phq-9","item":0,"answer":1,"key":"12345678"}'),
        (SubmitBody, b'{"key":"short","answers":{"a":[1]}}'),
        (SubmitBody, b'{"key":"1234567 8","answers":{"a":[1]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":[true]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":[1.0]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":["1"]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":[255]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":[-1]}}'),
        (SubmitBody, b'{"key":"12345678","answers":{"a":[1]},"seconds":{"a":[65536]}}'),
    ],
)
def test_bodies_that_are_not_meant_so_are_refused(kind, raw):
    with pytest.raises(BadBody):
        read_body(kind, raw)


def test_a_refused_body_is_not_repeated_in_the_answer():
    with pytest.raises(BadBody) as caught:
        read_body(EnterBody, '{"class_code":"A","number":"1","pin":"1","李雷的秘密":1}'.encode())
    assert "李雷" not in str(caught.value)


def test_what_is_typed_at_the_door_is_tidied():
    assert tidied(" ａ7k 3 ") == "A7K3"
    assert tidied("１２３　４") == "1234"


def test_replies_say_when_to_try_again():
    assert busy().body == {"code": "busy", "retry_after": 3}
    assert refusal(400, "bad_request").body == {"code": "bad_request"}


def test_receipts_are_legible_and_seconds_two_bytes_each():
    receipts = {new_receipt() for _ in range(500)}
    assert len(receipts) == 500
    assert all(len(r) == 9 and r[4] == "-" and not set(r) & set("01OIL") for r in receipts)
    assert packed_seconds([1, 258]) == b"\x01\x00\x02\x01"


def test_the_table_of_moves_is_whole():
    assert sources_of(SittingState.EXCUSED) == (SittingState.WAITING, SittingState.STARTED)
    assert all(move.event in event_kinds() for move in MOVES)
    assert {move.permission for move in MOVES} <= {"", *Permission}
    page = (ROOT / "docs" / "states" / "sitting.md").read_text("utf-8")
    assert diagram() in page
