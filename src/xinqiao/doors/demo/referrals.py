"""Institutions of the first county, and referrals and a leave of one of its schools."""

import datetime as dt

from xinqiao.care.crisis.leave.rules import Step
from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral.rules import Answer
from xinqiao.care.crisis.referral.states import ReferralState
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.selectors.leaves import running_leave_of
from xinqiao.care.crisis.selectors.referrals import preview_of
from xinqiao.care.crisis.services.answers import answer_referral
from xinqiao.care.crisis.services.leaves import open_leave, take_step
from xinqiao.care.crisis.services.partners import PartnerDraft, add_partner
from xinqiao.care.crisis.services.referrals import (
    ReferralDraft,
    hear_family,
    ready_referral,
    send_referral,
    write_referral,
)
from xinqiao.doors.demo.cast import City, LeaveSeed, ReferralSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.people.models import Student
from xinqiao.register.people.services.consents import publish_form, shipped_text
from xinqiao.register.people.states import GivenBy, Purpose

AGREED_DAYS_AGO, AGREED_FOR_DAYS = 80, 365
SENT_DAYS_AGO, VISIT_IN_DAYS = 1, 4
DAYS_A_STEP = 3
OWN_FROM_AGE = 14


def add_referrals(built: Built, city: City) -> None:
    """Put institutions on the county's list, and refer two pupils of one school."""
    seed = city.referrals
    if seed.county not in built.units or seed.bureau not in built.users:
        return
    bureau = actor_for(built.users[seed.bureau], clock.today())
    begun = clock.today() - dt.timedelta(days=AGREED_DAYS_AGO)
    partners = {}
    for each in seed.partners:
        draft = PartnerDraft(
            name=each.name, kind=each.kind, contact=each.contact, departments=each.departments, capacity=each.capacity,
            agreement=each.agreement, agreed_from=begun, agreed_until=begun + dt.timedelta(days=AGREED_FOR_DAYS),
        )  # fmt: skip
        partners[each.name] = add_partner(built.units[seed.county], actor=bureau, draft=draft)
    if seed.at not in built.units or seed.psych not in built.users:
        return
    psych = actor_for(built.users[seed.psych], clock.today())
    text = shipped_text(Purpose.REFERRAL, OWN_FROM_AGE)
    publish_form(built.units[seed.at], actor=psych, purpose=Purpose.REFERRAL, text=text)
    for student, told in zip(built.students[seed.at][::-7], seed.sent, strict=False):
        with clock.frozen(clock.now() - dt.timedelta(days=SENT_DAYS_AGO)):
            _refer(student, told, partners[told.to], psych)
    _lead_into_leave(built.students[seed.at][len(built.students[seed.at]) // 2], seed.leave, psych)


def _lead_into_leave(student: Student, seed: LeaveSeed, psych: Actor) -> None:
    """Step by step, a few days apart."""
    for number, each in enumerate(seed.steps):
        with clock.frozen(clock.now() - dt.timedelta(days=DAYS_A_STEP * (len(seed.steps) - number))):
            step = Step(each.target, clock.today(), seed.people, each.words)
            running = running_leave_of(student)
            if running is None:
                open_leave(student, actor=psych, step=step)
            else:
                take_step(running, actor=psych, step=step)


def _refer(student: Student, seed: ReferralSeed, partner: Partner, psych: Actor) -> None:
    draft = ReferralDraft(
        partner=partner, reason=seed.reason, observed=seed.observed, contact=f"{psych.name} 0570-8000001",
        shared=("name", "age", "observed"),
    )  # fmt: skip
    referral = write_referral(student, actor=psych, draft=draft)
    hear_family(referral, actor=psych, is_agreed=True, given_by=GivenBy.GUARDIAN)
    ready_referral(referral, actor=psych, shown=bytes.fromhex(preview_of(referral).digest))
    send_referral(referral, actor=psych)
    if seed.state == ReferralState.SENT:
        return
    institution = system_actor("crisis.door")
    for answer in (Answer("accepted"), Answer("visit_dated", day=clock.today() + dt.timedelta(days=VISIT_IN_DAYS))):
        found = every_referral().select_related("student", "partner").get(pk=referral.pk)
        answer_referral(found, actor=institution, answer=answer)
