"""A screening of the register: whom it asks, who may know of it, and what a term asks for."""

import datetime as dt
import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xinqiao.care.screening.cadence import DueState
from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.jobs.reminding import remind_of_due
from xinqiao.care.screening.models import OF_EVERYONE, CadenceReminder, Campaign, CampaignPupil, ExportRequest
from xinqiao.care.screening.register_cadence import Told, days_of_term, fewest, last_day, state_of, told
from xinqiao.care.screening.selectors import coverage
from xinqiao.care.screening.selectors.campaigns import campaign_rows
from xinqiao.care.screening.selectors.coverage import coverage_of_schools
from xinqiao.care.screening.selectors.planning import preparation_of
from xinqiao.care.screening.selectors.register_due import register_due_for, register_told
from xinqiao.care.screening.services import campaigns as campaign_services
from xinqiao.care.screening.services.campaigns import (
    CannotRun,
    close_campaign,
    create_campaign,
    launch_campaign,
    open_make_up_round,
)
from xinqiao.care.screening.services.educating import CannotWrite, EducationDraft, write_education_plan
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.support.services.entries import EntryDraft, add_entry, end_entry
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.tests.world import MONDAY_10, add_staff
from xinqiao.register.orgs.models import Term

LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}
TITLE = "学习生活小问卷"
DUE = dt.date(2026, 12, 26)  # the term of the tests ends with 23 January, four weeks before that


def enter(school, *students, category="family"):
    return [add_entry(s, actor=school.actor("psych"), draft=EntryDraft(category, "", "晚上独自在家")) for s in students]


def sitting_students(campaign) -> set:
    rows = Sitting.objects.for_system(reason="a test looks at all rows").filter(origin_id=campaign.id)
    return set(rows.values_list("student_id", flat=True))


def of_register(school, **changes) -> Campaign:
    return school.launched(**{"name": TITLE, "register": ("family",), **changes})


def signed_in(school, login) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users[login])
    return client


def text_of(school, login, name, *args) -> str:
    return signed_in(school, login).get(reverse(name, args=args)).content.decode()


def test_it_asks_those_on_the_register_in_its_grades_by_codes_of_their_own(school):
    school.consent(school.elders)
    enter(school, *school.students[:2], school.elders[0])
    enter(school, school.students[2], category="physique")
    campaign = of_register(school)
    assert sitting_students(campaign) == {student.id for student in school.students[:2]}
    sittings = Sitting.objects.for_system(reason="a test looks at all rows").filter(origin_id=campaign.id)
    assert all(sitting.is_code_only for sitting in sittings), "a PIN that others know opens nothing"
    ready = preparation_of(campaign, clock.now())
    assert (ready.pupils, ready.may_answer) == (2, 2)


def test_a_plan_follows_the_register_and_a_launch_holds_it(school):
    psych = school.actor("psych")
    (entry,) = enter(school, school.students[0])
    plan = create_campaign(school.unit, actor=psych, draft=school.draft(register=("family",)))
    assert preparation_of(plan, clock.now()).pupils == 1
    enter(school, school.students[1])
    assert preparation_of(plan, clock.now()).pupils == 2, "the control: before the launch it follows"
    campaign = launch_campaign(plan, actor=psych)
    enter(school, school.students[2])
    end_entry(entry, actor=psych, why="mistake")
    fill_campaign(campaign, clock.now())
    assert sitting_students(campaign) == {student.id for student in school.students[:2]}
    assert CampaignPupil.objects.for_system(reason="a test counts").filter(campaign=campaign).count() == 2


def test_a_further_round_has_codes_of_its_own_too(school):
    enter(school, school.students[0])
    campaign = of_register(school)
    hand_in(campaign, school.students[0], LOW)
    open_make_up_round(
        campaign, actor=school.actor("psych"), opens_at=clock.now(), closes_at=campaign.closes_at,
        again=[school.students[0].id],
    )  # fmt: skip
    rows = Sitting.objects.for_system(reason="a test looks at all rows").filter(origin_id=campaign.id)
    assert [row.is_code_only for row in rows] == [True, True]


def test_nobody_on_the_register_is_said_before_the_launch(school):
    draft = school.draft(register=("family",))
    plan = create_campaign(school.unit, actor=school.actor("psych"), draft=draft)
    with pytest.raises(CannotRun) as error:
        launch_campaign(plan, actor=school.actor("psych"))
    assert [why.code for why in error.value.reasons] == ["nobody_on_register"]
    with pytest.raises(CannotRun) as error:
        create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft(register=("weird",)))
    assert [why.code for why in error.value.reasons] == ["no_such_category"]


def test_who_does_not_keep_the_register_may_not_screen_from_it(school, monkeypatch):
    without = ROLE_PERMISSIONS[Role.PSYCH_TEACHER] - {Permission.REGISTER_VIEW}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.PSYCH_TEACHER, without)
    with pytest.raises(Forbidden):
        create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft(register=("family",)))
    assert create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft())


