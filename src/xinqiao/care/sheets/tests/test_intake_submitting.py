"""Handing in and crying for help: written once, replayed alike, refused when changed."""

import dataclasses
import json
from uuid import uuid4

import pytest

from xinqiao.care.sheets.intake import schools, submitting, writer
from xinqiao.care.sheets.intake.store import SqliteStore, Unavailable
from xinqiao.care.sheets.intake.work import Entry
from xinqiao.care.sheets.tests.conftest import CALM, entry_of, sheet_of, talk_of, tick_of
from xinqiao.engines.triage import TriageRules
from xinqiao.foundation.core.clock import now
from xinqiao.register.duty import selectors as duty_selectors


def critical_sheet(**changed):
    return {**CALM, "phq-9": [0] * 8 + [1], **changed}


def test_the_intake_and_the_teller_ask_the_same_function_who_is_on_duty_now():
    assert schools.is_able_now is duty_selectors.is_able_now


def test_a_sheet_is_scored_sealed_and_counted_once(room):
    pupil = room.fresh_pupil()
    seconds = {"phq-9": [31, 28, 40, 22, 35, 29, 44, 38, 27]}
    reply = room.do(sheet_of(room.ticket(pupil), seconds=seconds, device="pc"))[0]
    assert reply.status == 200
    kept = room.sitting(pupil)
    assert (kept["state"], kept["receipt"], kept["device"]) == ("submitted", reply.body["receipt"], "pc")
    assert sorted(sheet["scale"] for sheet in kept["sheets"]) == ["asq", "phq-9"]
    assert all(sheet["scored_alike"] for sheet in kept["sheets"])
    phq = next(sheet for sheet in kept["sheets"] if sheet["scale"] == "phq-9")
    assert phq["result"]["scores"] == {"total": 0}
    assert phq["result"]["care"]["seconds_per_item"] == pytest.approx(3.2667, abs=0.001)
    assert bytes.fromhex(phq["seconds"])[:2] == (31).to_bytes(2, "little")
    assert kept["signals"] == []


def test_the_same_sheet_again_gets_the_same_receipt_also_in_one_batch(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    first, twin = room.do(sheet_of(ticket), sheet_of(ticket))
    later = room.do(sheet_of(ticket, seconds={"phq-9": [50] * 9}))[0]
    assert first.body["receipt"] == twin.body["receipt"] == later.body["receipt"]
    assert len(room.sitting(pupil)["sheets"]) == 2


def test_a_changed_sheet_and_another_key_are_refused(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    receipt = room.do(sheet_of(ticket))[0].body["receipt"]
    changed = room.do(sheet_of(ticket, answers=critical_sheet()))[0]
    other_key = room.do(sheet_of(ticket, key="key-00000002"))[0]
    assert (changed.status, changed.body) == (409, {"code": "changed"})
    assert (other_key.status, other_key.body["code"], other_key.body["receipt"]) == (409, "already_submitted", receipt)
    assert len(room.sitting(pupil)["sheets"]) == 2


def test_control_without_the_digest_a_changed_sheet_would_pass(room, monkeypatch):
    monkeypatch.setattr(submitting, "payload_digest", lambda battery, packed, note: b"same")
    ticket = room.ticket(room.fresh_pupil())
    room.do(sheet_of(ticket))
    assert room.do(sheet_of(ticket, answers=critical_sheet()))[0].status == 200


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({"phq-9": [0] * 9}, {}),
        ({**CALM, "gad-7": [0] * 7}, {}),
        ({**CALM, "phq-9": [0] * 8}, {}),
        (CALM, {"seconds": {"phq-9": [1]}}),
        (CALM, {"seconds": {"gad-7": [1] * 7}}),
    ],
)
def test_a_sheet_that_does_not_fit_the_paper_is_refused(room, answers, more):
    ticket = room.ticket(pupil := room.fresh_pupil())
    reply = room.do(sheet_of(ticket, answers=answers, **more))[0]
    assert (reply.status, reply.body["code"]) == (400, "bad_request")
    assert room.do(sheet_of(ticket))[0].status == 200
    assert len(room.sitting(pupil)["sheets"]) == 2


