"""Verification: is every event that was ever sealed still there, unchanged and in order?

It runs beside a working installation. What is written meanwhile is never a false finding, because of the order of
reading: checkpoint, chains, events, what waits for the sealer, and then the links that were added meanwhile.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from xinqiao.foundation.audit.models import COMMON, AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.recording import row_mac
from xinqiao.foundation.audit.sealer import GENESIS, last_checkpoint, link_mac

ID_BYTES = 16


@dataclass(frozen=True)
class Finding:
    """One fault: `code` is event_missing, event_changed, event_repeated, event_unsealed, seal_missing, seal_changed,
    seal_behind_checkpoint or checkpoint_damaged. `number` is the link's, 0 where no link is concerned."""

    code: str
    county_id: UUID
    number: int
    event_id: UUID | None = None


@dataclass(frozen=True)
class Verification:
    """What was looked at, and what was wrong. `unsealed` events are the tail that the sealer has not reached.

    `checkpoint_at` (ISO, or empty) is the moment up to which a truncation would have been noticed.
    """

    events: int
    seals: int
    unsealed: int
    checkpoint_at: str
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return not self.findings


@dataclass
class _Walk:
    """Where the walk along the chains stands."""

    sealed: set[bytes] = field(default_factory=set)
    heads: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)
    macs_at: dict[tuple[UUID, int], str] = field(default_factory=dict)
    seals: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify_audit() -> Verification:
    """Walk every chain from its first link to the last checkpoint and beyond."""
    checkpoint = last_checkpoint()
    at_checkpoint = {(UUID(hex=county), number): mac for county, (number, mac) in checkpoint.heads.items()}
    walk = _Walk()
    walk.findings += [Finding("checkpoint_damaged", COMMON, 0)] * checkpoint.damaged_lines
    _walk_chains(walk, set(at_checkpoint))
    events, strays = _read_events(walk)
    pending = set(AuditPending.objects.values_list("event_id", "county_id"))
    _walk_chains(walk, set(at_checkpoint))
    walk.findings += _judge_checkpoint(walk, at_checkpoint)
    walk.findings += _judge_strays(walk, strays, {event_id for event_id, _ in pending})
    walk.findings += _judge_pending(walk, pending)
    unsealed = sum(1 for event_id in strays if event_id.bytes not in walk.sealed)
    return Verification(events, walk.seals, unsealed, checkpoint.at, tuple(walk.findings))


def _walk_chains(walk: _Walk, marked: set[tuple[UUID, int]]) -> None:
    """Walk from where the walk stands to the present end; remember the HMACs at the marked links."""
    for county_id in sorted(set(AuditSeal.objects.order_by().values_list("county_id", flat=True).distinct())):
        number, previous = walk.heads.get(county_id, (0, GENESIS))
        for seal in AuditSeal.objects.filter(county_id=county_id, number__gt=number).order_by("number").iterator():
            if seal.number != number + 1:
                walk.findings.append(Finding("seal_missing", county_id, number + 1))
            walk.findings += _verify_seal(seal, previous, walk.sealed)
            number, previous = seal.number, bytes(seal.mac)
            walk.seals += 1
            if (county_id, number) in marked:
                walk.macs_at[county_id, number] = previous.hex()
        walk.heads[county_id] = (number, previous)


def _verify_seal(seal: AuditSeal, previous: bytes, sealed: set[bytes]) -> Iterator[Finding]:
    body = bytes(seal.event_ids)
    ids = [UUID(bytes=body[at : at + ID_BYTES]) for at in range(0, len(body) - len(body) % ID_BYTES, ID_BYTES)]
    macs: list[bytes] = []
    events = _events(ids)
    for event_id in ids:
        if event_id.bytes in sealed:
            yield Finding("event_repeated", seal.county_id, seal.number, event_id)
        sealed.add(event_id.bytes)
        event = events.get(event_id)
        if event is None:
            yield Finding("event_missing", seal.county_id, seal.number, event_id)
        elif event.county_id != seal.county_id or not is_signed(event):
            yield Finding("event_changed", seal.county_id, seal.number, event_id)
        macs.append(bytes(event.mac) if event else b"")
    if not hmac.compare_digest(bytes(seal.mac), link_mac(seal, previous, macs)):
        yield Finding("seal_changed", seal.county_id, seal.number)


def is_signed(event: AuditEvent) -> bool:
    """Does the row bear our HMAC over all its columns?"""
    return hmac.compare_digest(row_mac(event), bytes(event.mac))


def _events(ids: list[UUID]) -> dict[UUID, AuditEvent]:
    found: dict[UUID, AuditEvent] = {}
    for start in range(0, len(ids), 500):
        found.update(AuditEvent.objects.in_bulk(ids[start : start + 500]))
    return found


def _read_events(walk: _Walk) -> tuple[int, dict[UUID, AuditEvent]]:
    """Return the number of events, and those that no link walked so far covers."""
    total, strays = 0, {}
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=2_000):
        total += 1
        if event.id.bytes not in walk.sealed:
            strays[event.id] = event
    return total, strays


def _judge_checkpoint(walk: _Walk, at_checkpoint: dict[tuple[UUID, int], str]) -> Iterator[Finding]:
    for (county_id, number), mac in at_checkpoint.items():
        if not hmac.compare_digest(walk.macs_at.get((county_id, number), ""), mac):
            yield Finding("seal_behind_checkpoint", county_id, number)


def _judge_strays(walk: _Walk, strays: dict[UUID, AuditEvent], pending: set[UUID]) -> Iterator[Finding]:
    for event_id, event in strays.items():
        if event_id.bytes in walk.sealed:
            continue
        if not is_signed(event):
            yield Finding("event_changed", event.county_id, 0, event_id)
        elif event_id not in pending:
            yield Finding("event_unsealed", event.county_id, 0, event_id)


def _judge_pending(walk: _Walk, pending: Iterable[tuple[UUID, UUID]]) -> Iterator[Finding]:
    """An event that waits to be sealed must be there."""
    waiting = {event_id: county_id for event_id, county_id in pending if event_id.bytes not in walk.sealed}
    there = _events(list(waiting))
    for event_id, county_id in waiting.items():
        if event_id not in there:
            yield Finding("event_missing", county_id, 0, event_id)
