"""Files from one school to another while both sides are killed: each arrives, is opened and is acknowledged once.

Two processes send and two take in, at the same time, and any of them is killed again and again. Short by default;
XINQIAO_PROVE=full moves 1,200 files through 60 kills.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

import pytest

from tests.proofs.results import keep_result
from xinqiao.care.sheets.tests.house import House, built_house, databases_named

IS_FULL = os.environ.get("XINQIAO_PROVE") == "full"
FILES, KILLS = (1200, 60) if IS_FULL else (30, 4)
END_SECONDS = 1500 if IS_FULL else 240
DATABASES = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]


class Worker:
    """A process of one side; what it prints goes to a file, so that one sees when it is at work."""

    def __init__(self, house: House, words: Sequence[str]) -> None:
        self.out = tempfile.TemporaryFile(dir=house.home)  # noqa: SIM115 - closed with its process
        self.process = subprocess.Popen(command(words), env=house.environment, stdout=self.out)

    @property
    def is_at_work(self) -> bool:
        return self.process.poll() is None and os.fstat(self.out.fileno()).st_size > 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.out.close()


def command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "tests.proofs.transfer_files", *words]


def ask(house: House, *words: str) -> Any:
    done = subprocess.run(command(words), env=house.environment, capture_output=True, text=True, timeout=END_SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout) if done.stdout else None


def move_all(house: House, files: int, kills: int) -> int:
    """Send and take in with two processes a side, killing one at work now and then; return how many were killed."""
    draw, killed, end = random.Random(20261128), 0, time.monotonic() + END_SECONDS
    sides = [("send",), ("send",), ("take", str(files)), ("take", str(files))]
    running = [Worker(house, words) for words in sides]
    next_kill = 0.0
    while any(worker.process.poll() is None for worker in running) and time.monotonic() < end:
        time.sleep(0.02)
        at_work = [at for at, worker in enumerate(running) if worker.is_at_work]
        if killed < kills and at_work and time.monotonic() > next_kill:
            at = draw.choice(at_work)
            running[at].kill()
            killed += 1
            running[at] = Worker(house, sides[at])
            next_kill = time.monotonic() + draw.uniform(0.1, 1.5)
    for worker in running:
        worker.kill()
    return killed


def faults_of(found: dict[str, Any], files: int) -> list[str]:
    """Everything that did not happen exactly once."""
    faults = []
    if found["handovers"] != {"done": files}:
        faults.append(f"handovers: {found['handovers']}")
    if found["arrivals"] != {"done": files} or found["handovers_with_an_arrival"] != files:
        faults.append(f"arrivals: {found['arrivals']}")
    if found["opened_right"] != files:
        faults.append(f"opened: {found['opened_right']}")
    expected = {
        f"{event} {school}": files
        for event, schools in (
            ("sent", ("s1",)), ("arrived", ("s2",)), ("taken", ("s1", "s2")), ("acknowledged", ("s1", "s2")),
        )
        for school in schools
    }  # fmt: skip
    if found["events"] != expected:
        faults.append(f"events: {found['events']}")
    if found["keys_of_the_way_left"]:
        faults.append(f"keys of the way: {found['keys_of_the_way_left']}")
    return faults + found["faults"]


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("server_url", DATABASES)
def test_each_file_arrives_opens_and_is_acknowledged_once(tmp_path, server_url):
    began = time.monotonic()
    with built_house(tmp_path, server_url, pupils=1, scales=["phq-9"]) as (house, _seeded):
        ask(house, "plant", str(FILES))
        killed = move_all(house, FILES, KILLS)
        found = ask(house, "report")
    faults = faults_of(found, FILES)
    keep_result("transfers", {"database": "postgresql" if server_url else "sqlite", "files": FILES, "kills": killed,
                              "faults": faults, "seconds": round(time.monotonic() - began, 1)})  # fmt: skip
    assert faults == []
    assert killed


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_a_sender_that_dies_between_two_statements_loses_nothing(tmp_path, guard):
    """The control lets every statement stand for itself: the file is marked as sent, and nowhere."""
    more = {"TRANSFER_DIES_AT": "5", **({"TRANSFER_WITHOUT_TRANSACTION": "1"} if guard == "control" else {})}
    with built_house(tmp_path, "", pupils=1, scales=["phq-9"]) as (house, _seeded):
        ask(house, "plant", "30")
        died = subprocess.run(command(["send"]), env={**house.environment, **more}, capture_output=True, check=False)
        found = ask(house, "report")
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    assert found["faults"] == (["file_lost_on_the_way"] if guard == "control" else [])
