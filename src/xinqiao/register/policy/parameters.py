"""What holds at a unit on a day, as frozen values for those who apply it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from xinqiao.engines.adaptive import Rule
from xinqiao.engines.capacity import CapacityRules
from xinqiao.engines.norms import Band, NormRules
from xinqiao.engines.schedule import ClockRule
from xinqiao.engines.triage import TriageRules
from xinqiao.register.policy.archive_rules import ArchiveRules, archive_rules
from xinqiao.register.policy.centre_rules import CentreRules, centre_rules
from xinqiao.register.policy.counselling_rules import CounsellingRules, counselling_rules
from xinqiao.register.policy.emergency_rules import EmergencyRules, emergency_rules
from xinqiao.register.policy.family_rules import FamilyRules, MentorRules, family_rules, mentor_rules
from xinqiao.register.policy.mailbox_rules import MailboxRules, mailbox_rules
from xinqiao.register.policy.packs import (
    Clocks,
    DaysByLevel,
    FilingOrder,
    Hotline,
    Pack,
    Population,
    RegisterCategory,
    RoundWindow,
    StaffScale,
    Words,
    WorryFactor,
    WorryObservation,
)
from xinqiao.register.policy.transfer_rules import TransferRules, transfer_rules

# What a pack may state and nothing in the program acts on yet, by its path in the pack (`*` is any urgency): the page
# says so beside the value. Whoever makes the program act on one takes it off; a test looks for readers.
STATED_ONLY = (
    "duty.poll_seconds",
    "retention.answers_years",
    "retention.after_leaving_years",
)


def is_stated_only(path: str) -> bool:
    """Is this value of a pack shown, and acted on by nothing yet?"""
    return any(fnmatchcase(path, pattern) for pattern in STATED_ONLY)


@dataclass(frozen=True)
class UrgencyClocks:
    """What one urgency starts. `guardian` is None where the pack sets no clock for it."""

    told: ClockRule
    acknowledged: ClockRule
    seen: ClockRule
    guardian: ClockRule | None
    follow_up_days: tuple[int, ...]


@dataclass(frozen=True)
class LevelRules:
    """One level of the warning ladder. `told` maps an urgency to the rung on which the level is told, 0 at first."""

    code: str
    name: Words
    unit: str
    named: tuple[str, ...]
    sees: str
    told: Mapping[str, int]
    must_acknowledge: bool


@dataclass(frozen=True)
class CareRules:
    """Cases: days to the first judgement by urgency and between judgements by level, and what comes before an end."""

    first_judgement_days: Mapping[str, int]
    judged_every_days: Mapping[str, int]
    high_risk_levels: tuple[str, ...]
    people_at_least: int
    calm_follow_ups: int
    observation_days: int


@dataclass(frozen=True)
class LetterRules:
    """What words released to guardians may not say (`doubtful_words`: only if confirmed), and how their code opens."""

    code_days: int
    code_tries: int
    code_lock_minutes: int
    talk_days: int
    scale_words: tuple[str, ...]
    level_words: tuple[str, ...]
    diagnosis_words: tuple[str, ...]
    doubtful_words: tuple[str, ...]


@dataclass(frozen=True)
class HelpRules:
    """How urgent a pupil's own call is. Where no policy can be read the defaults serve: as urgent as may be."""

    called_now: str = "red"
    called_hurt: str = "red"
    calls_an_hour: int | None = None


@dataclass(frozen=True)
class CommitteeRules:
    """What is asked of committee members, and what follows from a worry about a classmate."""

    seats: int
    report_every_days: int
    due_weekday: int
    worry: str
    grave_worry: str
    grave_kinds: tuple[str, ...]
    name_within: ClockRule
    name_grave_within: ClockRule


@dataclass(frozen=True)
class RoundRules:
    """When classes are gone through pupil by pupil, within how long, and who hears of a missing list (`ladder`; on its
    first rung are those whose list it is). A window that was missed is still opened for `catch_up_days`."""

    windows: tuple[RoundWindow, ...]
    free_days: int
    within: ClockRule
    catch_up_days: int
    ladder: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ReferralRules:
    """How long each step of a referral may take, and how the link and the code of a hospital open."""

    answer_within: ClockRule
    visit_named_within: ClockRule
    attended_within: ClockRule
    step_within: ClockRule
    word_within: ClockRule
    talk_again_within: ClockRule
    link_days: int
    link_tries: int
    link_lock_minutes: int


@dataclass(frozen=True)
class LeaveRules:
    """How long a step of a leave or a return may take, and how many days after a return the looks are."""

    step_within: ClockRule
    contact_within: ClockRule
    look_days_after_return: tuple[int, ...]


