"""Calls and class reports through the intake: who is let in, what follows, and that a receipt means once."""

import datetime as dt

import pytest

from xinqiao.care.sheets.intake import schools, voicing
from xinqiao.care.sheets.intake.bodies import BadBody, HelpBody, ReportBody, WeekBody, WorryBody, read_body
from xinqiao.care.sheets.intake.work import Call, ClassWeek
from xinqiao.care.sheets.tests.conftest import entry_of
from xinqiao.care.voices.rules import Call as Said
from xinqiao.care.voices.rules import is_too_often, urgency_of_call, urgency_of_worry
from xinqiao.foundation.core.clock import now
from xinqiao.register.policy.parameters import HelpRules

CANARY = "夜里睡不着的金丝雀"


def call_of(pupil, key="call-00000001", **more):
    typed = {name: pupil[name] for name in ("class_code", "number", "pin")}
    return Call(HelpBody(**(typed | {"key": key, "about": "self", "soon": "today"} | more)))


def week_of(pupil, key="week-00000001", worry=None, report=True, **more):
    typed = {name: pupil[name] for name in ("class_code", "number", "pin")} | more
    said = ReportBody(mood="usual", quarrels="none", load="heavy", worry=worry) if report else None
    return ClassWeek(WeekBody(**(typed | {"key": key, "report": said})))


def said_by(room, pupil):
    return room.house.inside("voices", student=pupil["student"])


def seated(room):
    pupil = room.fresh_pupil()
    room.house.inside("seat", student=pupil["student"])
    return pupil


