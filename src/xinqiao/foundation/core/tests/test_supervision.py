"""The supervisor with real processes; certificates; refusals."""

import datetime as dt
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db.migrations.executor import MigrationExecutor

from xinqiao.foundation.core.supervision import refusals
from xinqiao.foundation.core.supervision.certificates import fingerprint, prepare_certificates
from xinqiao.foundation.core.supervision.children import Child, Part
from xinqiao.foundation.core.supervision.health import answers, free_port, is_port_free
from xinqiao.foundation.core.supervision.parts import NAMES, Certificates, Plan, parts_of
from xinqiao.foundation.core.supervision.supervisor import CannotServe, Supervisor

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
PLAN = Plan(host="127.0.0.1", port=8000, web_port=8123)
# A supervisor in a process of its own over two parts: one forks a child of its own, as servers do.
PROGRAM = """
import sys
from xinqiao.foundation.core.supervision.children import Part
from xinqiao.foundation.core.supervision.supervisor import Supervisor
forking = "import os, time, sys; os.fork(); open(sys.argv[1] + str(os.getpid()), 'w').close(); time.sleep(60)"
parts = [Part(str(n), (sys.executable, "-c", forking, sys.argv[1])) for n in range(2)]
Supervisor(parts, lambda: True, lambda: print("ready", flush=True)).run()
"""


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def supervised(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, f"{tmp_path}/"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline() == "ready\n"
    wait_for(lambda: len(list(tmp_path.iterdir())) == 4)
    yield process, [int(path.name) for path in tmp_path.iterdir()], tmp_path
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_leaves_no_process(supervised, number):
    process, pids, _ = supervised
    assert all(is_alive(pid) for pid in pids)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert not [pid for pid in pids if is_alive(pid)]


def test_killed_it_takes_its_parts_along(supervised):
    """Parts are told to end when the supervisor dies; what they forked is theirs to end."""
    process, pids, _ = supervised
    parents = {int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]) for pid in pids} & set(pids)
    process.kill()
    process.wait()
    wait_for(lambda: not [pid for pid in parents if is_alive(pid)])
    for pid in pids:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_what_dies_is_started_again_with_nothing_left_of_it(supervised):
    _, pids, folder = supervised
    leader = next(pid for pid in pids if os.getpgid(pid) == pid)
    group = [pid for pid in pids if os.getpgid(pid) == leader]
    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: len(list(folder.iterdir())) == 6)
    assert not [pid for pid in group if is_alive(pid)]


def test_the_pause_before_a_restart_grows_and_is_forgiven():
    child = Child(Part("x", (sys.executable, "-c", "raise SystemExit(3)")))
    pauses, at = [], 0.0
    for _ in range(8):
        child.start(at)
        child.process.wait()
        assert child.note_death(at) == 3
        pauses.append(child.start_at - at)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    child.start(100.0)
    child.process.wait()
    child.note_death(200.0)
    assert child.deaths == 1


def test_a_part_that_never_starts_is_named():
    supervisor = Supervisor([Part("web", (sys.executable, "-c", "raise SystemExit(1)"))], lambda: False, lambda: None)
    supervisor.children = [Child(part) for part in supervisor.parts]

    def look_again_and_again():
        for at in range(0, 1000, 40):
            supervisor.look_after(float(at), is_starting=True)
            if supervisor.children[0].process:
                supervisor.children[0].process.wait()

    with pytest.raises(CannotServe, match="web"):
        look_again_and_again()


def test_parts_of_a_whole_and_of_a_split_installation():
    whole = parts_of(PLAN)
    assert tuple(part.name for part in whole) == NAMES
    intake, web = whole[0], whole[1]
    assert intake.environment["XINQIAO_WEB"] == "http://127.0.0.1:8123"
    assert "8123" in web.command
    assert "0.0.0.0" not in web.command
    assert [part.name for part in parts_of(Plan("h", 1, 2, has_worker=False))] == ["intake", "web", "ticker"]
    (alone,) = parts_of(Plan("10.0.0.5", 9000, 2, only="web"))
    assert {"10.0.0.5", "9000"} <= set(alone.command)
    (intake,) = parts_of(Plan("10.0.0.5", 9000, 2, only="intake"))
    assert "XINQIAO_WEB" not in intake.environment
    secure = parts_of(Plan("h", 1, 2, certificates=Certificates(Path("c.pem"), Path("k.pem"))))
    assert all(part.environment["XINQIAO_HTTPS"] == "1" for part in secure)
    assert ["--ssl-certificate" in part.command for part in secure] == [True, False, False, False]


