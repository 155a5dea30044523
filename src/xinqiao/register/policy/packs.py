"""A policy pack as it is written: strict structures, every value with its source. No Django here."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from xinqiao.engines.schedule import WindowRule
from xinqiao.register.policy.archive_packs import Archives
from xinqiao.register.policy.centre_packs import Centre
from xinqiao.register.policy.counselling_rules import Counselling
from xinqiao.register.policy.emergency_packs import Emergency
from xinqiao.register.policy.family_packs import Families, Mentors
from xinqiao.register.policy.mailbox_rules import Mailbox
from xinqiao.register.policy.pack_parts import CATALOGUE_ID, Age, Doubt, Grade, Minutes, NamedWord, Recipient
from xinqiao.register.policy.pack_parts import LOWEST_CONSENT_AGE as LOWEST_CONSENT_AGE
from xinqiao.register.policy.pack_parts import OURS as OURS
from xinqiao.register.policy.pack_parts import READING_WORDS as READING_WORDS
from xinqiao.register.policy.pack_parts import Code as Code
from xinqiao.register.policy.pack_parts import Count as Count
from xinqiao.register.policy.pack_parts import Length as Length
from xinqiao.register.policy.pack_parts import Sourced as Sourced
from xinqiao.register.policy.pack_parts import Struct as Struct
from xinqiao.register.policy.pack_parts import UrgencyCode as UrgencyCode
from xinqiao.register.policy.pack_parts import Words as Words
from xinqiao.register.policy.transfer_rules import Transfers


class Source(Struct, frozen=True):
    """A law or notice that values refer to."""

    id: str
    title: Words


class InForce(Struct, frozen=True):
    """The days on which the pack holds: [from, until)."""

    from_: dt.date = msgspec.field(name="from")
    until: dt.date | None = None


class Binds(Struct, frozen=True):
    """Whom the pack binds: everyone, or units by code with all below them; or nobody, until a pack extends it."""

    everywhere: bool = False
    units: list[str] = []
    nobody: bool = False


class Population(Struct, frozen=True):
    """Grades (1–12) of a stage that are screened."""

    stage: Literal["primary", "junior", "senior", "vocational"]
    grades: Annotated[list[Grade], Meta(min_length=1)]


class Capacity(Struct, frozen=True):
    """What a screening is planned by: how long a talk takes, how long one counsellor talks, how many are concerned."""

    talk_minutes: Sourced[Annotated[int, Meta(ge=5, le=240)]]
    talk_hours_a_day: Sourced[Annotated[int, Meta(ge=1, le=12)]]
    prevalence_percent: Sourced[Annotated[float, Meta(gt=0, lt=100)]]
    fewest_pupils: Sourced[Annotated[int, Meta(ge=10)]]


class Screening(Struct, frozen=True):
    """Who is screened, how often, and what the school's psychology teachers can then talk through."""

    populations: Sourced[list[Population]]
    earliest_grade: Sourced[Grade]
    times_per_school_year: Sourced[Count]
    capacity: Capacity
    paper_second_typing: Sourced[Literal["other_person", "after_class"]]
    remind_days_before: Sourced[Count]


class RegisterKind(Struct, frozen=True):
    """What may stand behind a category, in neutral words."""

    code: Code
    name: Words


class RegisterCategory(Struct, frozen=True):
    """One category by which a school registers pupils who need more of its attention."""

    code: Code
    name: Words
    kinds: list[RegisterKind] = []


class Register(Struct, frozen=True):
    """The register of pupils who need more attention: by which categories, and how often it is gone through."""

    categories: Sourced[Annotated[list[RegisterCategory], Meta(min_length=1)]]
    key_levels: Sourced[list[UrgencyCode]]
    review_every_days: Sourced[Count]
    times_per_term: Sourced[Count]
    due_days_before_term_end: Sourced[Annotated[int, Meta(ge=0, le=120)]]