class TestCalling:
    @pytest.mark.parametrize(
        ("said", "urgency"),
        [({}, "orange"), ({"soon": "week"}, "orange"), ({"soon": "now"}, "red"), ({"is_hurt": True}, "red"),
         ({"about": "friend", "soon": "now"}, "red")],
    )  # fmt: skip
    def test_a_call_is_as_urgent_as_the_rule_says(self, room, said, urgency):
        pupil = room.fresh_pupil()
        reply = room.do(call_of(pupil, words=CANARY, where="操场", **said))[0]
        assert reply.status == 200
        assert set(reply.body) == {"receipt", "at", "on_duty"}
        found = said_by(room, pupil)
        assert [(s["source"], s["urgency"], s["origin"]) for s in found["signals"]] == [("student", urgency, "call")]
        basis = found["signals"][0]["basis"]
        assert basis[0] == ["called", "", [said.get("about", "self"), said.get("soon", "today")]]
        assert ["own_words", "", [CANARY]] in basis
        assert found["calls"] == 1
        assert "voices.call.made" in found["events"]
        assert found["audit_findings"] == []

    def test_control_by_another_rule_it_would_be_another_urgency(self):
        call = Said("self", "now", is_hurt=False, where="", words="")
        assert urgency_of_call(call, HelpRules(called_now="orange"), usual="orange") == "orange"
        assert urgency_of_call(call, HelpRules(), usual="orange") == "red"

    def test_the_words_are_readable_nowhere(self, room):
        pupil = room.fresh_pupil()
        room.do(call_of(pupil, words=CANARY, where="金丝雀的教室"))
        rows = room.house.inside("run_sql", statement="SELECT * FROM alerts_signal")["rows"]
        rows += room.house.inside("run_sql", statement="SELECT * FROM voices_helpcall")["rows"]
        rows += room.house.inside("run_sql", statement="SELECT * FROM audit_auditevent")["rows"]
        text = repr(rows)
        assert "金丝雀" not in text
        assert repr("金丝雀".encode())[2:-1] not in text
        assert "student" in text  # the control: what is not sealed would be found

    def test_the_same_again_gets_the_same_receipt_and_another_is_refused(self, room):
        pupil = room.fresh_pupil()
        first, again = room.do(call_of(pupil)), room.do(call_of(pupil))
        assert first[0].body["receipt"] == again[0].body["receipt"]
        assert first[0].body["at"] == again[0].body["at"]
        assert room.do(call_of(pupil, words="不一样"))[0].body == {"code": "changed"}
        found = said_by(room, pupil)
        assert (found["calls"], len(found["signals"])) == (1, 1)
        other = room.do(call_of(pupil, key="call-00000002", words="不一样"))[0]  # the control: a key of its own
        assert other.status == 200
        assert said_by(room, pupil)["calls"] == 2

    def test_the_same_twice_in_one_batch_is_one_call(self, room):
        pupil = room.fresh_pupil()
        one, two, changed = room.do(call_of(pupil), call_of(pupil), call_of(pupil, soon="now"))
        assert one.body["receipt"] == two.body["receipt"]
        assert changed.body == {"code": "changed"}
        assert said_by(room, pupil)["calls"] == 1

    def test_so_many_in_an_hour_and_then_the_telephone(self, room):
        pupil = room.fresh_pupil()
        replies = room.do(*[call_of(pupil, key=f"call-1000000{n}") for n in range(7)])
        assert [reply.status for reply in replies] == [200] * 6 + [429]
        assert replies[-1].body == {"code": "often"}
        assert room.do(call_of(pupil, key="call-20000000"))[0].body == {"code": "often"}
        later = now() + dt.timedelta(minutes=61)
        assert room.do(call_of(pupil, key="call-30000000"), at=later)[0].status == 200
        assert is_too_often(6, HelpRules(calls_an_hour=6))
        assert not is_too_often(6, HelpRules())  # the control: without the limit

    def test_wrong_entries_are_told_the_same_and_open_nothing(self, room):
        pupil, other = room.fresh_pupil(), room.fresh_pupil()
        wrong = [{"class_code": "ZZZZZZ"}, {"number": "99999999"}, {"pin": "000000"}, {"pin": ""},
                 {"pin": other["pin"]}, {"pin": pupil["code"]}]  # fmt: skip
        replies = [room.do(call_of(pupil, **typed))[0] for typed in wrong]
        assert {(reply.status, tuple(reply.body.items())) for reply in replies} == {(403, (("code", "unknown_entry"),))}
        assert said_by(room, pupil)["calls"] == 0

    def test_five_wrong_pins_lock_here_and_at_the_door(self, room):
        pupil, neighbour = room.fresh_pupil(), room.fresh_pupil()
        for n in range(5):
            work = call_of(pupil, pin="000000") if n % 2 else entry_of(pupil, pin="000000")
            assert room.do(work)[0].body["code"] == "unknown_entry"
        assert room.do(call_of(pupil))[0].body["code"] == "locked"
        assert room.enter(pupil).body["code"] == "locked"
        room.new_desk()
        assert room.do(call_of(pupil))[0].status == 429
        assert room.do(call_of(neighbour))[0].status == 200
        assert room.do(call_of(pupil), at=now() + dt.timedelta(minutes=11))[0].status == 200

    def test_control_without_the_limit_the_sixth_try_would_get_through(self, room, monkeypatch):
        monkeypatch.setattr(voicing, "FAILURES_TO_LOCK", 10_000)
        pupil = room.fresh_pupil()
        room.do(*[call_of(pupil, pin="000000")] * 5)
        assert room.do(call_of(pupil))[0].status == 200

    def test_a_number_that_nobody_has_is_locked_as_a_real_one_is(self, room):
        pupil = room.fresh_pupil()
        codes = [room.do(call_of(pupil, number="5150515"))[0].body["code"] for _ in range(6)]
        assert codes == ["unknown_entry"] * 5 + ["locked"]

    def test_a_call_is_heard_where_no_policy_can_be_read(self, room, monkeypatch):
        def unreadable(place, on):
            raise OSError("no policy")

        monkeypatch.setattr(schools, "parameters_for", unreadable)
        pupil = room.fresh_pupil()
        assert room.do(call_of(pupil, soon="now"))[0].status == 200
        assert said_by(room, pupil)["signals"][0]["urgency"] == "red"
        assert urgency_of_worry(["alone"], None) == "red"

    @pytest.mark.parametrize("fault", [{"soon": "never"}, {"about": "x"}, {"words": "长" * 1001}, {"more": 1}])
    def test_what_no_page_sends_is_refused(self, fault):
        import json

        body = {"class_code": "A", "number": "1", "pin": "1", "key": "call-00000001", "about": "self", "soon": "now"}
        assert read_body(HelpBody, json.dumps(body).encode()).soon == "now"
        with pytest.raises(BadBody):
            read_body(HelpBody, json.dumps(body | fault).encode())


