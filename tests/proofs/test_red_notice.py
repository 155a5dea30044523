"""Red signals while the ticker is killed, mail is down and the database is restarted: each notice is handed over.

Short by default; XINQIAO_PROVE=full raises 200 signals through 20 faults of each kind. The ticker is the real one, with
every job; it is started again half a second after its death, as `serve` does. The mail server refuses or hangs, in
turn. The database of PostgreSQL is a cluster of the proof's own, ended as by a crash and started again; the embedded
one is closed by everybody and held in an exclusive lock until it is opened again.

What is asserted is that none is lost: each signal is in, has its notice in XinQiao, and left by every channel of
whoever was told. How long that took is measured from the first try to write the signal, and reported.
"""

import datetime as dt
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.fake_services import HANGS, REFUSES, UP, Came, Gateway, Mail, services
from tests.proofs.results import keep_result
from xinqiao.care.sheets.tests.house import House, built_house, databases_named
from xinqiao.foundation.core.clock import now

TOOLS = Path(__file__).resolve().parents[2] / "tools"
IS_FULL = os.environ.get("XINQIAO_PROVE") == "full"
SIGNALS, FAULTS_OF_EACH = (200, 20) if IS_FULL else (20, 2)
KINDS = ("worker_killed", "mail_down", "database_restarted")
SEED = 20_261_127
DOWN_SECONDS = (5.0, 20.0) if IS_FULL else (1.0, 3.0)
LOCKED_SECONDS = (1.0, 10.0) if IS_FULL else (0.5, 1.5)
SETTLE_SECONDS = 20.0 if IS_FULL else 8.0
END_SECONDS = 150.0
RESTART_SECONDS = 0.5
ALLOWED_SECONDS = 60.0
DATABASES = [pytest.param(url, id="postgresql" if url else "sqlite") for url in databases_named()]


@dataclass
class Fault:
    """One thing that went wrong, and until when."""

    kind: str
    began: dt.datetime
    ended: dt.datetime | None = None


