"""Proof: nothing that names a child, a guardian or a colleague, and nothing they told, lies readable anywhere."""

import base64
import os
import subprocess
import sys
import uuid

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.architecture.source import ROOT
from tests.proofs.canaries import ANSWERS, ENCODINGS, WORDS, forms_of, search
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.keys.fields import sealed_fields

pytestmark = [pytest.mark.proof, pytest.mark.slow]


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """Where the story writes: a file of its own, or a PostgreSQL database that is dropped afterwards."""
    if connection.vendor != "postgresql":
        yield "sqlite"
        return
    told, name = settings.DATABASES["default"], f"canaries_{uuid.uuid4().hex[:8]}"
    reach = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **reach) as link:
        link.execute(f'CREATE DATABASE "{name}"')
        yield f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{name}"
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def story(tmp_path_factory, database):
    """The story's process while it is open, so that the write-ahead log is there to be searched."""
    folder = tmp_path_factory.mktemp("story")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XINQIAO_", "DJANGO_"))}
    environment = {**kept, "XINQIAO_HOME": str(folder / "home"), "XINQIAO_DATABASE": database, "PYTHONPATH": str(ROOT)}
    keys = [sys.executable, "-m", "xinqiao.config.command_line", "keys", "create"]
    subprocess.run(keys, env=environment, check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.canary_story", str(folder)],
            env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    try:
        told = process.stdout.readline()
        assert told.startswith("written"), (folder / "log").read_text()[-3000:]
        process.folder, process.database, process.written = folder, database, told.split()[1].split(",")
        yield process
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def files(story):
    """Every file of the installation: database, write-ahead log, checkpoints."""
    for path in sorted((story.folder / "home").rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


def tables(story):
    """Every row of every table of PostgreSQL as text; binary columns come as hexadecimal."""
    if story.database == "sqlite":
        return
    with psycopg.connect(story.database) as link:
        names = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            for (row,) in link.execute(f'SELECT whole::text FROM "{name}" AS whole'):
                yield name, row.encode()


def everything_stored(story):
    yield from files(story)
    yield from tables(story)


def test_every_sealed_field_of_every_model_was_written(story):
    sealed = {model._meta.label for model in apps.get_models() if sealed_fields(model) and model is not AuditEvent}
    assert set(story.written) == sealed
    assert len(sealed) >= 10


def test_the_database_and_its_log_tell_nothing(story):
    names = [name for name, _ in files(story)]
    assert story.database != "sqlite" or "xinqiao.sqlite3-wal" in names
    assert search(everything_stored(story)) == []


def test_the_log_tells_nothing(story):
    body = (story.folder / "log").read_bytes()
    assert b"story.fail" in body, "the failures were logged"
    assert search([("log", body)]) == []


def test_control_one_plain_column_is_found(story):
    assert search(everything_stored(story)) == []
    story.stdin.write("leak\n")
    story.stdin.flush()
    assert story.stdout.readline() == "leaked\n"
    found = search(everything_stored(story))
    assert found
    assert {line.rpartition(" ")[2] for line in found} == {"pupil"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", WORDS)
def test_control_each_form_is_found(name, encoding):
    plain = WORDS[name].encode(encoding)
    for shift in range(3):
        assert search([("x", b"some" + base64.b64encode(b"a" * shift + plain + b"tail") + b"text")])
    assert search([("x", b"some" + plain + b"text")])
    assert search([("x", b"\\x" + plain.hex().encode())])
    assert not search([("x", plain[2:-2])])


def test_control_answers_are_found():
    assert search([("x", b"row" + ANSWERS + b"row")]) == ["x: answers"]
    assert all(search([("x", form)]) for form in forms_of(ANSWERS))
