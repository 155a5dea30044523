"""`xinqiao check --deploy`: each fault of an installation is named."""

import datetime as dt
import os

import pytest
from django.core import checks

from xinqiao.foundation.core import checks as core_checks
from xinqiao.foundation.core.backup.last_good import mark_backup_failed, mark_backup_good
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.ring import forget_ring, key_file, new_ring, write_ring

pytestmark = pytest.mark.django_db
# What the suite's own installation cannot help: its keys lie beside its database, its packs are being read elsewhere.
BESIDE = {"xinqiao.W009"}


@pytest.fixture
def ready(settings, tmp_path):
    """An installation ready for real data."""
    settings.XINQIAO_DEMO, settings.XINQIAO_SECOND_FACTOR, settings.DEBUG = False, True, False
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["xin.example"], True
    settings.SECRET_KEY = os.urandom(32).hex()
    settings.XINQIAO_KEY_FILE = str(tmp_path / "keys" / "ring.json")
    forget_ring()
    write_ring(new_ring(), key_file())
    mark_backup_good(now(), now())
    yield settings
    forget_ring()


def found():
    """Codes of our own checks."""
    told = checks.run_checks(tags=["xinqiao"], include_deployment_checks=True)
    return {message.id for message in told} - BESIDE


def test_a_ready_installation_is_told_nothing(ready):
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("XINQIAO_DEMO", True, "xinqiao.E002"),
        ("XINQIAO_SECOND_FACTOR", False, "xinqiao.E003"),
        ("DEBUG", True, "xinqiao.E004"),
        ("ALLOWED_HOSTS", ["*"], "xinqiao.E005"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost"], "xinqiao.W005"),
        ("SESSION_COOKIE_SECURE", False, "xinqiao.E006"),
        ("XINQIAO_KEY_FILE", "none.json", "xinqiao.E007"),
        ("SECRET_KEY", "changeme", "xinqiao.E008"),
    ],
)
def test_each_fault_has_its_code(ready, name, value, code):
    setattr(ready, name, value)
    assert found() == {code}


def test_keys_that_others_may_read(ready):
    key_file().chmod(0o640)
    assert found() == {"xinqiao.E009"}


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_a_database_that_others_may_read(ready, tmp_path, monkeypatch, ending):
    from django.db import connection

    for each in ("", "-wal", "-shm"):
        (tmp_path / f"city.sqlite3{each}").touch(0o600)
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "city.sqlite3"))
    assert found() == set()
    (tmp_path / f"city.sqlite3{ending}").chmod(0o604)
    assert found() == {"xinqiao.E016"}


def test_a_backup_must_be_good_and_young(ready):
    mark_backup_failed(now(), "DamagedBackup")
    assert found() == set(), "the last good one still counts"
    old = now() - core_checks.OLDEST_BACKUP - dt.timedelta(minutes=1)
    mark_backup_good(old, old)
    assert found() == {"xinqiao.W011"}


def test_without_any_backup(ready):
    from xinqiao.foundation.core.models import JobMark

    JobMark.objects.all().delete()
    assert found() == {"xinqiao.W011"}


def test_an_unsafe_sqlite(ready, monkeypatch):
    from django.db import connection

    monkeypatch.setattr(core_checks, "sqlite_version", lambda: (3, 40, 1))
    assert found() == ({"xinqiao.E001"} if connection.vendor == "sqlite" else set())


def test_faulty_packs(ready, tmp_path):
    (tmp_path / "packs" / "policy").mkdir(parents=True)
    (tmp_path / "packs" / "scales").mkdir()
    ready.XINQIAO_PACKS = str(tmp_path / "packs")
    assert found() == {"xinqiao.E012"}
    (tmp_path / "packs" / "policy" / "bad.yaml").write_text("id: [", "utf-8")
    (tmp_path / "packs" / "scales" / "bad.yaml").write_text("id: x", "utf-8")
    assert found() == {"xinqiao.E013", "xinqiao.E014"}


def test_a_catalogue_that_is_not_compiled_stops_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(core_checks, "PACKAGE", tmp_path)
    folder = tmp_path / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").touch()
    assert [message.id for message in core_checks.check_catalogues()] == ["xinqiao.E015"]
    (folder / "django.mo").touch()
    assert core_checks.check_catalogues() == []
