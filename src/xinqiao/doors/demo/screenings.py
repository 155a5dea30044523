"""Three screenings of one school: last year's, one that is over, one that runs; of further schools one that
is over, or one that runs class by class; and what came of them. On which days, `dates.py` says.
"""

import datetime as dt
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Signal
from xinqiao.care.alerts.ownership import is_kept_elsewhere
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.guardians import Telling, record_guardian_told
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.alerts.states import Gate, Level, SignalState, ToldBy
from xinqiao.care.scales.selectors import best_version
from xinqiao.care.scales.services.publishing import publish_shipped_scales
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.informants import fill_forms
from xinqiao.care.screening.jobs.measuring import measure_scores
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.class_days import class_windows
from xinqiao.care.screening.selectors.outlook import outlook_of
from xinqiao.care.screening.selectors.pacing import days_for, proposal_of
from xinqiao.care.screening.selectors.planning import preparation_of
from xinqiao.care.screening.services.campaigns import CampaignDraft, close_campaign, create_campaign, launch_campaign
from xinqiao.care.screening.services.pace import set_class_days
from xinqiao.care.sheets.intake.bodies import SubmitBody
from xinqiao.care.sheets.intake.from_paper import HouseStore
from xinqiao.care.sheets.intake.papers import Battery
from xinqiao.care.sheets.intake.store import open_store
from xinqiao.care.sheets.intake.tickets import Ticket
from xinqiao.care.sheets.intake.work import Batch, Desk, Submission
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.services.typing import type_sheet
from xinqiao.care.sheets.states import SittingState
from xinqiao.care.sheets.typed import BLANK, CHARACTERS
from xinqiao.doors.demo.answers import answers_to, burden_of, seconds_for
from xinqiao.doors.demo.cast import CampaignSeed, City, ScreenedSchool, TalkSeed
from xinqiao.doors.demo.dates import ENDED_DAYS, LOOKED_AGAIN_DAYS, RUNS_DAYS, RUNS_SINCE_DAYS
from xinqiao.doors.demo.education import observe, plan
from xinqiao.doors.demo.informants import Others, ask_others
from xinqiao.doors.demo.parameters import add_item_parameters
from xinqiao.doors.demo.tree import Built
from xinqiao.engines.adaptive import ask_all
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.services.shifts import Weekly, assign_week
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.orgs.states import Stage
from xinqiao.register.people.models import Consent, ConsentForm, Student, Tie
from xinqiao.register.people.states import Decision, GivenBy, Purpose

SONGHU = ScreenedSchool(at="songhu-junior", psych="psych.songhu", lead="head.songhu", stage=str(Stage.JUNIOR))
TYPIST = "typist.songhu"
ON_PAPER = 4  # printed sheets: two checked, one typed once, one whose typings differ
BATCH = 40
CRITICAL_SHARE = 0.35  # of those with a heavy burden
SYSTEM = "the demo city is being built"


def add_screenings(built: Built, city: City) -> None:
    """Build them in the order of time, each under the clock of its day."""
    publish_shipped_scales()
    add_item_parameters(built, city)
    names, last, over = city.campaigns, _at(built.dates.last_year_on, 8), _at(built.dates.ended_on, 8)
    songhu = _Scenes(built, city, SONGHU)
    songhu.give_consent(last - dt.timedelta(days=20), built.students[SONGHU.at])
    songhu.ended(names.last_year, last, [1, 2], ("ces-dc",), share=0.95, kept=0)
    for elsewhere in city.campaigns.elsewhere:
        if elsewhere.at in built.units:
            _add_elsewhere(_Scenes(built, city, elsewhere), elsewhere, over)
    name, grades = (names.ended, [2, 3]) if built.dates.ended_this_year else (names.ended_last_spring, [1, 2])
    songhu.ended(name, over, grades, ("ces-dc", "gad-7"), share=0.93, kept=4)
    if names.paced.at in built.units:
        _add_paced(_Scenes(built, city, names.paced), names.paced)
    if names.adapting.at in built.units:
        _add_adapting(_Scenes(built, city, names.adapting), names.adapting)
    songhu.running(names.running, clock.now() - dt.timedelta(days=RUNS_SINCE_DAYS), ("phq-9", "gad-7"))


def _add_paced(scenes: "_Scenes", seed: CampaignSeed) -> None:
    """A school with one psychology teacher screens one grade now, a class a day, as its capacity allows."""
    at = _at(timezone.localtime(clock.now()).date() - dt.timedelta(days=RUNS_SINCE_DAYS), 8)
    scenes.give_consent(at - dt.timedelta(days=10), _pupils_of(scenes, seed, at))
    scenes.running_by_class(seed, at)


