"""Backups rehearsed with the real commands, on the database that this run tests."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection

from xinqiao.foundation.core.backup.databases import CannotBackUp
from xinqiao.foundation.keys.backup import making
from xinqiao.foundation.keys.backup.manifest import DATA, KEYS, Manifest, latest, path_of, write_manifest

pytestmark = pytest.mark.slow
NAME = "𠮷野·备份生"
WRITE = f"""
import uuid
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.people.models import Student
with recording(system_actor("test")):
    for name in ({NAME!r}, "另一个"):
        row = Student(county_id=uuid.uuid4(), place="aaaaaaaa/", school_id=uuid.uuid4(), school_place="aaaaaaaa/",
                      key_id=new_key("student"), name=name)
        row.save(force_insert=True)
        record("access.refused", subject_kind="student", subject_id=row.id, key_id=row.key_id, labels=dict(name=name))
"""
READ = """
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student
rows = list(Student.objects.for_system(reason="test").order_by("id"))
print("NAMES", [opened["name"] for opened in open_sealed(rows, "name")])
"""
SIGN_IN = """
from django.contrib.sessions.models import Session
from django.utils import timezone
Session.objects.create(session_key="k" * 32, session_data="", expire_date=timezone.now())
"""
SIGNED_IN = """
from django.contrib.sessions.models import Session
print("SESSIONS", Session.objects.count())
"""
FORGET = """
from xinqiao.foundation.keys.store import destroy_keys
from xinqiao.register.people.models import Student
print(destroy_keys([Student.objects.for_system(reason="test").order_by("id").first().key_id]))
"""


class Place:
    """An installation of its own: data directory and database, and a process that stands in it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.home = folder / uuid.uuid4().hex
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XINQIAO_", "DJANGO_"))}
        own = {"XINQIAO_HOME": str(self.home), "XINQIAO_DATABASE": database}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xinqiao.foundation.keys.tests.standing"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env={**kept, **own, "DJANGO_SETTINGS_MODULE": "xinqiao.config.settings"},
        )  # fmt: skip

    def run(self, *words, told="", code=""):
        self.process.stdin.write(json.dumps({"words": words, "code": code, "told": told}) + "\n")
        self.process.stdin.flush()
        return SimpleNamespace(**json.loads(self.process.stdout.readline()))

    def done(self, *words, told="", code=""):
        ended = self.run(*words, told=told, code=code)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def names(self):
        line = next(line for line in self.done(code=READ).splitlines() if line.startswith("NAMES"))
        return line.removeprefix("NAMES ")

    def leave(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def make_place(tmp_path_factory):
    """Make places on the kind of database that this run tests; PostgreSQL's are dropped afterwards."""
    made, places = [], []

    def make():
        folder, database = tmp_path_factory.mktemp("place"), "sqlite"
        if connection.vendor == "postgresql":
            name = f"rehearsal_{uuid.uuid4().hex[:8]}"
            outside(f'CREATE DATABASE "{name}"')
            made.append(name)
            told = connection.settings_dict
            database = f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{name}"
        places.append(Place(folder, database))
        return places[-1]

    yield make
    for place in places:
        place.leave()
    for name in made:
        outside(f'DROP DATABASE "{name}" WITH (FORCE)')


def outside(statement):
    told = connection.settings_dict
    reach = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **reach) as link:
        link.execute(statement)


@pytest.fixture(scope="module")
def living(make_place):
    """A place with two pupils and one good backup."""
    place = make_place()
    place.done("keys", "create")
    place.done("migrate", "--noinput", "-v0")
    place.done(code=WRITE)
    place.done(code=SIGN_IN)
    place.done("audit", "seal")
    place.done("audit", "checkpoint")
    place.done("backup", "key", "--out", str(place.home / "keys" / "backup.json"))
    place.told = json.loads(place.done("backup", "create", "--json"))
    return place


def restore_into(place, source, *words, folder=None):
    key = source.home / "keys" / "backup.json"
    return place.run(
        "backup", "restore", *words, "--folder", str(folder or source.home / "backups"), "--key", str(key), "--json"
    )


def test_a_restore_into_an_empty_place_brings_everything_back(living, make_place):
    new = make_place()
    told = restore_into(new, living)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["data_keys"] == 2
    assert new.names() == living.names()
    assert NAME in new.names()
    assert json.loads(new.done("audit", "verify", "--json"))["sound"]
    assert "ok" not in restore_into(new, living).stdout
    again = restore_into(new, living)
    assert again.returncode == 1
    assert "empty" in again.stderr


def test_no_session_comes_back_to_life(living, make_place):
    new = make_place()
    assert restore_into(new, living, living.told["name"]).returncode == 0
    assert "SESSIONS 0" in new.done(code=SIGNED_IN)
    assert "SESSIONS 1" in living.done(code=SIGNED_IN), "control: there was one"
    if connection.vendor == "sqlite":
        assert (new.home / "xinqiao.sqlite3").stat().st_mode & 0o077 == 0