def test_a_client_that_trusts_the_authority_trusts_the_server(tmp_path):
    files = prepare_certificates(tmp_path / "tls", ["localhost", "127.0.0.1", "xin.example"], real_now())
    assert serve_once(files, ssl.create_default_context(cafile=str(files.authority)), "localhost")
    assert serve_once(files, ssl.create_default_context(cafile=str(files.authority)), "xin.example")
    for context, name in (
        (ssl.create_default_context(), "localhost"),
        (ssl.create_default_context(cafile=str(files.authority)), "other.example"),
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            serve_once(files, context, name)
    for key in (files.key, files.authority_key):
        assert key.stat().st_mode & 0o077 == 0
    assert len(fingerprint(files.authority)) == 32 * 3 - 1


def real_now():
    return dt.datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), dt.UTC)


def serve_once(files, context, name):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    inner, outer = socket.socketpair()

    def answer():
        try:
            with server.wrap_socket(inner, server_side=True) as link:
                link.send(b"ok")
        except (ssl.SSLError, OSError):
            inner.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with outer, context.wrap_socket(outer, server_hostname=name) as link:
            return link.recv(2) == b"ok"
    finally:
        thread.join(10)


def test_certificates_are_kept_and_renewed_in_time(tmp_path):
    first = prepare_certificates(tmp_path, ["localhost"], NOW)
    server, authority = first.certificate.read_bytes(), first.authority.read_bytes()
    prepare_certificates(tmp_path, ["localhost"], NOW + dt.timedelta(days=100))
    assert first.certificate.read_bytes() == server
    prepare_certificates(tmp_path, ["localhost"], NOW + dt.timedelta(days=365))
    assert first.certificate.read_bytes() != server
    server = first.certificate.read_bytes()
    prepare_certificates(tmp_path, ["localhost", "new.example"], NOW + dt.timedelta(days=366))
    assert first.certificate.read_bytes() != server
    assert first.authority.read_bytes() == authority, "devices trust it once"


def test_health_and_ports():
    port = free_port()
    assert is_port_free("127.0.0.1", port)
    assert answers("127.0.0.1", port, "/") == 0
    with socket.create_server(("127.0.0.1", port)):
        assert not is_port_free("127.0.0.1", port)


@pytest.fixture
def good(settings, tmp_path):
    """An installation with nothing to refuse but what a test spoils."""
    settings.SECRET_KEY = os.urandom(32).hex()
    settings.DEBUG = False
    return settings


def refused(host="127.0.0.1"):
    return list(refusals.refusals_to_serve(host))


@pytest.mark.django_db
def test_a_good_installation_is_served(good):
    assert refused("0.0.0.0") == []


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "django-insecure-" + "x9Y" * 20, "changeme" * 8])
def test_weak_secrets_are_refused(good, secret):
    good.SECRET_KEY = secret
    assert len(refused()) == 1


@pytest.mark.django_db
def test_without_a_key_file_nothing_is_served(good, tmp_path):
    good.XINQIAO_KEY_FILE = str(tmp_path / "none.json")
    assert "xinqiao keys create" in refused()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "count"), [("127.0.0.1", 0), ("localhost", 0), ("::1", 0), ("0.0.0.0", 1), ("192.168.1.9", 1), ("xin", 1)]
)
def test_debug_stays_on_this_machine(good, host, count):
    good.DEBUG = True
    assert len(refused(host)) == count


@pytest.mark.django_db
def test_missing_migrations_are_refused(good, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    assert "2" in refused()[0]


@pytest.mark.django_db
def test_an_unsafe_sqlite_is_refused(good, monkeypatch):
    from django.db import connection

    monkeypatch.setattr(refusals, "sqlite_version", lambda: (3, 40, 1))
    assert len(refused()) == (1 if connection.vendor == "sqlite" else 0)


@pytest.mark.django_db
def test_static_files_must_be_collected(good, tmp_path):
    good.STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    good.STATIC_ROOT = str(tmp_path)
    assert "collectstatic" in refused()[0]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert refused() == []
