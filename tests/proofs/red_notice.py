"""What runs inside the installation of the proof of red notices.

    python -m tests.proofs.red_notice build MAIL_PORT GATEWAY_PORT
    python -m tests.proofs.red_notice ticker       # the real ticker; RED_NOTICE_WITHOUT_RETRY=1 takes the retry away
    python -m tests.proofs.red_notice raise        # answers a line with a line of JSON

A number raises that signal, however often it takes; `waiting` counts what waits; `report` tells every signal, its
notices and its messages.

Everybody who is told has a mail address and a mobile number, so that each notice goes by two channels.
"""

import datetime as dt
import json
import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after the setup
from django.db import connection  # noqa: E402

from xinqiao.care.alerts.models import Notice, Signal  # noqa: E402
from xinqiao.care.alerts.services.raising import prepare_signal  # noqa: E402
from xinqiao.engines.triage import Reason  # noqa: E402
from xinqiao.foundation.core.clock import now  # noqa: E402
from xinqiao.foundation.core.ids import new_id  # noqa: E402
from xinqiao.foundation.keys.store import new_key  # noqa: E402
from xinqiao.foundation.notifications import sending  # noqa: E402
from xinqiao.foundation.notifications.models import ChannelSetting, OutboxMessage  # noqa: E402
from xinqiao.register.duty.models import DutyShift  # noqa: E402
from xinqiao.register.duty.tests.world import build_world  # noqa: E402
from xinqiao.register.orgs.models import Unit  # noqa: E402
from xinqiao.register.people.models import Staff, Student  # noqa: E402

REASON = "a proof of notices"
INSIST_SECONDS = 0.2
TEMPLATE = '{"mobile": "{phone}", "content": "{text}", "request_id": "{id}"}'


def build(mail_port: str, gateway_port: str) -> None:
    """Make the school, somebody on duty, numbers for everybody, and the two channels."""
    world = build_world()
    for count, staff in enumerate(Staff.objects.for_system(reason=REASON)):
        staff.phone, staff.mail = f"1380000{count:04d}", f"person{count}@school.example"
        staff.save()
    DutyShift.objects.create(
        county_id=world.school.county_id, place=world.school.path, staff_id=world.id_of("psych"), role="psychology",
        start_at=now() - dt.timedelta(hours=1), end_at=now() + dt.timedelta(days=2),
    )  # fmt: skip
    url = f"http://127.0.0.1:{gateway_port}/send"
    gateway = {
        "url": url,
        "shape": "json",
        "template": TEMPLATE,
        "success": "code=0",
    }
    for channel, config in (
        ("mail", {"url": f"smtp://127.0.0.1:{mail_port}?from=xinqiao@school.example"}), ("sms", gateway),
    ):  # fmt: skip
        row = ChannelSetting(county_id=world.school.county_id, place=world.county.path, key_id=new_key("unit"),
                             channel=channel, config=json.dumps(config), set_by=new_id(), set_at=now())  # fmt: skip
        row.save(force_insert=True)


def tick() -> None:
    """Run the ticker as it is, or with the retry taken away: the first failure is the last."""
    if os.environ.get("RED_NOTICE_WITHOUT_RETRY"):
        sending._is_enough = lambda *_: True
    call_command("ticker")


def answer_lines() -> None:
    """Answer each line, however often the database is away meanwhile."""
    for line in sys.stdin:
        word, began = line.strip(), now()
        while True:
            try:
                found = {"waiting": waiting, "report": report}[word]() if word.isalpha() else _raise_one(word, began)
                break
            except Exception:  # noqa: BLE001 - the database is away: whoever cries does so again
                connection.close()
                time.sleep(INSIST_SECONDS)
        connection.close()
        sys.stdout.write(json.dumps(found, default=str) + "\n")
        sys.stdout.flush()


def _raise_one(number: str, at: dt.datetime) -> dict[str, Any]:
    """As the intake writes it: the row alone, nobody told; the same number twice is one signal.

    Returns when it was first tried and when it was in.
    """
    school = Unit.objects.get(code="s1")  # of the small world: the house has a school of its own
    student = Student.objects.for_system(reason=REASON).filter(school_id=school.id).order_by("id").first()
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="critical_answer", urgency="red", evidence=50, origin_kind="sitting", origin_id=new_id(),
        basis=[Reason("critical_item", "phq-9", ("9",))], once=f"proof:{number}", at=at,
    )  # fmt: skip
    Signal.objects.for_system(reason=REASON).bulk_create([signal], ignore_conflicts=True)
    return {"number": int(number), "began": at.isoformat(), "in": now().isoformat()}


def report() -> dict[str, Any]:
    """Return every signal with its first notice and with the messages to whoever had it."""
    signals = Signal.objects.for_system(reason=REASON).filter(once__startswith="proof:")
    found = {
        row.id: {"number": int(row.once.partition(":")[2]), "raised": row.raised_at, "notices": [], "messages": []}
        for row in signals
    }
    for signal_id, at in Notice.objects.for_system(reason=REASON).values_list("signal_id", "created_at"):
        found[signal_id]["notices"].append(at)
    names = ("id", "about_id", "channel", "status", "tries", "last_error", "created_at")
    for row in OutboxMessage.objects.for_system(reason=REASON).filter(about_kind="signal").values(*names):
        found[row["about_id"]]["messages"].append(row)
    return {"signals": list(found.values())}


def waiting() -> dict[str, int]:
    """How many messages about signals still wait, and how many signals nobody was told of."""
    rows = OutboxMessage.objects.for_system(reason=REASON).filter(about_kind="signal", status="waiting")
    untold = Signal.objects.for_system(reason=REASON).filter(told_at__isnull=True).count()
    return {"waiting": rows.count() + untold}


def main() -> None:
    task, *given = sys.argv[1:]
    if task == "build":
        build(*given)
    elif task == "ticker":
        tick()
    else:
        answer_lines()


if __name__ == "__main__":
    main()