@dataclass(frozen=True)
class FeedbackRules:
    """Within how long teachers and guardians of a flagged pupil hear of it; tries before a guardian is unreachable."""

    teachers_within: ClockRule
    guardian_within: ClockRule
    tries_at_least: int


@dataclass(frozen=True)
class MeetingRules:
    """The analysis meeting: days between two, who leads it and who is to be there (words as in `duty.named`)."""

    every_days: int
    led_by: tuple[str, ...]
    present: tuple[str, ...]


@dataclass(frozen=True)
class FilingRules:
    """What of cases is filed with the bureaus, how soon a bureau says that it came, and who hears of one that is late
    (on the first rung are those whose task it is)."""

    orders: tuple[FilingOrder, ...]
    acknowledged_within: ClockRule
    ladder: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Parameters:
    """The pack in force, flattened. `rungs` name recipients (see `packs.Recipient`); ages are completed years.

    `levels` are those of the warning ladder from the pupil upward; `beyond` names by urgency who hears outside the
    school once the last rung stays silent.

    `populations` maps a stage to its screened grades, 1–12. `revision` says which text of which pack this is.
    """

    revision: str
    populations: Mapping[str, tuple[int, ...]]
    earliest_grade: int
    times_per_school_year: int
    capacity: CapacityRules
    paper_second_typing: str
    remind_days_before: int
    register_categories: tuple[RegisterCategory, ...]
    key_levels: tuple[str, ...]
    register_review_days: int
    register_times_per_term: int
    register_due_days: int
    guardian_consent_below_age: int
    consent_mode: str
    opt_out_from_age: int
    rungs: tuple[tuple[str, ...], ...]
    nobody_on_duty: tuple[str, ...]
    levels: tuple[LevelRules, ...]
    beyond: Mapping[str, tuple[str, ...]]
    poll_seconds: int
    unattended_seconds: int
    again_minutes: int
    clocks: Mapping[str, UrgencyClocks]
    look_every_days: int
    clean_looks_to_end: int
    triage: TriageRules
    worry_observations: tuple[WorryObservation, ...]
    worry_factors: tuple[WorryFactor, ...]
    worry_urgency_at_least: Mapping[str, str]
    reliability_sheets: int
    gate_within: ClockRule
    bias_group_sheets: int
    gate_confirmed: str
    need_outcomes: tuple[str, ...]
    care: CareRules
    adaptive_rule: Rule
    precise_rule: Rule
    precise_agreement: float
    calibration_sheets: int
    calibration_answers: int
    norm_rules: NormRules
    drawn_percent: int
    drawn_at_least: int
    own_talks_at_least: int
    help_button: HelpRules
    committee: CommitteeRules
    mailbox: MailboxRules
    hotlines: tuple[Hotline, ...]
    staff_scales: tuple[StaffScale, ...]
    staff_lines: tuple[Hotline, ...]
    notebook_words_at_least: int
    first_password_days: int
    letters: LetterRules
    round_rules: RoundRules
    referrals: ReferralRules
    leave: LeaveRules
    feedback: FeedbackRules
    meetings: MeetingRules
    filings: FilingRules
    mentors: MentorRules
    families: FamilyRules
    emergency: EmergencyRules
    counselling: CounsellingRules
    archives: ArchiveRules
    transfers: TransferRules
    centre: CentreRules
    answers_years: int
    after_leaving_years: int

    def is_screened(self, stage: str, grade: int) -> bool:
        """Does a pupil of this stage and national grade belong to those who are screened?"""
        return grade in self.populations.get(stage, ())


