"""Change since the wave before: every number once more from raw rows, the bounds, and one pupil in plain words."""

import datetime as dt
import statistics
from dataclasses import replace as replaced
from math import sqrt

import pytest
from django.test import Client
from django.urls import reverse

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.packs import read_pack, scale_folder
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.services.publishing import publish_pack
from xinqiao.care.screening.jobs.measuring import measure_scores
from xinqiao.care.screening.models import MeasuredScore
from xinqiao.care.screening.selectors import waves
from xinqiao.care.screening.selectors.waves import is_same_score, verdict_of
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.tests import plain
from xinqiao.care.screening.tests.test_figures import facts, page_of, plain_text, turned, two
from xinqiao.care.screening.tests.whole_school import enrol, hand_in_all, invented
from xinqiao.engines.psychometrics import change as change_engine
from xinqiao.engines.scoring import Text
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

MANY, WAVE_DAYS = 120, 2
REVERSED = (4, 8, 12, 16)
LATER = MONDAY_10 + dt.timedelta(days=WAVE_DAYS)


@pytest.fixture
def versions(school):
    with recording(system_actor("test")):
        publish_pack(read_pack(scale_folder() / "ces-dc.yaml"))
    return {version.code: version for version in ScaleVersion.objects.filter(retired_at=None)}


def two_waves(school, versions, many: int):
    """Return (campaign of the second wave, pupils, raw rows of both): a tenth felt much worse, a tenth much better."""
    version = versions["ces-dc"]
    students = enrol(school, many)
    first = invented(version, students, 1)
    second = dict(invented(version, students, 2))
    for n, student in enumerate(students):
        if n % 10 < 2:
            extreme = 3 if n % 10 else 0
            second[student.id] = [3 - extreme if item in REVERSED else extreme for item in range(1, 21)]
    earlier = school.launched(name="第一次", scale_ids=(version.id,))
    hand_in_all(earlier, version, first)
    close_campaign(earlier, actor=school.actor("psych"))
    measure_scores(clock.now())
    with clock.frozen(LATER):
        later = school.launched(name="第二次", scale_ids=(version.id,), opens_at=LATER)
        hand_in_all(later, version, second)
    return later, students, first, second


@pytest.fixture
def waves_of_many(school, versions):
    return two_waves(school, versions, MANY)


def check_change(text, first, second):
    before, now = turned(first, REVERSED), turned(second, REVERSED)
    error = sqrt(2) * plain.sem(before)
    differences = [sum(b) - sum(a) for a, b in zip(before, now, strict=True)]
    shown = facts(text)
    assert shown["Worse, beyond error"] == str(sum(d / error >= 1.96 for d in differences))
    assert shown["Better, beyond error"] == str(sum(d / error <= -1.96 for d in differences))
    assert shown["Within the error"] == str(sum(abs(d / error) < 1.96 for d in differences))
    assert shown["Mean change, in points"] == two(statistics.mean(differences))
    assert shown["Error of the wave before (SEM)"] == two(plain.sem(before))
    assert f"{len(differences)} pupils answered both this screening and “第一次” completely." in plain_text(text)


def test_every_figure_of_the_change_follows_from_the_raw_rows(school, waves_of_many):
    later, _students, first, second = waves_of_many
    text = page_of(school, later)
    check_change(text, first, second)
    assert int(facts(text)["Worse, beyond error"]) >= 10
    assert int(facts(text)["Better, beyond error"]) >= 10


def test_control_another_first_wave_or_another_limit_is_seen(school, waves_of_many, monkeypatch):
    later, students, first, second = waves_of_many
    one = students[0].id
    with pytest.raises(AssertionError):
        check_change(page_of(school, later), {**first, one: [3 - code for code in first[one]]}, second)
    monkeypatch.setattr(change_engine, "RELIABLE", 0.5)
    with pytest.raises(AssertionError):
        check_change(page_of(school, later), first, second)


def test_control_the_error_is_the_one_that_was_kept_when_the_wave_ended(school, waves_of_many):
    later, _students, first, second = waves_of_many
    MeasuredScore.objects.for_system(reason="test").update(sem=50.0)
    with pytest.raises(AssertionError):
        check_change(page_of(school, later), first, second)


def test_a_wave_that_was_not_measured_yet_is_measured_from_its_rows(school, waves_of_many):
    later, _students, first, second = waves_of_many
    MeasuredScore.objects.for_system(reason="test").delete()
    check_change(page_of(school, later), first, second)


def test_of_few_sheets_nothing_is_kept(school, versions):
    two_waves(school, versions, 20)
    (row,) = MeasuredScore.objects.for_system(reason="test")
    assert (row.complete, row.alpha, row.sem) == (20, None, None)


