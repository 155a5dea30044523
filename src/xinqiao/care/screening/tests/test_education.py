"""Plans by category: classes spoken of as a whole, plans made with it, who reads and writes what."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from xinqiao.care.screening import services
from xinqiao.care.screening.models import ClassObservation, EducationPlan
from xinqiao.care.screening.rules import refusals_of_observation, refusals_to_plan_education
from xinqiao.care.screening.selectors.educating import education_rows, observation_rows
from xinqiao.care.screening.services.campaigns import create_campaign, discard_campaign
from xinqiao.care.screening.services.educating import (
    CannotWrite,
    EducationDraft,
    change_education_plan,
    finish_education_plan,
    write_education_plan,
    write_observation,
)
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

ON = MONDAY_10.date()


@pytest.fixture
def campaign(school):
    return school.launched()


def draft(school, **changes) -> EducationDraft:
    parts = {
        "category": "phq-9.total", "title": "睡得更好", "class_ids": (school.class_b.id,), "aim": "睡够八小时",
        "measures": "作业总量，一节班会课", "owner_id": school.world.id_of("psych"), "starts_on": ON,
        "due_on": ON + dt.timedelta(days=30),
    }  # fmt: skip
    return EducationDraft(**{**parts, **changes})


def written(school, campaign, login="teacher", words="课间安静，最近有些疲倦。", unit=None):
    return write_observation(
        unit or school.class_b, actor=school.actor(login), campaign=campaign, marks=["tired", "pressure"], words=words
    )


def test_a_class_teacher_says_what_the_class_is_like_and_may_say_it_anew(school, campaign):
    first = written(school, campaign)
    again = written(school, campaign, words="好些了。")
    assert again.pk == first.pk
    rows = {row.class_id: row for row in observation_rows(
        school.actor("psych"), campaign, [school.class_a, school.class_b], ON)}  # fmt: skip
    assert rows[school.class_b.id].marks == ("疲倦，睡眠不足", "作业和成绩压力大")
    assert (rows[school.class_b.id].words, rows[school.class_b.id].by) == ("好些了。", "周海宁")
    assert rows[school.class_a.id].written_at is None
    assert AuditEvent.objects.filter(event="screening.observation.written").count() == 2
    assert AuditEvent.objects.filter(event="screening.observations.read").count() == 1


def test_the_words_are_sealed(school, campaign):
    written(school, campaign, words="不该明文出现的话")
    (row,) = ClassObservation.objects.for_system(reason="test").values_list("words", flat=True)
    assert "不该明文" not in str(bytes(row) if not isinstance(row, str) else row)


def test_whoever_names_a_pupil_is_asked_not_to(school, campaign):
    with pytest.raises(CannotWrite) as refused:
        written(school, campaign, words="欧阳思源总是一个人。")
    assert [(reason.code, reason.details) for reason in refused.value.reasons] == [("pupil_named", ("欧阳思源",))]
    assert not ClassObservation.objects.for_system(reason="test").exists()


def test_without_the_rule_a_name_would_be_kept(school, campaign, monkeypatch):
    """The control."""
    monkeypatch.setattr(services.educating, "refusals_of_observation", lambda *_facts: [])
    assert written(school, campaign, words="欧阳思源总是一个人。").words is not None


@pytest.mark.parametrize("login", ["teacher_a", "psych", "head", "officer"])
def test_only_those_who_teach_the_class_write_of_it(school, campaign, login):
    with pytest.raises(Forbidden):
        written(school, campaign, login=login)


def test_rules_name_every_reason():
    assert [r.code for r in refusals_of_observation("open", [], "  ", ["张伟"])] == ["nothing_observed"]
    assert [r.code for r in refusals_of_observation("open", ["calm"], "王一切都好", ["王"])] == []
    assert [r.code for r in refusals_to_plan_education("closed", ON, ON - dt.timedelta(days=1), 0)] == [
        "no_classes", "due_before_start",
    ]  # fmt: skip


def test_nothing_hangs_on_a_screening_that_was_not_launched(school):
    planned = create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft())
    with pytest.raises(CannotWrite):
        written(school, planned)
    with pytest.raises(CannotWrite):
        write_education_plan(planned, actor=school.actor("psych"), draft=draft(school))
    discard_campaign(planned, actor=school.actor("psych"))


def test_a_plan_knows_whom_it_heard_and_ends_with_words(school, campaign):
    written(school, campaign)
    psych = school.actor("psych")
    plan = write_education_plan(campaign, actor=psych, draft=draft(school))
    assert plan.observations == 1
    plan = change_education_plan(plan, actor=psych, draft=draft(school, title="睡够八小时"))
    (row,) = education_rows(campaign, [school.class_b], ON, "zh-hans")
    assert (row.title, row.owner, row.is_late) == ("睡够八小时", "林若溪", False)
    assert row.category.startswith("PHQ-9")
    with pytest.raises(CannotWrite):
        finish_education_plan(plan, actor=psych, outcome="  ")
    (late,) = education_rows(campaign, [school.class_b], ON + dt.timedelta(days=31), "zh-hans")
    assert late.is_late
    finish_education_plan(plan, actor=psych, outcome="作业少了，睡得好些。")
    assert isinstance(finish_education_plan(plan, actor=psych, outcome="再说一次"), Unchanged)
    (done,) = education_rows(campaign, [school.class_b], ON + dt.timedelta(days=31), "zh-hans")
    assert (done.is_late, done.outcome) == (False, "作业少了，睡得好些。")
    with pytest.raises(CannotWrite):
        change_education_plan(plan, actor=psych, draft=draft(school))
    events = AuditEvent.objects.filter(event__startswith="screening.education.").values_list("event", flat=True)
    assert sorted(events) == [f"screening.education.{act}" for act in ("changed", "finished", "planned")]


def test_a_plan_and_its_outcome_name_no_pupil_of_the_classes(school, campaign):
    psych = school.actor("psych")
    with pytest.raises(CannotWrite):
        write_education_plan(campaign, actor=psych, draft=draft(school, measures="多关心欧阳思源"))
    plan = write_education_plan(campaign, actor=psych, draft=draft(school))
    with pytest.raises(CannotWrite):
        finish_education_plan(plan, actor=psych, outcome="欧阳思源好多了")
    with pytest.raises(CannotWrite):
        change_education_plan(plan, actor=psych, draft=draft(school, title="欧阳思源"))


def test_the_database_refuses_a_plan_that_ends_before_it_begins_or_without_words(school, campaign):
    plan = write_education_plan(campaign, actor=school.actor("psych"), draft=draft(school))
    rows = EducationPlan.objects.for_system(reason="test").filter(pk=plan.pk)
    for wrong in ({"due_on": ON - dt.timedelta(days=1)}, {"state": "finished", "finished_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def page(school, login, name, *args, data=None):
    client = Client()
    client.force_login(school.world.users[login])
    url = reverse(f"screening:{name}", args=args)
    return client.get(url) if data is None else client.post(url, data)


def test_the_pages_say_it_and_keep_what_was_typed(school, campaign):
    url = [campaign.pk, school.class_b.pk]
    refused = page(school, "teacher", "observation", *url, data={"marks": ["tired"], "words": "欧阳思源累了"})
    assert refused.status_code == 422
    assert "出现了学生姓名：欧阳思源" in refused.content.decode()
    assert "欧阳思源累了" in refused.content.decode()
    assert page(school, "teacher", "observation", *url, data={"marks": ["tired"], "words": "累"}).status_code == 302
    form = {
        "category": "phq-9.total", "title": "睡得更好", "classes": [str(school.class_b.pk)], "aim": "睡够",
        "measures": "班会课", "owner": str(school.world.id_of("psych")), "starts_on": "2026-11-23",
        "due_on": "2026-11-01",
    }  # fmt: skip
    wrong = page(school, "psych", "education-new", campaign.pk, data=form)
    assert wrong.status_code == 422
    assert "睡得更好" in wrong.content.decode()
    assert page(school, "psych", "education-new", campaign.pk, data={**form, "due_on": "2026-12-31"}).status_code == 302
    for login in ("psych", "teacher", "head", "lead", "grade"):
        text = page(school, login, "education", campaign.pk).content.decode()
        assert "睡得更好" in text
        assert "疲倦，睡眠不足" in text
    other = page(school, "teacher_a", "education", campaign.pk).content.decode()
    assert "睡得更好" not in other
    assert "疲倦，睡眠不足" not in other
    plan = EducationPlan.objects.for_system(reason="test").get()
    edited = page(school, "psych", "education-edit", plan.pk, data={**form, "title": "更早睡", "due_on": "2026-12-31"})
    assert edited.status_code == 302
    assert page(school, "psych", "education-finish", plan.pk, data={"outcome": "好些"}).status_code == 302
    assert "好些" in page(school, "psych", "education", campaign.pk).content.decode()