class Consent(Struct, frozen=True):
    """Who must say yes. Neither age may be below LOWEST_CONSENT_AGE; `loading` refuses it by the law's name."""

    guardian_below_age: Sourced[Age]
    mode: Sourced[Literal["opt_in", "opt_out"]]
    opt_out_from_age: Sourced[Age]


class Duty(Struct, frozen=True):
    """Who is told of a signal, in which order, and how soon the next ones are."""

    rungs: Sourced[Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]]
    nobody_on_duty: Sourced[Annotated[list[Recipient], Meta(min_length=1)]]
    poll_seconds: Sourced[Annotated[int, Meta(ge=5, le=15)]]
    unattended_seconds: Sourced[Annotated[int, Meta(ge=30, le=900)]]
    again_minutes: Sourced[Minutes]


class LadderLevel(Struct, frozen=True):
    """One level of the warning ladder: the kind of unit it stands at, who is named, what they see.

    `told` says by urgency on which rung of the climb they are told; 0 is at first. A level that sees everything is told
    by `duty.rungs` and says nothing here.
    """

    code: Code
    name: Words
    unit: Literal["dormitory", "class", "grade", "department", "school"]
    named: Annotated[list[NamedWord], Meta(min_length=1)]
    sees: Literal["notice_only", "level_and_advice", "full"]
    told: dict[UrgencyCode, Annotated[int, Meta(ge=0, le=9)]] = {}
    must_acknowledge: bool = False


class Beyond(Struct, frozen=True):
    """Who outside the school hears, after the last rung, that a warning was not taken; no word about the child."""

    urgencies: list[UrgencyCode]
    recipients: Annotated[list[Literal["county_officer"]], Meta(min_length=1)]


class Ladder(Struct, frozen=True):
    """The warning ladder: its levels from the nearest to the pupil upward, and who hears of it outside the school."""

    levels: Sourced[Annotated[list[LadderLevel], Meta(min_length=1)]]
    beyond: Sourced[Beyond]


class Clocks(Struct, frozen=True):
    """What one urgency starts."""

    told: Sourced[Length]
    acknowledged: Sourced[Length]
    seen: Sourced[Length]
    follow_up_days: Sourced[Annotated[list[Count], Meta(min_length=1)]]
    guardian: Sourced[Length] | None = None


class ClockTable(Struct, frozen=True):
    """Clocks by urgency."""

    red: Clocks
    orange: Clocks
    yellow: Clocks


class Watch(Struct, frozen=True):
    """A pupil kept in view."""

    look_every_days: Sourced[Count]
    clean_looks_to_end: Sourced[Count]


class SecondGate(Struct, frozen=True):
    """What stands between a flag and the full interview, where a school chose so."""

    within: Sourced[Length]
    confirmed: Sourced[Literal["red", "orange"]]


class Accuracy(Struct, frozen=True):
    """How it is told from talks how good a screening was."""

    need_outcomes: Sourced[Annotated[list[Literal["case", "watch", "known"]], Meta(min_length=1)]]
    drawn_percent: Sourced[Annotated[int, Meta(ge=1, le=100)]]
    drawn_at_least: Sourced[Count]
    own_talks_at_least: Sourced[Count]


class DaysByLevel(Struct, frozen=True):
    """Days for each level."""

    red: Sourced[Count]
    orange: Sourced[Count]
    yellow: Sourced[Count]


class Care(Struct, frozen=True):
    """Cases: how soon and how often people sit together over one, by how many, and what comes before its end."""

    first_judgement_days: DaysByLevel
    judged_every_days: DaysByLevel
    high_risk_levels: Sourced[Annotated[list[UrgencyCode], Meta(min_length=1)]]
    people_at_least: Sourced[Annotated[int, Meta(ge=2, le=10)]]
    calm_follow_ups: Sourced[Count]
    observation_days: Sourced[Count]


class Triage(Struct, frozen=True):
    """Which urgency follows from what."""

    critical: Sourced[Literal["red"]]
    asked_to_talk: Sourced[Literal["red", "orange"]]
    severe: Sourced[UrgencyCode]
    flagged: Sourced[UrgencyCode]
    flags_for_many: Sourced[Count]


