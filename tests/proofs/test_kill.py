"""A server killed again and again while sheets are handed in: every receipt that was given is there, once.

Short by default; XINQIAO_PROVE=full kills 100 times over more than 10,000 sheets. XINQIAO_PROVE_OUT names a file for
the result. It runs on the database of the suite, and on the server that XINQIAO_TEST_POSTGRES names beside it.
"""

import asyncio
import os
import random
import time
from typing import Any

import pytest

from tests.proofs.kill_load import Class
from tests.proofs.results import keep_result
from xinqiao.care.sheets.tests.house import APP, House, Server, built_house, databases_named

EARLY = "tests.proofs.kill_early_receipt:app"
IS_FULL = os.environ.get("XINQIAO_PROVE") == "full"
KILLS, SHEETS_A_KILL = (100, 105) if IS_FULL else (8, 40)
CONTROL_KILLS = 12  # a kill may fall just after the late commit; that all twelve do is as good as impossible

DATABASES = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]


def kill_again_and_again(house: House, pupils: list[dict[str, str]], kills: int, app: str) -> tuple[Class, int]:
    """Hand in one sheet a pupil while the server is killed `kills` times; return what was told, and the kills."""
    rng = random.Random(20261122)
    state: dict[str, Any] = {"server": house.start(app=app), "left": rng.randrange(20, SHEETS_A_KILL), "kills": 0}
    room = Class(state["server"].port, pupils, seed=kills)

    def count() -> None:
        state["left"] -= 1
        server: Server = state["server"]
        if state["left"] <= 0 and state["kills"] < kills and server.process.poll() is None:
            server.kill()
            state["kills"] += 1
            state["left"] = rng.randrange(SHEETS_A_KILL // 2, SHEETS_A_KILL)

    async def tend() -> None:
        while True:
            if state["server"].process.poll() is not None:
                state["server"] = await asyncio.to_thread(house.start, room.port, app)
            await asyncio.sleep(0.01)

    async def both() -> None:
        tending = asyncio.create_task(tend())
        await room.run()
        tending.cancel()

    room.on_receipt = count
    try:
        asyncio.run(both())
    finally:
        state["server"].kill()  # never politely: what was promised must be there already
    return room, state["kills"]


def missing_or_wrong(room: Class, report: dict[str, Any]) -> list[str]:
    """Every promise that the database does not keep."""
    faults = []
    receipts = [sitting["receipt"] for sitting in report["sittings"].values() if sitting["receipt"]]
    faults += ["a receipt was given twice"] if len(receipts) != len(set(receipts)) else []
    for told in room.told:
        kept = report["sittings"][told.sitting]
        if told.has_tick and not (kept["ticks"] and any(s["urgency"] == "red" for s in kept["signals"])):
            faults.append(f"{told.sitting}: a tick was said to be saved")
        if not told.receipt:
            continue
        if kept["receipt"] != told.receipt or kept["state"] != "submitted" or kept["key"] != told.key:
            faults.append(f"{told.sitting}: the receipt is not there")
        elif len(kept["sheets"]) != 1 or kept["sheets"][0]["answers"] != told.answers:
            faults.append(f"{told.sitting}: {len(kept['sheets'])} sheets, or other answers")
        elif not kept["sheets"][0]["scored_alike"]:
            faults.append(f"{told.sitting}: scored otherwise")
    submitted = report["events"].get("sheets.sitting.submitted", 0)
    if submitted != sum(1 for sitting in report["sittings"].values() if sitting["state"] == "submitted"):
        faults.append("the audit counts other sheets than the sittings")
    return faults + [f"audit: {code}" for code in report["audit_findings"]]


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("server_url", DATABASES)
def test_every_receipt_survives_being_killed(tmp_path, server_url):
    began = time.monotonic()
    pupils = KILLS * SHEETS_A_KILL + 40
    with built_house(tmp_path, server_url, pupils=pupils, scales=["phq-9"]) as (house, seeded):
        room, kills = kill_again_and_again(house, seeded["pupils"], KILLS, APP)
        faults = missing_or_wrong(room, house.inside("report"))
    given = sum(1 for told in room.told if told.receipt)
    seconds = round(time.monotonic() - began, 1)
    keep_result("kill", {"database": "postgresql" if server_url else "sqlite", "kills": kills, "receipts": given,
                         "retries": room.retries, "faults": faults, "seconds": seconds})  # fmt: skip
    assert faults == []
    assert kills == KILLS
    assert given == pupils


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("server_url", DATABASES)
def test_control_receipts_before_the_commit_are_lost(tmp_path, server_url):
    with built_house(tmp_path, server_url, pupils=CONTROL_KILLS * SHEETS_A_KILL + 40, scales=["phq-9"]) as (
        house,
        seeded,
    ):
        room, kills = kill_again_and_again(house, seeded["pupils"], CONTROL_KILLS, EARLY)
        faults = missing_or_wrong(room, house.inside("report"))
    keep_result("kill control", {"database": "postgresql" if server_url else "sqlite", "kills": kills,
                                 "faults": len(faults)})  # fmt: skip
    assert any("receipt is not there" in fault for fault in faults)
