"""Reads of referrals: the list with its numbers, one with its story, what a link and a code show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.alerts.wording import CLOCK_WORDS
from xinqiao.care.crisis.models import Referral, ReferralStep
from xinqiao.care.crisis.referral.codes import grouped, link_mac, payload_digest
from xinqiao.care.crisis.referral.payload import payload_from, shown_rows
from xinqiao.care.crisis.referral.states import (
    ENDED,
    WITH_INSTITUTION,
    DeclineReason,
    EndReason,
    PartnerKind,
    ReferralState,
    StepKind,
    Way,
    answers_from,
)
from xinqiao.care.crisis.referral_building import consent_of, payload_of, standing_of_partner
from xinqiao.care.crisis.referral_rows import every_referral, every_step
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import erased_word, open_sealed
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.models import Student
from xinqiao.register.policy.packs import Hotline
from xinqiao.register.policy.selectors import parameters_for

OVERDUE_WORDS = {"answer": "referral", "visit": "referral_visit", "seen": "referral_seen", "talk": "referral_talk",
                 "step": "referral_step"}  # fmt: skip


@dataclass(frozen=True)
class ReferralRow:
    """One referral in a list."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    partner: str
    state: str
    state_name: str
    sent_at: dt.datetime | None
    visit_on: dt.date | None
    is_unread: bool
    is_open: bool
    clock: ClockRow | None
    waits_for: str

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.minutes_left < 0


@dataclass(frozen=True)
class Loops:
    """How many referrals went out, how many came to an end with a reason, and what waits (S0-E-A5-B15-4)."""

    out: int
    ended: int
    late: int
    unread: int
    overrides: int
    refused: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.ended / self.out) if self.out else None


def referral_rows(actor: Actor, now: dt.datetime, student_id: UUID | None = None) -> list[ReferralRow]:
    """Return the referrals of an actor's pupils, what is late first, then what is new; reading them is an event."""
    visible = Referral.objects.visible_to(actor, Permission.REFERRAL_EDIT)
    if student_id:
        visible = visible.filter(student_id=student_id)
    found = list(visible.select_related("student", "partner").order_by("-written_at"))
    clocks = running_clocks([row.id for row in found], now)
    units = units_by_path(row.student.place for row in found)
    names = open_sealed([row.student for row in found], "name")
    on = today()
    rows = [
        _row(row, said["name"] or "", name_on(unit, on) if (unit := units.get(row.student.place)) else "",
             next(iter(clocks.get(row.id, ())), None))
        for row, said in zip(found, names, strict=True)
    ]  # fmt: skip
    note_reading(actor, "crisis.referrals.read", place=found[0].place if found else "",
                 county_id=found[0].county_id if found else None, facts={"count": len(rows)})  # fmt: skip
    return sorted(rows, key=lambda row: (not row.is_open, not row.is_late, not row.is_unread))


def _row(referral: Referral, name: str, class_name: str, clock: ClockRow | None) -> ReferralRow:
    return ReferralRow(
        id=referral.id, student_id=referral.student_id, name=name, class_name=class_name,
        partner=referral.partner.name, state=referral.state, state_name=str(ReferralState(referral.state).label),
        sent_at=referral.sent_at, visit_on=referral.visit_on, is_unread=referral.is_unread,
        is_open=referral.state not in ENDED, clock=clock, waits_for=str(CLOCK_WORDS[clock.kind]) if clock else "",
    )  # fmt: skip


def loops_of(actor: Actor, now: dt.datetime, permission: Permission = Permission.REFERRAL_COUNT) -> Loops:
    """Return the numbers of an actor's referrals, without a name or a word."""
    rows = list(
        Referral.objects.visible_to(actor, permission).only("id", "state", "sent_at", "is_override", "is_unread")
    )
    out = [row for row in rows if row.sent_at is not None]
    clocks = running_clocks([row.id for row in rows], now)
    return Loops(
        out=len(out), ended=sum(row.state in ENDED for row in out), unread=sum(row.is_unread for row in rows),
        late=sum(any(clock.minutes_left < 0 for clock in found) for found in clocks.values()),
        overrides=sum(row.is_override for row in out),
        refused=sum(row.state == ReferralState.REFUSED for row in rows),
    )  # fmt: skip