class TestClassReports:
    def test_only_a_committee_member_comes_in(self, room):
        pupil, member = room.fresh_pupil(), seated(room)
        assert room.do(week_of(pupil))[0].body == {"code": "not_committee"}
        first = room.do(week_of(member, report=False))[0]
        assert first.status == 200
        assert first.body["is_reported"] is False
        assert room.do(week_of(member))[0].status == 200
        assert room.do(week_of(member, report=False))[0].body["is_reported"] is True
        assert said_by(room, member)["reports"] == [{"mood": "usual", "quarrels": "none", "load": "heavy"}]
        assert said_by(room, member)["signals"] == []

    def test_whose_time_has_ended_comes_in_no_more(self, room):
        pupil = room.fresh_pupil()
        room.house.inside("seat", student=pupil["student"], ends_in_days=0)
        assert room.do(week_of(pupil, report=False))[0].body == {"code": "not_committee"}

    def test_a_wrong_pin_is_told_before_anything_of_the_committee(self, room):
        member, pupil = seated(room), room.fresh_pupil()
        replies = [room.do(week_of(one, pin="000000"))[0].body for one in (member, pupil)]
        assert replies == [{"code": "unknown_entry"}] * 2

    @pytest.mark.parametrize(("kind", "urgency"), [("alone", "yellow"), ("hurt", "red")])
    def test_a_worry_about_a_numbered_classmate_is_a_signal_on_that_pupil(self, room, kind, urgency):
        member, mate = seated(room), room.fresh_pupil()
        worry = WorryBody(kinds=[kind], number=mate["number"], words=CANARY)
        assert room.do(week_of(member, worry=worry))[0].status == 200
        found = said_by(room, mate)["signals"]
        assert [(s["source"], s["urgency"]) for s in found] == [("committee", urgency)]
        assert found[0]["basis"] == [["classmate", "", [kind]], ["own_words", "", [CANARY]]]
        mine = said_by(room, member)
        assert [(w["state"], w["named"]) for w in mine["worries"]] == [("named", mate["student"])]
        assert mine["signals"] == []

    def test_a_number_that_is_not_the_name_s_waits_to_be_found_out(self, room):
        """A digit typed wrong must not put a worry on another child."""
        member, mate = seated(room), room.fresh_pupil()
        worry = WorryBody(kinds=["low"], number=mate["number"], who="别的名字")
        room.do(week_of(member, worry=worry))
        assert said_by(room, mate)["signals"] == []
        assert [w["state"] for w in said_by(room, member)["worries"]] == ["open"]
        index = next(n for n, p in enumerate(room.seeded["pupils"]) if p["student"] == mate["student"])
        right = WorryBody(kinds=["low"], number=mate["number"], who=f" 测{index:03d}")
        room.do(week_of(member, key="week-00000002", worry=right))  # the control: the name is theirs
        assert [s["urgency"] for s in said_by(room, mate)["signals"]] == ["yellow"]

    def test_what_does_not_wait_and_names_nobody_is_a_signal_on_the_writer(self, room):
        member = seated(room)
        room.do(week_of(member, worry=WorryBody(kinds=["hurt"], who="坐窗边的她", words=CANARY)))
        found = said_by(room, member)
        assert [(s["source"], s["urgency"], s["origin"]) for s in found["signals"]] == [("committee", "red", "unnamed")]
        assert found["worries"][0]["about"] == "坐窗边的她"
        calm = seated(room)
        room.do(week_of(calm, worry=WorryBody(kinds=["low"], who="坐窗边的她")))
        assert said_by(room, calm)["signals"] == []  # the control: what waits raises nothing on the writer

    def test_the_answer_does_not_tell_whether_the_number_is_somebodys(self, room):
        member, mate = seated(room), room.fresh_pupil()
        bodies = [
            room.do(week_of(member, key=f"week-1000000{n}", worry=WorryBody(kinds=["low"], number=number)))[0].body
            for n, number in enumerate([mate["number"], "0000000"])
        ]
        assert [set(body) for body in bodies] == [{"receipt", "at", "on_duty"}] * 2

    def test_the_same_report_again_gets_the_same_receipt(self, room):
        member = seated(room)
        worry = WorryBody(kinds=["low"], who="某某")
        first, again = room.do(week_of(member, worry=worry)), room.do(week_of(member, worry=worry))
        assert first[0].body["receipt"] == again[0].body["receipt"]
        assert room.do(week_of(member))[0].body == {"code": "changed"}
        assert len(said_by(room, member)["worries"]) == 1
