"""What runs inside a throwaway installation about voices: seating a committee member, and reporting what was said."""

import datetime as dt
import json
from typing import Any

import django


def seat(student: str, ends_in_days: int | None = None) -> dict[str, Any]:
    """Make a pupil a committee member of their class since yesterday."""
    django.setup()
    from xinqiao.care.voices.models import CommitteeSeat
    from xinqiao.foundation.core.clock import today
    from xinqiao.foundation.core.ids import new_id
    from xinqiao.register.orgs.models import Unit
    from xinqiao.register.people.models import Student

    pupil = Student.objects.for_system(reason="test").get(pk=student)
    unit = Unit.objects.get(path=pupil.place)
    chair = CommitteeSeat.objects.for_system(reason="test").filter(class_id=unit.id).count() + 1
    end_on = None if ends_in_days is None else today() + dt.timedelta(days=ends_in_days)
    CommitteeSeat.objects.create(
        county_id=pupil.county_id, place=pupil.place, student=pupil, class_id=unit.id, chair=chair,
        start_on=today() - dt.timedelta(days=1), end_on=end_on, appointed_by=new_id(),
    )  # fmt: skip
    return {}


def voices(student: str) -> dict[str, Any]:
    """Return what a pupil said, what follows from it for whom, and whether any of it is readable in the database."""
    django.setup()
    from xinqiao.care.alerts.models import Signal
    from xinqiao.care.voices.models import ClassmateWorry, ClassReport, HelpCall
    from xinqiao.foundation.audit.models import AuditEvent
    from xinqiao.foundation.audit.verification import verify_audit
    from xinqiao.foundation.keys.fields import open_sealed

    reason = "a test reads all"
    reports = list(ClassReport.objects.for_system(reason=reason).filter(student_id=student))
    worries = list(ClassmateWorry.objects.for_system(reason=reason).filter(student_id=student).order_by("raised_at"))
    signals = list(Signal.objects.for_system(reason=reason).filter(student_id=student).exclude(origin_kind="sitting"))
    return {
        "calls": HelpCall.objects.for_system(reason=reason).filter(student_id=student).count(),
        "reports": [json.loads(said["answers"]) for said in open_sealed(reports, "answers")],
        "worries": [
            {"state": row.state, "urgency": row.urgency, "named": str(row.named_id or ""), "about": said["about"],
             "said": json.loads(said["said"])}
            for row, said in zip(worries, open_sealed(worries, "about", "said"), strict=True)
        ],
        "signals": [
            {"source": row.source, "urgency": row.urgency, "origin": row.origin_kind,
             "basis": json.loads(said["basis"])}
            for row, said in zip(signals, open_sealed(signals, "basis"), strict=True)
        ],
        "events": list(AuditEvent.objects.filter(actor_id=student).order_by("at").values_list("event", flat=True)),
        "audit_findings": [finding.code for finding in verify_audit().findings],
    }  # fmt: skip