def late_by_clock(actor: Actor, now: dt.datetime) -> list[tuple[str, int]]:
    """Return what is late among an actor's referrals, as words and a number each; no name, no word of a referral."""
    ids = (
        Referral.objects.visible_to(actor, Permission.REFERRAL_COUNT)
        .exclude(state__in=ENDED)
        .values_list("id", flat=True)
    )
    late = [clock for found in running_clocks(list(ids), now).values() for clock in found if clock.minutes_left < 0]
    kinds = dict.fromkeys(clock.kind for clock in late)
    return [(str(CLOCK_WORDS[kind]), sum(clock.kind == kind for clock in late)) for kind in kinds]


def count_waiting(actor: Actor, now: dt.datetime) -> int:
    """Return how many referrals want somebody at the school today: an answer nobody has read, a clock run out, or a
    consent taken back."""
    numbers = loops_of(actor, now, Permission.REFERRAL_EDIT)
    shut = Referral.objects.visible_to(actor, Permission.REFERRAL_EDIT).filter(
        shut_at__isnull=False, state__in=WITH_INSTITUTION
    )
    return numbers.late + numbers.unread + int(shut.count())


@dataclass(frozen=True)
class StepRow:
    """One dated thing as the page's timeline shows it."""

    at: dt.datetime
    title: str
    text: str
    who: str
    tone: str = ""


@dataclass(frozen=True)
class ReferralPage:
    """One referral for whoever runs it."""

    referral: Referral
    name: str
    class_name: str
    state_name: str
    words: dict[str, str]
    story: Sequence[StepRow]
    clocks: Sequence[tuple[str, ClockRow]]
    consent: str
    is_asked: bool
    partner_refusal: str
    answers: Sequence[str]
    end_reason: str


def referral_for(actor: Actor, referral_id: UUID) -> Referral | None:
    """Return a referral that the actor may run, else None."""
    rows = Referral.objects.visible_to(actor, Permission.REFERRAL_EDIT).filter(pk=referral_id)
    found: Referral | None = rows.select_related("student", "partner").first()
    return found


def referral_page(actor: Actor, referral: Referral, now: dt.datetime) -> ReferralPage:
    """Return one referral with its story; reading it leaves an event."""
    (said,) = open_sealed([referral], "reason", "observed", "contact", "advice")
    unit = units_by_path([referral.student.place]).get(referral.student.place)
    note_reading(actor, "crisis.referral.read", subject_kind="student", subject_id=referral.student_id,
                 place=referral.place, county_id=referral.county_id, facts={"referral": str(referral.id)})  # fmt: skip
    consent, is_asked = consent_of(referral.student, today())
    found = running_clocks([referral.id], now).get(referral.id, [])
    is_station = referral.partner.kind == PartnerKind.STATION
    return ReferralPage(
        referral=referral, name=name_of(referral.student), class_name=name_on(unit, today()) if unit else "",
        state_name=str(ReferralState(referral.state).label), words={key: value or "" for key, value in said.items()},
        story=_story(referral), clocks=[(str(CLOCK_WORDS[clock.kind]), clock) for clock in found], consent=consent,
        is_asked=is_asked, partner_refusal=standing_of_partner(referral.partner, today()),
        answers=[target.value for target in answers_from(referral.state, is_station=is_station)],
        end_reason=str(EndReason(referral.end_reason).label) if referral.end_reason else "",
    )  # fmt: skip


def _story(referral: Referral) -> list[StepRow]:
    steps = list(every_step().filter(referral=referral).order_by("-at", "-id"))
    words = open_sealed(steps, "words")
    names = staff_names([step.by for step in steps if step.by])
    return [
        _step(step, said["words"] or "", names, referral.partner.name) for step, said in zip(steps, words, strict=True)
    ]


