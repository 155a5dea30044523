"""A simulated school year with kills, holidays, leavers and a clock put back: nothing waits unseen at its end.

Short by default; XINQIAO_PROVE=full lives 2,000 pupils and 3,000 signals through 50 kills.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.proofs.results import keep_result
from xinqiao.care.sheets.tests.house import House, built_house, databases_named

IS_FULL = os.environ.get("XINQIAO_PROVE") == "full"
PUPILS, SIGNALS, KILLS = (2_000, 3_000, 50) if IS_FULL else (40, 25, 3)
SEED = 20_261_127
INCIDENTS = 5
NONE, MOST_PLANTED = "none of its kind", 8  # of sixteen: in a short year not every kind of clock is lived, or climbs
DATABASES = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]


def run(house: House, *words: Any, **more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.proofs.school_year", *map(str, words)]
    return subprocess.Popen(
        command, env={**house.environment, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def done(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate()
    assert process.returncode == 0, err[-4000:]
    return out


def live(house: House, kills: int, **more: str) -> int:
    """Live the year, killing the process again and again; return how often it was killed."""
    rng, killed = random.Random(SEED), 0
    while True:
        process = run(house, "live", **more)
        if killed < kills:
            before = diary(house)
            while diary(house) == before and process.poll() is None:
                time.sleep(0.01)  # it has started and done something: a kill before that would prove nothing
            time.sleep(rng.uniform(0, 0.4 if not IS_FULL else 6))
        else:
            process.wait()
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.communicate()  # and its pipes are closed
            killed += 1
            continue
        done(process)
        return killed


def diary(house: House) -> str:
    path = house.home / "diary.json"
    return path.read_text("utf-8") if path.exists() else ""


def lived(
    folder, server_url: str, kills: int, signals: int, *, plant: bool = False, **more: str
) -> tuple[dict[str, Any], int]:  # fmt: skip
    """Live a year and prove it; with `plant`, the proof says as well what it finds of breakages of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    with built_house(folder, server_url, pupils=1) as (house, _seeded):
        done(run(house, "build", PUPILS, signals, SEED))
        killed = live(house, kills, **more)
        proof = json.loads(done(run(house, "prove")))
        if plant:
            proof["planted"] = json.loads(done(run(house, "plant")))
        return proof, killed


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("server_url", DATABASES)
def test_a_year_ends_with_nothing_in_limbo(tmp_path, server_url):
    began = time.monotonic()
    proof, killed = lived(tmp_path, server_url, KILLS, SIGNALS, plant=not IS_FULL)
    keep_result("school year", {"database": "postgresql" if server_url else "sqlite", "pupils": PUPILS,
                                "kills": killed, "faults": proof["faults"][:20], **proof["looked_at"], **proof["lived"],
                                "seconds": round(time.monotonic() - began, 1)})  # fmt: skip
    assert proof["faults"] == []
    lived_through = proof["lived"]
    assert proof["looked_at"]["signals"] - lived_through["signals_beyond_the_plan"] == SIGNALS
    assert all(proof["looked_at"][kind] for kind in ("cases", "lists", "watches", "feedbacks", "meetings"))
    assert lived_through["follow_ups"]
    assert lived_through["absences"]
    assert proof["looked_at"]["climbs"] > SIGNALS / 10, "many were taken late, and each miss climbed"
    assert proof["unsettled"] == 0
    assert killed == KILLS
    assert proof["looked_at"]["incidents"] == INCIDENTS == lived_through["incidents_closed"]
    for kind in ("lines_waived", "lines_late", "reports_received", "reports_late", "exposed", "exposed_late",
                 "exposed_worries", "filings_first", "filings_visit", "filings_confirmed", "filings_late"):  # fmt: skip
        assert lived_through[kind], kind
    planted_ones = proof.get("planted", {})
    assert IS_FULL or sum(found != [NONE] for found in planted_ones.values()) >= MOST_PLANTED
    for planted, found in planted_ones.items():
        wanted = {"climbed_late"} if planted.endswith("late") else {"due_against_the_pack", "filing_clock_wrong"}
        assert wanted & set(found) or found == [NONE], planted


@pytest.mark.proof
@pytest.mark.slow
def test_control_a_year_in_which_no_clock_climbs_is_found_out(tmp_path):
    proof, _killed = lived(tmp_path, "", 0, 20, YEAR_WITHOUT_CLIMBING="1")
    keep_result("school year control", {"faults": len(proof["faults"])})
    assert "never_climbed" in {fault["code"] for fault in proof["faults"]}