def test_a_critical_answer_raises_a_red_signal_whatever_else_the_sheet_says(room):
    pupils = [room.fresh_pupil() for _ in range(3)]
    sheets = [
        critical_sheet(),
        critical_sheet(**{"phq-9": [None] * 8 + [3]}),  # nothing else answered
        critical_sheet(**{"phq-9": [9] + [0] * 7 + [1]}),  # an answer that does not exist
    ]
    replies = room.do(*[sheet_of(room.ticket(p), answers=a) for p, a in zip(pupils, sheets, strict=True)])
    assert {reply.status for reply in replies} == {200}
    report = room.report()["sittings"]
    for pupil in pupils:
        (signal,) = report[pupil["sitting"]]["signals"]
        assert (signal["urgency"], signal["source"]) == ("red", "critical_answer")
    partial = next(s for s in report[pupils[1]["sitting"]]["sheets"] if s["scale"] == "phq-9")
    assert partial["result"]["faults"][0] == "missing_answer:1"
    assert partial["result"]["critical"] == [9]


def test_a_high_score_without_a_critical_answer_is_a_screening_signal(room):
    pupil = room.fresh_pupil()
    room.do(sheet_of(room.ticket(pupil), answers={**CALM, "phq-9": [3] * 8 + [0]}))
    (signal,) = room.sitting(pupil)["signals"]
    assert (signal["source"], signal["urgency"]) == ("screening", "orange")


