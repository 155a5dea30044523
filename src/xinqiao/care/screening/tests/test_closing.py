"""A campaign closes by name; refusals and absences stand beside the coverage, blurred where few."""

import datetime as dt
import itertools
import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from xinqiao.care.screening import disclosure
from xinqiao.care.screening.disclosure import Cell, beside_cells
from xinqiao.care.screening.models import ClassReach
from xinqiao.care.screening.selectors import coverage as coverage_selectors
from xinqiao.care.screening.selectors import missing as missing_selectors
from xinqiao.care.screening.selectors.coverage import campaign_coverage, coverage_of_schools
from xinqiao.care.screening.selectors.missing import missing_pupils
from xinqiao.care.screening.selectors.progress import pupils_of_class
from xinqiao.care.screening.selectors.summary import summary_of
from xinqiao.care.screening.services import campaigns as campaign_services
from xinqiao.care.screening.services.campaigns import CannotRun, close_campaign, open_make_up_round
from xinqiao.care.screening.tests.handing_in import hand_in, sitting_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on
from xinqiao.register.people.models import Student

LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}


@pytest.fixture
def running(school):
    campaign = school.launched()
    hand_in(campaign, school.students[0], LOW)
    return campaign


def excuses(campaign, school) -> list[str]:
    return [sitting_of(campaign, student).excuse for student in school.students]


def test_each_missing_pupil_is_closed_with_a_reason_of_their_own(running, school):
    named = {school.students[1].id: "refused", school.students[2].id: "unwell", school.students[0].id: "left"}
    close_campaign(running, actor=school.actor("psych"), excuse="absent", named=named)
    assert excuses(running, school)[:4] == ["", "refused", "unwell", "absent"]  # who handed in keeps the sheet
    assert "" not in excuses(running, school)[1:]
    facts = json.loads(AuditEvent.objects.get(event="screening.campaign.closed").facts)
    assert facts["reasons"] == {"refused": 1, "unwell": 1, "absent": len(school.students) - 3}
    assert facts["missing"] == len(school.students) - 1


def test_control_without_names_all_have_one_reason(running, school, monkeypatch):
    asked = campaign_services._excuse_missing
    monkeypatch.setattr(
        campaign_services, "_excuse_missing", lambda campaign, excuse, named: asked(campaign, excuse, {})
    )
    close_campaign(running, actor=school.actor("psych"), named={school.students[1].id: "refused"})
    assert set(excuses(running, school)[1:]) == {"absent"}


def test_consent_is_nobodys_reason_to_give(running, school):
    for given in ({"excuse": "no_consent"}, {"named": {school.students[1].id: "no_consent"}}):
        with pytest.raises(CannotRun) as caught:
            close_campaign(running, actor=school.actor("psych"), **given)
        assert caught.value.reasons[0].code == "follows_consent"
    running.refresh_from_db()
    assert running.state == "open"


def test_the_page_names_who_is_missing_and_sends_a_reason_for_each(running, school):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    url = reverse("screening:close", args=[running.pk])
    text = client.get(url).content.decode()
    assert "㛃䶮" in text
    assert "欧阳思源" not in text  # has handed in
    field = f"why-{school.students[1].id}"
    wrong = client.post(url, {"excuse": "absent", field: "no_consent"})
    assert wrong.status_code == 422
    assert client.post(url, {"excuse": "absent", field: "refused"}).status_code == 302
    assert excuses(running, school)[1] == "refused"


def test_who_did_not_want_to_is_named_to_psychology_teachers_alone(running, school):
    close_campaign(running, actor=school.actor("psych"), named={school.students[1].id: "refused"})
    url = reverse("screening:class", args=[running.pk, school.class_b.pk])
    seen = {}
    for login in ("teacher", "head", "psych"):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(school.world.users[login])
        page = client.get(url).content.decode()
        assert "㛃䶮" in page
        seen[login] = "本人不愿作答" in page
    assert seen == {"teacher": False, "head": False, "psych": True}  # the last one is the control


def test_who_is_asked_again_is_not_missing(running, school):
    open_make_up_round(
        running, actor=school.actor("psych"), opens_at=MONDAY_10, closes_at=MONDAY_10 + dt.timedelta(days=1),
        again=[school.students[0].id],
    )  # fmt: skip
    listed = {row.student_id for row in missing_pupils(school.actor("psych"), running)}
    assert listed == {student.id for student in school.students[1:]}


def test_more_than_a_page_holds_are_not_listed_and_the_page_says_so(running, school, monkeypatch):
    monkeypatch.setattr(missing_selectors, "MOST_NAMED", 2)
    assert missing_pupils(school.actor("psych"), running) == []
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    assert "无法在一页内列出" in client.get(reverse("screening:close", args=[running.pk])).content.decode()


