"""What runs inside a throwaway installation: building it, seeding it, and reporting what its database holds."""

import datetime as dt
import json
import sys
import traceback
from typing import Any
from uuid import UUID

import django

from xinqiao.care.sheets.tests.house_centre import hours_held, open_hours
from xinqiao.care.sheets.tests.house_letters import letters
from xinqiao.care.sheets.tests.house_voices import seat, voices


def build() -> dict[str, Any]:
    """Make keys and tables."""
    from pathlib import Path

    from django.conf import settings

    from xinqiao.foundation.keys.ring import new_ring, write_ring

    if not Path(settings.XINQIAO_KEY_FILE).exists():
        write_ring(new_ring(), Path(settings.XINQIAO_KEY_FILE))
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return {}


def seed(
    pupils: int = 4, scales: list[str] | None = None, placeholder: str = "", on_duty: bool = True, days: int = 7
) -> dict[str, Any]:
    """Put a school, one class a hundred pupils, their PINs and open sittings into it; return what pupils would know."""
    django.setup()
    from xinqiao.care.sheets.services.papers import build_paper
    from xinqiao.care.sheets.services.sittings import open_sittings
    from xinqiao.foundation.access.actors import system_actor
    from xinqiao.foundation.audit.recording import record, recording
    from xinqiao.foundation.core.clock import now, today
    from xinqiao.foundation.core.ids import new_id
    from xinqiao.foundation.keys.fields import open_sealed, seal_rows
    from xinqiao.foundation.keys.models import KeySubject
    from xinqiao.foundation.keys.ring import ring
    from xinqiao.foundation.keys.sealing import blind_index
    from xinqiao.foundation.keys.store import prepare_keys
    from xinqiao.register.duty.models import DutyShift
    from xinqiao.register.orgs.services.units import build_unit, ensure_class
    from xinqiao.register.people.models import PupilPin, Student
    from xinqiao.register.people.pins import new_pin, pin_mac

    origin_id = new_id()
    with recording(system_actor("test house")):
        county = build_unit(None, "county", "C1", "测试县")
        county.save()
        school = build_unit(county, "school", "S1", "测试学校", stages="junior")
        school.save()
        classes = [ensure_class(school, "junior", today().year - 1, n + 1)[0] for n in range(-(-pupils // 100))]
        keys = prepare_keys("student", pupils)
        students, pins, typed = [], [], []
        for n, key in enumerate(keys):
            unit, number, pin = classes[n // 100], f"2025{n:05d}", new_pin()
            student = Student(
                county_id=school.county_id, place=unit.path, key_id=key.id, school_id=school.id,
                school_place=school.path, name=f"测{n:03d}", number=number, sex=("female", "male")[n % 2],
                number_index=blind_index(ring().secrets["index"], "student_number", number), birth_year=2012,
                birth_on="2012-03-05",
            )  # fmt: skip
            students.append(student)
            row = PupilPin(county_id=student.county_id, place=student.place, student=student, key_id=key.id, pin=pin,
                           pin_mac=pin_mac(student.id, pin), set_at=now())  # fmt: skip
            pins.append(row)
            typed.append((unit.window_code, number, pin))
        KeySubject.objects.bulk_create(keys, batch_size=500)
        seal_rows([*students, *pins])
        Student.objects.bulk_create(students, batch_size=500)
        PupilPin.objects.bulk_create(pins, batch_size=500)
        if on_duty:
            DutyShift.objects.create(county_id=school.county_id, place=school.path,
                                     staff_id=_psychology_teacher(school), role="psychology",
                                     start_at=now() - dt.timedelta(days=1),
                                     end_at=now() + dt.timedelta(days=30))  # fmt: skip
        versions = _versions(scales or ["phq-9", "asq"], placeholder)
        paper = build_paper(versions, place=school.path, county_id=school.county_id)
        opened = open_sittings(origin_id, paper, students, opens_at=now() - dt.timedelta(hours=1),
                               closes_at=now() + dt.timedelta(days=days))  # fmt: skip
        record("scales.version.published", facts={"code": "test", "version": "house"})
    codes = [opened_code["code"] for opened_code in open_sealed(opened.sittings, "code")]
    return {
        "origin_id": str(origin_id), "school": school.path, "county_id": str(school.county_id),
        "items": {v.code: len(json.loads(paper.content)["scales"][i]["items"]) for i, v in enumerate(versions)},
        "pupils": [
            {"class_code": window, "number": number, "pin": pin, "code": code, "sitting": str(s.id),
             "student": str(s.student_id)}
            for (window, number, pin), code, s in zip(typed, codes, opened.sittings, strict=True)
        ],
    }  # fmt: skip


def _psychology_teacher(school: Any) -> Any:
    """Someone who may read notices at the school; returns the staff id."""
    from xinqiao.foundation.access.permissions import Role
    from xinqiao.foundation.core.clock import today
    from xinqiao.register.accounts.models import Membership, User
    from xinqiao.register.people.registering import register_staff

    staff = register_staff(school, "测试老师")
    user = User.objects.create_user("test.psych", "a long enough one 7Q", staff_id=staff.id)
    start_on = today() - dt.timedelta(days=30)
    Membership.objects.create(user=user, role=Role.PSYCH_TEACHER, place=school.path, start_on=start_on)
    return staff.id


def _versions(scales: list[str], placeholder: str) -> list[Any]:
    """Shipped scales, and one key-only scale with invented wording where `placeholder` names it."""
    from xinqiao.care.scales.models import ScaleVersion
    from xinqiao.care.scales.packs import definition_text, digest_of, read_pack, scale_folder
    from xinqiao.care.scales.services.publishing import publish_pack
    from xinqiao.foundation.core.clock import now

    shipped = [read_pack(scale_folder() / f"{code}.yaml") for code in scales if code != placeholder]
    found = [publish_pack(pack) for pack in shipped]
    if placeholder:
        mapping = dict(read_pack(scale_folder() / f"{placeholder}.yaml").mapping)
        items = dict(mapping["items"])
        both = {"en": "Invented question", "zh-Hans": "占位题目"}
        items["texts"] = {str(n): both for n in range(1, items["count"] + 1)}
        items["labels"] = {str(code): {"en": str(code), "zh-Hans": str(code)} for code in items["codes"]}
        mapping |= {"wording": "full", "rendering": "own", "items": items, "version": "0-test",
                    "wording_licence": "placeholder", "instruction": both}  # fmt: skip
        definition = definition_text(mapping)
        found.append(ScaleVersion.objects.create(
            code=placeholder, version="0-test", definition=definition, digest=digest_of(definition), has_wording=True,
            published_at=now(),
        ))  # fmt: skip
    return found


def report() -> dict[str, Any]:
    """Return every sitting with its sheets opened and read again, ticks, signals, and the audit's verdict."""
    django.setup()
    from xinqiao.care.alerts.models import Signal
    from xinqiao.care.scales.selectors import plan_for
    from xinqiao.care.sheets.models import AnswerSheet, CriticalTick, Sitting
    from xinqiao.care.sheets.scoring import read_result
    from xinqiao.engines.scoring import score_one
    from xinqiao.foundation.audit.models import AuditEvent, AuditPending
    from xinqiao.foundation.audit.verification import verify_audit
    from xinqiao.foundation.core.models import Change
    from xinqiao.foundation.keys.fields import open_sealed

    reason = "a test reads all"
    sittings: dict[UUID, dict[str, Any]] = {}
    for s in Sitting.objects.for_system(reason=reason):
        sittings[s.id] = {"state": s.state, "receipt": s.receipt, "key": s.key, "failures": s.failures,
                          "device": s.device, "sheets": [], "ticks": [], "signals": [],
                          "locked": s.locked_until is not None}  # fmt: skip
    sheets = list(AnswerSheet.objects.for_system(reason=reason))
    for sheet, opened in zip(sheets, open_sealed(sheets, "answers", "seconds", "result"), strict=True):
        result = read_result(opened["result"])
        again = score_one(plan_for(sheet.scale_id), opened["answers"], sex="female", grade=8, age=14)
        sittings[sheet.sitting_id]["sheets"].append({
            "scale": sheet.scale_code, "answers": list(opened["answers"]), "result": result,
            "seconds": None if opened["seconds"] is None else opened["seconds"].hex(),
            "scored_alike": result["scores"] == again.scores and tuple(result["critical"]) == again.critical,
        })  # fmt: skip
    ticks = list(CriticalTick.objects.for_system(reason=reason).order_by("ticked_at"))
    for tick, opened in zip(ticks, open_sealed(ticks, "answer"), strict=True):
        sittings[tick.sitting_id]["ticks"].append(json.loads(opened["answer"]))
    signals = list(Signal.objects.for_system(reason=reason).filter(origin_kind="sitting").order_by("raised_at"))
    for signal, opened in zip(signals, open_sealed(signals, "basis"), strict=True):
        sittings[signal.origin_id]["signals"].append({
            "source": signal.source, "urgency": signal.urgency, "once": signal.once, "state": signal.state,
            "basis": json.loads(opened["basis"]), "evidence": signal.evidence,
        })  # fmt: skip
    events: dict[str, int] = {}
    for event in AuditEvent.objects.values_list("event", flat=True):
        events[event] = events.get(event, 0) + 1
    verdict = verify_audit()
    return {
        "sittings": {str(i): s for i, s in sittings.items()}, "events": events,
        "pending": AuditPending.objects.count(), "changes": Change.objects.count(),
        "audit_findings": [finding.code for finding in verdict.findings], "audit_events": verdict.events,
    }  # fmt: skip


def excuse(sitting: str, excuse: str) -> dict[str, Any]:
    """Excuse a sitting."""
    django.setup()
    from xinqiao.care.sheets.models import Sitting
    from xinqiao.care.sheets.services.sittings import mark_excused

    row = Sitting.objects.for_system(reason="test").get(pk=sitting)
    return {"done": mark_excused(row, excuse)}


def run_sql(statement: str) -> dict[str, Any]:
    """Run one statement as the installation's own database user."""
    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = [[str(value) for value in row] for row in cursor.fetchall()] if cursor.description else []
    return {"rows": rows}


def answer(line: str) -> dict[str, Any]:
    """Run one task, `[name, arguments]`."""
    name, arguments = json.loads(line)
    try:
        tasks = {**globals(), "seat": seat, "voices": voices, "letters": letters, "open_hours": open_hours,
                 "hours_held": hours_held}  # fmt: skip
        return {"found": tasks[name](**arguments)}
    except Exception:  # noqa: BLE001 - told to the test, which fails with it
        return {"fault": traceback.format_exc()[-3000:]}
    finally:
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    for task in sys.stdin:
        sys.stdout.write(json.dumps(answer(task)) + "\n")
        sys.stdout.flush()