def test_ticks_are_kept_as_they_come_and_raise_one_signal_with_the_sheet(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    replies = [room.do(tick_of(ticket, answer=a))[0] for a in (1, 2, 0, 2, None)]
    assert [reply.body for reply in replies] == [{"saved": True}] * 5
    room.do(sheet_of(ticket, answers=critical_sheet()))
    kept = room.sitting(pupil)
    assert [tick["answer"] for tick in kept["ticks"]] == [1, 0, 2, None]
    (signal,) = kept["signals"]
    assert signal["once"] == f"critical:{pupil['sitting']}"


def test_a_tick_taken_back_before_it_was_critical_raises_nothing(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    assert room.do(tick_of(ticket, answer=0))[0].status == 200
    assert room.sitting(pupil)["signals"] == []


def test_only_critical_items_may_be_sent_early(room):
    ticket = room.ticket(room.fresh_pupil())
    replies = room.do(tick_of(ticket, item=1), tick_of(ticket, scale="gad-7"))
    assert [(reply.status, reply.body["code"]) for reply in replies] == [(400, "bad_request")] * 2


def test_asking_to_talk_is_one_signal_in_ten_minutes(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    replies = room.do(talk_of(ticket), talk_of(ticket)) + room.do(talk_of(ticket))
    assert [reply.body for reply in replies] == [{"saved": True, "on_duty": True}] * 3
    (signal,) = room.sitting(pupil)["signals"]
    assert (signal["source"], signal["urgency"]) == ("student", "orange")


def test_asking_to_talk_after_a_critical_tick_is_red(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    room.do(tick_of(ticket))
    room.do(talk_of(ticket))
    assert {(s["source"], s["urgency"]) for s in room.sitting(pupil)["signals"]} == {
        ("critical_answer", "red"),
        ("student", "red"),
    }


def test_an_unknown_sitting_and_a_destroyed_key_are_sent_back_to_the_door(room):
    ticket = room.ticket(room.fresh_pupil())
    strangers = [dataclasses.replace(ticket, sitting_id=uuid4()), dataclasses.replace(ticket, key_id=uuid4())]
    for stranger in strangers:
        replies = room.do(sheet_of(stranger), tick_of(stranger), talk_of(stranger))
        assert {(reply.status, reply.body["code"]) for reply in replies} == {(401, "ticket_expired")}


def test_an_excused_pupil_cannot_hand_in(room):
    ticket = room.ticket(pupil := room.fresh_pupil())
    room.house.inside("excuse", sitting=pupil["sitting"], excuse="no_consent")
    assert room.do(sheet_of(ticket))[0].body == {"code": "not_open"}


def test_the_audit_is_sound_and_holds_no_answer(room):
    ticket = room.ticket(room.fresh_pupil())
    room.do(tick_of(ticket), sheet_of(ticket, answers=critical_sheet()))
    report = room.report()
    assert report["audit_findings"] == []
    rows = room.house.inside("run_sql", statement="SELECT facts FROM audit_auditevent")["rows"]
    assert set().union(*(json.loads(facts) for (facts,) in rows)) <= {
        "origin_id",
        "sheets",
        "code",
        "version",
        "failures",
        "booking",
    }


def _writer(room, opener):
    made = writer.Writer({}, room.desk, opener=opener)
    made._store = None
    return made


def test_one_bad_sheet_does_not_take_down_the_others(room, monkeypatch):
    good, bad = room.fresh_pupil(), room.fresh_pupil()
    works = [sheet_of(room.ticket(good)), sheet_of(room.ticket(bad)), entry_of(good)]
    real = submitting.new_receipt
    taken = room.do(sheet_of(room.ticket(room.fresh_pupil())))[0].body["receipt"]
    receipts = iter([real(), taken, real(), taken])
    monkeypatch.setattr(submitting, "new_receipt", lambda: next(receipts))
    replies = _writer(room, lambda _: room.store)._write(works)
    assert [reply.status for reply in replies] == [200, 500, 409]
    assert replies[1].body == {"code": "not_saved"}
    assert room.sitting(bad)["sheets"] == []
    assert isinstance(works[2], Entry)


def test_a_database_that_is_away_makes_everyone_wait(room, monkeypatch):
    def away(_):
        raise Unavailable("gone")

    monkeypatch.setattr(writer, "RECONNECT_SECONDS", 0)
    replies = _writer(room, away)._write([sheet_of(room.ticket(room.fresh_pupil()))])
    assert [(reply.status, reply.body["code"]) for reply in replies] == [(503, "busy")]


def test_a_connection_that_died_is_replaced_and_the_sheet_written_once(room):
    class Dying(SqliteStore):
        def __init__(self):
            pass

        def select_each(self, sql, parameters):
            raise Unavailable("cut")

        def transaction(self):
            raise Unavailable("cut")

        def close(self):
            raise OSError("already cut")

    stores = iter([Dying(), room.store])
    pupil = room.fresh_pupil()
    replies = _writer(room, lambda _: next(stores))._write([sheet_of(room.ticket(pupil))])
    assert replies[0].status == 200
    assert len(room.sitting(pupil)["sheets"]) == 2


def test_nothing_is_written_when_the_commit_fails(room, monkeypatch):
    pupil = room.fresh_pupil()
    work = sheet_of(room.ticket(pupil))

    def broken(self, store):
        raise RuntimeError("no disk")

    monkeypatch.setattr("xinqiao.care.sheets.intake.rows.Rows.write", broken)
    assert _writer(room, lambda _: room.store)._write([work])[0].status == 500
    monkeypatch.undo()
    assert room.sitting(pupil)["sheets"] == []
    assert room.do(work, at=now())[0].status == 200


def test_urgency_is_set_by_the_rules_of_the_policy_and_by_ours_if_it_cannot_be_read(room, monkeypatch):
    class Pack:
        triage = TriageRules(critical="orange", asked_to_talk="yellow")

    monkeypatch.setattr(schools, "parameters_for", lambda place, on: Pack)
    ticket = room.ticket(pupil := room.fresh_pupil())
    room.do(tick_of(ticket))
    assert [signal["urgency"] for signal in room.sitting(pupil)["signals"]] == ["orange"]

    def unreadable(place, on):
        raise LookupError("no pack")

    monkeypatch.setattr(schools, "parameters_for", unreadable)
    room.new_desk()
    ticket = room.ticket(pupil := room.fresh_pupil())
    room.do(tick_of(ticket))
    assert [signal["urgency"] for signal in room.sitting(pupil)["signals"]] == ["red"]