class WorryObservation(Struct, frozen=True):
    """Something that can be seen of a pupil, and how soon somebody looks after it was reported."""

    code: Code
    name: Words
    urgency: UrgencyCode


class WorryFactor(Struct, frozen=True):
    """Something that weighs on a pupil, for whoever talks to them."""

    code: Code
    name: Words


class WorrySource(Struct, frozen=True):
    """How urgent what comes from a source is at least; `source` is a code of `alerts.states.Source`."""

    source: Annotated[str, Meta(pattern=r"^[a-z_]{2,16}$")]
    urgency: UrgencyCode


class Worries(Struct, frozen=True):
    """What staff report of a pupil, and which urgency follows by rule."""

    observations: Sourced[Annotated[list[WorryObservation], Meta(min_length=1)]]
    factors: Sourced[Annotated[list[WorryFactor], Meta(min_length=1)]]
    urgency_at_least: Sourced[list[WorrySource]]


class HelpButton(Struct, frozen=True):
    """How urgent a pupil's own call is, and how many are taken in an hour."""

    now: Sourced[Literal["red", "orange"]]
    hurt: Sourced[Literal["red"]]
    calls_an_hour: Sourced[Count]


class Committee(Struct, frozen=True):
    """What a class's committee members report, how often, and what follows from a worry about a classmate."""

    seats: Sourced[Annotated[int, Meta(ge=1, le=6)]]
    report_every_days: Sourced[Annotated[int, Meta(ge=7, le=28)]]
    due_weekday: Sourced[Annotated[int, Meta(ge=1, le=7)]]
    worry: Sourced[UrgencyCode]
    grave_worry: Sourced[Literal["red", "orange"]]
    grave_kinds: Sourced[list[Literal["alone", "low", "bullied", "home", "absent", "hurt"]]]
    name_within: Sourced[Length]
    name_grave_within: Sourced[Length]


class Hotline(Struct, frozen=True):
    """A telephone number that stands on every pupil's page."""

    number: Annotated[str, Meta(pattern=r"^[0-9-]{3,16}$")]
    name: Words
    for_: Words = msgspec.field(name="for")


class Figures(Struct, frozen=True):
    """From how many sheets on a figure about a scale is said at all."""

    reliability_sheets: Sourced[Annotated[int, Meta(ge=30)]]
    bias_group_sheets: Sourced[Annotated[int, Meta(ge=100)]]


class SignIn(Struct, frozen=True):
    """How staff come to their sign-in."""

    first_password_days: Sourced[Count]


WordList = Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(min_length=1)]


class Letters(Struct, frozen=True):
    """What released words for guardians may not say, and how the code on the paper opens them."""

    code_days: Sourced[Count]
    code_tries: Sourced[Count]
    code_lock_minutes: Sourced[Minutes]
    talk_days: Sourced[Count]
    scale_words: Sourced[WordList]
    level_words: Sourced[WordList]
    diagnosis_words: Sourced[WordList]
    doubtful_words: Sourced[WordList]


RoundRecipient = Literal["class_teacher", "grade_head", "psychology_teachers", "principal", "leading_group"]


class RoundWindow(Struct, frozen=True, omit_defaults=True):
    """A time in which every class is gone through pupil by pupil; `when` as `engines.schedule.WindowRule` reads it.

    `grades` (1–12) and `year` (of the stage) narrow the classes of its `stages`; left out, all of them are meant.
    """

    code: Code
    name: Words
    when: Literal["after_term_start", "before_term_end", "on_day", "before_holiday", "after_holiday", "declared"]
    stages: Annotated[list[Literal["primary", "junior", "senior", "vocational", "university"]], Meta(min_length=1)]
    terms: list[Annotated[int, Meta(ge=1, le=3)]] = []
    days: Annotated[int, Meta(ge=0, le=120)] = 0
    month_day: Annotated[str, Meta(pattern=r"^((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]))?$")] = ""
    grades: list[Grade] = []
    year: Literal["any", "first", "last"] = "any"

    def __post_init__(self) -> None:
        if (self.when == "on_day") != bool(self.month_day):
            raise ValueError("month_day belongs to a window that opens on_day, and to no other")

    def rule(self, free_days: int) -> WindowRule:
        """Return it as the schedule engine takes it."""
        return WindowRule(self.when, tuple(self.terms), self.days, self.month_day, free_days)