def _step(step: ReferralStep, words: str, names: dict[UUID, str], partner: str) -> StepRow:
    parts = [day_words(step.day) if step.day else "", _reason_words(step), words]
    who = partner if step.by is None and step.way == Way.LINK else names.get(step.by, "") if step.by else ""
    tone = {"overdue": "red", "overridden": "orange", "refused": "orange", "declined": "orange"}.get(step.kind, "")
    return StepRow(step.at, str(StepKind(step.kind).label), " · ".join(part for part in parts if part), who, tone)


def _reason_words(step: ReferralStep) -> str:
    if step.kind == StepKind.OVERDUE:
        return str(CLOCK_WORDS[OVERDUE_WORDS[step.reason]])
    if step.kind == StepKind.DECLINED:
        return str(DeclineReason(step.reason).label)
    return str(EndReason(step.reason).label) if step.reason else ""


@dataclass(frozen=True)
class Preview:
    """What the institution will see if the referral goes out as it stands; `digest` (hex) is that of exactly this."""

    rows: Sequence[tuple[str, str]]
    digest: str


def preview_of(referral: Referral) -> Preview:
    """Return the preview of a referral that was fetched for the actor."""
    payload = payload_of(referral)
    return Preview(shown_rows(payload), payload_digest(referral.id, payload.as_json()).hex())


@dataclass(frozen=True)
class Keys:
    """The link and the code of a referral that is out, to be passed on apart."""

    link: str
    code: str
    until: dt.datetime


def keys_of(actor: Actor, referral: Referral) -> Keys | None:
    """Return link and code while they open something; looking at them leaves an event."""
    if referral.state not in WITH_INSTITUTION or referral.expires_at is None:
        return None
    (opened,) = open_sealed([referral], "link", "code")
    note_reading(actor, "crisis.referral.link_shown", subject_kind="student", subject_id=referral.student_id,
                 place=referral.place, county_id=referral.county_id, facts={"referral": str(referral.id)})  # fmt: skip
    return Keys(grouped(opened["link"] or ""), grouped(opened["code"] or ""), referral.expires_at)


@dataclass(frozen=True)
class OpenedReferral:
    """What link and code show: exactly what was previewed, where it stands, and what can be answered."""

    rows: Sequence[tuple[str, str]]
    state: str
    state_name: str
    sent_at: dt.datetime
    visit_on: dt.date | None
    answers: Sequence[str]
    hotlines: Sequence[Hotline]


def referral_at(link: str, at: dt.datetime) -> Referral | None:
    """Return the referral that a link finds and that can still be opened."""
    rows = every_referral().filter(link_mac=link_mac(link), state__in=WITH_INSTITUTION, expires_at__gt=at)
    return rows.select_related("student", "partner").first()


def opened_referral(referral: Referral, on: dt.date) -> OpenedReferral:
    """Return what a referral shows to whoever proved its code."""
    (opened,) = open_sealed([referral], "payload")
    assert referral.sent_at is not None
    is_station = referral.partner.kind == PartnerKind.STATION
    return OpenedReferral(
        rows=shown_rows(payload_from(opened["payload"])) if opened["payload"] else [(_("Pupil"), erased_word())],
        state=referral.state,
        state_name=str(ReferralState(referral.state).label), sent_at=referral.sent_at, visit_on=referral.visit_on,
        answers=[target.value for target in answers_from(referral.state, is_station=is_station)],
        hotlines=parameters_for(referral.place, on).hotlines,
    )  # fmt: skip


def note_named(actor: Actor, student: Student) -> None:
    """Leave the event of opening a form that names a pupil."""
    note_reading(actor, "crisis.pupil.named", subject_kind="student", subject_id=student.id, place=student.place,
                 county_id=student.county_id)  # fmt: skip


def note_previewed(actor: Actor, referral: Referral) -> None:
    """Leave the event of looking at what will be sent."""
    note_reading(actor, "crisis.referral.previewed", subject_kind="student", subject_id=referral.student_id,
                 place=referral.place, county_id=referral.county_id)  # fmt: skip