@dataclass
class Story:
    """The installation while things go wrong: its ticker, whoever raises signals, and what came by each channel."""

    house: House
    mail: Mail
    gateway: Gateway
    restart_database: Callable[["Story", float], None]
    more: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    raised: dict[int, dict[str, str]] = field(default_factory=dict)
    asked: int = 0
    kills: int = 0
    ticker: "subprocess.Popen[bytes] | None" = None
    said: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def run(self, *words: str, **pipes: Any) -> Any:
        command = [sys.executable, "-m", "tests.proofs.red_notice", *words]
        return subprocess.Popen(command, env={**self.house.environment, **self.more}, **pipes)

    def ask(self, task: str) -> dict[str, Any]:
        """Ask whoever raises, after everything that was raised; the answer is the last line."""
        self.wait(END_SECONDS, until=lambda: len(self.raised) == self.asked)
        self.raiser.stdin.write(f"{task}\n")
        self.raiser.stdin.flush()
        return json.loads(self.said.get(timeout=END_SECONDS))

    @contextmanager
    def open(self) -> Iterator[None]:
        """Start the ticker and whoever raises, and leave nothing behind."""
        self.start_ticker()
        self.raiser = self.run("raise", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        listening = threading.Thread(target=lambda: [self.said.put(line) for line in self.raiser.stdout], daemon=True)
        listening.start()
        try:
            yield
        finally:
            self.kill_ticker()
            self.raiser.stdin.close()
            self.raiser.wait()
            listening.join()
            self.raiser.stdout.close()

    def start_ticker(self) -> None:
        with (self.house.home / "ticker.log").open("ab") as log:
            self.ticker = self.run("ticker", stdout=log, stderr=log)

    def kill_ticker(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self.ticker is not None
        self.ticker.send_signal(how)
        self.ticker.wait()

    def keep_ticking(self) -> None:
        """Start the ticker again if it ended by itself, as `serve` would: its lock goes with a database."""
        if self.ticker is not None and self.ticker.poll() is not None:
            time.sleep(RESTART_SECONDS)
            self.start_ticker()

    def raise_one(self) -> None:
        self.raiser.stdin.write(f"{self.asked}\n")
        self.raiser.stdin.flush()
        self.asked += 1

    def hear(self) -> None:
        """Take in what whoever raises has said."""
        while not self.said.empty():
            line = json.loads(self.said.get())
            self.raised[line["number"]] = line

    def arrived(self) -> int:
        return len(self.gateway.came.at) + len(self.mail.came.at)

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass while the ticker is looked after."""
        horizon = time.monotonic() + seconds
        while time.monotonic() < horizon and not until():
            self.keep_ticking()
            self.hear()
            time.sleep(0.1)


# ---- what goes wrong


def worker_killed(story: Story, rng: random.Random) -> None:
    story.wait(rng.uniform(0.2, 2.5))  # somewhere between the telling and the sending
    story.kill_ticker()
    story.kills += 1
    time.sleep(RESTART_SECONDS)
    story.start_ticker()


def mail_down(story: Story, rng: random.Random) -> None:
    before = story.mail.turned_away
    story.mail.turn(HANGS if len(story.faults) % 2 else REFUSES)
    story.wait(rng.uniform(*DOWN_SECONDS))
    story.wait(END_SECONDS, until=lambda: story.mail.turned_away > before)  # a fault that nobody met proves nothing
    story.mail.turn(UP)


def database_restarted(story: Story, rng: random.Random) -> None:
    story.wait(rng.uniform(0.0, 1.5))
    story.restart_database(story, rng.uniform(*LOCKED_SECONDS))


GO_WRONG = {"worker_killed": worker_killed, "mail_down": mail_down, "database_restarted": database_restarted}


def lock_the_file(story: Story, seconds: float) -> None:
    """The embedded database: everybody closes it, it is held in an exclusive lock, and then it is opened again."""
    from pysqlite3 import dbapi2

    story.kill_ticker(signal.SIGTERM)
    story.start_ticker()
    held = dbapi2.connect(str(story.house.home / "xinqiao.sqlite3"), isolation_level=None, timeout=20)
    try:
        held.execute("BEGIN EXCLUSIVE")
        story.wait(seconds)
        held.execute("ROLLBACK")
    finally:
        held.close()


def go_through(story: Story, kinds: list[str], signals: int) -> None:
    """Let one thing after the other go wrong, signals raised as it begins; then wait for the end."""
    rng = random.Random(SEED)
    per_fault = [signals // len(kinds) + (n < signals % len(kinds)) for n in range(len(kinds))]
    for kind, count in zip(kinds, per_fault, strict=True):
        arrived, fault = story.arrived(), Fault(kind, now())
        story.faults.append(fault)
        for _ in range(count):
            story.raise_one()
        GO_WRONG[kind](story, rng)
        fault.ended = now()
        story.wait(SETTLE_SECONDS, until=lambda wanted=arrived + count: story.arrived() >= wanted)
    story.wait(END_SECONDS, until=lambda: len(story.raised) == signals)
    horizon = time.monotonic() + END_SECONDS
    while time.monotonic() < horizon and story.ask("waiting")["waiting"]:
        story.wait(1.0)


# ---- what was promised


def lost(story: Story, report: dict[str, Any], signals: int) -> list[str]:
    """Every signal, notice or message that is not where it ought to be."""
    found = {row["number"]: row for row in report["signals"]}
    faults = [f"{number}: the signal is not there" for number in range(signals) if number not in found]
    faults += [f"{row['number']}: there twice" for row in report["signals"] if row is not found[row["number"]]]
    for number, row in found.items():
        if not row["notices"]:
            faults.append(f"{number}: no notice in XinQiao")
        if {message["channel"] for message in row["messages"]} != {"mail", "sms"}:
            faults.append(f"{number}: it was not put into both channels")
        first = min((message["created_at"] for message in row["messages"]), default="")
        for message in row["messages"]:
            if message["status"] == "waiting" and message["created_at"] != first:
                continue  # the signal climbed a moment ago: that is no loss
            came = (story.mail if message["channel"] == "mail" else story.gateway).came.at
            if message["id"] not in came:
                why = f"{message['status']} {message['last_error']}".strip()
                faults.append(f"{number}: it never left by {message['channel']} ({why})")
    return faults


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def measured(story: Story, report: dict[str, Any]) -> dict[str, Any]:
    """Seconds from the first try to write a signal to its notice, to the first channel, and to the last one."""
    spans: dict[str, list[float]] = {"in_app": [], "handed_over": [], "first_channel": [], "every_channel": []}
    twice = 0
    for row in report["signals"]:
        began = moment(story.raised[row["number"]]["began"])
        first = min(map(moment, row["notices"]))
        rung = min(message["created_at"] for message in row["messages"])
        arrivals = []
        for message in row["messages"]:
            came: Came = story.mail.came if message["channel"] == "mail" else story.gateway.came
            twice += max(len(came.at.get(message["id"], ())) - 1, 0)
            if message["created_at"] == rung:
                arrivals.append(min(came.at[message["id"]]))
        for name, at in (("in_app", first), ("first_channel", min(arrivals)), ("every_channel", max(arrivals)),
                         ("handed_over", max(first, min(arrivals)))):  # fmt: skip
            spans[name].append((at - began).total_seconds())
    return {f"{name}_seconds": described(values) for name, values in spans.items()} | {
        "left_twice": twice,
        "within_60_s": sum(value <= ALLOWED_SECONDS for value in spans["handed_over"]),
        "meets": max(spans["handed_over"]) <= ALLOWED_SECONDS,
        "every_channel_meets": max(spans["every_channel"]) <= ALLOWED_SECONDS,
    }


def described(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    return {
        "median": round(values[len(values) // 2], 2), "p95": round(values[int(len(values) * 0.95)], 2),
        "most": round(values[-1], 2),
    }  # fmt: skip


# ---- the proof


@contextmanager
def told(folder: Path, server_url: str, **more: str) -> Iterator[Story]:
    """An installation on a database that may be restarted, with a mail server and a gateway of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        restartable(server_url) as (url, restart),
        services() as (mail, gateway),
        built_house(folder, url, pupils=1) as (house, _seeded),
    ):
        house.more |= {"XINQIAO_WEBHOOK_HOSTS": "127.0.0.1", "XINQIAO_MAIL": ""}
        house.leave()
        story = Story(house, mail, gateway, restart, more)
        process = story.run("build", str(mail.port), str(gateway.port), stderr=subprocess.PIPE, text=True)
        _out, err = process.communicate()
        assert process.returncode == 0, err[-4000:]
        with story.open():
            yield story


@contextmanager
def restartable(server_url: str) -> Iterator[tuple[str, Callable[[Story, float], None]]]:
    """The database to build on, and how it is restarted. Never the suite's own server: others stand on it."""
    if not server_url:
        yield "", lock_the_file
        return
    sys.path.insert(0, str(TOOLS))
    try:
        from throwaway_postgres import own_cluster
    finally:
        sys.path.pop(0)
    with own_cluster(durable=True) as cluster:

        def crash(_story: Story, _seconds: float) -> None:
            cluster.crash_and_start()

        yield cluster.url, crash


def proven(
    folder: Path, server_url: str, kinds: list[str], signals: int, **more: str
) -> tuple[list[str], dict[str, Any]]:
    """Go through it all; return what was lost, and the figures."""
    with told(folder, server_url, **more) as story:
        go_through(story, kinds, signals)
        report = story.ask("report")
    faults = lost(story, report, signals)
    each = {kind: sum(fault.kind == kind for fault in story.faults) for kind in KINDS}
    figures = {"signals": signals, **each, "kills": story.kills, "lost": len(faults)}
    return faults, figures | ({} if faults else measured(story, report))


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("server_url", DATABASES)
def test_every_red_notice_is_handed_over_whatever_fails(tmp_path, server_url):
    began = time.monotonic()
    kinds = list(KINDS) * FAULTS_OF_EACH
    faults, figures = proven(tmp_path, server_url, kinds, SIGNALS)
    keep_result("red notice", {"database": "postgresql" if server_url else "sqlite", **figures,
                               "faults": faults[:20], "seconds": round(time.monotonic() - began, 1)})  # fmt: skip
    assert faults == []
    assert figures["kills"] == FAULTS_OF_EACH


@pytest.mark.proof
@pytest.mark.slow
def test_control_without_the_retry_notices_are_lost(tmp_path):
    faults, figures = proven(tmp_path, "", ["mail_down"] * 2, 4, RED_NOTICE_WITHOUT_RETRY="1")
    keep_result("red notice control", figures)
    assert any("it never left by mail" in fault for fault in faults)