class Rounds(Struct, frozen=True):
    """Rounds through the classes: when, within how long, and who hears of a missing list."""

    windows: Sourced[Annotated[list[RoundWindow], Meta(min_length=1)]]
    holiday_days: Sourced[Annotated[int, Meta(ge=3, le=60)]]
    within: Sourced[Length]
    catch_up_days: Sourced[Count]
    rungs: Sourced[Annotated[list[Annotated[list[RoundRecipient], Meta(min_length=1)]], Meta(min_length=2)]]


class Referrals(Struct, frozen=True):
    """How long each step of a referral may take, and how the link and the code of a hospital open."""

    answer_within: Sourced[Length]
    visit_named_within: Sourced[Length]
    attended_within: Sourced[Length]
    step_within: Sourced[Length]
    word_within: Sourced[Length]
    talk_again_within: Sourced[Length]
    link_days: Sourced[Count]
    link_tries: Sourced[Count]
    link_lock_minutes: Sourced[Minutes]


class LeaveClocks(Struct, frozen=True):
    """How long a step of a leave or a return may take, and the looks after a return."""

    step_within: Sourced[Length]
    contact_within: Sourced[Length]
    look_days_after_return: Sourced[Annotated[list[Count], Meta(min_length=1)]]


class Feedback(Struct, frozen=True):
    """Within how long teachers and guardians of a flagged pupil hear of it, and how often a guardian is tried."""

    teachers_within: Sourced[Length]
    guardian_within: Sourced[Length]
    tries_at_least: Sourced[Count]


class Meetings(Struct, frozen=True):
    """The analysis meeting: how often, who leads it, and who is to be there."""

    every_days: Sourced[Count]
    led_by: Sourced[Annotated[list[RoundRecipient], Meta(min_length=1)]]
    present: Sourced[Annotated[list[RoundRecipient], Meta(min_length=1)]]


class FilingOrder(Struct, frozen=True, omit_defaults=True):
    """What is filed of a case at some levels, with which bureau, and to whom that one may pass it on."""

    code: Code
    name: Words
    levels: Annotated[list[UrgencyCode], Meta(min_length=1)]
    to: Literal["county", "city", "province"]
    within: Length
    items: list[Literal["sex", "age", "grade", "plan", "visits", "family", "referral"]] = []
    is_named: bool = False
    is_checked: bool = True
    may_lapse: bool = False
    visits_every_days: dict[UrgencyCode, Count] = {}
    on_to: list[Literal["city", "province"]] = []


class Filings(Struct, frozen=True):
    """Cases that go up to the bureaus."""

    orders: Sourced[list[FilingOrder]]
    acknowledged_within: Sourced[Length]
    rungs: Sourced[Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]]


class Retention(Struct, frozen=True):
    """How long things are kept."""

    answers_years: Sourced[Count]
    after_leaving_years: Sourced[Count]


class StaffScale(Struct, frozen=True, omit_defaults=True):
    """A scale that staff may answer about themselves: which band leads to which word, and how far a score must move.

    `advice` maps every band of the scale's first score; `reliable_change` is in points of that score.
    """

    code: Code
    advice: Annotated[dict[str, Literal["steady", "watch", "talk", "doctor"]], Meta(min_length=1)]
    reliable_change: Count | None = None


class Wellbeing(Struct, frozen=True):
    """What staff may ask of themselves, and the numbers of `hotlines` that are for adults."""

    scales: Sourced[Annotated[list[StaffScale], Meta(min_length=1)]]
    lines: Sourced[Annotated[list[str], Meta(min_length=1)]]
    words_at_least: Sourced[Annotated[int, Meta(ge=8, le=60)]]


