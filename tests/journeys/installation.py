"""A whole installation of the demo city in a directory of its own, started and stopped like a school's."""

import ctypes
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

SOURCE_ROOT = Path(__file__).resolve().parents[2]
BEGINS_AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai, in the middle of a term
START_SECONDS = 180
STOP_SECONDS = 30
PUPILS_A_CLASS = 8
PR_SET_PDEATHSIG = 1
# What a user's own shell gives, and where what is compiled lies; the rest of the environment stays outside.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "TZ", "PYTHONPYCACHEPREFIX")


@dataclass(frozen=True)
class Login:
    """A sign-in of the demo city, as `demo load --json` prints it; of a pupil the number and the one-time code."""

    role: str
    login: str
    password: str
    title: str
    unit: str
    class_code: str = ""
    address: str = "/"


@dataclass
class Installation:
    """Where it lives, where it answers, and who may sign in."""

    home: Path
    port: int
    logins: dict[str, Login] = field(default_factory=dict)
    served: "subprocess.Popen[bytes] | None" = None
    begins_at: dt.datetime = BEGINS_AT

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home.parent / "serve.log"

    def first_of_role(self, role: str) -> Login:
        return next(login for login in self.logins.values() if login.role == role)

    def run(self, *words: str) -> str:
        """Run one command of the product and return what it printed; raise with its complaint if it failed."""
        done = subprocess.run(
            [sys.executable, "-m", "xinqiao.config.command_line", *words],
            env=self.environment(), cwd=self.home.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"xinqiao {' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def environment(self) -> dict[str, str]:
        offset = (self.begins_at - _started_at()).total_seconds()
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "XINQIAO_HOME": str(self.home),
            "XINQIAO_DEMO": "1",
            "PYTHONPATH": os.pathsep.join((str(Path(__file__).with_name("moved_clock")), str(SOURCE_ROOT / "src"))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "JOURNEY_CLOCK_OFFSET_SECONDS": f"{offset:.0f}",
        }

    def prepare(self) -> None:
        """Do what `make run` does before it serves."""
        self.run("keys", "create")
        self.run("migrate", "--noinput", "--verbosity", "0")
        self.run("collectstatic", "--noinput", "--verbosity", "0")
        rows = json.loads(self.run("demo", "load", "--size", str(PUPILS_A_CLASS), "--json"))
        self.logins = {row["login"]: Login(**row) for row in rows}

    def start(self, output: IO[bytes]) -> None:
        command = [sys.executable, "-m", "xinqiao.config.command_line", "serve", "--port", str(self.port)]
        self.served = subprocess.Popen(
            command, env=self.environment(), cwd=self.home.parent, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=_end_with_me,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while "/s/" not in self.log.read_text("utf-8", "replace") or not self.answers("/s/health"):
            if self.served.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"serve did not come up:\n{self.log.read_text('utf-8', 'replace')}")
            time.sleep(0.2)

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self.served is None or self.served.poll() is not None:
            return
        self.served.send_signal(signal.SIGTERM)
        try:
            self.served.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.served.pid, signal.SIGKILL)
            raise AssertionError("serve did not stop when it was told to") from None


_clock: dict[str, Any] = {}


def _started_at() -> dt.datetime:
    """One moment for all commands of this process, so that every clock of an installation shows the same time."""
    return _clock.setdefault("at", dt.datetime.now(dt.UTC))  # noqa: TID251 - the journey sets the clock


def journey_now() -> dt.datetime:
    """What the installation's clock shows at this moment."""
    return BEGINS_AT + (dt.datetime.now(dt.UTC) - _started_at())  # noqa: TID251 - the journey sets the clock


def _end_with_me() -> None:
    """Ask Linux to tell the child to stop when the tests are killed, so that no server is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def running_installation(folder: Path) -> Iterator[Installation]:
    """Build, serve and at the end stop an installation of the demo city."""
    installation = Installation(folder / "home", free_port())
    installation.home.mkdir(parents=True)
    installation.prepare()
    with installation.log.open("wb") as output:
        try:
            installation.start(output)
            yield installation
        finally:
            installation.stop()