def _add_adapting(scenes: "_Scenes", seed: CampaignSeed) -> None:
    """A school asks the first scale of its screening by adapting; most have answered, and some were talked to."""
    at = _at(timezone.localtime(clock.now()).date() - dt.timedelta(days=RUNS_SINCE_DAYS - 1), 8)
    scenes.give_consent(at - dt.timedelta(days=10), _pupils_of(scenes, seed, at))
    with clock.frozen(at):
        scenes.on_duty(at.date(), scenes.built.today + dt.timedelta(days=45))
        days = RUNS_DAYS - RUNS_SINCE_DAYS  # it began later, and the term holds the one that began first
        draft = scenes.planned(seed.name, at, [seed.grade], seed.scales, days=days, adapted=seed.scales[:1])
        campaign = scenes.launch(draft)
    with clock.frozen(at + dt.timedelta(hours=3)):
        scenes.answer(campaign, 0.7, critical=0, crier=scenes.most_burdened(campaign))
        tell_new_signals(clock.now())
    with clock.frozen(at + dt.timedelta(hours=6)):
        scenes.talk(2)


def _add_elsewhere(scenes: "_Scenes", seed: CampaignSeed, at: dt.datetime) -> None:
    """A further school had one grade screened a day later; those who were then in it gave consent before."""
    at = at + dt.timedelta(days=1)
    scenes.give_consent(at - dt.timedelta(days=10), _pupils_of(scenes, seed, at))
    scenes.ended(seed.name, at, [seed.grade], seed.scales, share=0.9, kept=0)


def _pupils_of(scenes: "_Scenes", seed: CampaignSeed, at: dt.datetime) -> list[Student]:
    entered_in = school_year_of(timezone.localtime(at).date()) - seed.grade + 1
    places = {c.path for c in scenes.built.classes.values() if (c.stage, c.entry_year) == (seed.stage, entered_in)}
    return [student for student in scenes.built.students[seed.at] if student.place in places]


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


