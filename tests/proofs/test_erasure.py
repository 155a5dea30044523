"""Proof: once an erased pupil's keys have left the backups, nothing that is left yields a word of the pupil.

An installation of its own writes a word of a pupil who left, of one at school and of another one into every sealed
field that can be about a pupil. It makes real backups over simulated weeks, erases the first two, and prunes by the
programme's own days. Then every data file that is left is restored with every keys file that is left, and every sealed
field is really opened.
"""

import json
import os
from itertools import product

import pytest

from xinqiao.foundation.keys.backup.manifest import DATA, KEYS
from xinqiao.foundation.keys.tests.test_backup import make_place  # noqa: F401 - a fixture

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.xdist_group("erasure")]
IS_FULL = os.environ.get("XINQIAO_PROVE") == "full"
LEFT, STAYING, OTHER = "𠮷鱻龘犇骉𰻞", "㛃㜀䶮𬱖夜𡿨", "歘燚𬭎垚𬱖"
WORDS = (LEFT, STAYING, OTHER)
# Days on which a backup is made; the erasure lies between the second and the third (of the short run: the first two).
ERASED_ON, LAST = 6, 38
BACKUPS = (0, 5, 8, 20, 30, LAST) if IS_FULL else (5, LAST)
KEYS_LAST, DATA_LAST = 30, 180
# What stays of a pupil at school: the request, consents, the PIN, the roster.
KEPT = ("archives.FileRequest.", "people.Consent.", "people.PupilPin.", "people.Student.")
# Words under somebody else's key: they leave backups with the data files, as docs/adr/0040 says.
LATER = {f"incidents.HotlineCall.{name}" for name in ("concern", "answered", "back_to", "back_words")}

BEGIN = """
import datetime as dt
from xinqiao.foundation.core import clock
def on(day):
    return clock.frozen(dt.datetime(2026, 9, 1, 2, 0, tzinfo=dt.UTC) + dt.timedelta(days=day))
"""
WRITE = f"""{BEGIN}
from xinqiao.care.archives.tests.everything import Writing
first = None
with on(0):
    for word in {WORDS!r}:
        writing = Writing(word, beside=first)
        writing.write_all()
        first = first or writing
"""
BACK_UP = f"""{BEGIN}
from django.core.management import call_command
with on({{day}}):
    call_command("backup", "create", "--json", "--keep-keys-days", "{{keys}}")
"""
ERASE = f"""{BEGIN}
from uuid import uuid4
from xinqiao.care.archives import erasing
from xinqiao.care.archives.jobs.erasing import carry_out_erasures
from xinqiao.care.archives.models import Erasure, FileRequest
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.people.models import Student
destroy, pupils = erasing.destroy_keys, Student.objects.for_system(reason="test")
if {{is_off}}:
    erasing.destroy_keys = lambda keys: 0
with on({ERASED_ON}):
    at, named = clock.now(), [(row, open_sealed([row], "name")[0]["name"]) for row in pupils]
    for pupil in [row for row, name in named if {OTHER!r} not in name]:
        pupils.filter(pk=pupil.pk).update(status="left" if {LEFT!r} in dict(named)[pupil] else "active")
        where = dict(student=pupil, county_id=pupil.county_id, place=pupil.school_place)
        request = FileRequest(
            key_id=pupil.key_id, kind="delete", asked_by="guardian", way="letter", asked_on=at.date(), words="x",
            recorded_by=uuid4(), recorded_at=at, due_at=at, **where,
        )
        request.save(force_insert=True)
        Erasure(
            request=request, state="waiting", proposed_by=uuid4(), proposed_at=at, approved_by=uuid4(),
            approved_at=at, runs_at=at, **where,
        ).save(force_insert=True)
    assert carry_out_erasures(at) == 2
erasing.destroy_keys = destroy
assert set(Erasure.objects.for_system(reason="test").values_list("state", flat=True)) == set(["done"])
"""
READ = f"""
import json
from xinqiao.care.archives.tests.everything import readable
print("READ", json.dumps([readable(word) for word in {WORDS!r}]))
"""


