"""A seeded region to be counted: a school of uneven classes with three screenings, and the bureau's other schools.

It holds what makes counting hard: refusals at home and in the room, absences, a pupil who left, void and incomplete
sheets, a score that is prorated, second papers after a make-up round, sheets typed from paper, a class of three.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.reports.region_more import enrich
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.measuring import measure_scores
from xinqiao.care.screening.models import Campaign, LotDraw
from xinqiao.care.screening.services.campaigns import (
    close_campaign,
    create_campaign,
    launch_campaign,
    open_make_up_round,
)
from xinqiao.care.screening.services.lots import draw_lot
from xinqiao.care.screening.services.pupils import excuse_pupil
from xinqiao.care.screening.tests.bureau import Bureau, build_bureau
from xinqiao.care.screening.tests.conftest import School, build_school
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import Sitting
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import ensure_class
from xinqiao.register.people.models import Consent, ConsentForm, Student
from xinqiao.register.people.registering import StudentDraft, register_students

DAY = dt.timedelta(days=1)
READ_AT = MONDAY_10 + 3 * DAY + dt.timedelta(hours=1)
FIRST, MAIN, LAST, NEXT = "第一轮", "秋季测评", "跟进测评", "下一轮"
OWN = "校内测评"
ITEMS = {"gad-7": 7, "mht": 100, "phq-9": 9}
LIE_ITEMS = range(82, 101, 2)  # SOURCE: packs/scales/mht.yaml
OUTCOMES = ("case", "known", "watch", "nothing", "nothing", "nothing")


@dataclass
class Region:
    """What was built: the school of the tests, the bureau's other schools, and the three screenings by name."""

    seed: int
    school: School
    bureau: Bureau
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    pupils: list[Student] = field(default_factory=list)
    order: Any = None

    def login(self, name: str) -> Any:
        """Return the account of a login."""
        return self.school.world.users[name]


def build_region(seed: int, folder: Path) -> Region:
    """Build it; the clock should be frozen at MONDAY_10. `folder` takes the one scale that is made for the tests."""
    dice = random.Random(seed)
    school = build_school()
    publish_variants(folder)
    school.versions = {v.code: v for v in ScaleVersion.objects.filter(retired_at=None).order_by("code", "version")}
    region = Region(seed, school, build_bureau(school, 3))
    region.pupils = _pupils(region, dice)
    _first_wave(region, dice)
    _main_wave(region, dice)
    _last_wave(region, dice)
    _other_schools(region, dice)
    enrich(region, region.campaigns[MAIN], dice)
    return region


def publish_variants(folder: Path) -> None:
    """GAD-7 where one missing answer is prorated, and MHT with some wording, so that a report meets such sheets."""
    gad, mht = (yaml.safe_load((scale_folder() / f"{code}.yaml").read_text("utf-8")) for code in ("gad-7", "mht"))
    gad["missing"] = {"rule": "prorate", "up_to": 1, "source": gad["missing"]["source"]}
    mht["wording"], mht["licence"]["status"] = "full", "full"
    mht["items"]["labels"] = {code: {"en": word, "zh-Hans": word} for code, word in ((0, "甲"), (1, "乙"))}
    mht["items"]["texts"] = {n: {"en": f"wording {n}", "zh-Hans": f"题面{n}"} for n in range(1, 101)}
    mht["instruction"] = gad["instruction"]
    for body in (gad, mht):
        body["version"] = "9.1"
        body["examples"] = [each for each in body["examples"] if "error" not in each["expect"]]
        file = folder / f"{body['id']}.yaml"
        file.write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
        with recording(system_actor("test")):
            publish_pack(read_pack(file))


def _pupils(region: Region, dice: random.Random) -> list[Student]:
    """Uneven classes: two of grade 7, three pupils of grade 8, one class of grade 9."""
    school = region.school
    class_9, _is_new = ensure_class(school.unit, "junior", 2024, 1)
    drafts = []
    sizes = ((school.class_a, 13, 55), (school.class_b, 13, 30), (class_9, 11, 44))
    for unit, year, fewest in sizes:
        count = fewest + dice.randrange(9)
        drafts += [
            StudentDraft(f"甲{len(drafts) + n}乙", unit, f"{unit.entry_year}9{len(drafts) + n:04d}",
                         birth_on=dt.date(2000 + year, 5, 1 + n % 27), sex=dice.choice(("male", "female")))
            for n in range(count)
        ]  # fmt: skip
    more = register_students(school.unit, drafts, clock.today())
    silent, refusing = more[:3], more[3 : 3 + dice.randrange(2, 8)]
    school.consent([*more[3 + len(refusing) :], *school.elders])
    school.consent(refusing, "refused")
    assert silent
    return [*school.students, *school.elders, *more]