def test_it_stands_beside_a_screening_of_everyone_and_neither_shows_by_the_other(school):
    enter(school, school.students[0])
    of_register(school)
    everyone = school.launched()
    assert sitting_students(everyone) == {student.id for student in school.students}, "nobody's seat is missing"
    with pytest.raises(CannotRun) as error:
        of_register(school, register=("family", "key"))
    assert [why.code for why in error.value.reasons] == ["screened_twice"], "two of the register do not"


OTHERS = ("teacher", "teacher_a", "grade", "head", "lead", "typist")
PAGES = (
    "screening:campaign", "screening:progress", "screening:campaign-coverage", "screening:summary",
    "screening:education", "screening:exports", "screening:results", "screening:slips",
)  # fmt: skip


def statuses(school, login, campaign) -> set[int]:
    client = signed_in(school, login)
    paths = [reverse(name, args=[campaign.id]) for name in PAGES]
    paths += [reverse(f"screening:{name}", args=[campaign.id, school.class_b.id]) for name in
              ("class", "seats", "class-file", "levels", "paper-print", "paper", "observation")]  # fmt: skip
    return {client.get(path).status_code for path in paths}


@pytest.mark.parametrize("login", OTHERS)
def test_only_its_keepers_learn_that_it_is_there(school, login):
    add_staff(school.world, "typist", "谢一鸣", Role.PAPER_TYPIST, school.unit)
    enter(school, school.students[0])
    campaign = of_register(school)
    assert statuses(school, login, campaign) <= {403, 404}
    for name in ("screening:index", "home:index"):
        assert TITLE not in text_of(school, login, name), name
    assert campaign_rows(school.actor(login), clock.today()) == []
    Campaign.objects.for_system(reason="the control").update(register=OF_EVERYONE)
    assert 200 in statuses(school, login, campaign), "the control: one of everyone they may follow"
    assert TITLE in text_of(school, login, "screening:index")


def test_its_keepers_follow_it_and_no_list_of_a_class_is_printed(school):
    enter(school, school.students[0])
    campaign = of_register(school)
    assert TITLE in text_of(school, "psych", "screening:index")
    slips = text_of(school, "psych2", "screening:slips", campaign.id)
    assert slips.count("xq-slip-name") == 1
    page = text_of(school, "psych", "screening:class", campaign.id, school.class_b.id)
    assert "欧阳思源" in page
    assert AuditEvent.objects.filter(event="screening.register.read").count() == 1, "whose names were read is known"
    assert "㛃䶮" not in page, "who is not asked is not in the list"
    client = signed_in(school, "psych")
    for name in ("seats", "class-file", "paper-print", "paper"):
        assert reverse(f"screening:{name}", args=[campaign.id, school.class_b.id]) not in page
        assert client.get(reverse(f"screening:{name}", args=[campaign.id, school.class_b.id])).status_code == 404
    plan = EducationDraft("", "t", (school.class_b.id,), "a", "m", school.world.id_of("psych"), DUE, DUE)
    with pytest.raises(CannotWrite):
        write_education_plan(campaign, actor=school.actor("psych"), draft=plan)


def test_a_principal_gives_no_second_yes_to_what_must_not_be_known(school):
    enter(school, school.students[0])
    campaign = of_register(school)
    ExportRequest(
        campaign=campaign, purpose="care", pupils=1, requested_by=school.actor("psych").id, requested_at=clock.now(),
        county_id=campaign.county_id, place=campaign.place,
    ).save(force_insert=True)  # fmt: skip
    request = ExportRequest.objects.for_system(reason="a test looks at it").get()
    refuse = reverse("screening:export-refuse", args=[request.id])
    assert signed_in(school, "head").post(refuse).status_code == 404
    assert signed_in(school, "psych2").post(refuse).status_code == 302, "the control: another keeper may"


def test_a_title_that_names_the_register_is_refused(school):
    enter(school, school.students[0])
    plan = {
        "name": "特殊家庭学生测评", "grades": "junior:2026", "register": "family", "gate": "",
        "scales": str(school.versions["phq-9"].id), "opens_at": "2026-11-23T10:00", "closes_at": "2026-11-27T17:00",
        "form": str(school.form.id),
    }  # fmt: skip
    client, new = signed_in(school, "psych"), reverse("screening:new")
    refused = client.post(new, plan)
    assert refused.status_code == 422
    assert "请换一个任何学生看到都不要紧的标题" in refused.content.decode()
    assert client.post(new, {**plan, "register": []}).status_code == 302, "of everyone a title is anybody's"
    made = client.post(new, {**plan, "name": TITLE})
    assert "特殊家庭" in client.get(made.url).content.decode(), "its keeper sees whom it asks"
    assert 'value="family"' in client.get(f"{made.url}edit/").content.decode()


