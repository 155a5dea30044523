"""The sealer: one process chains committed events per county and writes checkpoints outside the database."""

import hashlib
import hmac
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from xinqiao.foundation.audit.models import AuditEvent, AuditPending, AuditSeal
from xinqiao.foundation.audit.recording import microseconds
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.ring import ring

BATCH = 2_000
GENESIS = b"\0" * 32


def link_mac(seal: AuditSeal, previous: bytes, row_macs: Iterable[bytes]) -> bytes:
    """Return the HMAC of one link: over every column of it, the last link, and the rows in order."""
    digest = hmac.new(ring().secrets["audit"], b"link", hashlib.sha256)
    digest.update(seal.id.bytes + seal.county_id.bytes + seal.number.to_bytes(8, "big") + microseconds(seal.sealed_at))
    digest.update(previous + bytes(seal.event_ids))
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
    macs = macs_of(event_ids)
    known = [i for i in event_ids if i in macs]
    body = b"".join(i.bytes for i in known)
    seal = AuditSeal(county_id=county_id, number=number, sealed_at=now(), event_ids=body)
    seal.mac = link_mac(seal, previous, (macs[i] for i in known))
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


def write_checkpoint() -> Mapping[str, int]:
    """Append the head of every chain to the checkpoint file, signed and flushed to disk; return number by county."""
    heads: dict[str, dict[str, object]] = {}
    for county_id in AuditSeal.objects.order_by().values_list("county_id", flat=True).distinct():
        last = AuditSeal.objects.filter(county_id=county_id).latest("number")
        heads[county_id.hex] = {"number": last.number, "mac": bytes(last.mac).hex()}
    body = json.dumps({"at": now().isoformat(), "heads": heads}, sort_keys=True)
    signature = hmac.new(ring().secrets["audit"], b"checkpoint" + body.encode(), hashlib.sha256).hexdigest()
    path = checkpoint_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"body": body, "signature": signature}) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return {county: int(str(head["number"])) for county, head in heads.items()}


def last_checkpoint(path: Path | None = None) -> Mapping[str, tuple[int, str]]:
    """Return head number and HMAC by county (hex) of the last checkpoint that bears our signature."""
    path = path or checkpoint_file()
    if not path.exists():
        return {}
    for line in reversed(path.read_text("utf-8").splitlines()):
        if heads := _signed_heads(line):
            return heads
    return {}


def _signed_heads(line: str) -> Mapping[str, tuple[int, str]]:
    try:
        entry = json.loads(line)
        body = str(entry["body"])
        expected = hmac.new(ring().secrets["audit"], b"checkpoint" + body.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, str(entry["signature"])):
            return {}
        heads = json.loads(body)["heads"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {county: (int(head["number"]), str(head["mac"])) for county, head in heads.items()}