def answers_of(dice: random.Random, weight: float) -> dict[str, list[int | None]]:
    """One pupil's three sheets: answers follow a burden; some sheets are incomplete, some lie, some cry for help."""
    sheets: dict[str, list[int | None]] = {}
    for code in ("gad-7", "phq-9"):
        sheets[code] = [min(3, max(0, round(weight + dice.gauss(0, 0.7)))) for _ in range(ITEMS[code])]
    sheets["mht"] = [int(dice.random() < 0.1 + 0.2 * weight) for _ in range(ITEMS["mht"])]
    for item in LIE_ITEMS:
        sheets["mht"][item - 1] = int(dice.random() < (0.9 if dice.random() < 0.04 else 0.2))
    if dice.random() < 0.05:
        sheets["mht"][82 - 1 : 101 : 2] = [1] * 10
    for code, share in (("gad-7", 0.15), ("phq-9", 0.05)):
        if dice.random() < share:
            for item in dice.sample(range(ITEMS[code]), dice.choice((1, 1, 2))):
                sheets[code][item] = None
    return sheets


def _weight(dice: random.Random) -> float:
    return dice.choice((0, 0, 0.3, 0.6, 0.6, 1, 1.6, 2.4))


def _launched(region: Region, name: str, at: dt.datetime) -> Campaign:
    school = region.school
    found = school.launched(
        name=name, cohorts=(("junior", 2026), ("junior", 2025), ("junior", 2024)), opens_at=at,
        scale_ids=tuple(school.versions[code].id for code in ITEMS),
    )  # fmt: skip
    region.campaigns[name] = found
    return found


def _seated(region: Region, campaign: Campaign, state: str = "waiting") -> list[Student]:
    """Those of a screening with a sitting in some state, in the order in which they were enrolled."""
    rows = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id, state=state)
    found = set(rows.values_list("student_id", flat=True))
    return [student for student in region.pupils if student.id in found]


def _first_wave(region: Region, dice: random.Random) -> None:
    campaign = _launched(region, FIRST, MONDAY_10)
    for student in _seated(region, campaign):
        if dice.random() < 0.95:
            hand_in(campaign, student, answers_of(dice, _weight(dice)))
    close_campaign(campaign, actor=region.school.actor("psych"))
    measure_scores(clock.now())
    everything = Signal.objects.for_system(reason="test").all()
    everything.update(state="closed", outcome="nothing", closed_at=clock.now())


def _main_wave(region: Region, dice: random.Random) -> None:
    psych = region.school.actor("psych")
    with clock.frozen(MONDAY_10 + DAY):
        campaign = _launched(region, MAIN, clock.now())
        seated = _seated(region, campaign)
        dice.shuffle(seated)
        away, refused, unwell = seated[:4], seated[4:7], seated[7:9]
        for students, excuse in ((refused, "refused"), (unwell, "unwell")):
            for student in students:
                excuse_pupil(campaign, actor=psych, student_id=student.id, excuse=excuse)
        for place, student in enumerate(seated[9:]):
            fast = dice.random() < 0.06
            sitting = hand_in(campaign, student, answers_of(dice, _weight(dice)), deciseconds=5 if fast else 50)
            if place % 5 == 0:
                Sitting.objects.for_system(reason="test").filter(pk=sitting.pk).update(device="paper")
        tell_new_signals(clock.now())
        _make_up(region, campaign, dice)
        _talks(region, campaign, dice)
        close_campaign(campaign, actor=psych, named={student.id: "other" for student in away[:1]})
        draw_lot(campaign, actor=psych)
        for draw in LotDraw.objects.for_system(reason="test").order_by("position")[:7]:
            LotDraw.objects.for_system(reason="test").filter(pk=draw.pk).update(
                outcome=dice.choice(("nothing", "nothing", "watch"))
            )
        _leave(seated[-1])


def _make_up(region: Region, campaign: Campaign, dice: random.Random) -> None:
    """A second round for a few who handed in, so that two sheets of one pupil stand in the rows."""
    again = _seated(region, campaign, "submitted")[:6]
    open_make_up_round(
        campaign, actor=region.school.actor("psych"), opens_at=clock.now() + dt.timedelta(hours=1),
        closes_at=campaign.closes_at, with_missing=False, again=[student.id for student in again],
    )  # fmt: skip
    for student in again[:4]:
        hand_in(campaign, student, answers_of(dice, _weight(dice)))