def parameters_of(pack: Pack, revision: str) -> Parameters:
    """Flatten a pack."""
    duty, consent, screening = pack.duty, pack.consent, pack.screening
    return Parameters(
        revision=revision,
        populations=_populations(screening.populations.value),
        earliest_grade=screening.earliest_grade.value,
        times_per_school_year=screening.times_per_school_year.value,
        capacity=_capacity(pack),
        paper_second_typing=screening.paper_second_typing.value,
        remind_days_before=screening.remind_days_before.value,
        register_categories=tuple(pack.register.categories.value),
        key_levels=tuple(pack.register.key_levels.value),
        register_review_days=pack.register.review_every_days.value,
        register_times_per_term=pack.register.times_per_term.value,
        register_due_days=pack.register.due_days_before_term_end.value,
        guardian_consent_below_age=consent.guardian_below_age.value,
        consent_mode=consent.mode.value,
        opt_out_from_age=consent.opt_out_from_age.value,
        rungs=tuple(tuple(rung) for rung in duty.rungs.value),
        nobody_on_duty=tuple(duty.nobody_on_duty.value),
        levels=_levels(pack),
        beyond={code: tuple(pack.ladder.beyond.value.recipients) for code in pack.ladder.beyond.value.urgencies},
        poll_seconds=duty.poll_seconds.value,
        unattended_seconds=duty.unattended_seconds.value,
        again_minutes=duty.again_minutes.value,
        clocks={name: _clocks(getattr(pack.clocks, name)) for name in ("red", "orange", "yellow")},
        look_every_days=pack.watch.look_every_days.value,
        clean_looks_to_end=pack.watch.clean_looks_to_end.value,
        triage=_triage(pack),
        worry_observations=tuple(pack.worries.observations.value),
        worry_factors=tuple(pack.worries.factors.value),
        worry_urgency_at_least={row.source: row.urgency for row in pack.worries.urgency_at_least.value},
        reliability_sheets=pack.figures.reliability_sheets.value,
        gate_within=pack.second_gate.within.value.rule(),
        bias_group_sheets=pack.figures.bias_group_sheets.value,
        gate_confirmed=pack.second_gate.confirmed.value,
        need_outcomes=tuple(pack.accuracy.need_outcomes.value),
        care=_care(pack),
        adaptive_rule=_adaptive(pack),
        precise_rule=replace(_adaptive(pack), precision=pack.adaptive.standard_error.value),
        precise_agreement=pack.adaptive.precise_agreement.value,
        calibration_sheets=pack.adaptive.calibration_sheets.value,
        calibration_answers=pack.adaptive.calibration_answers.value,
        norm_rules=_norms(pack),
        drawn_percent=pack.accuracy.drawn_percent.value,
        drawn_at_least=pack.accuracy.drawn_at_least.value,
        own_talks_at_least=pack.accuracy.own_talks_at_least.value,
        help_button=_help_button(pack),
        committee=_committee(pack),
        mailbox=mailbox_rules(pack.mailbox),
        hotlines=tuple(pack.hotlines.value),
        staff_scales=tuple(pack.wellbeing.scales.value),
        staff_lines=tuple(line for line in pack.hotlines.value if line.number in pack.wellbeing.lines.value),
        notebook_words_at_least=pack.wellbeing.words_at_least.value,
        first_password_days=pack.sign_in.first_password_days.value,
        letters=_letters(pack),
        round_rules=_rounds(pack),
        referrals=_referrals(pack),
        leave=_leave(pack),
        feedback=_feedback(pack),
        meetings=_meetings(pack),
        filings=_filings(pack),
        mentors=mentor_rules(pack.mentors),
        families=family_rules(pack.families),
        emergency=emergency_rules(pack.emergency),
        counselling=counselling_rules(pack.counselling),
        archives=archive_rules(pack.archives),
        transfers=transfer_rules(pack.transfers),
        centre=centre_rules(pack.centre),
        answers_years=pack.retention.answers_years.value,
        after_leaving_years=pack.retention.after_leaving_years.value,
    )


def _levels(pack: Pack) -> tuple[LevelRules, ...]:
    return tuple(
        LevelRules(
            code=level.code, name=level.name, unit=level.unit, named=tuple(level.named), sees=level.sees,
            told={str(code): rung for code, rung in level.told.items()}, must_acknowledge=level.must_acknowledge,
        )
        for level in pack.ladder.levels.value
    )  # fmt: skip


def _populations(rows: list[Population]) -> dict[str, tuple[int, ...]]:
    return {row.stage: tuple(row.grades) for row in rows}


def _capacity(pack: Pack) -> CapacityRules:
    rules = pack.screening.capacity
    return CapacityRules(
        talk_minutes=rules.talk_minutes.value,
        talk_hours_a_day=rules.talk_hours_a_day.value,
        prevalence_percent=rules.prevalence_percent.value,
        fewest_pupils=rules.fewest_pupils.value,
    )


def _clocks(clocks: Clocks) -> UrgencyClocks:
    return UrgencyClocks(
        told=clocks.told.value.rule(),
        acknowledged=clocks.acknowledged.value.rule(),
        seen=clocks.seen.value.rule(),
        guardian=clocks.guardian.value.rule() if clocks.guardian else None,
        follow_up_days=tuple(clocks.follow_up_days.value),
    )


def _care(pack: Pack) -> CareRules:
    rules = pack.care
    return CareRules(
        first_judgement_days=_days(rules.first_judgement_days),
        judged_every_days=_days(rules.judged_every_days),
        high_risk_levels=tuple(rules.high_risk_levels.value),
        people_at_least=rules.people_at_least.value,
        calm_follow_ups=rules.calm_follow_ups.value,
        observation_days=rules.observation_days.value,
    )


