"""A process that writes canaries everywhere a value about a person may be written, then waits to be searched.

Run as a module in an installation of its own. It writes every sealed field of every model, events with names, a
session, tasks that fail, jobs that fail, and log lines; on the word "leak" it writes one canary in the open.
"""

import csv
import datetime as dt
import logging
import os
import sys
import uuid
from contextlib import suppress
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from django.apps import apps  # noqa: E402 - after the setup
from django.core.management import CommandError, call_command, get_commands  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django_tasks import task  # noqa: E402

from tests.proofs.canaries import ANSWERS, WORDS  # noqa: E402
from xinqiao.foundation.access.actors import Actor, Grant  # noqa: E402
from xinqiao.foundation.access.permissions import Role  # noqa: E402
from xinqiao.foundation.audit.models import AuditEvent  # noqa: E402
from xinqiao.foundation.audit.recording import record, recording  # noqa: E402
from xinqiao.foundation.core.clock import now  # noqa: E402
from xinqiao.foundation.core.jobs.running import Runner  # noqa: E402
from xinqiao.foundation.core.schedule import Job  # noqa: E402
from xinqiao.foundation.keys.fields import SealedField, sealed_fields  # noqa: E402
from xinqiao.foundation.keys.store import new_key  # noqa: E402
from xinqiao.foundation.keys.tests.filling import plain_value  # noqa: E402
from xinqiao.register.accounts.models import Membership, User  # noqa: E402
from xinqiao.register.orgs.models import Unit  # noqa: E402
from xinqiao.register.orgs.services.units import build_unit  # noqa: E402
from xinqiao.register.people.models import Staff, Student  # noqa: E402

logger = logging.getLogger("xinqiao.story")
BY_NAME = {"phone": "phone", "number": "number", "id_number": "number", "national_number": "number"}
BY_MODEL = {"Staff": "staff", "Guardian": "guardian"}


def canary_for(model, field):
    if field.is_binary:
        return ANSWERS
    if field.name == "birth_on":
        return "2012-03-04"
    if field.name in BY_NAME:
        return WORDS[BY_NAME[field.name]]
    return WORDS[BY_MODEL.get(model.__name__, "pupil")] if field.name == "name" else f"{WORDS['note']}。"


def value_for(field, made):
    """A value that fits a field."""
    if isinstance(field, models.ForeignKey):
        return made.get(field.related_model) or make(field.related_model, made)
    return plain_value(field)


def make(model, made):
    """Insert a row of any model, canaries in every sealed field, and whatever it stands on."""
    row = model()
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedField):
            continue
        if field.name == "key_id":
            row.key_id = new_key("student")
        elif field.name == "closes_at":
            row.closes_at = now() + dt.timedelta(hours=1)
        elif field.name == "finding":  # words are noted with a worry only
            row.finding = "worry"
        elif field.name in {"proposed_by", "proposed_at", "by", "look_on", "counsellor"}:  # whose a step is, when
            setattr(row, field.name, value_for(field, made))
        elif field.name in {"place", "path", "school_place"}:
            setattr(row, field.name, "aaaaaaaa/bbbbbbbb/")
        elif (
            not field.null
            and not field.has_default()
            and not field.primary_key
            and not getattr(field, "auto_now_add", 0)
        ):
            setattr(row, field.name, value_for(field, made))
    for field in sealed_fields(model):
        setattr(row, field.attname, canary_for(model, field))
    row.save(force_insert=True)
    made[model] = row
    return row


def write_every_sealed_field():
    """Write one row of every model that has a sealed field; return the labels of those written."""
    made, written = {}, set()
    for model in apps.get_models():
        if sealed_fields(model) and model is not AuditEvent:
            with transaction.atomic():
                made.get(model) or make(model, made)
            written.add(model._meta.label)
    return written


def write_events(student):
    actor = Actor(id=uuid.uuid4(), name=WORDS["staff"])
    with recording(actor):
        record("access.refused", subject_kind="student", subject_id=student.id, key_id=student.key_id,
               labels={"name": WORDS["pupil"], "number": WORDS["number"]}, facts={"status": 403})  # fmt: skip


def sign_in_and_look(staff):
    """A session of a member of staff who looks at pages with names on them."""
    school = build_unit(None, "school", "canary-school", "School")
    school.save()
    user = User.objects.create_user("canary.auditor", "a long enough one 7Q", staff_id=staff.id)
    for role in (Role.AUDITOR, Role.PSYCH_TEACHER):
        Membership.objects.create(user=user, role=role, place=school.path, start_on=dt.date(2020, 1, 1))
    Student.objects.for_system(reason="the story's own pupils").update(place=school.path, school_id=school.id)
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    client.force_login(user)
    for address in ("/", "/audit/", "/people/", "/alerts/", f"/people/?q={WORDS['number']}"):
        client.get(address)
    actor = Actor(id=user.id, grants=(Grant(Role.AUDITOR, school.path),))
    return school, actor


@task()
def fail_with_a_name(student_id):
    raise ValueError(f"{student_id}: {WORDS['pupil']} {WORDS['phone']}")


def fail_in_the_background(student):
    from xinqiao.foundation.core.jobs.worker import QuietWorker

    fail_with_a_name.enqueue(str(student.id))
    QuietWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="story", excluded_queue_names=[],
    ).run()  # fmt: skip


def fail_by_the_clock():
    def fail(now):
        raise RuntimeError(f"{WORDS['guardian']} {WORDS['number']}")

    Runner().run(Job("story.fail", run=fail, every_seconds=1), 0.0)


def fail_in_the_log():
    try:
        int(WORDS["note"])
    except ValueError:
        logger.exception("a page failed")


def import_a_roster(school: Unit):
    """The command for rosters, with canaries in the file, which itself stays outside the data directory."""
    if "roster" not in get_commands():
        return
    path = Path(sys.argv[1]) / "roster.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["姓名", "学号", "性别", "班级", "监护人姓名", "联系电话"])
        rows.writerow([WORDS["pupil"], WORDS["number"], "女", "七(3)班", WORDS["guardian"], WORDS["phone"]])
    with suppress(SystemExit, CommandError), Path(os.devnull).open("w") as aside:
        call_command("roster", "import", str(path), "--unit", school.code, "--json", stdout=aside)


def main():
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    written = write_every_sealed_field()
    student = Student.objects.for_system(reason="the story's own pupils").first()
    staff = Staff.objects.for_system(reason="the story's own staff").first()
    write_events(student)
    school, _ = sign_in_and_look(staff)
    import_a_roster(school)
    fail_in_the_background(student)
    fail_by_the_clock()
    fail_in_the_log()
    print("written", ",".join(sorted(written)), flush=True)
    for word in sys.stdin:
        if word.strip() == "leak":
            Student.objects.for_system(reason="the control").update(ethnicity=WORDS["pupil"])
            print("leaked", flush=True)


if __name__ == "__main__":
    main()
