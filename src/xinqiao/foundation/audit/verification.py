"""Verification: is every event that was ever sealed still there, unchanged and in order?"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.recording import row_mac
from xinqiao.foundation.audit.sealer import GENESIS, last_checkpoint, link_mac

ID_BYTES = 16


@dataclass(frozen=True)
class Finding:
    """One fault: `code` is event_missing, event_changed, seal_missing, seal_changed, seal_behind_checkpoint,
    event_unsealed or event_repeated."""

    code: str
    county_id: UUID
    number: int
    event_id: UUID | None = None


@dataclass(frozen=True)
class Verification:
    """What was looked at, and what was wrong. `unsealed` events are the tail that the sealer has not reached."""

    events: int
    seals: int
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return not self.findings


def verify_audit() -> Verification:
    """Walk every chain from its first link to the last checkpoint and beyond."""
    findings: list[Finding] = []
    sealed_ids: set[UUID] = set()
    seals = 0
    counties = set(AuditSeal.objects.order_by().values_list("county_id", flat=True).distinct())
    checkpoint = last_checkpoint()
    counties |= {UUID(hex=county) for county in checkpoint}
    for county_id in sorted(counties):
        count, faults = _verify_county(county_id, sealed_ids, checkpoint.get(county_id.hex))
        seals += count
        findings += faults
    events, unsealed, strays = _verify_tail(sealed_ids)
    return Verification(events, seals, unsealed, tuple(findings + strays))


def _verify_county(
    county_id: UUID, sealed_ids: set[UUID], checkpoint: tuple[int, str] | None
) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    previous, expected, count, head = GENESIS, 1, 0, ""
    for seal in AuditSeal.objects.filter(county_id=county_id).order_by("number").iterator():
        if seal.number != expected:
            findings.append(Finding("seal_missing", county_id, expected))
        findings += _verify_seal(seal, previous, sealed_ids)
        previous, expected, count = bytes(seal.mac), seal.number + 1, count + 1
        if checkpoint and seal.number == checkpoint[0]:
            head = previous.hex()
    if checkpoint and not hmac.compare_digest(head, checkpoint[1]):
        findings.append(Finding("seal_behind_checkpoint", county_id, checkpoint[0]))
    return count, findings


def _verify_seal(seal: AuditSeal, previous: bytes, sealed_ids: set[UUID]) -> Iterator[Finding]:
    body = bytes(seal.event_ids)
    ids = [UUID(bytes=body[at : at + ID_BYTES]) for at in range(0, len(body) - len(body) % ID_BYTES, ID_BYTES)]
    macs: list[bytes] = []
    events = _events(ids)
    for event_id in ids:
        if event_id in sealed_ids:
            yield Finding("event_repeated", seal.county_id, seal.number, event_id)
        sealed_ids.add(event_id)
        event = events.get(event_id)
        if event is None:
            yield Finding("event_missing", seal.county_id, seal.number, event_id)
        elif event.county_id != seal.county_id or not hmac.compare_digest(row_mac(event), bytes(event.mac)):
            yield Finding("event_changed", seal.county_id, seal.number, event_id)
        macs.append(bytes(event.mac) if event else b"")
    if not hmac.compare_digest(bytes(seal.mac), link_mac(seal, previous, macs)):
        yield Finding("seal_changed", seal.county_id, seal.number)


def _events(ids: list[UUID]) -> dict[UUID, AuditEvent]:
    found: dict[UUID, AuditEvent] = {}
    for start in range(0, len(ids), 500):
        found.update(AuditEvent.objects.in_bulk(ids[start : start + 500]))
    return found


def _verify_tail(sealed_ids: set[UUID]) -> tuple[int, int, list[Finding]]:
    pending = set(AuditPending.objects.values_list("event_id", flat=True))
    findings, total, unsealed = [], 0, 0
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=2_000):
        total += 1
        if event.id in sealed_ids:
            continue
        if not hmac.compare_digest(row_mac(event), bytes(event.mac)):
            findings.append(Finding("event_changed", event.county_id, 0, event.id))
        elif event.id not in pending:
            findings.append(Finding("event_unsealed", event.county_id, 0, event.id))
        else:
            unsealed += 1
    return total, unsealed, findings
