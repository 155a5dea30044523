"""The sealer: one process chains committed events per county and writes checkpoints outside the database."""

import hashlib
import hmac
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.recording import microseconds
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.ring import ring

BATCH = 2_000
TAIL_BYTES = 1 << 20
GENESIS = b"\0" * 32


def link_mac(seal: AuditSeal, previous: bytes, row_macs: Iterable[bytes]) -> bytes:
    """Return the HMAC of one link: over every column of it, the last link, and the rows in order."""
    digest = hmac.new(ring().secrets["audit"], b"link", hashlib.sha256)
    digest.update(seal.id.bytes + seal.county_id.bytes + seal.number.to_bytes(8, "big") + microseconds(seal.sealed_at))
    digest.update(previous + len(seal.event_ids).to_bytes(8, "big") + bytes(seal.event_ids))
    for mac in row_macs:
        digest.update(mac)
    return digest.digest()


def seal_pending(limit: int = BATCH) -> int:
    """Seal what has been committed since the last call; return the number of events sealed."""
    with transaction.atomic():
        pending = list(AuditPending.objects.select_for_update(skip_locked=_can_skip()).order_by("event_id")[:limit])
        by_county: dict[UUID, list[UUID]] = defaultdict(list)
        for row in pending:
            by_county[row.county_id].append(row.event_id)
        for county_id, event_ids in by_county.items():
            _seal_county(county_id, event_ids)
        for start in range(0, len(pending), 500):
            AuditPending.objects.filter(pk__in=[row.pk for row in pending[start : start + 500]]).delete()
    return len(pending)


def _can_skip() -> bool:
    return connection.vendor == "postgresql"


def _seal_county(county_id: UUID, event_ids: list[UUID]) -> None:
    last = AuditSeal.objects.filter(county_id=county_id).order_by("-number").first()
    number, previous = (last.number + 1, bytes(last.mac)) if last else (1, GENESIS)
    macs = macs_of(
        event_ids
    )  # an event that vanished before its seal is named in it all the same, so that it is missed
    body = b"".join(i.bytes for i in event_ids)
    seal = AuditSeal(county_id=county_id, number=number, sealed_at=now(), event_ids=body)
    seal.mac = link_mac(seal, previous, (macs.get(i, b"") for i in event_ids))
    seal.save(force_insert=True)


def macs_of(event_ids: list[UUID]) -> dict[UUID, bytes]:
    """Return the stored HMACs of events by id, 500 a query."""
    found: dict[UUID, bytes] = {}
    for start in range(0, len(event_ids), 500):
        rows = AuditEvent.objects.filter(id__in=event_ids[start : start + 500]).values_list("id", "mac")
        found.update({event_id: bytes(mac) for event_id, mac in rows})
    return found


def checkpoint_file() -> Path:
    """Where checkpoints are appended: outside the database, so that truncating a table shows."""
    return Path(settings.XINQIAO_HOME) / "checkpoints" / "audit.jsonl"


def chain_heads() -> dict[str, tuple[int, str]]:
    """Return number and HMAC (hex) of the last link by county (hex)."""
    heads: dict[str, tuple[int, str]] = {}
    for county_id in AuditSeal.objects.order_by().values_list("county_id", flat=True).distinct():
        last = AuditSeal.objects.filter(county_id=county_id).latest("number")
        heads[county_id.hex] = (last.number, bytes(last.mac).hex())
    return heads


def write_checkpoint() -> Mapping[str, int]:
    """Append the head of every chain to the checkpoint file, signed and flushed to disk; return number by county.

    Nothing is written while no chain has grown.
    """
    heads = chain_heads()
    if heads != dict(last_checkpoint().heads):
        named = {county: {"number": number, "mac": mac} for county, (number, mac) in heads.items()}
        body = json.dumps({"at": now().isoformat(), "heads": named}, sort_keys=True)
        _append_line(checkpoint_file(), json.dumps({"body": body, "signature": _signature(body)}))
    return {county: number for county, (number, _) in heads.items()}


def _signature(body: str) -> str:
    return hmac.new(ring().secrets["audit"], b"checkpoint" + body.encode(), hashlib.sha256).hexdigest()


def _append_line(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab+") as out:
        size = out.seek(0, os.SEEK_END)
        start = max(0, size - TAIL_BYTES)
        out.seek(start)
        whole = start + out.read().rfind(b"\n") + 1
        if whole < size:
            out.truncate(whole)  # a crash tore the last line; it was never a checkpoint
        out.write(line.encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


@dataclass(frozen=True)
class Checkpoint:
    """The last checkpoint that bears our signature: heads by county (hex), when (ISO), and how many lines were bad.

    A line torn by a crash (the last one, without its end) is not bad.
    """

    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    at: str = ""
    damaged_lines: int = 0


def last_checkpoint(path: Path | None = None) -> Checkpoint:
    """Read the end of the checkpoint file (its last TAIL_BYTES)."""
    path = path or checkpoint_file()
    if not path.exists():
        return Checkpoint()
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - TAIL_BYTES))
        lines = stream.read().decode("utf-8", "replace").split("\n")
    if size > TAIL_BYTES:
        lines = lines[1:]
    read = [_signed(line) for line in lines[:-1]]
    good = [checkpoint for checkpoint in read if checkpoint]
    last = good[-1] if good else Checkpoint()
    return Checkpoint(last.heads, last.at, damaged_lines=len(read) - len(good))


def _signed(line: str) -> Checkpoint | None:
    try:
        entry = json.loads(line)
        body = str(entry["body"])
        if not hmac.compare_digest(_signature(body), str(entry["signature"])):
            return None
        told = json.loads(body)
        heads = {county: (int(head["number"]), str(head["mac"])) for county, head in told["heads"].items()}
        return Checkpoint(heads, str(told["at"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
