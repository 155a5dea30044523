"""The hotline and the joint activation of the incident that runs in the demo city."""

import datetime as dt
from uuid import uuid5

from xinqiao.care.incidents.models import Hotline, Incident, JointActivation
from xinqiao.care.incidents.partners import partners_at
from xinqiao.care.incidents.rows import every_part
from xinqiao.care.incidents.services.joining import (
    JointDraft,
    ask_part,
    note_situation,
    open_activation,
    promise_part,
)
from xinqiao.care.incidents.services.phoning import (
    CallDraft,
    HotlineDraft,
    ShiftDraft,
    add_shift,
    open_hotline,
    take_call,
)
from xinqiao.doors.demo.cast import HotlineSeed, IncidentsSeed, JointSeed
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.people.models import Student

MINUTE = dt.timedelta(minutes=1)
OPENED, BEGUN = 15 * MINUTE, 12 * MINUTE


def open_modes(
    incident: Incident, seed: IncidentsSeed, *, head: Actor, psych: Actor, bureau: Actor, about: Student
) -> None:  # fmt: skip
    """Open both as the school's people and the county's officer would have, minutes ago."""
    with clock.frozen(clock.now() - OPENED):
        _phone(incident, seed.hotline, head, psych, about)
    with clock.frozen(clock.now() - BEGUN):
        _join(incident, seed.joint, bureau)


def _phone(incident: Incident, seed: HotlineSeed, head: Actor, psych: Actor, about: Student) -> None:
    """The hotline with its roster, which has a hole tomorrow, and its first calls."""
    draft = HotlineDraft(uuid5(incident.id, "hotline"), seed.numbers, seed.from_hour, seed.hours)
    hotline = open_hotline(incident, actor=head, draft=draft)
    assert isinstance(hotline, Hotline)
    half = seed.hours // 2
    rows = (
        (0, seed.from_hour, seed.hours, psych, head), (1, seed.from_hour, half, head, psych),
    )  # fmt: skip
    for days, from_hour, hours, sitter, other in rows:
        day = clock.today() + dt.timedelta(days=days)
        once = uuid5(incident.id, f"shift {days}")
        add_shift(
            hotline, actor=head, draft=ShiftDraft(once, day, from_hour, hours, sitter.person_id, other.person_id)
        )  # fmt: skip
    for number, each in enumerate(seed.calls):
        call = CallDraft(
            uuid5(incident.id, f"call {number}"), each.caller, each.concern, each.answered, is_urgent=False,
            is_back=bool(each.back), back_to=each.back, student=about if each.is_about_pupil else None,
        )  # fmt: skip
        take_call(hotline, actor=psych, draft=call)


def _join(incident: Incident, seed: JointSeed, bureau: Actor) -> None:
    """The joint activation: one partner comes, one has not answered. Without an agreement in force there is none."""
    known = [each for each in partners_at(incident.place, clock.today()) if each.name == seed.partner]
    if not known:
        return
    draft = JointDraft(
        uuid5(incident.id, "joint"), seed.level, seed.grounds, known[0].id, seed.lead_health, seed.asked,
        is_calling=True,
    )  # fmt: skip
    joint = open_activation(incident, actor=bureau, draft=draft)
    assert isinstance(joint, JointActivation)
    with clock.frozen(clock.now() + 5 * MINUTE):
        part = every_part().get(activation=joint)
        arrives_at = (clock.now() + 90 * MINUTE).replace(second=0, microsecond=0)
        promise_part(part, actor=bureau, people=seed.people, arrives_at=arrives_at, words=seed.promised)
        ask_part(joint, actor=bureau, once=uuid5(incident.id, "other"), whom=seed.other, words=seed.other_asked)
        note_situation(
            joint, actor=bureau, once=uuid5(incident.id, "note"), at=clock.now(), words=seed.situation
        )  # fmt: skip
