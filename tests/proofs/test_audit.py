"""Proof: whoever edits, deletes, swaps, adds or cuts audit rows behind the program's back is found out.

Each tampering happens with the triggers dropped and is rolled back afterwards. `XINQIAO_PROVE=full` does a thousand.
"""

import os
import random
from collections import Counter
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.proofs.results import keep_result
from xinqiao.foundation.audit import verification
from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.sealer import checkpoint_file, seal_pending, write_checkpoint
from xinqiao.foundation.audit.tests.open_tables import drop_triggers
from xinqiao.foundation.audit.tests.some_events import COUNTIES, write_some
from xinqiao.foundation.audit.verification import verify_audit
from xinqiao.foundation.core.ids import new_id

pytestmark = [pytest.mark.proof, pytest.mark.django_db]
TRIES = 1_000 if os.environ.get("XINQIAO_PROVE") == "full" else 60
EVENT, SEAL = AuditEvent._meta.db_table, AuditSeal._meta.db_table
COLUMNS = [field.column for field in AuditEvent._meta.concrete_fields if field.column != "id"]


@pytest.fixture
def chains(tmp_path, settings):
    """Three counties' chains of several links, a checkpoint, two younger links, and an unsealed tail."""
    settings.XINQIAO_HOME = str(tmp_path)
    for round_number in range(6):
        for county_id in COUNTIES:
            write_some(3 + round_number % 2, county_id, names=("王𠮷", "阿依·古丽"))
        seal_pending()
        if round_number == 3:
            write_checkpoint()
    write_some(2, COUNTIES[1])
    drop_triggers()
    found = verify_audit()
    assert found.is_sound
    assert found.unsealed == 2
    return int(AuditSeal.objects.filter(county_id=COUNTIES[1]).count() - 2)


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def raw(value):
    """A value as the database's own type: ids are text on SQLite."""
    return (
        value.hex if hasattr(value, "hex") and not isinstance(value, bytes) and connection.vendor == "sqlite" else value
    )


def some(dice, rows, count=1):
    return dice.sample(list(rows.order_by("id")), count)


def other_value(dice, column, value):
    if isinstance(value, bytes | memoryview):
        body = bytearray(bytes(value) or b"\0")
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        return bytes(body)
    if column == "at":
        return dice.choice(["2020-01-01 00:00:00", "2026-11-22 00:00:00.000001"]) + ("+00" if is_postgres() else "")
    if column in {"facts", "place", "event", "actor_kind", "actor_role", "subject_kind"}:
        return f"{value[:-1]}~" if value else "~"
    return raw(new_id())


def is_postgres():
    return connection.vendor == "postgresql"


def edit_event(dice, mark):
    (event,) = some(dice, sealed_events())
    column = dice.choice(COLUMNS)
    value = other_value(dice, column, getattr(event, column))
    run(f"UPDATE {EVENT} SET {column} = %s WHERE id = %s", value, raw(event.pk))


def edit_seal(dice, mark):
    (seal,) = some(dice, AuditSeal.objects)
    column = dice.choice(["county_id", "number", "sealed_at", "event_ids", "mac"])
    value = 900 + dice.randrange(99) if column == "number" else other_value(dice, column, getattr(seal, column))
    value = "2020-01-01 00:00:00" + ("+00" if is_postgres() else "") if column == "sealed_at" else value
    run(f"UPDATE {SEAL} SET {column} = %s WHERE id = %s", value, raw(seal.pk))


def delete_events(dice, mark):
    for event in some(dice, sealed_events(), dice.randint(1, 3)):
        run(f"DELETE FROM {EVENT} WHERE id = %s", raw(event.pk))


