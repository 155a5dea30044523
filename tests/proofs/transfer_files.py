"""What runs inside the installation of the proof of files that go to the next school.

    python -m tests.proofs.transfer_files plant N   # N pupils who left one school and are enrolled at another
    python -m tests.proofs.transfer_files send      # sends what is owed, some files at a time, until nothing is
    python -m tests.proofs.transfer_files take N    # takes in and acknowledges what came, until N are acknowledged
    python -m tests.proofs.transfer_files report    # what stands in the rows, the keys and the audit, as JSON

TRANSFER_DIES_AT=5 kills it between two statements of the fifth file; TRANSFER_WITHOUT_TRANSACTION=1 lets every
statement of a command stand for itself, which is the control.
"""

import itertools
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import nullcontext
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
django.setup()

from django.db import OperationalError  # noqa: E402 - after the setup

from xinqiao.care.crisis.limbo.proving import prove  # noqa: E402
from xinqiao.care.transfers.errors import CannotHand  # noqa: E402
from xinqiao.care.transfers.models import Arrival, Handover  # noqa: E402
from xinqiao.care.transfers.parcel import read_parcel  # noqa: E402
from xinqiao.care.transfers.selectors.coming import belonging  # noqa: E402
from xinqiao.care.transfers.services.handing import send_files  # noqa: E402
from xinqiao.care.transfers.services.taking import acknowledge_files, take_in  # noqa: E402
from xinqiao.foundation.access.actors import Actor, system_actor  # noqa: E402
from xinqiao.foundation.audit import recording as recording_module  # noqa: E402
from xinqiao.foundation.audit.models import AuditEvent  # noqa: E402
from xinqiao.foundation.audit.recording import recording  # noqa: E402
from xinqiao.foundation.core.clock import now, today  # noqa: E402
from xinqiao.foundation.keys.fields import open_sealed  # noqa: E402
from xinqiao.foundation.keys.models import KeySubject  # noqa: E402
from xinqiao.register.accounts.actors import actor_for  # noqa: E402
from xinqiao.register.accounts.models import User  # noqa: E402
from xinqiao.register.duty.tests.world import build_world  # noqa: E402
from xinqiao.register.orgs.models import Unit  # noqa: E402
from xinqiao.register.orgs.selectors import units_below  # noqa: E402
from xinqiao.register.people.moving import place_students  # noqa: E402
from xinqiao.register.people.registering import StudentDraft, register_students  # noqa: E402

REASON = "a proof of transfers"
MOST_AT_ONCE = 25


def plant(count: str) -> None:
    """Let pupils leave one school, and enrol the same at another."""
    world = build_world()
    other_class = units_below(world.other_school.path, "class")[0]
    numbers = [f"G{n:018d}" for n in range(int(count))]
    leaving = [StudentDraft(f"走{n}", world.class_b, f"2{n:07d}", number) for n, number in enumerate(numbers)]
    coming = [StudentDraft(f"来{n}", other_class, f"3{n:07d}", number) for n, number in enumerate(numbers)]
    pupils = register_students(world.school, leaving, today())
    register_students(world.other_school, coming, today())
    with recording(system_actor("proof.plant")):
        place_students([(pupil, None) for pupil in pupils], today())


def _who(login: str) -> tuple[Actor, Unit]:
    actor = actor_for(User.objects.get(username=login), today())
    return actor, Unit.objects.get(code="s1" if login == "psych" else "s2")


def send() -> None:
    """Send what is owed, some at a time; what another sender took first is left to it."""
    actor, school = _who("psych")
    target, draw = Unit.objects.get(code="s2"), random.Random()
    while True:
        owed = list(
            Handover.objects.for_system(reason=REASON).filter(place=school.path, state__in=("owed", "returned"))
            .values_list("id", flat=True)
        )  # fmt: skip
        if not owed:
            return
        chosen = draw.sample(owed, min(len(owed), draw.randint(1, MOST_AT_ONCE)))
        _insist(lambda some=chosen: send_files(school, actor=actor, targets=dict.fromkeys(some, target)))


