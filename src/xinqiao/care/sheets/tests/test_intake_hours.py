"""Pupils book an hour through the intake: by PIN, once each, and never two pupils the same one, however many race."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from xinqiao.care.sheets.intake.bodies import HoursBody
from xinqiao.care.sheets.intake.work import Hours
from xinqiao.care.sheets.tests.house import Server, built_house, databases_named

SLOTS, PUPILS, AT_ONCE = 20, 200, 24
WORDS = "想聊聊分班的事"


def hours_of(pupil, **more):
    typed = {name: pupil[name] for name in ("class_code", "number", "pin")}
    return Hours(HoursBody(**(typed | {"key": "hours-00000001"} | more)))


def test_a_pupil_books_sees_and_gives_up_an_hour(room):
    slots = room.house.inside("open_hours", school=room.seeded["school"], slots=4)
    first, second = room.fresh_pupil(), room.fresh_pupil()
    assert room.do(hours_of(first, pin="000000"))[0].status == 403
    shown = room.do(hours_of(first))[0]
    assert [hour["id"] for hour in shown.body["free"]] == slots
    assert shown.body["own"] == []
    starts = room.house.inside("hours_held", slots=slots)["starts"]
    assert {hour["id"]: hour["at"] for hour in shown.body["free"]} == starts, "the school's clock, not the device's"
    # both in one batch: whoever stands first has it, the other one sees what is left
    won, lost = room.do(hours_of(first, book=slots[0], reason=WORDS), hours_of(second, book=slots[0]))
    assert (won.body["said"], lost.body["said"]) == ("booked", "taken")
    assert [hour["id"] for hour in lost.body["free"]] == slots[1:]
    assert room.do(hours_of(first, book=slots[0]))[0].body["said"] == "booked", "a double tap is one booking"
    room.do(hours_of(first, book=slots[1]))
    third = room.do(hours_of(first, book=slots[2]))[0]
    assert third.body["said"] == "too_many"
    assert len(third.body["own"]) == third.body["most"] == 2
    mine = third.body["own"][0]["id"]
    assert room.do(hours_of(second, cancel=mine))[0].body["own"] == [], "somebody else's stays"
    given = room.do(hours_of(first, cancel=mine))[0]
    assert given.body["said"] == "cancelled"
    assert slots[0] in [hour["id"] for hour in given.body["free"]]
    assert room.do(hours_of(first, book="no-slot"))[0].body["said"] == "taken"
    held = room.house.inside("hours_held", slots=slots)
    assert sorted(row["state"] for row in held["bookings"]) == ["cancelled", "open"]
    assert [row["reason"] for row in held["bookings"] if row["slot"] == slots[0]] == [WORDS]
    assert all(row["is_own"] for row in held["bookings"])
    assert held["events"].count("centre.booking.made_by_pupil") == 2
    assert held["audit_findings"] == []


def race(servers: Sequence[Server], pupils: Sequence[dict[str, str]], slots: Sequence[str]) -> list[str]:
    """Let every pupil take any slot, and another one of those still free while there are any; return what each got."""

    def one(number: int) -> str:
        server, pupil = servers[number % len(servers)], pupils[number]
        body = {name: pupil[name] for name in ("class_code", "number", "pin")} | {"key": f"race-{number:08d}"}
        wanted = random.Random(number).choice(slots)
        for _ in range(60):
            status, reply = server.post("/s/hours", body | {"book": wanted})
            if status >= 500:
                continue
            if status != 200 or reply["said"] == "booked" or not reply["free"]:
                return str(reply.get("said", status))
            wanted = reply["free"][number % len(reply["free"])]["id"]
        return "given up"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(len(pupils))))


def check_race(house, seeded, *, app: str = "", pupils: int = PUPILS, unguarded: bool = False) -> None:
    """The check: as many pupils as there are slots have one each, and no slot has two."""
    slots = house.inside("open_hours", school=seeded["school"], slots=SLOTS, unguarded=unguarded)
    more = {"app": app} if app else {}
    with house.serving(**more) as here, house.serving(**more) as there:
        got = race([here, there], seeded["pupils"][:pupils], slots)
    held = [row for row in house.inside("hours_held", slots=slots)["bookings"] if row["state"] == "open"]
    assert len(held) == SLOTS, f"{len(held)} bookings for {SLOTS} slots"
    assert {row["slot"] for row in held} == set(slots)
    assert len({row["student"] for row in held}) == SLOTS
    assert (got.count("booked"), got.count("taken")) == (SLOTS, pupils - SLOTS)


@pytest.mark.slow
@pytest.mark.parametrize("server_url", databases_named())
def test_two_hundred_pupils_race_for_twenty_hours(tmp_path, server_url):
    with built_house(tmp_path / "house", server_url, pupils=PUPILS, scales=["phq-9"]) as (house, seeded):
        check_race(house, seeded)


@pytest.mark.slow
@pytest.mark.parametrize("server_url", databases_named())
def test_control_without_lock_and_constraint_the_same_race_is_red(tmp_path, server_url):
    app = "xinqiao.care.sheets.tests.house_unguarded:app"
    with (
        built_house(tmp_path / "house", server_url, pupils=PUPILS, scales=["phq-9"]) as (house, seeded),
        pytest.raises(AssertionError, match="bookings for 20 slots"),
    ):
        check_race(house, seeded, app=app, pupils=60, unguarded=True)