def delete_event_and_its_mention(dice, mark):
    (seal,) = some(dice, AuditSeal.objects)
    ids = bytes(seal.event_ids)
    at = 16 * dice.randrange(len(ids) // 16)
    run(f"DELETE FROM {EVENT} WHERE id = %s", raw(as_id(ids[at : at + 16])))
    run(f"UPDATE {SEAL} SET event_ids = %s WHERE id = %s", ids[:at] + ids[at + 16 :], raw(seal.pk))


def delete_seal(dice, mark):
    seal = dice.choice(list(AuditSeal.objects.order_by("id")))
    run(f"DELETE FROM {SEAL} WHERE id = %s", raw(seal.pk))


def delete_unsealed_event(dice, mark):
    waiting = dice.choice(list(AuditPending.objects.order_by("event_id")))
    run(f"DELETE FROM {EVENT} WHERE id = %s", raw(waiting.pk))
    if dice.random() < 0.5:
        seal_pending()


def swap_events(dice, mark):
    one, other = some(dice, sealed_events(), 2)
    held = new_id()
    for old, new in ((one.pk, held), (other.pk, one.pk), (held, other.pk)):
        run(f"UPDATE {EVENT} SET id = %s WHERE id = %s", raw(new), raw(old))


def swap_seals(dice, mark):
    county_id = dice.choice(COUNTIES)
    one, other = some(dice, AuditSeal.objects.filter(county_id=county_id), 2)
    for seal, number in ((one, 999), (other, one.number), (one, other.number)):
        run(f"UPDATE {SEAL} SET number = %s WHERE id = %s", number, raw(seal.pk))


def reorder_inside_seal(dice, mark):
    (seal,) = some(dice, AuditSeal.objects)
    ids = bytes(seal.event_ids)
    parts = [ids[at : at + 16] for at in range(0, len(ids), 16)]
    turned = parts[1:] + parts[:1]
    run(f"UPDATE {SEAL} SET event_ids = %s WHERE id = %s", b"".join(turned), raw(seal.pk))


def copy_event(dice, mark):
    (event,) = some(dice, sealed_events())
    event.pk = event.id = new_id()
    AuditEvent.objects.bulk_create([event])
    if dice.random() < 0.5:
        AuditPending.objects.create(event_id=event.pk, county_id=event.county_id)


def cut_to_before_checkpoint(dice, mark):
    county_id, keep = dice.choice(COUNTIES), dice.randrange(mark)
    for seal in AuditSeal.objects.filter(county_id=county_id, number__gt=keep):
        ids = bytes(seal.event_ids)
        for at in range(0, len(ids), 16):
            run(f"DELETE FROM {EVENT} WHERE id = %s", raw(as_id(ids[at : at + 16])))
        run(f"DELETE FROM {SEAL} WHERE id = %s", raw(seal.pk))


def empty_the_tables(dice, mark):
    for table in (EVENT, SEAL, AuditPending._meta.db_table):
        run(f"DELETE FROM {table}")


def sealed_events():
    waiting = list(AuditPending.objects.values_list("event_id", flat=True))
    return AuditEvent.objects.exclude(pk__in=waiting)


def as_id(raw_id):
    return UUID(bytes=raw_id)


KINDS = (
    edit_event, edit_seal, delete_events, delete_event_and_its_mention, delete_seal, delete_unsealed_event, swap_events,
    swap_seals, reorder_inside_seal, copy_event, cut_to_before_checkpoint, empty_the_tables,
)  # fmt: skip


def findings_after(tamper, dice, mark):
    """Tamper, verify, roll back."""
    with transaction.atomic():
        tamper(dice, mark)
        found = verify_audit().findings
        transaction.set_rollback(True)
    return found


def test_every_tampering_is_found(chains):
    dice, unfound, done = random.Random(20261122), [], Counter()
    for number in range(TRIES):
        tamper = KINDS[number % len(KINDS)]
        done[tamper.__name__] += 1
        if not findings_after(tamper, dice, chains):
            unfound.append((number, tamper.__name__))
    keep_result("audit", {"database": connection.vendor, "tries": TRIES, "unfound": len(unfound), "kinds": dict(done)})
    assert unfound == []
    assert set(done) == {kind.__name__ for kind in KINDS}
    assert verify_audit().is_sound


def kinds_unfound(chains, rounds=8):
    dice = random.Random(7)
    return {kind.__name__ for kind in KINDS for _ in range(rounds) if not findings_after(kind, dice, chains)}


def test_control_without_the_comparison_edits_swaps_and_cuts_go_unfound(chains, monkeypatch):
    monkeypatch.setattr(verification, "hmac", SimpleNamespace(compare_digest=lambda *_: True))
    assert {"edit_event", "swap_events", "reorder_inside_seal", "cut_to_before_checkpoint"} <= kinds_unfound(chains)


def test_control_without_the_row_hmac_edits_go_unfound(chains, monkeypatch):
    monkeypatch.setattr(verification, "is_signed", lambda event: True)
    unfound = {
        column
        for seed in range(40)
        for column in [random.Random(seed).choice(COLUMNS)]
        if not findings_after(edit_event, random.Random(seed), chains)
    }
    assert unfound


def test_control_without_the_checkpoint_a_cut_goes_unfound(chains):
    cut = cut_to_before_checkpoint
    assert findings_after(cut, random.Random(3), chains)
    checkpoint_file().unlink()
    assert not findings_after(cut, random.Random(3), chains)


def test_a_forged_or_cut_checkpoint_is_noticed(chains):
    path = checkpoint_file()
    line = path.read_text()
    path.write_text(line.replace('\\"number\\": 4', '\\"number\\": 1'))
    assert [finding.code for finding in verify_audit().findings] == ["checkpoint_damaged"]
    path.write_text(line + line[:40])
    assert verify_audit().is_sound, "a line torn by a crash is no finding"
    write_checkpoint()
    assert verify_audit().is_sound
    assert path.read_text().count("\n") == 2


def test_what_is_younger_than_the_checkpoint_may_be_cut_unnoticed(chains):
    """The limit we state: at most sixty seconds, the pause between two checkpoints."""
    mark = chains

    def cut_the_young(dice, _):
        for seal in AuditSeal.objects.filter(number__gt=mark):
            ids = bytes(seal.event_ids)
            for at in range(0, len(ids), 16):
                run(f"DELETE FROM {EVENT} WHERE id = %s", raw(as_id(ids[at : at + 16])))
            run(f"DELETE FROM {SEAL} WHERE id = %s", raw(seal.pk))

    assert not findings_after(cut_the_young, random.Random(1), mark)