def test_coverage_counts_no_screening_of_the_register(school, monkeypatch):
    enter(school, *school.students[:5])
    officer = school.actor("officer")
    before = coverage_of_schools(officer, clock.today())
    campaign = of_register(school)
    for student in school.students[:5]:
        hand_in(campaign, student, LOW)
    assert coverage_of_schools(officer, clock.today()) == before
    monkeypatch.setattr(coverage, "OF_EVERYONE", json.dumps(["family"]))
    assert coverage_of_schools(officer, clock.today()) != before, "the control: counted, it would show"


def stand(school):
    (row,) = register_due_for(school.actor("psych"), clock.today())
    return row.members, row.assessed, row.state


def test_a_term_asks_for_one_screening_of_everyone_on_the_register(school):
    assert stand(school) == (0, 0, DueState.DONE)
    enter(school, *school.students[:3])
    assert stand(school) == (3, 0, DueState.DUE)
    campaign = of_register(school)
    assert stand(school) == (3, 0, DueState.RUNNING)
    hand_in(campaign, school.students[0], LOW)
    close_campaign(campaign, actor=school.actor("psych"))
    assert stand(school) == (3, 1, DueState.DONE), "the others have a reason on record"
    enter(school, school.students[3])
    assert stand(school) == (4, 1, DueState.DUE), "who comes onto it later is asked too"
    everyone = school.launched()
    hand_in(everyone, school.students[3], LOW)
    assert stand(school) == (4, 2, DueState.DONE), "any screening counts"
    Term.objects.update(start_on=dt.date(2026, 11, 1), end_on=dt.date(2026, 11, 20))
    (row,) = register_due_for(school.actor("psych"), clock.today())
    assert (row.has_term, row.due_on) == (False, None)


def test_keepers_are_reminded_once_before_and_once_after_the_day_in_neutral_words(school):
    enter(school, school.students[0])
    assert remind_of_due(MONDAY_10) == 0
    for day in (DUE, DUE, DUE + dt.timedelta(days=1), DUE + dt.timedelta(days=2)):
        remind_of_due(timezone.make_aware(dt.datetime.combine(day, dt.time(10))))
    rows = CadenceReminder.objects.for_system(reason="a test looks").filter(school_id=school.unit.id)
    assert sorted(rows.values_list("kind", "due_on")) == [("reg-late", DUE), ("reg-soon", DUE)]
    assert AuditEvent.objects.filter(event="screening.register.reminded").count() == 2
    sent = OutboxMessage.objects.for_system(reason="a test looks").filter(about_kind="cadence")
    assert sent.count() == 2, "the psychology teacher's address, and nobody else's"


def test_upward_goes_whether_something_is_due_and_no_number_of_a_school(school):
    enter(school, *school.students[:3])
    officer, head = school.actor("officer"), school.actor("head")
    late = timezone.make_aware(dt.datetime.combine(DUE + dt.timedelta(days=1), dt.time(10)))
    with clock.frozen(late):
        for actor in (officer, head):
            seen = register_told(actor, clock.today())
            assert seen.schools == (("学校1", Told.LATE),)
            assert seen.share is None, "a share of three children speaks of each of them"
        page = text_of(school, "officer", "screening:coverage")
        assert "各学校名册学生测评的应办情况" in page
        assert "不显示" in page
        assert register_due_for(officer, clock.today()) == []
        assert "本学期 3 人中" in text_of(school, "psych", "screening:index"), "the control: its keeper sees them"
        assert "本学期 3 人中" not in text_of(school, "head", "screening:index")


def test_above_a_school_a_running_one_and_an_empty_register_look_alike():
    assert {told(state) for state in (DueState.RUNNING, DueState.DONE, DueState.DUE)} == {Told.NOTHING}
    assert (told(DueState.LATE), told(DueState.SOON)) == (Told.LATE, Told.SOON)


def test_when_a_term_asks():
    term = (dt.date(2026, 9, 1), dt.date(2027, 1, 24))
    assert last_day(term, 28) == DUE
    assert last_day(term, 1000) == term[0]
    assert days_of_term(1, term, 28) == (DUE,)
    assert days_of_term(2, term, 28)[1] == DUE
    one, two = uuid4(), uuid4()
    assert fewest([], {}, 1) == 1
    assert fewest([one, two], {one: 2}, 1) == 0
    assert fewest([one, two], {one: 2, two: 1}, 2) == 1
    assert state_of(0, (DUE,), DUE, 30, is_running=False) == (DUE, DueState.SOON)
    assert state_of(1, (DUE,), DUE, 30, is_running=False) == (None, DueState.DONE)


def test_control_without_the_snapshot_nobody_is_asked(school, monkeypatch):
    enter(school, school.students[0])
    monkeypatch.setattr(campaign_services, "_freeze_population", lambda campaign: None)
    assert sitting_students(of_register(school)) == set()