class Adaptive(Struct, frozen=True):
    """How a scale is asked in fewer questions, and how much must be known before it may be. Chances, 0 to 1."""

    missed_at_most: Sourced[Doubt]
    false_at_most: Sourced[Doubt]
    lead: Sourced[Annotated[int, Meta(ge=1, le=10)]]
    fewest: Sourced[Count]
    standard_error: Sourced[Annotated[float, Meta(ge=0.1, le=0.6)]]
    precise_agreement: Sourced[Annotated[float, Meta(ge=0.9, lt=1)]]
    calibration_sheets: Sourced[Annotated[int, Meta(ge=200)]]
    calibration_answers: Sourced[Count]


class Norms(Struct, frozen=True):
    """From how many sheets, of whom, a local norm is made."""

    bands: Sourced[Annotated[list[Population], Meta(min_length=1)]]
    group_sheets: Sourced[Annotated[int, Meta(ge=50)]]
    line_sheets: Sourced[Annotated[int, Meta(ge=5)]]
    schools: Sourced[Annotated[int, Meta(ge=3)]]
    left_out_signs: Sourced[list[Literal["too_fast", "longstring", "even_odd"]]]


class Pack(Struct, frozen=True):
    """A whole pack file."""

    id: Code
    version: Annotated[str, Meta(min_length=1, max_length=16)]
    title: Words
    authority: Words
    document: Words
    issued_on: dt.date
    in_force: InForce
    binds: Binds
    sources: list[Source]
    screening: Screening
    register: Register
    consent: Consent
    duty: Duty
    ladder: Ladder
    clocks: ClockTable
    watch: Watch
    triage: Triage
    worries: Worries
    figures: Figures
    second_gate: SecondGate
    accuracy: Accuracy
    care: Care
    adaptive: Adaptive
    norms: Norms
    help_button: HelpButton
    committee: Committee
    mailbox: Mailbox
    hotlines: Sourced[Annotated[list[Hotline], Meta(min_length=1)]]
    wellbeing: Wellbeing
    sign_in: SignIn
    letters: Letters
    rounds: Rounds
    referrals: Referrals
    leave: LeaveClocks
    feedback: Feedback
    meetings: Meetings
    filings: Filings
    mentors: Mentors
    families: Families
    emergency: Emergency
    counselling: Counselling
    archives: Archives
    transfers: Transfers
    centre: Centre
    retention: Retention
    extends: Code | None = None


SECTIONS = (
    "screening",
    "register",
    "consent",
    "duty",
    "ladder",
    "clocks",
    "watch",
    "triage",
    "worries",
    "figures",
    "second_gate",
    "accuracy",
    "care",
    "adaptive",
    "norms",
    "help_button",
    "committee",
    "mailbox",
    "hotlines",
    "wellbeing",
    "sign_in",
    "letters",
    "referrals",
    "leave",
    "feedback",
    "meetings",
    "filings",
    "mentors",
    "families",
    "rounds",
    "emergency",
    "counselling",
    "archives",
    "transfers",
    "centre",
    "retention",
)  # those that hold values with a source, as a reader sees them


def sourced_values(pack: Pack) -> Iterator[tuple[str, Sourced[Any]]]:
    """Yield every value of a pack with its path, such as `clocks.red.seen`, in the order of the structures."""
    for name in SECTIONS:
        yield from _within(name, getattr(pack, name))


def _within(path: str, node: Any) -> Iterator[tuple[str, Sourced[Any]]]:
    if isinstance(node, Sourced):
        yield path, node
    elif isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from _within(f"{path}.{name}", getattr(node, name))


def is_ours(source: str) -> bool:
    """Is this an assumption of ours?"""
    return source == OURS


def unknown_sources(pack: Pack) -> list[tuple[str, str]]:
    """Return (path, source id) of every source that is neither a catalogue id, nor listed, nor `ours`."""
    listed = {source.id for source in pack.sources}
    return [
        (path, source)
        for path, value in sourced_values(pack)
        for source in value.source
        if not (is_ours(source) or source in listed or CATALOGUE_ID.match(source))
    ]