class _Scenes:
    """What the screenings of one school share."""

    def __init__(self, built: Built, city: City, where: ScreenedSchool) -> None:
        self.built, self.city, self.where = built, city, where
        self.school, self.draw = built.units[where.at], random.Random(7)
        self.burden = {s.id: burden_of(self.draw) for s in built.students[where.at]}
        self.talks: Iterator[TalkSeed] = itertools.cycle(city.talks)
        self.spared: list[UUID] = []  # nobody's hand answers these: they are left for whoever tries the city
        secrets = ring().secrets
        self.desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"])

    def actor(self, login: str) -> Actor:
        return actor_for(self.built.users[login], clock.today())

    def give_consent(self, at: dt.datetime, students: Sequence[Student]) -> None:
        """Publish the form; most guardians agree, a few do not, a few never answer, nobody before the child came."""
        words = self.city.consent
        earlier = ConsentForm.objects.for_system(reason=SYSTEM).filter(
            place=self.school.path, purpose=Purpose.SCREENING
        )  # fmt: skip
        self.form = ConsentForm.objects.create(
            county_id=self.school.shard_id, place=self.school.path, purpose=Purpose.SCREENING,
            version=earlier.count() + 1,
            title_zh=words.title_zh, title_en=words.title_en, text_zh=words.text_zh, text_en=words.text_en,
            published_at=at,
        )  # fmt: skip
        ties = Tie.objects.for_system(reason=SYSTEM).filter(student__school_id=self.school.id)
        guardians = dict(ties.values_list("student_id", "person_id"))
        came_on = {
            unit.path: self.built.dates.entered_on(grade) for (*_, grade, _number), unit in self.built.classes.items()
        }
        rows = []
        for student in students:
            chance = self.draw.random()
            if chance > 0.97:
                continue
            rows.append(
                Consent(
                    county_id=student.county_id, place=student.place, student=student, form=self.form,
                    decision=Decision.GIVEN if chance < 0.94 else Decision.REFUSED, given_by=GivenBy.GUARDIAN,
                    guardian_id=guardians.get(student.id), decided_at=max(at, _at(came_on[student.place], 0)),
                    key_id=student.key_id,
                )
            )  # fmt: skip
        Consent.objects.bulk_create(rows, batch_size=500)

    def on_duty(self, first: dt.date, last: dt.date) -> None:
        """Psychology teacher and principal are on duty round the clock, so that one can try at any hour."""
        everyday = Weekly(frozenset(range(7)), dt.time(0), dt.time(0), first, last)
        for login, role in ((self.where.psych, DutyRole.PSYCHOLOGY), (self.where.lead, DutyRole.LEAD)):
            staff_id = self.built.staff[login].id
            assign_week(self.school, actor=self.actor(self.where.psych), staff_id=staff_id, role=role, pattern=everyday)

    def launched(self, name: str, at: dt.datetime, cohorts: Sequence[int], codes: Sequence[str], days: int,
                 gate: str = "") -> Campaign:  # fmt: skip
        """Create and launch a campaign and make its sittings."""
        return self.launch(self.planned(name, at, cohorts, codes, days, gate))

    def planned(self, name: str, at: dt.datetime, cohorts: Sequence[int], codes: Sequence[str], days: int,
                gate: str = "", adapted: Sequence[str] = ()) -> Campaign:  # fmt: skip
        """Create a campaign."""
        versions = [best_version(code, self.school.path) for code in codes]
        year = school_year_of(timezone.localtime(at).date())
        draft = CampaignDraft(
            name=name, cohorts=tuple((self.where.stage, year - grade + 1) for grade in cohorts),
            scale_ids=tuple(version.id for version in versions if version), opens_at=at,
            closes_at=at + dt.timedelta(days=days), form_id=self.form.id, gate=gate,
            adapted=tuple(version.id for version in versions if version and version.code in adapted),
        )  # fmt: skip
        return create_campaign(self.school, actor=self.actor(self.where.psych), draft=draft)

    def launch(self, campaign: Campaign) -> Campaign:
        """Launch a campaign and make its sittings."""
        campaign = launch_campaign(campaign, actor=self.actor(self.where.psych))
        fill_campaign(campaign, clock.now())
        fill_forms(campaign, clock.now())
        return campaign

    def ended(
        self, name: str, at: dt.datetime, cohorts: Sequence[int], codes: Sequence[str], *, share: float, kept: int
    ) -> None:
        """A screening that is over: answered, talked about, closed, looked at again; `kept` pupils keep their level."""
        with clock.frozen(at):
            self.on_duty(at.date(), at.date() + dt.timedelta(days=14))
            campaign = self.launched(name, at, cohorts, codes, days=ENDED_DAYS)
        for day in range(3):
            with clock.frozen(at + dt.timedelta(days=day, hours=2)):
                self.answer(campaign, share if day == 2 else share / 3)
                tell_new_signals(clock.now())
        with clock.frozen(at + dt.timedelta(days=6)):
            self.talk(None)
        with clock.frozen(at + dt.timedelta(days=ENDED_DAYS, hours=1)):
            close_campaign(campaign, actor=self.actor(self.where.psych))
            measure_scores(clock.now())
            self.plan_for_classes(campaign, codes[0])
        with clock.frozen(at + dt.timedelta(days=LOOKED_AGAIN_DAYS)):
            self.look_again(kept)

    def plan_for_classes(self, campaign: Campaign, code: str) -> None:
        """Class teachers say what they see, and the psychology teacher plans for the classes."""
        observe(campaign, [self.actor(login) for login in self.built.users], self.city.campaigns.for_classes)
        psych = self.where.psych
        owner_id = self.built.staff[psych].id
        plan(campaign, self.actor(psych), f"{code}.total", owner_id, self.city.campaigns.for_classes)

    def running(self, name: str, at: dt.datetime, codes: Sequence[str]) -> None:
        """A screening in the middle: some answered yesterday and were talked to, some wait at the second gate, some
        cried for help just now."""
        with clock.frozen(at):
            self.on_duty(timezone.localtime(at).date(), self.built.today + dt.timedelta(days=45))
            campaign = self.planned(name, at, [1], codes, days=RUNS_DAYS, gate=Gate.TALK.value)
            ask_others(campaign, self.actor(self.where.psych))
            campaign = self.launch(campaign)
            self.spared = [waiting.id for waiting in self.waiting(campaign)[:1]]
        with clock.frozen(at + dt.timedelta(hours=20)):
            self.answer(campaign, 0.45)
            tell_new_signals(clock.now())
        with clock.frozen(at + dt.timedelta(hours=26)):
            observe(campaign, [self.actor(login) for login in self.built.users], self.city.campaigns.for_classes)
            self.others_answer(campaign)
        with clock.frozen(at + dt.timedelta(hours=30)):
            self.talk(4)
            self.type_paper(campaign)
        with clock.frozen(clock.now() - dt.timedelta(minutes=4)):
            self.answer(campaign, 0.3, critical=0, crier=self.most_burdened(campaign))
        tell_new_signals(clock.now())

    def running_by_class(self, seed: CampaignSeed, at: dt.datetime) -> None:
        """A screening in the middle, a class a day: the classes whose day has come answered, some were talked to."""
        last, here_now = at, clock.now()
        with clock.frozen(at):
            self.on_duty(at.date(), self.built.today + dt.timedelta(days=45))
            campaign = self.planned(seed.name, at, [seed.grade], seed.scales, days=RUNS_DAYS)
            days = self.days_of_classes(campaign)
            set_class_days(campaign, actor=self.actor(self.where.psych), days=days)
            campaign = self.launch(campaign)
        for window in class_windows(campaign).values():
            answered_at = min(window.opens_at + dt.timedelta(hours=1), here_now - dt.timedelta(minutes=4))
            if answered_at < max(window.opens_at, last):
                break
            with clock.frozen(answered_at):
                self.answer(campaign, 0.9, critical=1)
                tell_new_signals(clock.now())
            last = min(answered_at + dt.timedelta(hours=3), here_now - dt.timedelta(minutes=2))
            with clock.frozen(last):
                self.talk(3)

    def days_of_classes(self, campaign: Campaign) -> dict[UUID, dt.date]:
        """Return the proposed day of each class; in a small city, for which none is proposed, a class a school day."""
        days = days_for(campaign, self.school, clock.now())
        pupils = preparation_of(campaign, clock.now()).pupils_by_class
        proposal = proposal_of(campaign, outlook_of(campaign, self.school, pupils, clock.now()), days)
        if proposal is not None and proposal.is_whole:
            return dict(proposal.days)
        return dict(zip((unit.id for unit in classes_of(campaign)), days.every, strict=False))

    def waiting(self, campaign: Campaign) -> "QuerySet[Sitting]":
        """Return the sittings of those who may answer at this moment and have not, the first made first."""
        rows: QuerySet[Sitting] = Sitting.objects.for_system(reason=SYSTEM).filter(
            origin_id=campaign.id, state=SittingState.WAITING, opens_at__lte=clock.now(), closes_at__gt=clock.now()
        )
        return rows.order_by("id")

    def most_burdened(self, campaign: Campaign) -> UUID | None:
        """The sitting of whoever feels worst of those who wait: however small the city, somebody cries for help."""
        waiting = list(self.waiting(campaign).exclude(pk__in=self.spared))
        return max(waiting, key=lambda sitting: self.burden[sitting.student_id]).id if waiting else None

    def answer(
        self, campaign: Campaign, share: float, *, critical: int | None = None, crier: UUID | None = None
    ) -> None:
        """Let a share of those who wait hand in, and `crier` (a sitting), who answers a critical item.

        `critical` limits how many others do.
        """
        waiting = self.waiting(campaign).exclude(pk__in=self.spared).select_related("student")
        sittings = [sitting for sitting in waiting if self.draw.random() < share or sitting.id == crier]
        store = open_store(settings.DATABASES["default"])
        left = critical if critical is not None else len(sittings)
        try:
            for start in range(0, len(sittings), BATCH):
                batch = Batch(store, self.desk, at=clock.now(), clock_seconds=time.monotonic())
                works = []
                for sitting in sittings[start : start + BATCH]:
                    battery = self.desk.papers.by_id(store, sitting.paper_id)
                    assert battery is not None
                    cries = left > 0 and self.burden[sitting.student_id] > 0.55 and self.draw.random() < CRITICAL_SHARE
                    left -= cries
                    works.append(self.submission(sitting, battery, critical=cries or sitting.id == crier))
                commit(batch, works)
        finally:
            store.close()

    def others_answer(self, campaign: Campaign) -> None:
        """Some guardians and class teachers hand in their forms."""
        store = open_store(settings.DATABASES["default"])
        try:
            actors = [self.actor(login) for login in self.built.users]
            Others(store, self.desk, actors, self.burden).answer(campaign, self.city.campaigns.guardian_notes)
        finally:
            store.close()

    def type_paper(self, campaign: Campaign) -> None:
        """A few of one class answered on paper; some sheets are checked, others still wait at the typist's."""
        waiting = list(self.waiting(campaign).exclude(pk__in=self.spared).select_related("student", "paper"))
        sheets = [sitting for sitting in waiting if sitting.class_id == waiting[0].class_id][:ON_PAPER]
        draw = random.Random(11)
        typist, psychologist = self.actor(TYPIST), self.actor(self.where.psych)
        for order, sitting in enumerate(sheets):
            text = self.paper_text(sitting, draw)
            type_sheet(sitting, actor=typist, typed=text, key=f"demo-first-{sitting.id.hex}")
            if order == ON_PAPER - 1:
                text = ("1" if text[0] == "0" else "0") + text[1:]
            if order != ON_PAPER - 2:
                type_sheet(sitting, actor=psychologist, typed=text, key=f"demo-second-{sitting.id.hex}")

    def paper_text(self, sitting: Sitting, draw: random.Random) -> str:
        """Return what stands on a pupil's printed sheet, as it is typed; nobody cries for help on paper here."""
        battery = self.desk.papers.by_id(HouseStore(), sitting.paper_id)
        assert battery is not None
        burden = self.burden[sitting.student_id]
        codes = [code for part in battery.parts for code in answers_to(part.plan.scale, burden, draw, critical=False)]
        return "".join(BLANK if code is None else CHARACTERS[code] for code in codes) + BLANK

    def submission(self, sitting: Sitting, battery: Battery, *, critical: bool) -> Submission:
        """Return what a pupil's page would send."""
        burden = self.burden[sitting.student_id]
        answers: dict[str, list[int | None]] = {
            part.code: list(answers_to(part.plan.scale, burden, self.draw, critical=critical)) for part in battery.parts
        }
        seconds = {part.code: list(seconds_for(part.plan, self.draw)) for part in battery.parts}
        adapted = {part.code: part.kept.design for part in battery.parts if part.kept}
        for code, design in adapted.items():
            asked = ask_all(design, {n: c for n, c in enumerate(answers[code], 1) if c is not None}).asked
            answers[code] = [c if n in asked else None for n, c in enumerate(answers[code], 1)]
        now = int(clock.now().timestamp())
        ticket = Ticket(
            sitting_id=sitting.id, student_id=sitting.student_id, key_id=sitting.key_id, origin_id=sitting.origin_id,
            paper_id=sitting.paper_id, class_id=sitting.class_id, county_id=sitting.county_id, place=sitting.place,
            issued_at=now - 600, expires_at=now + 3600, sex=sitting.student.sex,
        )  # fmt: skip
        body = SubmitBody(
            key=f"demo-{sitting.id.hex}", answers=answers, seconds=seconds, device="pc", adapted=list(adapted)
        )
        return Submission(ticket, body)

    def talk(self, most: int | None) -> None:
        """Talk to those who wait, all of them or the first few, and write down what came of it."""
        actor = self.actor(self.where.psych)
        open_ones = Signal.objects.for_system(reason=SYSTEM).filter(within([self.school.path], "student__place"))
        for signal in list(open_ones.exclude(state=SignalState.CLOSED).order_by("-evidence", "id"))[:most]:
            seed = next(self.talks)
            acknowledge_signal(signal, actor=actor)
            signal.refresh_from_db()
            record_interview(signal, actor=actor, talk=_talk(seed))
            if seed.told:
                telling = Telling(told_at=clock.now(), way=ToldBy.PHONE.value, words=seed.told)
                record_guardian_told(signal, actor=actor, telling=telling)

    def look_again(self, kept: int) -> None:
        """Look again at those who have a level: it ends for most, a few keep it and are due around today.

        Of pupils in care the level is their case's, which is brought along later.
        """
        actor = self.actor(self.where.psych)
        open_ones = Attention.objects.for_system(reason=SYSTEM).filter(
            within([self.school.path], "student__place"), ended_at__isnull=True
        )
        rows = [
            row for row in open_ones.select_related("student").order_by("id") if not is_kept_elsewhere(row.student_id)
        ]
        for order, (row, opened) in enumerate(zip(rows, open_sealed(rows, "advice"), strict=True)):
            if order < kept:
                level, advice = row.level, opened["advice"] or ""
                review_on = self.built.today + dt.timedelta(days=2 * order - 1)
            else:
                level, advice, review_on = Level.GREEN.value, "", None
            set_attention(
                row.student, actor=actor, level=level, advice=advice, basis=Basis("review"), review_on=review_on
            )


def _talk(seed: TalkSeed) -> Talk:
    review_on = clock.today() + dt.timedelta(days=14) if seed.level else None
    return Talk(
        held_at=clock.now() - dt.timedelta(minutes=40), is_face_to_face=True, asked_about_suicide="yes",
        risk_found=seed.risk, note=seed.note, outcome=seed.outcome, level=seed.level, advice=seed.advice,
        review_on=review_on,
    )  # fmt: skip
