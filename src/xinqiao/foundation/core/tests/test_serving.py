"""`xinqiao serve` as a whole: refusals, one address for pupils and staff, an orderly end."""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from xinqiao.foundation.core.supervision.health import answers, free_port

pytestmark = pytest.mark.slow
COMMAND = (sys.executable, "-m", "xinqiao.config.command_line")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("serving") / uuid.uuid4().hex


@pytest.fixture(scope="module")
def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XINQIAO_", "DJANGO_"))}
    return {**kept, "XINQIAO_HOME": str(home)}


def run(environment, *words):
    return subprocess.run([*COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture(scope="module")
def ready(environment):
    """The steps of a first start; before each one `serve` says what is missing."""
    said = []
    for step in (["keys", "create"], ["migrate", "--noinput", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        refused = run(environment, "serve", "--port", str(free_port()))
        said.append((refused.returncode, refused.stderr))
        assert run(environment, *step).returncode == 0
    return said


def test_it_refuses_until_everything_is_there_and_says_what_to_do(ready):
    for (code, words), command in zip(ready, ("keys create", "migrate", "collectstatic"), strict=True):
        assert code == 1
        assert f"xinqiao {command}" in words
        assert "Traceback" not in words


def test_debug_is_not_shown_to_others(environment, ready):
    told = run({**environment, "XINQIAO_DEBUG": "1"}, "serve", "--host", "0.0.0.0", "--port", str(free_port()))
    assert told.returncode == 1
    assert "XINQIAO_DEBUG" in told.stderr


class Serving:
    """A running installation."""

    def __init__(self, environment, *words):
        self.port = free_port()
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(self.port), "--web-workers", "1", *words], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.said = next((line for line in self.process.stdout if "://" in line), "")

    def group(self):
        """Every process that stands below it."""
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if words[0] != "Z":
                parents[int(path.parent.name)] = int(words[1])
        found, more = set(), {self.process.pid}
        while more:
            more = {pid for pid, parent in parents.items() if parent in more} - found
            found |= more
        return found

    def grown(self, least):
        """The group once so many have been forked: on a busy machine the last comes after the pages answer."""
        end = time.monotonic() + 60
        while len(found := self.group()) < least and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process.stdout.close()
        return code


def test_pupils_and_staff_share_an_address_and_nothing_is_left_behind(environment, ready):
    serving = Serving(environment)
    try:
        assert f"http://127.0.0.1:{serving.port}/" in serving.said
        assert answers("127.0.0.1", serving.port, "/s/health") == 200
        assert answers("127.0.0.1", serving.port, "/accounts/login/") == 200
        below = serving.grown(6)
        assert len(below) >= 6, "intake, web, worker, ticker and what they forked"
        taken = run(environment, "serve", "--port", str(serving.port))
        assert taken.returncode == 1
        assert "--port" in taken.stderr
    finally:
        code = serving.end()
    assert code == 0
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    assert answers("127.0.0.1", serving.port, "/s/health") == 0


def test_a_killed_part_is_back_soon(environment, ready):
    serving = Serving(environment)
    try:
        intake = next(pid for pid in serving.group() if b"intake.app" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(os.getpgid(intake), signal.SIGKILL)
        pause = threading.Event()
        deadline = time.monotonic() + 60
        pause.wait(1)
        while answers("127.0.0.1", serving.port, "/s/health") != 200:
            assert time.monotonic() < deadline
            pause.wait(0.2)
    finally:
        assert serving.end() == 0


def test_tls_by_an_authority_of_ones_own(environment, home, ready):
    serving = Serving(environment, "--tls")
    try:
        assert f"https://127.0.0.1:{serving.port}/" in serving.said
        authority = home / "tls" / "xinqiao-authority.pem"
        assert answers("127.0.0.1", serving.port, "/s/health", authority=authority) == 200
        link = http.client.HTTPSConnection("127.0.0.1", serving.port, context=ssl.create_default_context(), timeout=5)
        with pytest.raises(ssl.SSLCertVerificationError):
            link.request("GET", "/s/health")
        link.close()
    finally:
        assert serving.end() == 0