def _talks(region: Region, campaign: Campaign, dice: random.Random) -> None:
    sittings = Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id)
    signals = Signal.objects.for_system(reason="test").filter(origin_id__in=sittings.values("pk"))
    order = {student.id: place for place, student in enumerate(region.pupils)}
    for signal in sorted(signals, key=lambda signal: (order[signal.student_id], signal.raised_at)):
        if dice.random() < 0.15:
            continue
        kind = "paper" if dice.random() < 0.05 else "full"
        Interview(
            county_id=signal.county_id, place=signal.place, student_id=signal.student_id, signal=signal,
            key_id=signal.key_id, held_at=clock.now(), held_by=region.school.world.id_of("psych"),
            recorded_at=clock.now(), asked_about_suicide="yes", risk_found="none", note="谈过", kind=kind,
        ).save(force_insert=True)  # fmt: skip
        if dice.random() < 0.8:
            Signal.objects.for_system(reason="test").filter(pk=signal.pk).update(
                state="closed", outcome=dice.choice(OUTCOMES), closed_at=clock.now()
            )


def _leave(student: Student) -> None:
    Student.objects.for_system(reason="test").filter(pk=student.pk).update(status="left")


def _last_wave(region: Region, dice: random.Random) -> None:
    """A screening that runs: some have handed in, some have begun, some sheets were typed once from paper."""
    with clock.frozen(MONDAY_10 + 3 * DAY):
        campaign = _launched(region, LAST, clock.now())
        seated = _seated(region, campaign)
        dice.shuffle(seated)
        for student in seated[: len(seated) // 3]:
            hand_in(campaign, student, answers_of(dice, _weight(dice)))
        begun = [student.id for student in seated[-5:]]
        Sitting.objects.for_system(reason="test").filter(origin_id=campaign.id, student_id__in=begun).update(
            state="started", started_at=clock.now()
        )
        region.campaigns[NEXT] = create_campaign(
            region.school.unit, actor=region.school.actor("psych"),
            draft=region.school.draft(
                name=NEXT, cohorts=(("junior", 2026), ("junior", 2024)), opens_at=clock.now() + DAY,
                closes_at=clock.now() + DAY + dt.timedelta(hours=3),
                scale_ids=tuple(region.school.versions[code].id for code in ITEMS),
            ),
        )  # fmt: skip


def _other_schools(region: Region, dice: random.Random) -> None:
    """The bureau's schools: two pupils and more; of one some have handed in, another has ended, one has not begun."""
    bureau = region.bureau
    for number, count in ((1, 30), (2, 14)):
        unit = bureau.units[number - 1]
        class_unit = Unit.objects.get(path__startswith=unit.path, kind="class")
        names = [StudentDraft(f"乡生{number}第{n}", class_unit, f"7{number}{n:04d}") for n in range(count)]
        register_students(unit, names, clock.today())
    region.order = bureau.issued()
    for number in (1, 2):
        bureau.guard(number)
        _screen(region, number, dice)


def _screen(region: Region, number: int, dice: random.Random) -> None:
    """Launch a school's plan as it was ordered; some hand in."""
    bureau = region.bureau
    unit, plan = bureau.units[number - 1], bureau.plan(region.order, number)
    form = ConsentForm.objects.for_system(reason="test").get(pk=plan.form_id)
    students = list(Student.objects.for_system(reason="test").filter(place__startswith=unit.path).order_by("pk"))
    Consent.objects.for_system(reason="test").bulk_create(
        Consent(county_id=s.county_id, place=s.place, student=s, form=form, decision="given", given_by="guardian",
                decided_at=clock.now(), key_id=s.key_id)
        for s in students[1:]
    )  # fmt: skip
    if number == 1:
        _own_screening(region, form, students[-3:-1], dice)
    campaign = launch_campaign(plan, actor=bureau.psych(number))
    fill_campaign(campaign, clock.now())
    for student in students[1 : len(students) // 2 + dice.randrange(3) if number == 1 else -2]:
        hand_in(campaign, student, {"phq-9": answers_of(dice, _weight(dice))["phq-9"]})
    if number == 2:
        close_campaign(campaign, actor=bureau.psych(number))


def _own_screening(region: Region, form: ConsentForm, more: list[Student], dice: random.Random) -> None:
    """What a school asked before what was ordered: of the two who handed in then, none does so again."""
    bureau = region.bureau
    draft = region.school.draft(
        name=OWN, scale_ids=(region.school.versions["gad-7"].id,), form_id=form.id, opens_at=clock.now(),
        closes_at=clock.now() + dt.timedelta(hours=3),
    )  # fmt: skip
    own = create_campaign(bureau.units[0], actor=bureau.psych(1), draft=draft)
    own = launch_campaign(own, actor=bureau.psych(1))
    fill_campaign(own, clock.now())
    for student in more:
        hand_in(own, student, {"gad-7": answers_of(dice, _weight(dice))["gad-7"]})
    close_campaign(own, actor=bureau.psych(1))
