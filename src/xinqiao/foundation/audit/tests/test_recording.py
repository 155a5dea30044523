"""A change and its event stand or fall together."""

import json
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from xinqiao.foundation.access.actors import Actor, Forbidden, Grant
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit import recording as recordings
from xinqiao.foundation.audit.events import UnknownEvent
from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.recording import (
    NestedCommand,
    NothingRecorded,
    OutsideCommand,
    Unchanged,
    command,
    note_reading,
    record,
    recording,
    row_mac,
)
from xinqiao.foundation.audit.sealer import seal_pending
from xinqiao.foundation.audit.tests.open_tables import open_tables
from xinqiao.foundation.audit.tests.some_events import newest, write_some
from xinqiao.foundation.core.models import Change, JobMark
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.store import destroy_keys, new_key

pytestmark = pytest.mark.django_db
PLACE = "aaaaaaaa/bbbbbbbb/"
PRINCIPAL = Actor(id=uuid.uuid4(), grants=(Grant(Role.PRINCIPAL, PLACE),))


@command(Permission.STAFF_EDIT)
def mark_job(place, *, actor, name, told=True, fault=None, result=None):
    JobMark.objects.create(name=name)
    if told:
        record("access.refused", subject_kind="unit", place=place, facts={"route": name})
    if fault:
        raise fault
    return result


def is_marked(name):
    return JobMark.objects.filter(name=name).exists()


def test_a_command_writes_its_event_with_role_and_hmac():
    mark_job(PLACE, actor=PRINCIPAL, name="a")
    event = newest()
    assert (event.actor_id, event.actor_role, event.place) == (PRINCIPAL.id, "principal", PLACE)
    assert json.loads(event.facts) == {"route": "a"}
    assert bytes(event.mac) == row_mac(event)
    assert AuditPending.objects.filter(event_id=event.id).exists()
    assert Change.objects.filter(topic="access.refused", place=PLACE).exists()


@pytest.mark.parametrize("place", ["aaaaaaaa/", "aaaaaaaa/cccccccc/", "aaaaaaaa/bbbbbbb"])
def test_a_command_elsewhere_is_forbidden_and_changes_nothing(place):
    with pytest.raises(Forbidden):
        mark_job(place, actor=PRINCIPAL, name="b")
    assert not is_marked("b")


def test_a_command_that_records_nothing_is_rolled_back():
    with pytest.raises(NothingRecorded):
        mark_job(PLACE, actor=PRINCIPAL, name="c", told=False)
    assert not is_marked("c")


def test_control_without_the_refusal_the_unrecorded_change_stays(monkeypatch):
    monkeypatch.setattr(recordings, "NothingRecorded", lambda name: Unraised())
    with pytest.raises(TypeError):
        mark_job(PLACE, actor=PRINCIPAL, name="d", told=False)
    with recording(PRINCIPAL):
        JobMark.objects.create(name="d2")
    assert is_marked("d2")


class Unraised:
    """Not an exception: raising it is a TypeError, so the control shows that the line is reached."""


def test_nothing_to_do_needs_no_event():
    found = mark_job(PLACE, actor=PRINCIPAL, name="e", told=False, result=Unchanged("as_it_was"))
    assert found == Unchanged("as_it_was")


def test_a_fault_takes_change_and_event_back():
    with pytest.raises(RuntimeError):
        mark_job(PLACE, actor=PRINCIPAL, name="f", fault=RuntimeError())
    assert not is_marked("f")
    assert not AuditEvent.objects.exists()


def test_an_event_that_cannot_be_written_takes_the_change_back(monkeypatch):
    def fail(events):
        raise DatabaseError

    monkeypatch.setattr(recordings, "write_events", fail)
    with pytest.raises(DatabaseError):
        mark_job(PLACE, actor=PRINCIPAL, name="g")
    assert not is_marked("g")


def test_commands_do_not_call_commands():
    @command(Permission.STAFF_EDIT)
    def outer(place, *, actor):
        mark_job(place, actor=actor, name="h")

    with pytest.raises(NestedCommand):
        outer(PLACE, actor=PRINCIPAL)
    assert not is_marked("h")


def test_outside_a_command_nothing_is_recorded():
    with pytest.raises(OutsideCommand):
        record("access.refused")
    with pytest.raises(UnknownEvent), recording(PRINCIPAL):
        record("nobody.declared.this")


def test_labels_are_sealed_under_the_subject():
    write_some(1, names=("欧阳𠮷",))
    event = newest()
    assert "欧阳".encode() not in bytes(event.labels)
    assert json.loads(open_sealed([event], "labels")[0]["labels"]) == {"name": "欧阳𠮷"}
    with pytest.raises(ValueError, match="key_id"), recording(PRINCIPAL):
        record("access.refused", labels={"name": "欧阳"})


def test_an_event_about_a_deleted_pupil_is_written_without_names():
    key_id = new_key("student")
    destroy_keys([key_id])
    with recording(PRINCIPAL):
        record("access.refused", key_id=key_id, labels={"name": "欧阳"})
    assert newest().labels is None
    assert bytes(newest().mac) == row_mac(newest())


def test_reading_is_an_event_and_no_change():
    before = Change.objects.count()
    note_reading(PRINCIPAL, "audit.read", place=PLACE, facts={"rows": 3})
    assert newest().event == "audit.read"
    assert Change.objects.count() == before


TAMPERS = {
    "update": "UPDATE {table} SET mac = mac",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE TABLE {table}",
    "replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
}
ON_SQLITE, ON_POSTGRES = {"update", "delete", "replace"}, {"update", "delete", "truncate"}


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditseal"])
@pytest.mark.parametrize("way", TAMPERS)
def test_the_database_refuses_to_change_or_remove(table, way):
    if way not in (ON_POSTGRES if connection.vendor == "postgresql" else ON_SQLITE):
        pytest.skip("the other database's statement")
    write_some(2)
    seal_pending()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAMPERS[way].format(table=table))
    assert AuditEvent.objects.count() == 2
    assert AuditSeal.objects.count() == 1


@pytest.mark.parametrize("way", ["update", "delete", "replace"])
def test_control_without_the_triggers_it_is_done(way):
    if way == "replace" and connection.vendor == "postgresql":
        pytest.skip("the other database's statement")
    write_some(2)
    with open_tables(), connection.cursor() as cursor:
        cursor.execute(TAMPERS[way].format(table="audit_auditevent"))
        assert cursor.rowcount == 2


def test_the_orm_is_refused_too():
    write_some(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        newest().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(facts="{}")
