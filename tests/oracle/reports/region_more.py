"""What stands beside the screenings of the region: letters, plans by category, the register, what others were asked."""

import datetime as dt
import random
import secrets
from typing import Any

from xinqiao.care.letters.judging import shared_digest
from xinqiao.care.letters.models import Letter
from xinqiao.care.letters.services.releasing import hand_over, release_class, withdraw_letter
from xinqiao.care.letters.services.writing import read_mailing, write_mailing
from xinqiao.care.letters.texts import texts_for
from xinqiao.care.scales.norming import draft_norm
from xinqiao.care.scales.services.norms import publish_norm
from xinqiao.care.screening.models import Campaign, EducationPlan
from xinqiao.care.screening.services.educating import (
    EducationDraft,
    finish_education_plan,
    write_education_plan,
    write_observation,
)
from xinqiao.care.screening.tests.asking_others import GUARDIANS, TEACHERS, campaign_with, form_of, publish
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.services.entries import EntryDraft, add_entry, propose_entry
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import Unit

DAY = dt.timedelta(days=1)
KINDS = {"family": "loss", "physique": "impairment", "psychology": "adjusting"}
OTHERS = "家校观察"
WORDS = texts_for("shared")[1].words.zh_hans


def enrich(region: Any, campaign: Campaign, dice: random.Random) -> None:
    """Add all of it on the second day after the campaign began."""
    campaign.refresh_from_db()
    with clock.frozen(MONDAY_10 + 2 * DAY):
        letters(region, dice, campaign)
        education(region, campaign)
        register(region)
        norm(region)
        region.campaigns[OTHERS] = others(region, dice)


def others(region: Any, dice: random.Random) -> Campaign:
    """A screening that asks class teachers and guardians alone: some hand in, some guardians do not want to."""
    versions = publish(TEACHERS, GUARDIANS)
    asked = {"teacher": versions[TEACHERS].id, "parent": versions[GUARDIANS].id}
    found = campaign_with(region.school, asked, name=OTHERS, scale_ids=(), opens_at=clock.now(),
                          closes_at=clock.now() + dt.timedelta(hours=20))  # fmt: skip
    for informant in asked:
        rows = Sitting.objects.for_system(reason="test").filter(origin_id=form_of(found, informant).id, state="waiting")
        ids = list(rows.order_by("student__number_index", "pk").values_list("pk", flat=True))
        dice.shuffle(ids)
        half, no = len(ids) // 2, len(ids) // 2 + (4 if informant == "parent" else 0)
        rows.filter(pk__in=ids[half:no]).update(state="excused", excuse="refused")
        rows.filter(pk__in=ids[no : no + 3]).update(state="excused", excuse="absent")
        for pk in ids[:half]:
            rows.filter(pk=pk).update(
                state="submitted", submitted_at=clock.now(), receipt=secrets.token_hex(4), key="k"
            )  # fmt: skip
    return found


def norm(region: Any) -> None:
    """The norm of the school, by the policy in force."""
    school = region.school
    draft = draft_norm(system_actor("test"), school.unit, school.versions["phq-9"], 2026)
    assert not draft.why_not
    publish_norm(school.unit, actor=system_actor("test"), draft=draft)


def write_letters(campaign: Campaign, actor: Any, dice: random.Random, *, classes: int, share: float) -> None:
    """Write the letters of a screening that has ended, release those of some classes, hand most of them over."""
    mailing = write_mailing(campaign, actor=actor, title="致家长", words=WORDS)
    mailing = read_mailing(mailing, actor=actor, shown=shared_digest(mailing))
    rows = Letter.objects.for_system(reason="test").filter(mailing=mailing).order_by("pk")
    ids = list(dict.fromkeys(rows.values_list("class_id", flat=True)))
    for class_unit in Unit.objects.filter(pk__in=ids).order_by("path")[:classes]:
        release_class(
            class_unit, actor=actor, mailing=mailing, is_calling_confirmed=True, are_doubts_confirmed=True
        )  # fmt: skip
        own = [pk for pk in rows.filter(class_id=class_unit.pk).values_list("student_id", flat=True)
               if dice.random() < share]  # fmt: skip
        if own:
            hand_over(class_unit, actor=actor, mailing=mailing, student_ids=own)


def letters(region: Any, dice: random.Random, campaign: Campaign) -> None:
    """Letters of the school, one of them withdrawn, and of one that was ordered to screen."""
    psych = region.school.actor("psych")
    write_letters(campaign, psych, dice, classes=2, share=0.8)
    out = Letter.objects.for_system(reason="test").filter(mailing__campaign=campaign, state="delivered")
    withdraw_letter(out.select_related("mailing__campaign", "student").order_by("pk")[0], actor=psych)
    write_letters(region.bureau.plan(region.order, 2), region.bureau.psych(2), dice, classes=1, share=0.5)


def education(region: Any, campaign: Campaign) -> None:
    """A class teacher was heard before the plan for two classes, another after it; the second plan is over."""
    school = region.school
    _seen(region, campaign, "teacher", school.class_b)
    _planned(region, campaign, "phq-9.total", "睡得更好", (school.class_a, school.class_b))
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        _seen(region, campaign, "teacher_a", school.class_a)
        plan = _planned(region, campaign, "", "班级约定", (school.class_8,))
        finish_education_plan(plan, actor=school.actor("psych"), outcome="约定都签了。")


def _seen(region: Any, campaign: Campaign, login: str, unit: Unit) -> None:
    write_observation(
        unit, actor=region.school.actor(login), campaign=campaign, marks=["tired"], words="课间安静，有些疲倦。"
    )  # fmt: skip


def _planned(region: Any, campaign: Campaign, category: str, title: str, units: tuple[Unit, ...]) -> EducationPlan:
    on = clock.today()
    draft = EducationDraft(
        category=category, title=title, class_ids=tuple(unit.id for unit in units), aim="睡够八小时",
        measures="作业总量，一节班会课", owner_id=region.school.world.id_of("psych"), starts_on=on,
        due_on=on + dt.timedelta(days=30),
    )  # fmt: skip
    return write_education_plan(campaign, actor=region.school.actor("psych"), draft=draft)


def register(region: Any) -> None:
    """Entries of two categories, two of them due for a look, and a proposal."""
    psych = region.school.actor("psych")
    for number, category in enumerate(("family", "family", "physique", "physique", "psychology")):
        add_entry(
            region.school.students[number], actor=psych, draft=EntryDraft(category, KINDS[category], "由奶奶照看")
        )
    teacher = region.school.actor("teacher")
    propose_entry(
        region.school.students[0], actor=teacher, draft=EntryDraft("psychology", KINDS["psychology"], "常常独自一人")
    )
    kept = RegisterEntry.objects.for_system(reason="test").filter(state="kept").order_by("pk")
    RegisterEntry.objects.for_system(reason="test").filter(pk__in=[row.pk for row in kept[:2]]).update(
        review_on=clock.today()
    )
