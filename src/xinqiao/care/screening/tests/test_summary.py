"""The school's summary: every number again from raw rows, no handful shown, who may read it, and in which files."""

import datetime as dt
import io
import random
from collections import Counter

import openpyxl
import pytest
from django.urls import reverse

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors import summary as selector
from xinqiao.care.screening.selectors.summary import STANDINGS, summary_of
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.services.pupils import excuse_pupil
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.engines.scoring import unpack_answers
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students

ON = MONDAY_10.date()
LATER = MONDAY_10 + dt.timedelta(days=3)
# SOURCE: packs/scales/phq-9.yaml, the published bands: the lowest score of each.
PHQ_BANDS = (0, 5, 10, 15, 20)
SMALLEST = 5


@pytest.fixture
def ended(school):
    """Two grades of forty and more have answered PHQ-9 and GAD-7; talks were held with most who were flagged."""
    sevens = [StudentDraft(f"七{n}", school.class_b, f"2026030{n:02}", birth_on=dt.date(2013, 5, 1)) for n in range(40)]
    eights = [StudentDraft(f"八{n}", school.class_8, f"2025030{n:02}", birth_on=dt.date(2012, 5, 1)) for n in range(44)]
    more = register_students(school.unit, [*sevens, *eights], clock.today())
    school.consent([*more, *school.elders])
    campaign = school.launched(cohorts=(("junior", 2026), ("junior", 2025)))
    dice = random.Random(20261126)  # answers of invented pupils
    pupils = [*school.students, *more]
    for student in pupils[:-6]:
        weight = dice.choice((0, 0, 0, 1, 1, 2, 3))
        answers = {
            code: [min(3, max(0, weight + dice.choice((-1, 0, 0, 1)))) for _ in range(items)]
            for code, items in (("phq-9", 9), ("gad-7", 7))
        }
        hand_in(campaign, student, answers)
    excuse_pupil(campaign, actor=school.actor("psych"), student_id=pupils[-1].id, excuse="unwell")
    _talk(campaign, school)
    return close_campaign(campaign, actor=school.actor("psych"))


def _talk(campaign: Campaign, school) -> None:
    """Talks and outcomes for all signals but the last seven."""
    signals = list(Signal.objects.for_system(reason="test").order_by("raised_at", "pk"))
    outcomes = ("case", "watch", "nothing", "nothing", "nothing")
    for index, signal in enumerate(signals[:-7]):
        Interview(
            county_id=signal.county_id, place=signal.place, student_id=signal.student_id, signal=signal,
            key_id=signal.key_id, held_at=clock.now(), held_by=school.world.id_of("psych"), recorded_at=clock.now(),
            asked_about_suicide="yes", risk_found="none", note="谈过",
        ).save(force_insert=True)  # fmt: skip
        if index % 4:
            Signal.objects.for_system(reason="test").filter(pk=signal.pk).update(
                state="closed", outcome=outcomes[index % 5], closed_at=clock.now()
            )


def raw_phq_sums(campaign) -> dict[str, list[int]]:
    """Sums of the PHQ-9 from the packed answers, by grade."""
    rows = list(AnswerSheet.objects.for_system(reason="test").filter(origin_id=campaign.id, scale_code="phq-9")
                .select_related("sitting"))  # fmt: skip
    years = dict(Unit.objects.filter(kind="class").values_list("pk", "entry_year"))
    found: dict[str, list[int]] = {}
    for row, opened in zip(rows, open_sealed(rows, "answers"), strict=True):
        grade = {2026: "七年级", 2025: "八年级"}[years[row.sitting.class_id]]
        found.setdefault(grade, []).append(sum(answer or 0 for answer in unpack_answers(opened["answers"], 9)))
    return found


def counted_by_hand(campaign) -> dict[str, list[int]]:
    """Pupils per band and grade, from the sums."""
    return {
        grade: [
            sum(low <= total < high for total in sums)
            for low, high in zip(PHQ_BANDS, (*PHQ_BANDS[1:], 28), strict=True)
        ]
        for grade, sums in raw_phq_sums(campaign).items()
    }


