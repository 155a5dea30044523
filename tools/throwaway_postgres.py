"""A PostgreSQL for one run: the one that is given, or a new cluster that is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GIVEN = "XINQIAO_TEST_POSTGRES"
USER = "xinqiao"
DATABASE = "xinqiao"
START_SECONDS = 60
STOP_SECONDS = 30
# Safe only because nothing in the cluster outlives the run.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class CannotStartPostgres(Exception):
    """No server programs were found, or the server did not come up."""


def server_programs() -> Path | None:
    """Return the directory that holds initdb and postgres, the newest version first, or None."""

    def version(directory: Path) -> float:
        try:
            return float(directory.parent.name.removeprefix("pgsql-").removeprefix("postgresql@"))
        except ValueError:
            return 0.0

    found = [
        path.parent
        for root, pattern in (("/usr/lib/postgresql", "*/bin/initdb"), ("/usr", "pgsql-*/bin/initdb"))
        for path in Path(root).glob(pattern)
    ]
    on_path = shutil.which("initdb")
    return max(found, key=version) if found else Path(on_path).parent if on_path else None


@dataclass(frozen=True)
class Account:
    """Whom the server runs as; all None means whoever runs this."""

    user: int | None = None
    group: int | None = None
    extra_groups: list[int] | None = None


def server_account() -> Account:
    """Return the account to start the server as: PostgreSQL refuses root, so root uses the account `postgres`."""
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as error:
        message = "PostgreSQL does not run as root, and this machine has no account `postgres`."
        raise CannotStartPostgres(message) from error
    return Account(entry.pw_uid, entry.pw_gid, [])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _run(account: Account, directory: Path, *command: str | Path) -> None:
    """Run one program of PostgreSQL as the account, with nothing of our environment."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=directory,
        env={"PGPASSFILE": str(directory / "passfile"), "PATH": os.defpath},
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
        check=False,
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}"
        raise CannotStartPostgres(message)


def _new_cluster(programs: Path, directory: Path, password: str, account: Account) -> None:
    for name, text in (("password", password), ("passfile", f"*:*:*:*:{password}")):
        (directory / name).write_text(text + "\n", "utf-8")
        (directory / name).chmod(0o600)
    if account.user is not None and account.group is not None:
        for path in (directory, *directory.iterdir()):
            os.chown(path, account.user, account.group)
    command: list[str | Path] = [programs / "initdb", "--pgdata", directory / "data", f"--username={USER}"]
    command += [
        "--pwfile",
        directory / "password",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    _run(account, directory, *command)


def _started(programs: Path, directory: Path, port: int, account: Account, *, durable: bool) -> subprocess.Popen[bytes]:
    options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={directory}", "max_connections=200"]
    options += [] if durable else CARELESS
    command: list[str | Path] = [programs / "postgres", "-D", directory / "data", "-p", str(port)]
    for option in options:
        command += ["-c", option]
    with (directory / "log").open("wb") as stream:
        return subprocess.Popen(
            command,
            stdout=stream,
            stderr=stream,
            cwd=directory,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )


def _await_start(programs: Path, server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        ready: list[str | Path] = [programs / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
        if server.poll() is None and subprocess.run(ready, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    message = f"PostgreSQL did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}"
    raise CannotStartPostgres(message)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # a fast shutdown: sessions are ended, not awaited
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # an immediate one
        server.wait(STOP_SECONDS)


@dataclass
class Cluster:
    """A running cluster of one's own; `url` names its database."""

    programs: Path
    directory: Path
    port: int
    account: Account
    durable: bool
    url: str
    server: subprocess.Popen[bytes]

    def crash_and_start(self) -> None:
        """End the server at once, as a crash would, and start it again; what was committed is still there."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait(STOP_SECONDS)
        self.server = _started(self.programs, self.directory, self.port, self.account, durable=self.durable)
        _await_start(self.programs, self.server, self.port, self.directory / "log")


@contextlib.contextmanager
def own_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Yield a new cluster that is gone afterwards. Raises CannotStartPostgres."""
    programs = server_programs()
    if programs is None:
        message = f"No PostgreSQL server programs here; install them or give a database in {GIVEN}."
        raise CannotStartPostgres(message)
    account, password, port = server_account(), secrets.token_hex(16), free_port()
    with tempfile.TemporaryDirectory(prefix="xinqiao-postgres-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        _new_cluster(programs, directory, password, account)
        server = _started(programs, directory, port, account, durable=durable)
        url = f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
        cluster = Cluster(programs, directory, port, account, durable, url, server)
        try:
            _await_start(programs, server, port, directory / "log")
            reach = ["--host=127.0.0.1", f"--port={port}", f"--username={USER}"]
            _run(account, directory, programs / "createdb", *reach, DATABASE)
            yield cluster
        finally:
            _stop(cluster.server)


@contextlib.contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of a PostgreSQL that this run may fill: postgresql://user:password@host:port/database.

    A URL in XINQIAO_TEST_POSTGRES is used as it is. `durable` keeps fsync on, for figures that mean something.
    Raises CannotStartPostgres.
    """
    if os.environ.get(GIVEN):
        yield os.environ[GIVEN]
        return
    with own_cluster(durable=durable) as cluster:
        yield cluster.url