def test_who_did_not_want_to_stands_among_the_excused_as_on_the_page_of_the_class(running, school):
    """Both pages together name nobody: of two "other reasons" neither count says which one did not want to."""
    named = {school.students[2].id: "refused", school.students[3].id: "other"}
    close_campaign(running, actor=school.actor("psych"), named=named)
    for row in (campaign_coverage(running, clock.today()).total, by_class(running, school)):
        assert (row.refused, row.excused) == (0, 2)
    pupils = pupils_of_class(school.actor("head"), running, school.class_a)
    assert sum(pupil.excuse == "other" for pupil in pupils) == 2


def by_class(campaign, school):
    name = name_on(school.class_a, clock.today())
    return next(row for row in campaign_coverage(campaign, clock.today()).by_class if row.label == name)


def test_control_with_a_column_of_its_own_the_principal_would_know(running, school, monkeypatch):
    monkeypatch.setattr(coverage_selectors, "_standing", unmasked(coverage_selectors._standing))
    with pytest.raises(AssertionError):
        test_who_did_not_want_to_stands_among_the_excused_as_on_the_page_of_the_class(running, school)


def unmasked(standing):
    def act(state, excuse, *, has_refused):
        return "refused" if excuse == "refused" else standing(state, excuse, has_refused=has_refused)

    return act


# ---- beside the coverage of schools


def row_of(school):
    rows, _requirement = coverage_of_schools(school.actor("officer"), clock.today())
    return next(row for row in rows if row.school_id == school.unit.id)


def test_refusals_and_absences_stand_beside_the_coverage_and_few_are_blurred(running, school, monkeypatch):
    school.consent(school.elders[:1], "refused")
    close_campaign(running, actor=school.actor("psych"))
    row = row_of(school)
    assert (row.refused, row.absent) == (Cell("hidden"), Cell("hidden"))
    monkeypatch.setattr(disclosure, "SMALLEST_CELL", 1)
    row = row_of(school)  # the control: what the blurring keeps back
    assert (row.refused, row.absent) == (Cell("exact", 0), Cell("exact", len(school.students) - 1))


def test_a_guardians_no_is_a_refusal_of_the_school_and_silence_is_not(school, monkeypatch):
    monkeypatch.setattr(disclosure, "SMALLEST_CELL", 1)
    school.consent(school.elders[:2], "refused")
    campaign = school.launched(cohorts=(("junior", 2025),))
    close_campaign(campaign, actor=school.actor("psych"))
    row = row_of(school)
    assert (row.refused, row.absent) == (Cell("exact", 2), Cell("exact", 0))


@pytest.mark.parametrize("eligible", [5, 9, 14, 21])
def test_no_small_part_can_be_found_by_taking_away(eligible):
    """Of every split of the pupils: whoever reads the three cells cannot name a number between none and five."""
    splits = [
        (sat, no, away)
        for sat, no, away in itertools.product(range(eligible + 1), repeat=3)
        if sat + no + away <= eligible
    ]
    seen: dict[tuple, list[tuple[int, ...]]] = {}
    for split in splits:
        key = (disclosure.answered_cell(split[0], eligible), *beside_cells(*split, eligible))
        seen.setdefault(key, []).append((*split, eligible - sum(split)))
    for key, fitting in seen.items():
        if key[1].code == "exact":
            continue
        for part in range(1, 4):
            values = {split[part] for split in fitting}
            assert not (len(values) == 1 and 0 < min(values) < 5), (key, fitting)


# ---- what was reached stays


def the_year_turns(school) -> None:
    """Class B graduates and closes; one pupil of class A leaves."""
    Student.objects.for_system(reason="test").filter(place=school.class_b.path).update(status="left")
    Student.objects.for_system(reason="test").filter(place=school.class_a.path).exclude(
        pk=school.students[0].pk
    ).update(status="left")
    Unit.objects.filter(pk=school.class_b.pk).update(is_closed=True)


def said_before_and_after(campaign, school) -> list:
    """What coverage and summary say on the day after the end, and when the year has turned."""
    said = []
    for days in (1, 400):
        with clock.frozen(MONDAY_10 + dt.timedelta(days=days)):
            shown = campaign_coverage(campaign, clock.today())
            summary = summary_of(school.actor("psych"), campaign, clock.now(), clock.today())
            said.append((shown, summary.coverage, summary.pupils))
        the_year_turns(school)
    return said


def test_an_ended_screening_says_the_same_after_the_turn_of_the_year(running, school):
    closed = close_campaign(running, actor=school.actor("psych"))
    before, after = said_before_and_after(closed, school)
    assert before == after
    assert before[0].total.eligible == len(school.students)
    assert len(before[0].by_class) == 2


def test_control_counted_anew_it_would_shrink(running, school, monkeypatch):
    monkeypatch.setattr(campaign_services, "keep_reach", lambda campaign: 0)
    with pytest.raises(AssertionError):
        test_an_ended_screening_says_the_same_after_the_turn_of_the_year(running, school)


def test_the_database_counts_each_pupil_once_and_each_class_once(running, school):
    close_campaign(running, actor=school.actor("psych"))
    row = ClassReach.objects.for_system(reason="test").filter(campaign=running).first()
    for change in ({"sat": row.sat + 1}, {"class_id": school.class_8.id}):
        rows = ClassReach.objects.for_system(reason="test").filter(campaign=running)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