def differences(numbers, campaign) -> list[str]:
    """Where the summary says another number than the raw rows."""
    phq = next(scale for scale in numbers.scales if scale.code == "phq-9")
    by_hand = counted_by_hand(campaign)
    wrong = []
    for group, shown in zip(phq.by_grade.groups, phq.by_grade.shown, strict=True):
        truth = [sum(column) for column in zip(*(by_hand[label] for label in group.labels), strict=True)]
        wrong += [f"{group.labels} {band}" for band, (cell, count) in enumerate(zip(shown, truth, strict=True))
                  if cell is not None and cell != count]  # fmt: skip
        if sum(truth) != group.total:
            wrong.append(f"{group.labels} all")
    everybody = [total for sums in raw_phq_sums(campaign).values() for total in sums]
    ((_title, above, of_all),) = phq.raised
    if (above, of_all) != (sum(total >= PHQ_BANDS[1] for total in everybody), len(everybody)):
        wrong.append("raised")
    if numbers.pupils != len(everybody) or numbers.coverage.total.sat != len(everybody):
        wrong.append("pupils")
    return [*wrong, *_differences_of_talks(numbers, campaign)]


def _differences_of_talks(numbers, campaign) -> list[str]:
    signals = list(Signal.objects.for_system(reason="test").filter(origin_kind="sitting"))
    talked = set(Interview.objects.for_system(reason="test").values_list("student_id", flat=True))
    standing = Counter(
        signal.outcome if signal.state == "closed" else "undecided" if signal.student_id in talked else "waiting"
        for signal in signals
    )
    wrong = [] if numbers.talks.pupils == len({signal.student_id for signal in signals}) else ["to talk to"]
    shown = numbers.talks.outcomes.shown[0]
    return wrong + [word for word, cell in zip(STANDINGS, shown, strict=True)
                    if cell is not None and cell != standing[word]]  # fmt: skip


def test_every_number_is_that_of_the_raw_rows(school, ended):
    numbers = summary_of(school.actor("head"), ended, clock.now(), ON)
    assert {label for group in numbers.scales[0].by_grade.groups for label in group.labels} == {"七年级", "八年级"}
    assert numbers.talks.pupils > 20
    assert differences(numbers, ended) == []


def test_a_wrong_number_would_be_noticed(school, ended, monkeypatch):
    """The control: with one band miscounted the comparison finds it."""
    true_bands = selector.distribution_of

    def miscounted(sheets, classes, key, on):
        return true_bands(sheets[1:], classes, key, on)

    monkeypatch.setattr(selector, "distribution_of", miscounted)
    assert differences(summary_of(school.actor("head"), ended, clock.now(), ON), ended)


def small_numbers(numbers) -> list[int]:
    """Every count of pupils by result that a reader is shown and that speaks of a handful."""
    shown = [cell for scale in numbers.scales if scale.by_grade for row in scale.by_grade.shown for cell in row]
    shown += [cell for scale in numbers.scales if scale.by_grade for cell in scale.by_grade.sums]
    shown += [above for scale in numbers.scales for _title, above, _all in scale.raised]
    shown += list(numbers.talks.outcomes.shown[0]) if numbers.talks.outcomes else []
    shown += [numbers.talks.pupils, *(scale.doubtful for scale in numbers.scales)]
    return [cell for cell in shown if cell is not None and 0 < cell < SMALLEST]


def test_no_handful_is_shown(school, ended, monkeypatch):
    numbers = summary_of(school.actor("head"), ended, clock.now(), ON)
    assert small_numbers(numbers) == []
    monkeypatch.setattr(selector, "SMALLEST_CELL", 1)  # the control: without the bound there would be some
    assert small_numbers(summary_of(school.actor("head"), ended, clock.now(), ON))


