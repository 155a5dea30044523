"""A school year lived by one process that may be killed at any moment and goes on where it was.

    python -m tests.proofs.school_year build PUPILS SIGNALS SEED
    python -m tests.proofs.school_year live            # ends with exit 0 when the year is over
    python -m tests.proofs.school_year prove           # what `xinqiao care audit` finds on the last day, as JSON
    python -m tests.proofs.school_year plant           # by what names it finds a wrong minute in clocks of each kind

Everything is drawn from the seed before it begins: when children are in trouble, by day, night and holiday; who takes a
signal at once, late or only after it has climbed; what comes of the talk; who is on duty, who leaves, when the clock of
the machine is put back. What happened is in the database alone; the diary says how far the year has gone, so that a
process that was killed does its last step again.
"""

import datetime as dt
import json
import os
import random
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
if (Path(os.environ.get("XINQIAO_HOME", "")) / "packs").is_dir():  # the year has a pack of its own
    os.environ["XINQIAO_PACKS"] = str(Path(os.environ["XINQIAO_HOME"]) / "packs")
django.setup()

from tests.proofs.school_care import CareDay  # noqa: E402 - after the setup
from tests.proofs.school_counts import counts_of_the_year  # noqa: E402
from tests.proofs.school_filings import Filings  # noqa: E402
from tests.proofs.school_incidents import LOOKS_AT, Incidents  # noqa: E402
from tests.proofs.school_pack import write_packs  # noqa: E402
from tests.proofs.school_plant import planted  # noqa: E402
from xinqiao.care.alerts.jobs import tell  # noqa: E402
from xinqiao.care.alerts.models import Signal  # noqa: E402
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal  # noqa: E402
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview  # noqa: E402
from xinqiao.care.alerts.services.raising import prepare_signal  # noqa: E402
from xinqiao.care.crisis.limbo.proving import prove  # noqa: E402
from xinqiao.care.crisis.tests.referring import build_referring  # noqa: E402
from xinqiao.engines.triage import Reason  # noqa: E402
from xinqiao.foundation.access.actors import Actor  # noqa: E402
from xinqiao.foundation.core import clock  # noqa: E402
from xinqiao.foundation.core.ids import new_id  # noqa: E402
from xinqiao.register.accounts.actors import actor_for  # noqa: E402
from xinqiao.register.accounts.models import User  # noqa: E402
from xinqiao.register.accounts.services.staff import end_staff  # noqa: E402
from xinqiao.register.deadlines.jobs import climb  # noqa: E402
from xinqiao.register.deadlines.models import Deadline  # noqa: E402
from xinqiao.register.duty.models import DutyRole, DutyShift  # noqa: E402
from xinqiao.register.duty.services.absences import CannotStandIn, name_substitute  # noqa: E402
from xinqiao.register.duty.tests.world import add_staff, build_world  # noqa: E402
from xinqiao.register.orgs.models import SchoolYear, Term, Unit  # noqa: E402
from xinqiao.register.people.models import Staff, Student  # noqa: E402
from xinqiao.register.people.registering import StudentDraft, register_students  # noqa: E402

HERE = dt.timezone(dt.timedelta(hours=8))
FIRST, LAST = dt.datetime(2026, 9, 1, 7, 0, tzinfo=HERE), dt.datetime(2027, 7, 5, 18, 0, tzinfo=HERE)
REASON = "a simulated year"
DAYS = (LAST - FIRST).days
TERMS = ((dt.date(2026, 9, 1), dt.date(2027, 1, 24)), (dt.date(2027, 2, 22), dt.date(2027, 7, 5)))
AWAY = dt.timedelta(days=6)
MINUTE = dt.timedelta(minutes=1)
# How long until somebody takes a signal, and the chance of it: at once, that day, days later, only after many climbs.
TAKEN = ((0.55, (2, 14)), (0.25, (20, 600)), (0.15, (600, 3000)), (0.05, (3000, 9000)))
OUTCOMES = (("nothing", 0.5), ("watch", 0.2), ("case", 0.25), ("known", 0.05))
RED_AT_MOST = 600  # minutes: a red clock climbs every half hour, and a year of that is no school's
PUT_BACK = dt.timedelta(minutes=10)
INCIDENTS = 5


