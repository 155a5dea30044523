"""Printed sheets of a class: what is printed for whom, typing them on the page, and what progress and the end say."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from xinqiao.care.screening.selectors.paper import printed_paper
from xinqiao.care.screening.selectors.progress import progress_of
from xinqiao.care.screening.services import campaigns
from xinqiao.care.screening.services.campaigns import CannotRun, close_campaign
from xinqiao.care.screening.services.pupils import excuse_pupil
from xinqiao.care.screening.tests.handing_in import sitting_of
from xinqiao.care.sheets.models import PaperTyping, Sitting
from xinqiao.care.sheets.services.sittings import CannotExcuse
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.tests.world import add_staff

CALM, SLIP, CRY = "0" * 16 + "-", "0003" + "0" * 12 + "-", "0" * 8 + "2" + "0" * 7 + "-"


@pytest.fixture
def campaign(school):
    add_staff(school.world, "typist", "裴安宁", Role.PAPER_TYPIST, school.unit)
    return school.launched()


@pytest.fixture
def desk(school, campaign):
    """Return a function that opens or posts to a page of paper sheets of class B as someone."""

    def go(login: str, name: str = "paper", *more, data: dict | None = None, htmx: bool = False, lang: str = "zh-hans"):
        client = Client(headers={"accept-language": lang, **({"HX-Request": "true"} if htmx else {})})
        client.force_login(school.world.users[login])
        url = reverse(f"screening:{name}", args=[campaign.pk, school.class_b.pk, *more])
        return client.get(url) if data is None else client.post(url, data)

    return go


def sheet(number: str, answers: str, key: str, **more) -> dict:
    return {"number": number, "answers": answers, "key": f"key-{key}-0000", **more}


def first_pupil(school, campaign, desk):
    """Return number and sitting of the first pupil of the pile who may be typed."""
    text = desk("psych").content.decode()
    number = re.search(r'data-number="(\w+)"[^>]*data-wanted', text)[1]
    numbers = [opened["number"] for opened in open_sealed(school.students, "number")]
    return number, school.students[numbers.index(number)]


class TestPrinting:
    def test_one_sheet_a_pupil_with_questions_codes_hotlines_and_who_sees_it(self, desk, campaign):
        text = desk("teacher", "paper-print").content.decode()
        assert text.count("xq-answer-sheet") >= 1
        paper = printed_paper(campaign)
        for words in (paper.intro, paper.purpose, paper.who_sees, paper.parts[0].items[8].text):
            assert escape(words) in text
        sheets = text.count("<article")
        assert [text.count(f"<b>{number}</b>") for number in ("12356", "12355", "110", "120")] == [sheets] * 4
        assert text.count("xq-box") == sheets * (9 * 4 + 7 * 4 + 1)
        assert AuditEvent.objects.filter(event="screening.papers.read").count() == 1

    def test_nobody_without_consent_and_nobody_who_handed_in_gets_a_sheet(self, desk, school, campaign):
        before = desk("psych", "paper-print").content.decode().count("<article")
        _number, student = first_pupil(school, campaign, desk)
        Sitting.objects.for_system(reason="test").filter(pk=sitting_of(campaign, student).pk).update(
            state="excused", excuse="no_consent"
        )
        assert desk("psych", "paper-print").content.decode().count("<article") == before - 1

    def test_a_long_scale_of_short_answers_stands_in_two_columns_of_ten(self, campaign):
        part = printed_paper(campaign).parts[0]
        assert not part.is_in_two_columns
        long = replace(part, columns=(("1", "是"), ("0", "否")), items=part.items * 10)
        assert long.is_in_two_columns
        assert [len(block) for block in long.blocks] == [10] * 9


class TestTyping:
    @pytest.mark.parametrize(
        ("login", "status"), [("psych", 200), ("typist", 200), ("teacher", 403), ("head", 403), ("other_psych", 404)]
    )
    def test_who_reaches_it(self, desk, login, status):
        assert desk(login).status_code == status

    def test_who_leads_and_was_given_the_duty_does_not_reach_it(self, desk, school):
        def appointed(role: Role) -> int:
            add_staff(school.world, f"two.{role}", "闻人笙", role, school.unit)
            user = school.world.users[f"two.{role}"]
            user.memberships.create(role=Role.PAPER_TYPIST, place=school.unit.path, start_on=clock.today())
            return desk(f"two.{role}").status_code

        assert [appointed(role) for role in (Role.LEADING_GROUP, Role.MENTOR)] == [403, 200]  # the latter: control

    @pytest.mark.parametrize("lang", ["zh-hans", "en"])
    def test_it_renders_in_both_languages(self, desk, lang):
        assert ("Type in paper sheets" in desk("psych", lang=lang).content.decode()) == (lang == "en")

    def test_a_sheet_goes_in_twice_as_a_plain_form(self, desk, school, campaign):
        number, student = first_pupil(school, campaign, desk)
        assert desk("psych", data=sheet(number, CALM, "one")).status_code == 302
        assert sitting_of(campaign, student).state == "waiting"
        assert desk("typist", data=sheet(f" {number} ", CALM, "two")).status_code == 302
        stored = sitting_of(campaign, student)
        assert (stored.state, stored.device) == ("submitted", "paper")

    def test_differences_are_shown_and_settled_beside_the_form(self, desk, school, campaign):
        number, student = first_pupil(school, campaign, desk)
        desk("psych", data=sheet(number, CALM, "one"), htmx=True)
        text = desk("typist", data=sheet(number, SLIP, "two"), htmx=True).content.decode()
        assert 'name="place_3"' in text
        assert text.count('name="place_') == 1
        assert 'hx-swap-oob="true"' in text
        assert desk("typist", "paper-settle", student.pk).status_code == 200
        wrong = desk("typist", "paper-settle", student.pk, data={"place_3": "8"}, htmx=True)
        assert (wrong.status_code, "第 4 题" in wrong.content.decode()) == (422, True)
        assert desk("typist", "paper-settle", student.pk, data={"place_3": "3"}, htmx=True).status_code == 200
        assert sitting_of(campaign, student).state == "submitted"
        assert not PaperTyping.objects.for_system(reason="test").exists()

    @pytest.mark.parametrize(
        ("number", "answers", "words"),
        [("9999", CALM, "本班没有这个学号"), (None, "0" * 15 + "7-", "第 16 题没有这个选项"),
         (None, "000", "录到第 4 题就没有了"), (None, CALM * 2, "录入的比题目多")],
    )  # fmt: skip
    @pytest.mark.parametrize("htmx", [True, False], ids=["beside the form", "plain"])
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, desk, school, campaign, number, answers, words,
                                                             htmx):  # fmt: skip
        number = number or first_pupil(school, campaign, desk)[0]
        response = desk("psych", data=sheet(number, answers, "one"), htmx=htmx)
        text = response.content.decode()
        assert (response.status_code, words in text) == (422, True)
        assert htmx or answers in text

    def test_a_wrong_pile_is_given_up(self, desk, school, campaign):
        number, student = first_pupil(school, campaign, desk)
        desk("psych", data=sheet(number, CALM, "one"))
        assert desk("psych", "paper-discard", student.pk, data={}).status_code == 302
        assert not PaperTyping.objects.for_system(reason="test").exists()

    def test_a_critical_answer_says_at_once_that_people_were_told(self, desk, school, campaign):
        number, _student = first_pupil(school, campaign, desk)
        text = desk("psych", data=sheet(number, CRY, "one"), htmx=True).content.decode()
        assert "已通知值班人员" in text
        assert "已通知值班人员" not in desk("typist", data=sheet(number, CRY, "two"), htmx=True).content.decode()

    def test_the_page_asks_the_same_number_of_questions_however_much_was_typed(self, desk, school, campaign):
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert desk("psych").status_code == 200
            return len(asked)

        questions()  # what is read once in a process
        before = questions()
        number, _student = first_pupil(school, campaign, desk)
        desk("psych", data=sheet(number, CALM, "one"))
        assert questions() == before


class TestProgressAndEnd:
    def test_progress_counts_sheets_typed_once_and_checked(self, desk, school, campaign):
        number, student = first_pupil(school, campaign, desk)
        desk("psych", data=sheet(number, CALM, "one"))
        (row,) = progress_of(campaign, [school.class_b], clock.today())
        assert (row.paper_once, row.paper_checked, row.answered) == (1, 0, 0)
        assert "已录一遍" in desk("teacher", "class").content.decode()
        desk("typist", data=sheet(number, CALM, "two"))
        (row,) = progress_of(campaign, [school.class_b], clock.today())
        assert (row.paper_once, row.paper_checked, row.answered) == (0, 1, 1)
        with pytest.raises(CannotExcuse):
            excuse_pupil(campaign, actor=school.actor("psych"), student_id=student.pk, excuse="absent")

    def end(self, desk, school, campaign) -> None:
        """A screening does not end over sheets that are typed and not checked."""
        desk("psych", data=sheet(first_pupil(school, campaign, desk)[0], CALM, "one"))
        with pytest.raises(CannotRun, match="paper_waiting 1"):
            close_campaign(campaign, actor=school.actor("psych"))

    def test_the_end_waits_for_sheets_that_are_typed_and_not_checked(self, desk, school, campaign):
        self.end(desk, school, campaign)

    def test_control_without_that_rule_those_pupils_would_count_as_missing(self, desk, school, campaign, monkeypatch):
        monkeypatch.setattr(campaigns, "sheets_waiting", lambda campaign: 0)
        with pytest.raises(pytest.fail.Exception):
            self.end(desk, school, campaign)

    def test_the_class_teacher_sees_that_a_sheet_was_typed_and_no_answer(self, desk, school, campaign):
        number, _student = first_pupil(school, campaign, desk)
        desk("psych", data=sheet(number, CRY, "one"))
        text = desk("teacher", "class").content.decode()
        assert "录入纸质答卷" not in text
        assert "打印纸质答卷" in text
