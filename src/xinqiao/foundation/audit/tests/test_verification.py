"""The sealer and the verification beside a working installation."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from xinqiao.foundation.audit import verification
from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.sealer import checkpoint_file, last_checkpoint, seal_pending, write_checkpoint
from xinqiao.foundation.audit.tests.open_tables import open_tables
from xinqiao.foundation.audit.tests.some_events import COUNTIES, newest, write_some
from xinqiao.foundation.audit.verification import verify_audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_home")]


def test_an_empty_audit_is_sound():
    found = verify_audit()
    assert (found.events, found.seals, found.unsealed, found.is_sound) == (0, 0, 0, True)


def test_sealing_leaves_no_tail_and_numbers_links_per_county():
    write_some(3, COUNTIES[1])
    write_some(2, COUNTIES[2])
    assert verify_audit().unsealed == 5
    assert seal_pending() == 5
    write_some(1, COUNTIES[1])
    assert seal_pending() == 1
    assert seal_pending() == 0
    found = verify_audit()
    assert (found.events, found.seals, found.unsealed, found.is_sound) == (6, 3, 0, True)
    numbers = AuditSeal.objects.filter(county_id=COUNTIES[1]).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_a_limit_seals_the_oldest_first():
    write_some(5)
    assert seal_pending(limit=2) == 2
    oldest = list(AuditEvent.objects.order_by("id").values_list("id", flat=True)[:2])
    assert not AuditPending.objects.filter(event_id__in=oldest).exists()
    assert verify_audit().unsealed == 3


def test_sealed_between_two_readings_is_no_finding(monkeypatch):
    """The sealer and other writers go on while the verification reads."""
    write_some(4)
    seal_pending()
    reading = verification._read_events

    def read_while_others_write(walk):
        write_some(2)
        found = reading(walk)
        seal_pending()
        write_some(1)
        return found

    monkeypatch.setattr(verification, "_read_events", read_while_others_write)
    found = verify_audit()
    assert found.findings == ()
    assert found.seals == 2


def test_control_with_the_old_order_of_reading_it_would_be_a_false_finding(monkeypatch):
    write_some(4)
    walk_chains, calls = verification._walk_chains, []

    def walk_once(walk, marked):
        calls.append(1)
        if len(calls) == 1:
            walk_chains(walk, marked)

    def read_then_seal(walk):
        found = reading(walk)
        seal_pending()
        return found

    reading = verification._read_events
    monkeypatch.setattr(verification, "_walk_chains", walk_once)
    monkeypatch.setattr(verification, "_read_events", read_then_seal)
    assert {finding.code for finding in verify_audit().findings} == {"event_unsealed"}


def test_an_event_removed_before_its_seal_is_missed():
    write_some(3)
    with open_tables():
        newest().delete()
        assert [finding.code for finding in verify_audit().findings] == ["event_missing"]
        seal_pending()
        assert [finding.code for finding in verify_audit().findings] == ["event_missing"]


def test_checkpoints_are_written_only_when_a_chain_has_grown():
    write_some(1)
    seal_pending()
    assert write_checkpoint() == {COUNTIES[1].hex: 1}
    write_checkpoint()
    assert checkpoint_file().read_text().count("\n") == 1
    assert verify_audit().checkpoint_at
    write_some(1)
    seal_pending()
    write_checkpoint()
    assert checkpoint_file().read_text().count("\n") == 2
    assert last_checkpoint().heads[COUNTIES[1].hex][0] == 2


def test_the_file_is_read_from_its_end(monkeypatch):
    from xinqiao.foundation.audit import sealer

    write_some(1)
    seal_pending()
    write_checkpoint()
    line = checkpoint_file().read_text()
    checkpoint_file().write_text("not ours\n" * 50 + line)
    monkeypatch.setattr(sealer, "TAIL_BYTES", len(line) + 20)
    assert last_checkpoint().heads
    assert last_checkpoint().damaged_lines < 3


def test_the_commands(capsys):
    write_some(2)
    call_command("audit", "seal")
    call_command("audit", "checkpoint")
    capsys.readouterr()
    call_command("audit", "verify", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["sound"], told["events"], told["seals"]) == (True, 2, 1)
    assert AuditEvent.objects.filter(event="audit.verified").count() == 1
    call_command("audit", "show", "--json", "--event", "access.", "--limit", "1")
    assert json.loads(capsys.readouterr().out)["facts"] == {"route": "r1", "status": 403}


def test_verify_exits_with_two_on_findings(capsys):
    write_some(2)
    seal_pending()
    with open_tables(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET facts = '{}'")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", "--json")
    assert ended.value.code == 2
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is False
    assert {finding["code"] for finding in told["findings"]} == {"event_changed"}