def test_the_backup_counts_once_it_was_proved(living):
    assert living.told["data_keys"] == 2
    (listed,) = json.loads(living.done("backup", "list", "--json"))
    assert (listed["data"], listed["keys"]) == (True, True)
    marks = "from xinqiao.foundation.core.backup.last_good import last_good_backup; print(last_good_backup())"
    assert "None" not in living.done(code=marks)
    assert json.loads(living.done("backup", "verify", "--json"))["name"] == living.told["name"]


def test_nothing_readable_and_no_data_keys_in_the_data_file(living):
    folder = living.home / "backups"
    for path in folder.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".json"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")], "no plain copy is left behind"


@pytest.mark.parametrize("kind", [DATA, KEYS])
@pytest.mark.parametrize("fault", ["changed", "cut", "absent"])
def test_a_tampered_backup_is_refused(living, tmp_path, kind, fault):
    folder = tmp_path / "backups"
    shutil.copytree(living.home / "backups", folder)
    path = path_of(folder, living.told["name"], kind)
    body = bytearray(path.read_bytes())
    if fault == "changed":
        body[len(body) // 2] ^= 1
        path.write_bytes(body)
    elif fault == "cut":
        path.write_bytes(body[:-40])
    else:
        path.unlink()
    redescribe(folder, kind, path)
    told = living.run("backup", "verify", "--folder", str(folder))
    assert told.returncode in (1, 2)
    assert "Traceback" not in told.stderr


def redescribe(folder, kind, path):
    """Let the manifest agree with the tampered file, as someone with the folder could: the seal must refuse it."""
    manifest = latest(folder)
    if path.exists():
        parts = tuple(making.describe(path, kind) if part.kind == kind else part for part in manifest.parts)
        write_manifest(folder, Manifest(manifest.name, manifest.at, manifest.database, parts))


def test_the_wrong_key_is_named(living, tmp_path):
    living.done("backup", "key", "--out", str(tmp_path / "other.json"))
    told = living.run("backup", "verify", "--key", str(tmp_path / "other.json"))
    assert told.returncode == 2
    assert "another backup key" in told.stderr


def test_a_deleted_pupil_stays_deleted_in_an_old_backup(living, make_place):
    """Restore old data with newer keys: the pupil whose key was destroyed meanwhile cannot be read."""
    gone = make_place()
    assert restore_into(gone, living).returncode == 0
    shutil.copy(living.home / "keys" / "backup.json", gone.home / "keys" / "backup.json")
    shutil.copytree(living.home / "backups", gone.home / "backups")
    gone.done(code=FORGET)
    newer = json.loads(gone.done("backup", "create", "--json"))["name"]
    back = make_place()
    told = restore_into(back, gone, living.told["name"], "--keys", newer)
    assert told.returncode == 0, told.stderr
    assert back.names() == "['（已删除）', '另一个']"
    control = make_place()
    assert restore_into(control, gone, living.told["name"]).returncode == 0
    assert NAME in control.names(), "control: with the old keys the pupil can still be read"


def test_a_passphrase_serves_too(living):
    words = "a passphrase of some length\n"
    told = json.loads(living.done("backup", "create", "--passphrase", "--json", told=words))
    living.done("backup", "verify", told["name"], "--passphrase", told=words)
    assert living.run("backup", "verify", told["name"], "--passphrase", told="another one of length\n").returncode == 2


def test_a_place_with_other_keys_is_not_restored_into(living, make_place):
    other = make_place()
    other.done("keys", "create")
    told = restore_into(other, living, living.told["name"])
    assert told.returncode == 1
    assert "other keys" in told.stderr


def test_keys_are_pruned_before_data_and_the_newest_never(tmp_path):
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    for days in (200, 40, 20, 0):
        name = f"{at - dt.timedelta(days=days):%Y-%m-%dT%H%M%SZ}-abc"
        for kind in (DATA, KEYS):
            path_of(tmp_path, name, kind).parent.mkdir(exist_ok=True)
            path_of(tmp_path, name, kind).write_bytes(b"")
        write_manifest(tmp_path, Manifest(name, (at - dt.timedelta(days=days)).isoformat(), "sqlite", ()))
    making.prune(tmp_path, at, keep_days=180, keep_keys_days=30)
    assert [len(list((tmp_path / kind).iterdir())) for kind in (DATA, KEYS)] == [3, 2]
    making.prune(tmp_path, at + dt.timedelta(days=999), keep_days=180, keep_keys_days=30)
    assert [len(list((tmp_path / kind).iterdir())) for kind in (DATA, KEYS)] == [1, 1]


def test_a_full_disk_is_noticed_before(monkeypatch, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's size is not on this disk")
    (tmp_path / "database").write_bytes(b"x" * 100)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "database"))
    making._demand_room(tmp_path)
    monkeypatch.setattr(making, "ROOM_FACTOR", 1 << 60)
    with pytest.raises(CannotBackUp, match="free"):
        making._demand_room(tmp_path)