def _days(rules: DaysByLevel) -> dict[str, int]:
    return {"red": rules.red.value, "orange": rules.orange.value, "yellow": rules.yellow.value}


def _letters(pack: Pack) -> LetterRules:
    rules = pack.letters
    return LetterRules(
        code_days=rules.code_days.value,
        code_tries=rules.code_tries.value,
        code_lock_minutes=rules.code_lock_minutes.value,
        talk_days=rules.talk_days.value,
        scale_words=tuple(rules.scale_words.value),
        level_words=tuple(rules.level_words.value),
        diagnosis_words=tuple(rules.diagnosis_words.value),
        doubtful_words=tuple(rules.doubtful_words.value),
    )


def _help_button(pack: Pack) -> HelpRules:
    rules = pack.help_button
    return HelpRules(
        called_now=rules.now.value, called_hurt=rules.hurt.value, calls_an_hour=rules.calls_an_hour.value
    )  # fmt: skip


def _committee(pack: Pack) -> CommitteeRules:
    rules = pack.committee
    return CommitteeRules(
        seats=rules.seats.value,
        report_every_days=rules.report_every_days.value,
        due_weekday=rules.due_weekday.value,
        worry=rules.worry.value,
        grave_worry=rules.grave_worry.value,
        grave_kinds=tuple(rules.grave_kinds.value),
        name_within=rules.name_within.value.rule(),
        name_grave_within=rules.name_grave_within.value.rule(),
    )


def _rounds(pack: Pack) -> RoundRules:
    rules = pack.rounds
    return RoundRules(
        windows=tuple(rules.windows.value),
        free_days=rules.holiday_days.value,
        within=rules.within.value.rule(),
        catch_up_days=rules.catch_up_days.value,
        ladder=tuple(tuple(rung) for rung in rules.rungs.value),
    )


def _referrals(pack: Pack) -> ReferralRules:
    rules = pack.referrals
    return ReferralRules(
        answer_within=rules.answer_within.value.rule(),
        visit_named_within=rules.visit_named_within.value.rule(),
        attended_within=rules.attended_within.value.rule(),
        step_within=rules.step_within.value.rule(),
        word_within=rules.word_within.value.rule(),
        talk_again_within=rules.talk_again_within.value.rule(),
        link_days=rules.link_days.value,
        link_tries=rules.link_tries.value,
        link_lock_minutes=rules.link_lock_minutes.value,
    )


def _leave(pack: Pack) -> LeaveRules:
    rules = pack.leave
    return LeaveRules(
        step_within=rules.step_within.value.rule(),
        contact_within=rules.contact_within.value.rule(),
        look_days_after_return=tuple(rules.look_days_after_return.value),
    )


def _feedback(pack: Pack) -> FeedbackRules:
    rules = pack.feedback
    return FeedbackRules(
        teachers_within=rules.teachers_within.value.rule(),
        guardian_within=rules.guardian_within.value.rule(),
        tries_at_least=rules.tries_at_least.value,
    )


def _meetings(pack: Pack) -> MeetingRules:
    rules = pack.meetings
    return MeetingRules(
        every_days=rules.every_days.value, led_by=tuple(rules.led_by.value), present=tuple(rules.present.value)
    )


def _filings(pack: Pack) -> FilingRules:
    rules = pack.filings
    return FilingRules(
        orders=tuple(rules.orders.value),
        acknowledged_within=rules.acknowledged_within.value.rule(),
        ladder=tuple(tuple(rung) for rung in rules.rungs.value),
    )


def _triage(pack: Pack) -> TriageRules:
    rules = pack.triage
    return TriageRules(
        critical=rules.critical.value,
        asked_to_talk=rules.asked_to_talk.value,
        severe=rules.severe.value,
        flagged=rules.flagged.value,
        flags_for_many=rules.flags_for_many.value,
    )


def _adaptive(pack: Pack) -> Rule:
    rules = pack.adaptive
    return Rule(
        missed_at_most=rules.missed_at_most.value,
        false_at_most=rules.false_at_most.value,
        precision=None,
        lead=rules.lead.value,
        fewest=rules.fewest.value,
    )


def _norms(pack: Pack) -> NormRules:
    rules = pack.norms
    return NormRules(
        bands=tuple(Band(row.stage, tuple(row.grades)) for row in rules.bands.value),
        group_sheets=rules.group_sheets.value,
        line_sheets=rules.line_sheets.value,
        schools=rules.schools.value,
        left_out_signs=tuple(rules.left_out_signs.value),
    )