@dataclass(frozen=True)
class Step:
    """One thing that happens. `number` is the signal's; `to` is who does it, or what comes of it."""

    at: str
    what: str
    number: int = 0
    to: str = ""
    urgency: str = ""


def home() -> Path:
    """Where the year keeps its plan and its diary."""
    return Path(os.environ["XINQIAO_HOME"])


def plan_year(pupils: int, signals: int, seed: int) -> list[Step]:
    """Draw a year; the same seed draws the same one."""
    rng = random.Random(seed)
    steps = []
    for number in range(signals):
        at = FIRST + rng.random() * (LAST - dt.timedelta(days=21) - FIRST)
        urgency = rng.choices(("red", "orange", "yellow"), (0.15, 0.35, 0.5))[0]
        steps.append(Step(at.isoformat(), "signal", number, str(rng.randrange(pupils)), urgency))
        wait = rng.choices([span for _chance, span in TAKEN], [chance for chance, _span in TAKEN])[0]
        longest = RED_AT_MOST if urgency == "red" else wait[1]
        taken_at = at + min(rng.uniform(*wait), longest) * MINUTE
        steps.append(Step(taken_at.isoformat(), "take", number, rng.choice(("psych", "psych2", "psych3"))))
        outcome = rng.choices([code for code, _ in OUTCOMES], [chance for _, chance in OUTCOMES])[0]
        is_undecided = rng.random() < 0.2
        talked_at = taken_at + rng.uniform(10, RED_AT_MOST if urgency == "red" else 9000) * MINUTE
        if is_undecided:
            steps.append(Step(talked_at.isoformat(), "talk", number, ""))
            talked_at += rng.uniform(60, RED_AT_MOST if urgency == "red" else 9000) * MINUTE
        steps.append(Step(talked_at.isoformat(), "talk", number, outcome))
    steps += [  # every other week somebody is on duty by day
        Step((FIRST + dt.timedelta(weeks=week)).isoformat(), "duty", week, ("psych", "psych3")[week % 4 // 2])
        for week in range(0, 44, 2)
    ]
    steps.append(Step((FIRST + dt.timedelta(days=100)).isoformat(), "leave", 0, "psych2"))
    steps += [Step((FIRST + dt.timedelta(days=day)).isoformat(), "put_back") for day in (60, 150, 240)]
    steps += [  # every few weeks a class teacher is away, and a colleague stands in
        Step((FIRST + dt.timedelta(days=day)).isoformat(), "absence", day, rng.choice(("teacher", "teacher_a")))
        for day in range(10, 300, 40)
    ]
    steps += [Step((FIRST + dt.timedelta(days=day, hours=8)).isoformat(), "care", day) for day in range(DAYS)]
    steps += plan_incidents(rng)
    steps += [Step((LAST - dt.timedelta(minutes=1)).isoformat(), "end")]
    return sorted(steps, key=lambda step: (step.at, step.what, step.number))


def plan_incidents(rng: random.Random) -> list[Step]:
    """Draw the incidents of a year: by day and by night, one of them led by somebody who leaves soon after."""
    days = [97, *(rng.randrange(5, DAYS - 60) for _ in range(INCIDENTS - 1))]
    steps = []
    for number, day in enumerate(days):
        at = FIRST + dt.timedelta(days=day, minutes=rng.randrange(1440))
        leader = "psych2" if number == 0 else rng.choice(("head", "deputy", "psych"))
        steps.append(Step(at.isoformat(), "incident", number, leader))
        steps += [Step((at + look * MINUTE).isoformat(), "in_incident", number) for look in LOOKS_AT]
    return steps


def build(pupils: int, signals: int, seed: int) -> None:
    """Make the school, its people, and the plan of the year."""
    with clock.frozen(FIRST):
        world = build_world()
        add_staff(world, "psych3", "江听雨", "psych_teacher", world.school, mail="psych3@school.example")
        add_staff(world, "deputy", "顾南乔", "principal", world.school, mail="deputy@school.example")
        build_referring(world)
        year = SchoolYear.objects.create(unit=world.county, starts_in=2026, start_on=TERMS[0][0], end_on=TERMS[1][1])
        for number, (start, end) in enumerate(TERMS, 1):
            Term.objects.create(year=year, number=number, start_on=start, end_on=end)
        students: list[str] = []
        for first in range(0, pupils, 200):
            drafts = [StudentDraft(f"生{n:05d}", (world.class_a, world.class_b)[n % 2], f"2026{n:05d}")
                      for n in range(first, min(first + 200, pupils))]  # fmt: skip
            students += [str(each.id) for each in register_students(world.school, drafts, clock.today())]
    steps = [asdict(step) for step in plan_year(pupils, signals, seed)]
    write_packs(home() / "packs")
    (home() / "year.json").write_text(json.dumps({"students": students, "steps": steps, "seed": seed}), "utf-8")


class Year:
    """The year as it is lived: at which step it stands, and by how much the machine's clock was put back."""

    def __init__(self) -> None:
        plan = json.loads((home() / "year.json").read_text("utf-8"))
        self.seed, self.students, self.steps = plan["seed"], plan["students"], [Step(**step) for step in plan["steps"]]
        self.diary = home() / "diary.json"
        kept = json.loads(self.diary.read_text("utf-8")) if self.diary.exists() else {"step": 0, "behind": 0}
        self.at, self.behind = kept["step"], dt.timedelta(seconds=kept["behind"])

    def live(self) -> None:
        """Go on to the end."""
        while self.at < len(self.steps):
            step = self.steps[self.at]
            moment = dt.datetime.fromisoformat(step.at) - self.behind
            climb_until(moment, since=self._before())
            with clock.frozen(moment):
                getattr(self, f"_{step.what}")(step, moment)
                tell.tell_new_signals(moment)
            self.at += 1
            self._note()

    def _before(self) -> dt.datetime:
        """The moment of the step before: no clock climbs earlier, whatever day it was due on."""
        return dt.datetime.fromisoformat(self.steps[max(self.at - 1, 0)].at) - self.behind

    def _note(self) -> None:
        """Write the diary in one stroke: a process that is killed leaves the old one or the new one."""
        new = self.diary.with_suffix(".new")
        new.write_text(json.dumps({"step": self.at, "behind": self.behind.total_seconds()}), "utf-8")
        new.replace(self.diary)

    def _signal(self, step: Step, moment: dt.datetime) -> None:
        student = Student.objects.for_system(reason=REASON).get(pk=self.students[int(step.to)])
        signal = prepare_signal(
            student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
            source="critical_answer", urgency=step.urgency, evidence=50, origin_kind="sitting", origin_id=new_id(),
            basis=[Reason("critical_item", "phq-9", ("9",))], once=f"year:{step.number}", at=moment,
        )  # fmt: skip
        Signal.objects.for_system(reason=REASON).bulk_create([signal], ignore_conflicts=True)

    def _take(self, step: Step, moment: dt.datetime) -> None:
        signal = signal_of(step)
        acknowledge_signal(signal, actor=actor_of(step.to))

    def _talk(self, step: Step, moment: dt.datetime) -> None:
        level = {"watch": "yellow", "case": "orange"}.get(step.to, "")
        talk = Talk(
            held_at=moment, is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
            note="谈了半个钟头，愿意再来", outcome=step.to, level=level, advice="课间多问一句" if level else "",
            review_on=(moment + dt.timedelta(days=30)).date() if level else None,
        )  # fmt: skip
        with suppress(CannotRecord):  # done before the process was killed
            record_interview(signal_of(step), actor=actor_of("psych"), talk=talk)

    def _duty(self, step: Step, moment: dt.datetime) -> None:
        staff = Staff.objects.for_system(reason=REASON).get(pk=user_of(step.to).staff_id)
        rows = [
            DutyShift(
                county_id=staff.county_id, place=staff.place, staff_id=staff.id, role=DutyRole.PSYCHOLOGY,
                start_at=moment + dt.timedelta(days=day), end_at=moment + dt.timedelta(days=day, hours=11),
            )
            for day in range(5)
        ]  # fmt: skip
        DutyShift.objects.for_system(reason=REASON).bulk_create(rows, ignore_conflicts=True)

    def _absence(self, step: Step, moment: dt.datetime) -> None:
        school = Unit.objects.get(code="s1")
        on, other = moment.date(), {"teacher": "teacher_a", "teacher_a": "teacher"}[step.to]
        with suppress(CannotStandIn):  # named before the process was killed
            name_substitute(
                school, actor=actor_of("head"), staff_id=staff_of(step.to), substitute_id=staff_of(other), start_on=on,
                end_on=on + AWAY,
            )  # fmt: skip

    def _care(self, step: Step, moment: dt.datetime) -> None:
        day = CareDay(self.seed, moment)
        day.live()
        Incidents(day).work()
        if not day.is_weekend:
            Filings(day).work()

    def _incident(self, step: Step, moment: dt.datetime) -> None:
        Incidents(CareDay(self.seed, moment)).open(step.number, step.to)

    def _in_incident(self, step: Step, moment: dt.datetime) -> None:
        Incidents(CareDay(self.seed, moment)).work()

    def _leave(self, step: Step, moment: dt.datetime) -> None:
        staff = Staff.objects.for_system(reason=REASON).get(pk=user_of(step.to).staff_id)
        heir = Staff.objects.for_system(reason=REASON).get(pk=user_of("psych").staff_id)
        if staff.left_on is None:
            end_staff(staff, actor=actor_of("head"), heir=heir)

    def _put_back(self, step: Step, moment: dt.datetime) -> None:
        self.behind += PUT_BACK

    def _end(self, step: Step, moment: dt.datetime) -> None:
        """Nothing: that the clocks ran until here is what matters."""


def climb_until(moment: dt.datetime, *, since: dt.datetime) -> None:
    """Let time pass from one moment to another: every clock climbs at its minute, as the ticker would have it."""
    if os.environ.get("YEAR_WITHOUT_CLIMBING"):
        return
    rows = Deadline.objects.for_system(reason=REASON).filter(met_at=None, cancelled_at=None)
    while True:
        due = (
            rows.filter(next_climb_at__lte=moment)
            .order_by("next_climb_at")
            .values_list("next_climb_at", flat=True)
            .first()
        )
        if due is None:
            return
        at = min(max(due, since), moment)
        with clock.frozen(at):
            climb.climb_due(at)


def signal_of(step: Step) -> Signal:
    """The signal that a step is about."""
    found: Signal = Signal.objects.for_system(reason=REASON).select_related("student").get(once=f"year:{step.number}")
    return found


def user_of(login: str) -> User:
    """Who signs in as this."""
    return User.objects.get(username=login)


def staff_of(login: str) -> UUID:
    """The member of staff behind a login."""
    found = user_of(login).staff_id
    assert found is not None
    return found


def actor_of(login: str) -> Actor:
    """Who a login is today; whoever left does nothing any more, so a colleague does it."""
    user = user_of(login)
    left = Staff.objects.for_system(reason=REASON).filter(pk=user.staff_id, left_on__isnull=False).exists()
    return actor_for(user_of("psych") if left else user, clock.today())


def last_moment() -> dt.datetime:
    """When the year ended by the machine's clock."""
    kept = json.loads((home() / "diary.json").read_text("utf-8"))
    return LAST - dt.timedelta(seconds=kept["behind"])


def proof() -> dict[str, Any]:
    """What the proof says on the last day."""
    kept = json.loads((home() / "diary.json").read_text("utf-8"))
    moment = last_moment()
    climb_until(moment, since=moment - dt.timedelta(minutes=1))
    found = prove(moment)
    signals = Signal.objects.for_system(reason=REASON)
    return {
        "looked_at": dict(found.looked_at), "faults": [asdict(fault) for fault in found.faults],
        "unsettled": signals.filter(once__startswith="year:").exclude(state="closed").count(), "steps": kept["step"],
        "lived": counts_of_the_year(),
    }  # fmt: skip


def main() -> None:
    task, *given = sys.argv[1:]
    if task == "build":
        build(*map(int, given))
    elif task == "live":
        Year().live()
    elif task == "plant":
        sys.stdout.write(json.dumps(planted(last_moment())))
    else:
        sys.stdout.write(json.dumps(proof(), default=str))


if __name__ == "__main__":
    main()
