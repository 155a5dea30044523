"""The importing process is really killed, with SIGKILL, between two chunks; `roster resume` brings it to its end."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing

import pytest
from django.conf import settings
from pysqlite3 import dbapi2

ROWS = 4000
SET_UP = """
import django; django.setup()
from xinqiao.register.orgs.services.units import build_unit
build_unit(None, "school", "first", "first", stages="junior").save(force_insert=True)
"""


@pytest.fixture
def house(tmp_path):
    """A data directory of its own, with keys, tables and a school."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINQIAO_")}
    environment = kept | {"XINQIAO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "xinqiao.config.settings"}
    for arguments in (["keys", "create"], ["migrate", "--verbosity", "0"]):
        subprocess.run([*command(), *arguments], env=environment, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", SET_UP], env=environment, check=True)
    return environment


def command() -> list[str]:
    return [sys.executable, "-m", "xinqiao.config.command_line"]


def roster(folder):
    path = folder / "roster.csv"
    names = "天地玄黄宇宙洪荒日月盈昃辰宿列张"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["姓名", "学号", "班级"])
        writer.writerows(
            [f"学{names[i % 16]}{names[i // 16 % 16]}", f"2026{i:05d}", f"七({i // 80 + 1})班"] for i in range(ROWS)
        )
    return path


def ask(folder, sql):
    with closing(dbapi2.connect(folder / "xinqiao.sqlite3", timeout=30)) as database:
        return database.execute(sql).fetchall()


def kill_in_the_middle(process, folder):
    while process.poll() is None:
        done = ask(folder, "SELECT done_count FROM people_rosterrun WHERE state = 'applying'")
        if done and 0 < done[0][0] < ROWS:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return done[0][0]
        time.sleep(0.01)
    pytest.fail("the import was over before it could be killed")


@pytest.mark.slow
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="looks into the embedded database")
def test_killed_and_resumed_every_pupil_is_there_once(house, tmp_path):
    arguments = ["roster", "import", str(roster(tmp_path)), "--unit", "first", "--json"]
    process = subprocess.Popen([*command(), *arguments], env=house, stdout=subprocess.DEVNULL)
    seen = kill_in_the_middle(process, tmp_path)
    ((written,),) = ask(tmp_path, "SELECT count(*) FROM people_student")
    assert seen <= written < ROWS
    resumed = subprocess.run([*command(), "roster", "resume", "--json"], env=house, capture_output=True, check=True)
    assert json.loads(resumed.stdout)["created"] == ROWS
    indexes = Counter(row[0] for row in ask(tmp_path, "SELECT number_index FROM people_student"))
    assert (len(indexes), max(indexes.values())) == (ROWS, 1)
    for table in ("people_enrolment", "people_pupilpin"):
        assert ask(tmp_path, f"SELECT count(DISTINCT student_id), count(*) FROM {table}") == [(ROWS, ROWS)]
    assert ask(tmp_path, "SELECT count(*) FROM people_rosterpart") == [(0,)]