def read(place):
    """The fields that yield a word, of each of the three pupils."""
    line = next(line for line in place.done(code=READ).splitlines() if line.startswith("READ"))
    return tuple(set(found) for found in json.loads(line.removeprefix("READ ")))


def back_up(place, day, keys=DATA_LAST):
    place.done(code=BACK_UP.format(day=day, keys=keys))


def left(place):
    """The names of the data files and of the keys files that are left, oldest first."""
    listed = json.loads(place.done("backup", "list", "--json"))
    return tuple([each["name"] for each in listed if each[kind]] for kind in (DATA, KEYS))


def restored(make, place, data, keys):
    """A new installation from one data file and one keys file."""
    new = make()
    new.done(
        "backup", "restore", data, "--keys", keys, "--folder", str(place.home / "backups"),
        "--key", str(place.home / "keys" / "backup.json"), "--json",
    )  # fmt: skip
    return new


def demand_gone(place, whole, *, later=frozenset()):
    """Nothing of the pupil who left, of the one at school what stays, of the other one all."""
    gone, staying, other = read(place)
    assert gone <= later
    assert not {name for name in staying if not name.startswith(KEPT)} - later
    assert other == whole


@pytest.fixture(scope="module")
def lived(make_place):  # noqa: F811 - the fixture
    """The installation after its weeks, every keys file still there; `whole` is what it could read at first."""
    place = make_place()
    place.done("keys", "create")
    place.done("migrate", "--noinput", "-v0")
    place.done(code=WRITE)
    place.done("backup", "key", "--out", str(place.home / "keys" / "backup.json"))
    place.whole = read(place)
    for day in BACKUPS[:-1]:
        if day > ERASED_ON:
            break
        back_up(place, day)
    place.done(code=ERASE.format(is_off=False))
    for day in (each for each in BACKUPS[:-1] if each > ERASED_ON):
        back_up(place, day)
    return place


@pytest.fixture(scope="module")
def before(lived, make_place):  # noqa: F811
    """The control: data and keys of the last day before the erasure, which no one has pruned yet."""
    data, keys = left(lived)
    at = len([day for day in BACKUPS[:-1] if day < ERASED_ON]) - 1
    return restored(make_place, lived, data[at], keys[at])


def test_the_story_writes_everywhere(lived):
    """The proof is worth what it wrote: at first the words stood in every field that can be about a pupil."""
    gone, staying, other = lived.whole
    assert gone == staying == other
    assert len(other) > 80
    assert other >= LATER


def test_control_with_the_keys_still_there_the_words_are_found(lived, before):
    with pytest.raises(AssertionError):
        demand_gone(before, lived.whole[2], later=LATER)
    assert read(before) == lived.whole


def test_control_with_the_destruction_off_the_words_are_found(lived, before):
    before.done(code=ERASE.format(is_off=True))
    with pytest.raises(AssertionError):
        demand_gone(before, lived.whole[2], later=LATER)


def test_nothing_left_yields_a_word(lived, before, make_place):  # noqa: F811
    """After the keys' backup life: any data file with any keys file, and the living database."""
    back_up(lived, LAST, KEYS_LAST)
    data, keys = left(lived)
    assert len(data) == len(BACKUPS)
    assert 0 < len(keys) < len(data), "keys go before data"
    for one in product(data, keys):
        demand_gone(restored(make_place, lived, *one), lived.whole[2], later=LATER)
    demand_gone(lived, lived.whole[2])
    staying = read(lived)[1]
    assert {name.partition(".")[2].partition(".")[0] for name in staying} == {
        "FileRequest", "Consent", "PupilPin", "Student",
    }  # fmt: skip


def test_raw_files_hold_no_word(lived):
    """Neither the database with its log, nor a backup, nor anything else in the data directory."""
    for path in sorted(lived.home.rglob("*")):
        body = path.read_bytes() if path.is_file() else b""
        for word in WORDS:
            assert word.encode() not in body, path.name
            assert json.dumps(word)[1:-1].encode() not in body, path.name