def test_where_all_but_a_handful_ask_for_a_talk_no_sum_of_outcomes_tells_how_many(school, ended, monkeypatch):
    pupils = summary_of(school.actor("head"), ended, clock.now(), ON).pupils
    standings = {number: STANDINGS[number % len(STANDINGS)] for number in range(pupils - 2)}
    monkeypatch.setattr(selector, "_standings", lambda _signals: standings)
    talks = summary_of(school.actor("head"), ended, clock.now(), ON).talks
    assert (talks.pupils, talks.outcomes) == (None, None)
    monkeypatch.setattr(selector, "_unless_few", lambda part, _whole: part)  # the control: the sum would be told
    talks = summary_of(school.actor("head"), ended, clock.now(), ON).talks
    assert talks.outcomes is not None
    assert sum(talks.outcomes.shown[0]) == pupils - 2


def test_a_school_where_few_answered_shows_no_scores(school):
    campaign = school.launched()
    for student in school.students[:3]:
        hand_in(campaign, student, {"phq-9": [2] * 9, "gad-7": [0] * 7})
    close_campaign(campaign, actor=school.actor("psych"))
    numbers = summary_of(school.actor("head"), campaign, clock.now(), ON)
    assert all(scale.by_grade is None for scale in numbers.scales)
    assert numbers.talks.pupils is None or numbers.talks.pupils == len(school.students)
    assert numbers.talks.outcomes is None


def test_the_page_says_it_in_chinese_and_leads_to_the_records(school, ended, client):
    for login, may_see_pupils in (("psych", True), ("head", False), ("lead", False)):
        client.force_login(school.world.users[login])
        page = client.get(reverse("screening:summary", args=[ended.pk]))
        assert page.status_code == 200
        text = page.content.decode()
        assert "名学生的作答提示需要谈话" in text
        assert reverse("screening:campaign-coverage", args=[ended.pk]) in text
        assert (text.count(reverse("screening:results", args=[ended.pk])) > 0) is may_see_pupils
        assert "七0" not in text
    assert AuditEvent.objects.filter(event="screening.summary.read").count() == 3


@pytest.mark.parametrize("name", ["summary-pdf", "summary-xlsx"])
def test_the_files_exist_only_of_an_ended_screening(school, client, name):
    campaign = school.launched()
    client.force_login(school.world.users["head"])
    assert client.get(reverse(f"screening:{name}", args=[campaign.pk])).status_code == 404
    assert "测评结束后生成小结" in client.get(reverse("screening:summary", args=[campaign.pk])).content.decode()
    close_campaign(campaign, actor=school.actor("psych"))
    assert client.get(reverse(f"screening:{name}", args=[campaign.pk])).status_code == 200


@pytest.mark.parametrize(("login", "status"), [("teacher", {403, 404}), ("officer", {403, 404})])
def test_class_teachers_and_bureaus_have_no_summary(school, ended, client, login, status):
    client.force_login(school.world.users[login])
    for name in ("summary", "summary-pdf", "summary-xlsx"):
        assert client.get(reverse(f"screening:{name}", args=[ended.pk])).status_code in status


def test_the_files_say_what_the_page_says(school, ended, client):
    client.force_login(school.world.users["head"])
    pdf = client.get(reverse("screening:summary-pdf", args=[ended.pk]))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Type"] == "application/pdf"
    body = client.get(reverse("screening:summary-xlsx", args=[ended.pk])).content
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]
    numbers = summary_of(school.actor("head"), ended, clock.now(), ON)
    assert any(f"{numbers.talks.pupils} 名学生的作答提示需要谈话" in cell for cell in cells)
    traced = book.worksheets[-1]
    marks = [row[0].value for row in traced if str(row[0].value).startswith("[")]
    sentences = "".join(cells)
    assert len(marks) > 5
    assert all(mark in sentences for mark in marks)


def test_pupils_who_left_no_sheet_are_told_apart(school, ended):
    total = summary_of(school.actor("head"), ended, clock.now(), ON).coverage.total
    students = Student.objects.for_system(reason="test").filter(place__in=[school.class_a.path, school.class_b.path,
                                                                           school.class_8.path])  # fmt: skip
    assert total.eligible == students.count()
    assert (
        total.sat + total.refused + total.unanswered + total.excused + total.missing + total.unseated == total.eligible
    )
    assert total.excused == 1