def test_reading_the_change_says_that_both_waves_were_read(school, waves_of_many):
    before = AuditEvent.objects.filter(event="screening.figures.read").count()
    page_of(school, waves_of_many[0])
    assert AuditEvent.objects.filter(event="screening.figures.read").count() == before + 2


def test_too_few_sheets_in_the_wave_before_judge_nobody(school, versions):
    later, students, _first, _second = two_waves(school, versions, 20)
    assert "too few to know the error of measurement" in plain_text(page_of(school, later))
    assert "Worse, beyond error" not in page_of(school, later)
    assert "The error is not known" in result_page(school, students[1])


def test_a_first_wave_says_that_there_is_none_before(school, versions):
    campaign = school.launched(scale_ids=(versions["phq-9"].id,))
    students = enrol(school, 6)
    hand_in_all(campaign, versions["phq-9"], invented(versions["phq-9"], students, 3))
    assert "No screening of this school that is over asked for this score before." in page_of(school, campaign)


def result_page(school, student, login="psych") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(school.world.users[login])
    response = client.get(reverse("screening:result", args=[student.id]))
    assert response.status_code == 200
    return plain_text(response.content.decode())


def expected_words(before, now, sem):
    error = 1.96 * sqrt(2) * sem
    verdict = "Within the error" if abs(now - before) < error else "Worse, by more" if now > before else "Better, by"
    return f"{before} {now}", verdict, f"Up to {error:.1f} points may be chance."


def test_a_pupil_is_told_apart_from_error_as_the_raw_rows_say(school, waves_of_many):
    _later, students, first, second = waves_of_many
    before, now = (dict(zip(rows, turned(rows, REVERSED), strict=True)) for rows in (first, second))
    sem, seen = plain.sem(list(before.values())), set()
    for student in students[:4]:
        text = result_page(school, student)
        words = expected_words(sum(before[student.id]), sum(now[student.id]), sem)
        assert [part for part in words if part not in text] == []
        seen.add(words[1])
    assert len(seen) == 3


def test_control_another_error_gives_other_words(school, waves_of_many):
    _later, students, first, second = waves_of_many
    before, now = (turned({0: rows[students[1].id]}, REVERSED)[0] for rows in (first, second))
    MeasuredScore.objects.for_system(reason="test").update(sem=50.0)
    words = expected_words(sum(before), sum(now), plain.sem(turned(first, REVERSED)))
    assert any(part not in result_page(school, students[1]) for part in words)


def test_a_closed_campaign_is_measured_once_and_what_was_measured_follows_from_the_rows(school, waves_of_many):
    _later, _students, first, _second = waves_of_many
    (row,) = MeasuredScore.objects.for_system(reason="test")
    answers = turned(first, REVERSED)
    assert (row.score_id, row.complete) == ("total", MANY)
    assert (row.alpha, row.sem) == pytest.approx((plain.alpha(answers), plain.sem(answers)))
    assert measure_scores(clock.now()) == 0
    assert AuditEvent.objects.filter(event="screening.scores.measured").count() == 1


def test_a_campaign_nobody_answered_is_measured_as_empty(school, versions):
    close_campaign(school.launched(scale_ids=(versions["phq-9"].id,)), actor=school.actor("psych"))
    assert measure_scores(clock.now()) == 1
    (row,) = MeasuredScore.objects.for_system(reason="test")
    assert (row.complete, row.alpha, row.sem) == (0, None, None)


@pytest.mark.parametrize(
    ("difference", "error", "is_better_high", "verdict"),
    [
        (6, 5.9, False, "worse"), (6, 5.9, True, "better"), (-6, 5.9, False, "better"), (-6, 5.9, True, "worse"),
        (5.8, 5.9, False, "within"), (0, 5.9, True, "within"), (30, None, False, "unknown"),
    ],
)  # fmt: skip
def test_what_a_difference_says(difference, error, is_better_high, verdict):
    assert verdict_of(difference, error, is_better_high=is_better_high) == verdict


def test_the_limit_is_the_same_for_one_pupil_and_for_all():
    assert waves.RELIABLE == change_engine.RELIABLE


def test_two_versions_are_compared_only_where_they_ask_the_same(school, versions):
    scale = scale_of(versions["ces-dc"])
    part = scale.subscales[0]
    reworded = replaced(scale, title=Text("Other", "另一个"))
    shorter = replaced(scale, subscales=(replaced(part, items=part.items[:-1]),))
    unturned = replaced(scale, items=tuple(replaced(item, reversed=False) for item in scale.items))
    assert is_same_score(scale, reworded, "total")
    assert not is_same_score(scale, shorter, "total")
    assert not is_same_score(scale, unturned, "total")
    assert not is_same_score(scale, scale, "nothing")