def take(count: str) -> None:
    """Take in and acknowledge what came, some at a time."""
    actor, school = _who("other_psych")
    draw, rows = random.Random(), Arrival.objects.for_system(reason=REASON)
    while rows.filter(state="done").count() < int(count):
        came = list(rows.filter(place=school.path, state="waiting").select_related("handover__student")[:200])
        chosen = draw.sample(came, min(len(came), draw.randint(1, MOST_AT_ONCE)))
        pupils = {key: student.id for key, student in belonging(chosen).items()}
        if pupils:
            _insist(lambda some=pupils: take_in(school, actor=actor, pupils=some))
        taken = list(rows.filter(place=school.path, state="taken").values_list("id", flat=True)[:200])
        some = draw.sample(taken, min(len(taken), draw.randint(1, MOST_AT_ONCE)))
        if some:
            _insist(lambda ids=some: acknowledge_files(school, actor=actor, arrival_ids=ids))
        if not pupils and not some:
            time.sleep(0.05)


def _insist(act: Any) -> None:
    print(".", end="", flush=True)  # at work from here on: now it may be killed
    try:
        act()
    except (CannotHand, OperationalError):  # somebody was first, or the database was busy
        time.sleep(random.random() / 50)


def report() -> dict[str, Any]:
    """What stands in the rows, the keys and the audit."""
    arrivals = list(Arrival.objects.for_system(reason=REASON).select_related("handover__student", "student"))
    kept = [row for row in arrivals if row.state == "done"]
    opened = open_sealed(kept, "parcel")
    before = open_sealed([row.handover.student for row in kept], "name")
    right = sum(
        read_parcel(words["parcel"]).name == name["name"]
        and bytes(row.student.national_index) == bytes(row.handover.student.national_index)
        for row, words, name in zip(kept, opened, before, strict=True)
        if words["parcel"]
    )
    events = Counter(AuditEvent.objects.filter(event__startswith="transfers.file.").values_list("event", "place"))
    schools = {unit.path: unit.code for unit in Unit.objects.filter(code__in=("s1", "s2"))}
    return {
        "handovers": Counter(Handover.objects.for_system(reason=REASON).values_list("state", flat=True)),
        "arrivals": Counter(row.state for row in arrivals), "opened_right": right,
        "handovers_with_an_arrival": len({row.handover_id for row in arrivals}),
        "events": {f"{event.rpartition('.')[2]} {schools[place]}": count for (event, place), count in events.items()},
        "keys_of_the_way_left": KeySubject.objects.filter(
            id__in=Arrival.objects.for_system(reason=REASON).values("key_id"), destroyed_at=None
        ).exclude(id__in=[row.student.key_id for row in arrivals if row.student]).count(),
        "faults": sorted({fault.code for fault in prove(now()).faults if fault.code.startswith(("file", "leaver"))}),
    }  # fmt: skip


def _without_transaction() -> None:
    """Every statement of a command stands for itself."""

    class Apart:
        @staticmethod
        def atomic(*_a: Any, **_k: Any) -> Any:
            return nullcontext()

    recording_module.transaction = Apart


def _die_at(number: int) -> None:
    """Be killed where it hurts most: a file is marked as sent, and not on its way yet."""
    save, saved = Arrival.save, itertools.count(1)

    def mortal(self: Arrival, *args: Any, **kwargs: Any) -> None:
        if next(saved) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        save(self, *args, **kwargs)

    Arrival.save = mortal  # type: ignore[method-assign]


if __name__ == "__main__":
    if os.environ.get("TRANSFER_WITHOUT_TRANSACTION"):
        _without_transaction()
    if os.environ.get("TRANSFER_DIES_AT"):
        _die_at(int(os.environ["TRANSFER_DIES_AT"]))
    found = {"plant": plant, "send": send, "take": take, "report": report}[sys.argv[1]](*sys.argv[2:])
    if found is not None:
        print(json.dumps(found))
