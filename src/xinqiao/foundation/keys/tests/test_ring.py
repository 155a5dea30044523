"""The key file."""

import json
import stat

import pytest

from xinqiao.foundation.keys import ring as rings
from xinqiao.foundation.keys.ring import (
    KeysExist,
    NoKeys,
    forget_ring,
    new_ring,
    read_ring,
    ring,
    with_new_master,
    without_masters,
    write_ring,
)


@pytest.fixture
def own_file(tmp_path, settings):
    path = tmp_path / "keys" / "ring.json"
    settings.XINQIAO_KEY_FILE = str(path)
    write_ring(new_ring(), path)
    yield path
    forget_ring()


def test_written_and_read_again_by_the_owner_alone(own_file):
    assert stat.S_IMODE(own_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_file.parent.stat().st_mode) == 0o700
    assert read_ring(own_file) == ring()
    assert not list(own_file.parent.glob("*.part"))


def test_a_looser_left_over_part_does_not_stay_loose(own_file):
    part = own_file.with_suffix(".part")
    part.write_text("")
    part.chmod(0o644)
    write_ring(new_ring(), own_file)
    assert stat.S_IMODE(own_file.stat().st_mode) == 0o600


def test_create_never_writes_over(own_file):
    before = own_file.read_bytes()
    with pytest.raises(KeysExist):
        write_ring(new_ring(), own_file, is_new=True)
    assert own_file.read_bytes() == before


def test_control_without_is_new_it_would_be_lost(own_file):
    before = own_file.read_bytes()
    write_ring(new_ring(), own_file)
    assert own_file.read_bytes() != before


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"current": "m1", "masters": {}, "secrets": {}}'])
def test_damaged_says_where_and_what_to_do(own_file, damage):
    own_file.write_text(damage)
    with pytest.raises(NoKeys, match=r"ring\.json"):
        read_ring(own_file)


@pytest.mark.parametrize("name", rings.SECRET_NAMES)
def test_each_secret_is_needed(own_file, name):
    body = json.loads(own_file.read_text())
    del body["secrets"][name]
    own_file.write_text(json.dumps(body))
    with pytest.raises(NoKeys):
        read_ring(own_file)


def test_absent_says_how_to_make_one(tmp_path):
    with pytest.raises(NoKeys, match="xinqiao keys create"):
        read_ring(tmp_path / "none.json")


def test_a_running_process_sees_a_rotation(own_file, monkeypatch):
    before = ring().current
    write_ring_aside(with_new_master(ring()), own_file)
    assert ring().current == before
    monkeypatch.setattr(rings, "LOOK_AGAIN_SECONDS", 0.0)
    assert ring().current != before


def test_a_running_process_outlives_a_damaged_file(own_file, monkeypatch, caplog):
    before = ring()
    monkeypatch.setattr(rings, "LOOK_AGAIN_SECONDS", 0.0)
    own_file.write_text("{")
    assert ring() == before
    own_file.unlink()
    assert ring() == before
    forget_ring()
    with pytest.raises(NoKeys):
        ring()


def test_names_of_masters_are_never_given_again():
    keys = with_new_master(new_ring())
    retired = without_masters(keys, {"m1"})
    assert retired.masters["m1"] == b""
    assert with_new_master(retired).current == "m3"


def write_ring_aside(keys, path):
    """Write the file as another process would: ours does not notice at once."""
    kept = list(rings._kept)
    write_ring(keys, path)
    rings._kept[:] = kept
