"""What runs inside a throwaway installation about letters: what became of a pupil's, and who could tell whose it is."""

import json
from typing import Any

import django

TABLES = (
    "mailbox_pupilletter", "mailbox_letterwords", "mailbox_sealedname", "keys_keysubject", "audit_auditevent",
    "core_change", "notifications_outboxmessage", "deadlines_deadline",
)  # fmt: skip


def letters(student: str) -> dict[str, Any]:
    """Return a pupil's letters, found by opening their sealed names, what follows, and every row that mentions the
    pupil or the class since the letters came."""
    django.setup()
    from xinqiao.care.alerts.models import Signal
    from xinqiao.care.mailbox.models import PupilLetter, SealedName
    from xinqiao.foundation.audit.models import AuditEvent
    from xinqiao.foundation.audit.verification import verify_audit
    from xinqiao.foundation.keys.fields import open_sealed
    from xinqiao.register.people.models import Student

    reason = "a test reads all"
    names = list(SealedName.objects.for_system(reason=reason))
    own = [row.letter_id for row, said in zip(names, open_sealed(names, "who"), strict=True)
           if said["who"] == student.replace("-", "")]  # fmt: skip
    nameless = PupilLetter.objects.for_system(reason=reason).filter(pk__in=own).order_by("written_at")
    pupil = Student.objects.for_system(reason=reason).get(pk=student)
    raw = _raw(nameless)
    told = {"id": student.replace("-", ""), "dashed": student, "class": pupil.place, "key": pupil.key_id.hex}
    signals = list(Signal.objects.for_system(reason=reason).filter(student_id=student, origin_kind="pupil_letter"))
    return {
        "letters": len(own), "urgent": [row.urgent for row in nameless], "raw": raw,
        "mentions": sorted({f"{table} {name}" for table, row in raw for name, text in told.items() if text in row}),
        "signals": [{"source": row.source, "urgency": row.urgency, "basis": json.loads(said["basis"])}
                    for row, said in zip(signals, open_sealed(signals, "basis"), strict=True)],
        "events": list(AuditEvent.objects.filter(actor_id=student).values_list("event", flat=True)),
        "audit_findings": [finding.code for finding in verify_audit().findings],
    }  # fmt: skip


def _raw(rows: Any) -> list[tuple[str, str]]:
    """Rows of the tables that were written since the first of these letters came, as they lie in the database."""
    from django.db import connection

    first = rows.first()
    if first is None:
        return []
    since = {"audit_auditevent": "at", "core_change": "at", "keys_keysubject": "created_at"}
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            column = since.get(table)
            condition, values = (f" WHERE {column} >= %s", [first.written_at]) if column else ("", [])
            cursor.execute(f"SELECT * FROM {table}{condition}", values)
            mine = [repr([_plain(value) for value in row]) for row in cursor.fetchall()]
            found += [(table, row) for row in mine if column or first.id.hex in row or str(first.id) in row]
    return found


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
