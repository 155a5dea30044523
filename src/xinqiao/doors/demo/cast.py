"""The named cast as data: `seeds/city.yaml`, typed."""

import datetime as dt
from functools import lru_cache
from pathlib import Path

import msgspec

from xinqiao.doors.demo.transfer_seed import TransferSeed
from xinqiao.foundation.core.safe_yaml import read_yaml

CITY_FILE = Path(__file__).resolve().parents[4] / "seeds" / "city.yaml"


class Place(msgspec.Struct, frozen=True):
    """A unit by code and name."""

    code: str
    name: str


class UnitSeed(msgspec.Struct, frozen=True, kw_only=True):
    """A school or another unit; `classes` says how many classes each grade of a stage has, `size` pupils a class."""

    code: str
    under: str
    kind: str
    name: str
    stages: list[str] = []
    classes: dict[str, int] = {}
    size: int = 0
    boarders: bool = False


class StaffSeed(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who signs in."""

    login: str
    name: str
    role: str
    at: str
    title: str = ""
    class_: tuple[str, int, int] | None = msgspec.field(name="class", default=None)
    grade: tuple[str, int] | None = None


class PupilSeed(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil whom tests and journeys call by name."""

    name: str
    number: str
    sex: str
    birth_on: dt.date
    guardian: str
    relation: str
    phone: str


class NameParts(msgspec.Struct, frozen=True):
    """Characters that invented names are drawn from."""

    surnames: list[str]
    compound: list[str]
    given: list[str]
    ethnicity: str


class TalkSeed(msgspec.Struct, frozen=True):
    """What came of a talk, and what a guardian was told of it; "" where nobody of the family was."""

    outcome: str
    risk: str
    level: str
    advice: str
    note: str
    told: str = ""


class ConsentSeed(msgspec.Struct, frozen=True):
    """The wording of the consent form."""

    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


class ScreenedSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A school that screens: who plans it and who leads, by login, and the stage that is asked."""

    at: str
    psych: str
    lead: str
    stage: str


class CampaignSeed(ScreenedSchool, frozen=True, kw_only=True):
    """A screening of one grade of a further school, named for the grade as it was then."""

    grade: int
    scales: list[str]
    name: str


class ForClassesSeed(msgspec.Struct, frozen=True):
    """What class teachers see, and what is planned for classes."""

    seen: str
    title: str
    aim: str
    measures: str


class CampaignSeeds(msgspec.Struct, frozen=True):
    """What the screenings of 松湖县第一中学 are called, and those of further schools.

    `paced` runs by a pace: each class has its day. `adapting` asks its first scale by adapting. `ended` is what the one
    that is over is called if it was held in this school year, `ended_last_spring` if not.
    """

    last_year: str
    ended: str
    ended_last_spring: str
    running: str
    for_classes: ForClassesSeed
    guardian_notes: list[str]
    elsewhere: list[CampaignSeed]
    paced: CampaignSeed
    adapting: CampaignSeed


class AnswerSeed(msgspec.Struct, frozen=True):
    """What a school has answered to the order: it confirms, or it cannot because of `obstacle`."""

    at: str
    psych: str
    obstacle: str
    remark: str


class OrderSeed(msgspec.Struct, frozen=True):
    """A screening that a bureau has ordered from its schools; who is not among `answers` is silent."""

    by: str
    at: str
    name: str
    scales: list[str]
    stages: list[str]
    note: str
    provider: str
    answers: list[AnswerSeed]


class EntrySeed(msgspec.Struct, frozen=True):
    """What stands on the register of a pupil, and why."""

    category: str
    kind: str
    reason: str


class RegisterSeed(msgspec.Struct, frozen=True):
    """The register of one school: its entries, what its class teacher proposes, and the screening of those on it."""

    at: str
    psych: str
    teacher: str
    screening: str
    scales: list[str]
    entries: list[EntrySeed]
    proposal: EntrySeed


class ReportSeed(msgspec.Struct, frozen=True):
    """How a class was some weeks ago."""

    weeks_ago: int
    answers: dict[str, str]


class WorrySeed(msgspec.Struct, frozen=True):
    """What a committee member noticed about somebody who is not known yet."""

    kinds: list[str]
    about: str
    words: str


class CommitteeSeed(msgspec.Struct, frozen=True):
    """The committee of a class teacher's class; the worry came with the last report."""

    at: str
    teacher: str
    seats: int
    reports: list[ReportSeed]
    worry: WorrySeed


class LetterSeed(msgspec.Struct, frozen=True):
    """A letter of a pupil that is open: how long ago it came, what it says, and how it stands."""

    hours_ago: int
    words: str
    answer: str = ""
    signed: bool = False
    urgent: bool = False
    asked_because: str = ""
    told: str = ""


class LettersOfMonthSeed(msgspec.Struct, frozen=True):
    """How many letters came in a month by channel; each was answered after so many hours, and closed."""

    months_ago: int
    hours: int
    came: dict[str, int]


class MailboxSeed(msgspec.Struct, frozen=True):
    """The mailbox of one school, and who answers there."""

    at: str
    answers: str
    letters: list[LetterSeed]
    past: list[LettersOfMonthSeed]
    past_words: str
    past_answer: str


class CentreRoomSeed(msgspec.Struct, frozen=True):
    """A room of the counselling centre; `area` in m2."""

    name: str
    zone: str
    area: float
    equipment: str


class OpeningSeed(msgspec.Struct, frozen=True):
    """When a room is open; weekday 1 is Monday."""

    room: str
    weekdays: tuple[int, ...]
    start: str
    end: str
    during: str


class CentreSeed(msgspec.Struct, frozen=True):
    """The counselling centre of one school: who keeps it, and which class teacher books hours there."""

    at: str
    keeper: str
    teacher: str
    reason: str
    rooms: tuple[CentreRoomSeed, ...]
    opening: tuple[OpeningSeed, ...]


class RoundSeed(msgspec.Struct, frozen=True):
    """A round through the classes of one school: one class teacher has signed, another one has begun."""

    at: str
    window: str
    signs: str
    begins: str


class CounselSeed(msgspec.Struct, frozen=True):
    """A school whose psychology teacher counsels a few pupils, each with a goal; no note is written yet."""

    at: str
    psych: str
    days_before: int
    goals: list[str]


class OpinionSeed(msgspec.Struct, frozen=True):
    """Something that the public says of an incident: judged where `words` say why, answered and closed likewise."""

    where: str
    says: str
    link: str = ""
    grave: str = ""
    truth: str = ""
    words: str = ""
    answer: str = ""
    answered_where: str = ""
    end: str = ""


class MessageSeed(msgspec.Struct, frozen=True):
    """A message about an incident; what is empty stays a gap. One with `given_to` was looked at and given out."""

    audience: str
    does: str = ""
    number: str = ""
    next: str = ""
    given_to: str = ""


class IncidentSeed(msgspec.Struct, frozen=True):
    """An incident: what was known, what was done, in which words it was reported and reviewed."""

    kind: str
    where: str
    what: str
    done: dict[str, str]
    report: str
    sent_to: str
    asked: str
    answered: str = ""
    answered_by: str = ""
    not_done: str = ""
    reviewed_by: str = ""
    review: str = ""
    action: str = ""
    action_done: str = ""
    end: str = ""
    opinions: list[OpinionSeed] = []
    messages: list[MessageSeed] = []


class DrillSeed(msgspec.Struct, frozen=True):
    """A drill of the emergency plan."""

    scenario: str
    people: str
    found: str


class CallSeed(msgspec.Struct, frozen=True):
    """A call of the hotline: who called, of what, what was answered; `back` is a number to be called back."""

    caller: str
    concern: str
    answered: str = ""
    back: str = ""
    is_about_pupil: bool = False


class HotlineSeed(msgspec.Struct, frozen=True):
    """The hotline of the incident that runs: numbers, hours, and its first calls."""

    numbers: str
    from_hour: int
    hours: int
    calls: list[CallSeed]


class JointSeed(msgspec.Struct, frozen=True):
    """The joint activation of the incident that runs: why, who leads for health, what was asked and how it stands."""

    partner: str
    level: str
    grounds: str
    lead_health: str
    asked: str
    promised: str
    people: int
    other: str
    other_asked: str
    situation: str


class IncidentsSeed(msgspec.Struct, frozen=True):
    """Incidents of one school: one that runs, one that was closed, and a drill."""

    at: str
    head: str
    psych: str
    teacher: str
    bureau: str
    running: IncidentSeed
    closed: IncidentSeed
    worry: str
    drill: DrillSeed
    hotline: HotlineSeed
    joint: JointSeed


class MeasureSeed(msgspec.Struct, frozen=True):
    """One measure of a plan."""

    what: str
    who: str


class CareSeed(msgspec.Struct, frozen=True):
    """What is written in the cases that the talks opened, in turn; `down` is said where the level is lowered."""

    reasons: str
    advice: str
    reasons_down: str
    advice_down: str
    goals: str
    measures: list[MeasureSeed]
    family: str
    for_helper: str
    seen: list[str]
    end: str
    filed: str
    asked: str
    replied: str


class WatchSeed(msgspec.Struct, frozen=True):
    """What the looks at pupils kept in view showed, in turn, and why it ended."""

    seen: list[str]
    end: str


class FamilySeed(msgspec.Struct, frozen=True):
    """The family sections of one pupil."""

    told_by: str
    situation: str
    upbringing: str
    experience: str


class FilesSeed(msgspec.Struct, frozen=True):
    """What is written in files, in turn, and what guardians asked about them."""

    strengths: list[str]
    aims: list[str]
    helps: str
    families: list[FamilySeed]
    asked: str
    purpose: str
    answer: str
    asked_too: str
    asked_to_delete: str


class PartnerSeed(msgspec.Struct, frozen=True):
    """An institution with which a county has an agreement."""

    kept_by: str
    name: str
    kind: str
    departments: str
    contact: str
    capacity: str
    agreement: str


class ReferralSeed(msgspec.Struct, frozen=True):
    """A referral of one pupil, and how far it has come: sent, or a visit has its day."""

    to: str
    reason: str
    observed: str
    state: str


class LeaveStepSeed(msgspec.Struct, frozen=True):
    """One step of a leave."""

    target: str
    words: str


class LeaveSeed(msgspec.Struct, frozen=True):
    """The steps by which one pupil went on leave, and who took part."""

    people: str
    steps: list[LeaveStepSeed]


class FeedbackSeed(msgspec.Struct, frozen=True):
    """What is said to guardians, and the analysis meeting of one school: who sat, what was said and decided."""

    at: str
    psych: str
    present: list[str]
    reached: str
    nobody: str
    to_teachers: str
    over: str
    looked_at: list[str]
    decided: list[str]
    words: str
    done: str


class ReferralsSeed(msgspec.Struct, frozen=True):
    """The institutions of a county, and the referrals and the leave of one of its schools."""

    at: str
    psych: str
    bureau: str
    county: str
    partners: list[PartnerSeed]
    sent: list[ReferralSeed]
    leave: LeaveSeed


class MentorTalkSeed(msgspec.Struct, frozen=True):
    """What a mentor noted after a talk with one of those whom the dealing gave them."""

    by: str
    kind: str
    form: str
    days_ago: int
    words: str


class MentorsSeed(msgspec.Struct, frozen=True):
    """The school whose pupils are dealt to mentors, by whom, and the mentors' talks."""

    at: str
    psych: str
    talks: list[MentorTalkSeed]


class ContactSeed(msgspec.Struct, frozen=True):
    """One contact with a family; `words` may be empty."""

    channel: str
    days_ago: int
    topics: list[str]
    words: str
    is_answered: bool = True


class FamiliesSeed(msgspec.Struct, frozen=True):
    """Which class teacher has reached families, and how."""

    at: str
    teacher: str
    contacts: list[ContactSeed]


class SessionSeed(msgspec.Struct, frozen=True):
    """One session for parents, held by somebody; `share` of a hundred families came."""

    by: str
    whole_school: bool
    kind: str
    way: str
    title: str
    topic: str
    days_ago: int
    led_by: str
    share: int


class ParentsSeed(msgspec.Struct, frozen=True):
    """At which school parents were taught."""

    at: str
    sessions: list[SessionSeed]


class City(msgspec.Struct, frozen=True):
    """The whole cast."""

    province: Place
    city: Place
    counties: list[Place]
    units: list[UnitSeed]
    staff: list[StaffSeed]
    pupils: list[PupilSeed]
    names: NameParts
    talks: list[TalkSeed]
    consent: ConsentSeed
    campaigns: CampaignSeeds
    order: OrderSeed
    register: RegisterSeed
    committee: CommitteeSeed
    mailbox: MailboxSeed
    round: RoundSeed
    counselling: CounselSeed
    centre: CentreSeed
    incidents: IncidentsSeed
    care: CareSeed
    watch: WatchSeed
    referrals: ReferralsSeed
    feedback: FeedbackSeed
    files: FilesSeed
    transfers: TransferSeed
    mentors: MentorsSeed
    families: FamiliesSeed
    parents: ParentsSeed


def read_city(path: Path | None = None) -> City:
    """Read the cast; msgspec.ValidationError names the place of a fault."""
    return _as_read((path or CITY_FILE).read_text("utf-8"))


@lru_cache(maxsize=2)
def _as_read(text: str) -> City:
    """Read the same words once: nobody changes the cast."""
    return msgspec.convert(read_yaml(text), City)
