"""A throwaway installation for tests that need a real server: its own data directory, keys, database and processes.

Tests here cannot use the test database of the suite: the intake has a connection of its own and commits.
"""

import json
import os
import secrets
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
from typing import Any
from urllib.parse import urlsplit, urlunsplit

INSIDE = "xinqiao.care.sheets.tests.house_inside"
APP = "xinqiao.care.sheets.intake.app:app"
START_SECONDS = 30


@dataclass
class House:
    """One installation; `database` is "sqlite" or a PostgreSQL URL whose database is its own."""

    home: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)
    clerk: "subprocess.Popen[str] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("XINQIAO_")}
        return {
            **kept, "XINQIAO_HOME": str(self.home), "XINQIAO_DATABASE": self.database, "XINQIAO_DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "xinqiao.config.settings", **self.more,
        }  # fmt: skip

    def inside(self, task: str, **arguments: Any) -> Any:
        """Run a task of `house_inside` in a process of the installation's own, kept for the next task."""
        if self.clerk is None or self.clerk.poll() is not None:
            command = [sys.executable, "-m", INSIDE]
            self.clerk = subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert self.clerk.stdin is not None
        assert self.clerk.stdout is not None
        self.clerk.stdin.write(json.dumps([task, arguments]) + "\n")
        self.clerk.stdin.flush()
        found = json.loads(self.clerk.stdout.readline() or '{"fault": "it ended"}')
        if "fault" in found:
            raise AssertionError(f"{task}: {found['fault']}")
        return found["found"]

    def leave(self) -> None:
        """End the process in which tasks are run."""
        if self.clerk is not None:
            self.clerk.communicate()
            self.clerk = None

    def start(self, port: int = 0, app: str = APP) -> "Server":
        """Start an intake and wait until it is ready."""
        port = port or free_port()
        path = self.home / f"intake-{port}.log"
        log = path.open("ab")
        command = [
            sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--loop", "uvloop", "--no-ws", "--backlog", "1024", "--log-level", "warning", app,
        ]  # fmt: skip
        process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        log.close()
        server = Server(process, port, path)
        server.wait_until_ready()
        return server

    @contextmanager
    def serving(self, app: str = APP) -> Iterator["Server"]:
        """Serve for the length of a block."""
        server = self.start(app=app)
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Server:
    """A running intake."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def wait_until_ready(self) -> None:
        horizon = time.monotonic() + START_SECONDS
        while time.monotonic() < horizon:
            if self.process.poll() is not None:
                raise AssertionError(f"the intake ended with {self.process.returncode}: {self.log.read_text()[-3000:]}")
            try:
                if self.get("/s/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the intake did not become ready: {self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL to the server and its worker, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it the polite way."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self._ask(urllib.request.Request(self._url(path), headers=headers))

    def post(self, path: str, body: Any, ticket: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {"Content-Type": "application/json", **headers}
        if ticket:
            named["Authorization"] = f"Ticket {ticket}"
        status, _, content = self._ask(urllib.request.Request(self._url(path), data=raw, headers=named))
        return status, json.loads(content)

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _ask(self, request: urllib.request.Request) -> tuple[int, dict[str, str], bytes]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
        try:
            with opener.open(request, timeout=40) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def databases_named() -> list[str]:
    """Return what these tests run on: "" for the embedded database, or the URL of a PostgreSQL server.

    That is the database of the suite (XINQIAO_TEST_DATABASE), and a server named beside it (XINQIAO_TEST_POSTGRES).
    """
    own, beside = (os.environ.get(name, "") for name in ("XINQIAO_TEST_DATABASE", "XINQIAO_TEST_POSTGRES"))
    return list(dict.fromkeys([own if own.startswith("postgres") else "", *([beside] if beside else [])]))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def built_house(folder: Path, server_url: str = "", *, key_file: str = "", **seed: Any) -> Iterator[tuple[House, Any]]:
    """Build an installation and seed it; on PostgreSQL in a new database of the given server, dropped afterwards.

    With `key_file` it stands on keys that are there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with own_database(server_url) as database:
        house = House(folder, database, {"XINQIAO_KEYS": key_file} if key_file else {})
        try:
            house.inside("build")
            house.leave()  # settings were read before there were keys
            yield house, house.inside("seed", **seed)
        finally:
            house.leave()


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """Give a new database of a PostgreSQL server, dropped afterwards; "sqlite" where no server is named."""
    if not server_url:
        yield "sqlite"
        return
    import psycopg

    name = f"house_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
