"""Rotation: every key re-wrapped, nothing sealed touched, resumable, beside a working installation."""

import json
import os
import time

import pytest
from django.core.management import CommandError, call_command

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import prepare_event, row_mac, write_events
from xinqiao.foundation.keys import ring as rings
from xinqiao.foundation.keys import rotation, store
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.foundation.keys.ring import NoKeys, forget_ring, key_file, new_ring, ring, write_ring
from xinqiao.foundation.keys.rotation import StillInUse, retire_masters, rotate, usage
from xinqiao.foundation.keys.store import destroy_keys, forget_keys, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(tmp_path, settings):
    path = tmp_path / "keys" / "ring.json"
    settings.XINQIAO_KEY_FILE = str(path)
    forget_ring()
    forget_keys()
    write_ring(new_ring(), path)
    yield path
    forget_ring()
    forget_keys()


def sealed(name="阿卜杜拉"):
    key_id = new_key("student")
    event = prepare_event("keys.rotated", system_actor("t"), key_id=key_id, labels={"name": name})
    write_events([event])
    return event.pk


def opened(event_id):
    forget_keys()
    (told,) = open_sealed([AuditEvent.objects.get(pk=event_id)], "labels")
    return json.loads(told["labels"])["name"]


def settle(path):
    """As if the file had been written long ago."""
    at = time.clock_gettime(time.CLOCK_REALTIME) - 2 * rotation.SETTLING_SECONDS
    os.utime(path, (at, at))


def test_rotation_rewraps_every_key_and_touches_no_audit_row(own_keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    ids = [sealed(f"生{n}") for n in range(10)]
    before = {row.pk: (bytes(row.mac), bytes(row.labels)) for row in AuditEvent.objects.filter(pk__in=ids)}
    done = rotate()
    assert (done.master, done.keys) == ("m2", 10)
    assert usage().keys_by_master == {"m2": 10}
    assert [opened(event_id) for event_id in ids] == [f"生{n}" for n in range(10)]
    after = {row.pk: (bytes(row.mac), bytes(row.labels)) for row in AuditEvent.objects.filter(pk__in=ids)}
    assert before == after
    assert all(row_mac(row) == bytes(row.mac) for row in AuditEvent.objects.filter(pk__in=ids))


def test_a_rotation_that_was_cut_short_is_resumed(own_keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    ids = [sealed() for _ in range(6)]
    calls = []

    def fail_at_the_third(rows, keys):
        calls.append(len(rows))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return store.rewrap(rows, keys)

    monkeypatch.setattr(rotation, "rewrap", fail_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    assert usage().keys_by_master == {"m1": 2, "m2": 4}
    assert {opened(event_id) for event_id in ids} == {"阿卜杜拉"}
    monkeypatch.setattr(rotation, "rewrap", store.rewrap)
    done = rotate()
    assert (done.master, done.keys) == ("m2", 2), "no third master for an unfinished rotation"
    assert usage().keys_by_master == {"m2": 6}


def test_rows_written_meanwhile_by_a_process_that_does_not_know_yet(own_keys, monkeypatch):
    old = ring()
    rotate()
    monkeypatch.setattr(rings, "_kept", [rings._Kept(key_file(), (0, 0, 0), old, time.monotonic())])
    late = sealed("晚来")  # still under m1
    forget_ring()
    assert usage().keys_by_master == {"m1": 1}
    assert opened(late) == "晚来"
    settle(own_keys)
    with pytest.raises(StillInUse, match="rotate --resume"):
        retire_masters()
    assert rotate(is_new_wanted=False).keys == 1
    settle(own_keys)
    assert retire_masters().master == "m1"
    assert opened(late) == "晚来"


def test_a_process_with_an_old_ring_opens_what_the_new_master_wrapped(own_keys, monkeypatch):
    old = ring()
    event_id = sealed()
    rotate()
    monkeypatch.setattr(rings, "_kept", [rings._Kept(key_file(), (0, 0, 0), old, time.monotonic())])
    assert opened(event_id) == "阿卜杜拉"


def test_retire_waits_until_every_process_has_looked_again(own_keys):
    sealed()
    rotate()
    with pytest.raises(StillInUse, match="Wait"):
        retire_masters()
    settle(own_keys)
    assert retire_masters().master == "m1"
    assert usage().retired_masters == ("m1",)


def test_control_a_master_removed_too_early_loses_what_it_wrapped(own_keys):
    event_id = sealed()
    write_ring(rings.without_masters(rings.with_new_master(ring()), {"m1"}), own_keys)
    with pytest.raises(NoKeys):
        opened(event_id)


def test_a_destroyed_key_is_not_brought_back(own_keys):
    event_id = sealed()
    key_id = AuditEvent.objects.get(pk=event_id).key_id
    destroy_keys([key_id])
    rotate()
    row = KeySubject.objects.get(pk=key_id)
    assert bytes(row.wrapped) == b""
    assert open_sealed([AuditEvent.objects.get(pk=event_id)], "labels") == [{"labels": None}]


def test_a_wrapped_key_moved_to_another_subject_is_refused(own_keys):
    from cryptography.exceptions import InvalidTag

    one, other = new_key("student"), new_key("student")
    KeySubject.objects.filter(pk=other).update(wrapped=KeySubject.objects.get(pk=one).wrapped)
    forget_keys()
    with pytest.raises(InvalidTag):
        store.cipher_for(other)


def test_the_commands(own_keys, capsys):
    sealed()
    call_command("keys", "show", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert shown["keys_by_master"] == {"m1": 1}
    call_command("keys", "rotate", "--json")
    assert json.loads(capsys.readouterr().out) == {"act": "rotated", "keys": 1, "master": "m2"}
    with pytest.raises(CommandError, match="exists already"):
        call_command("keys", "create")
    with pytest.raises(CommandError, match="Wait"):
        call_command("keys", "retire")
    secret_words = own_keys.read_text().split('"')
    call_command("keys", "show")
    assert not any(len(word) > 40 and word in capsys.readouterr().out for word in secret_words)


def test_a_rotation_is_an_event(own_keys):
    rotate()
    event = AuditEvent.objects.get(event="keys.rotated")
    assert json.loads(event.facts) == {"act": "rotated", "keys": 0, "master": "m2"}


def test_create_makes_a_file(tmp_path, settings, capsys):
    settings.XINQIAO_KEY_FILE = str(tmp_path / "new" / "ring.json")
    forget_ring()
    call_command("keys", "create", "--json")
    assert json.loads(capsys.readouterr().out)["key_file"].endswith("ring.json")
    assert ring().current == "m1"
    forget_ring()
