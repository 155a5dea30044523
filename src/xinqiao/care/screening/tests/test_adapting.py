"""A scale asked by adapting: offered where parameters hold, frozen at launch, asked again at the door, never summed."""

import datetime as dt
import io
import json
import re
from dataclasses import replace

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.scales import adapting, parameter_report
from xinqiao.care.scales.adapting import adapted_at
from xinqiao.care.scales.models import ItemParameterSet, ScaleVersion
from xinqiao.care.scales.services import parameters as loading
from xinqiao.care.screening.forms import CampaignForm, initial_plan
from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.selectors import answers as answer_sheets
from xinqiao.care.screening.selectors.adapting import adapted_scales
from xinqiao.care.screening.selectors.answers import raw_sheets, scores_of_campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.distribution import distribution_of
from xinqiao.care.screening.selectors.figures import figures_of, score_figures, scores_on
from xinqiao.care.screening.selectors.results import pupil_result, sheets_of_campaign, sheets_to_repeat
from xinqiao.care.screening.selectors.summary import summary_of
from xinqiao.care.screening.services.campaigns import CannotRun, create_campaign, launch_campaign
from xinqiao.care.screening.spreadsheets import results_workbook
from xinqiao.care.screening.states import AskingEnd
from xinqiao.care.screening.tests.adapting import CALM, PHQ, PRECISE_PHQ, RAISED, due, load, submit
from xinqiao.care.screening.tests.handing_in import sitting_of
from xinqiao.care.sheets.intake import submitting
from xinqiao.care.sheets.intake.from_paper import write_typed_sheet
from xinqiao.care.sheets.models import AnswerSheet, Paper
from xinqiao.care.sheets.pupil.page import render_paper
from xinqiao.engines.adaptive import ask_all, table_of
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10

pytestmark = pytest.mark.django_db
ON = MONDAY_10.date()
RULE = PHQ.rule


@pytest.fixture(autouse=True)
def few_simulated(monkeypatch):
    monkeypatch.setattr(parameter_report, "SIMULATED", 60)


@pytest.fixture
def kept(school):
    return load(school.unit)


@pytest.fixture
def campaign(school, kept):
    return school.launched(adapted=(school.versions["phq-9"].id,))


@pytest.fixture
def answered(school, campaign):
    """One calm, one raised, one whose sheet is whole though the others' are short."""
    assert submit(campaign, school.students[0], due(CALM)).status == 200
    assert submit(campaign, school.students[1], due(RAISED)).status == 200
    assert submit(campaign, school.students[2], [1] * 9, adapted=()).status == 200
    return campaign


def phq_sheet(school, student):
    found = pupil_result(school.actor("psych"), student.id, ON)
    return next(sheet for sheet in found.sheets if sheet.scale_code == "phq-9")


# Planning.


def test_it_is_offered_only_where_parameters_hold(school, kept):
    versions = list(school.versions.values())
    found = adapted_at(versions, school.unit.path, RULE)
    told = {v.code: found[v.id] if isinstance(found[v.id], str) else "offered" for v in versions}
    assert told == {"phq-9": "offered", "gad-7": "no_parameters", "mht": "no_parameters"}
    assert set(adapted_at(versions, school.world.other_school.path, RULE).values()) == {"no_parameters"}


def test_another_language_and_a_scale_that_would_lose_a_flag_are_not_offered(school):
    load(school.unit, language="en")
    load(school.unit, "mht")
    found = adapted_at(school.versions.values(), school.unit.path, RULE)
    assert found[school.versions["phq-9"].id] == "language"
    assert found[school.versions["mht"].id] == "other_flags"


def test_another_version_of_the_wording_has_no_parameters(school, kept):
    former = school.versions["phq-9"]
    later = ScaleVersion.objects.create(
        code=former.code, version="2-test", definition=former.definition, digest="0" * 64, has_wording=True,
        published_at=clock.now(),
    )  # fmt: skip
    assert adapted_at([later], school.unit.path, RULE) == {later.id: "no_parameters"}


def test_the_plan_shows_what_it_saves_and_keeps_the_choice(school, kept):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    page = client.get(reverse("screening:new")).content.decode()
    assert "自适应作答" in page
    assert "（模拟）" in page
    phq = str(school.versions["phq-9"].id)
    form = initial_plan(school.unit, clock.now())
    grades = [row.value for row in CampaignForm(school.unit, clock.now()).grade_rows][:1]
    sent = {**form, "name": "自适应测评", "grades": grades, "scales": [phq], "adapted": [phq], "gate": ""}
    assert client.post(reverse("screening:new"), sent).status_code == 302
    made = Campaign.objects.for_system(reason="test").get(name="自适应测评")
    assert json.loads(made.adapted) == {phq: ""}
    before = client.get(reverse("screening:campaign", args=[made.pk])).content.decode()
    assert "Invented for tests" in before
    (told,) = adapted_scales(made, clock.now())
    assert "60" in told.expected
    refused = client.post(reverse("screening:new"), {**sent, "scales": [str(school.versions["gad-7"].id)]})
    assert refused.status_code == 422
    assert "没有选入上面的量表" in refused.content.decode()


def test_a_plan_whose_parameters_are_gone_is_not_launched(school, kept):
    draft = school.draft(adapted=(school.versions["phq-9"].id,))
    planned = create_campaign(school.unit, actor=school.actor("psych"), draft=draft)
    kept.retired_at = clock.now()
    kept.save(update_fields=["retired_at"])
    with pytest.raises(CannotRun) as told:
        launch_campaign(planned, actor=school.actor("psych"))
    assert [(why.code, why.about) for why in told.value.reasons] == [("adapting_no_parameters", "phq-9")]


def test_the_launch_freezes_the_parameters(school, kept, campaign):
    load(school.unit, sheets=900)
    campaign.refresh_from_db()
    phq = school.versions["phq-9"].id
    assert json.loads(campaign.adapted) == {str(phq): str(kept.id)}
    paper = Paper.objects.for_system(reason="test").get(pk=campaign.paper_id)
    first, second = json.loads(paper.content)["scales"]
    assert {**table_of(PHQ), "language": "zh-hans", "usual": first["asking"]["usual"]} == first["asking"]
    assert "asking" not in second
    assert json.loads(paper.adapting)["phq-9"]["parameters"] == str(kept.id)
    assert submit(campaign, school.students[0], due(CALM)).status == 200
    (told,) = adapted_scales(campaign, clock.now())
    assert told.fingerprint == kept.digest[:16]


def test_a_paper_without_adapting_is_as_it_was(school, kept):
    campaign = school.launched()
    paper = Paper.objects.for_system(reason="test").get(pk=campaign.paper_id)
    assert paper.adapting == ""
    assert "asking" not in paper.content
    reply = submit(campaign, school.students[0], [0] * 9)
    assert (reply.status, reply.body["detail"]) == (400, "adapted: phq-9 is asked whole")


# Until the estimate is precise too.


@pytest.fixture
def precise(school, kept):
    return school.launched(adapted=(school.versions["phq-9"].id,), asking_ends=AskingEnd.PRECISE)


def load_bent(school, monkeypatch, **figures):
    """Parameters of which simulation is said to have shown these figures where a precision is asked for."""
    right = loading.expected_savings

    def bent(scale, file, rule):
        found = right(scale, file, rule)
        return replace(found, **figures) if rule.precision else found

    monkeypatch.setattr(loading, "expected_savings", bent)
    return load(school.unit)


def load_unsimulated(school, monkeypatch):
    """Parameters as they were stored when nobody could ask for a precision."""
    stored = loading._stored
    monkeypatch.setattr(loading, "_stored", lambda *given: stored(*given[:4], {**given[4], "expected_precise": ""},
                                                                  *given[5:]))  # fmt: skip
    return load(school.unit)


def planned(school, **changes):
    draft = school.draft(adapted=(school.versions["phq-9"].id,), asking_ends=AskingEnd.PRECISE, **changes)
    return create_campaign(school.unit, actor=school.actor("psych"), draft=draft)


def sent_plan(school, **changes):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    phq, form = str(school.versions["phq-9"].id), initial_plan(school.unit, clock.now())
    grades = [row.value for row in CampaignForm(school.unit, clock.now()).grade_rows][:1]
    sent = {**form, "name": "要求精度的测评", "grades": grades, "scales": [phq], "adapted": [phq], "gate": "",
            "asking_ends": "precise"}  # fmt: skip
    return client, client.post(reverse("screening:new"), {**sent, **changes})


def test_the_plan_offers_a_precision_with_its_figure_and_keeps_the_choice(school, kept):
    client, answer = sent_plan(school)
    assert answer.status_code == 302
    page = client.get(reverse("screening:new")).content.decode()
    assert "要求精度时：" in page
    made = Campaign.objects.for_system(reason="test").get(name="要求精度的测评")
    assert made.asking_ends == "precise"
    before = client.get(reverse("screening:campaign", args=[made.pk])).content.decode()
    assert "另要求标准误不超过 0.4" in before
    edit = client.get(reverse("screening:edit", args=[made.pk])).content.decode()
    assert 'value="precise" checked' in re.sub(r' (id|class|aria-\w+)="[^"]*"', "", " ".join(edit.split()))
    _client, whole = sent_plan(school, adapted=[], name="整卷")
    assert whole.status_code == 302
    assert Campaign.objects.for_system(reason="test").get(name="整卷").asking_ends == "decided"


REFUSED = {
    "missed": (lambda school, patch: load_bent(school, patch, missed=0.145), "loses_flags", "14.5"),
    "agreement": (lambda school, patch: load_bent(school, patch, agreement=0.94), "loses_flags", "94.0"),
    "unsimulated": (load_unsimulated, "no_figure", "重新载入"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_precision_that_loses_flags_or_was_never_simulated_is_refused_with_the_figure(school, monkeypatch, name):
    prepare, code, words = REFUSED[name]
    prepare(school, monkeypatch)
    client, answer = sent_plan(school)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    campaign = planned(school)
    with pytest.raises(CannotRun) as told:
        launch_campaign(campaign, actor=school.actor("psych"))
    (why,) = told.value.reasons
    assert (why.code, why.about) == (f"adapting_{code}", "phq-9")
    page = client.get(reverse("screening:campaign", args=[campaign.pk])).content.decode()
    assert words in page
    assert sent_plan(school, asking_ends="decided")[1].status_code == 302


def test_control_without_the_figures_the_same_precision_is_launched(school, monkeypatch):
    load_bent(school, monkeypatch, missed=0.145)
    monkeypatch.setattr("xinqiao.care.scales.adapting._expected", lambda kept, rule, least: adapting.precise_savings(
        kept)[1])  # fmt: skip
    assert launch_campaign(planned(school), actor=school.actor("psych")).state == "open"


def test_a_precision_of_another_policy_than_that_simulated_is_not_offered(school, kept):
    found = adapted_at(school.versions.values(), school.unit.path, replace(RULE, precision=0.3))
    assert found[school.versions["phq-9"].id] == "no_figure"


def test_a_precision_needs_a_scale_that_is_asked_by_adapting(school, kept):
    campaign = school.launched()
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.for_system(reason="test").filter(pk=campaign.pk).update(asking_ends="precise")
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.for_system(reason="test").filter(pk=campaign.pk).update(
            asking_ends="never", adapted='{"a":""}'
        )


def test_the_launch_freezes_the_precision_and_the_page_gets_it(school, precise):
    paper = Paper.objects.for_system(reason="test").get(pk=precise.paper_id)
    asking = json.loads(paper.content)["scales"][0]["asking"]
    assert asking == {**table_of(PRECISE_PHQ), "language": "zh-hans", "usual": asking["usual"]}
    assert json.loads(paper.adapting)["phq-9"]["rule"]["precision"] == 0.4
    assert '"precision":0.4' in render_paper(json.loads(paper.content)).decode()
    kept = ItemParameterSet.objects.get()
    assert asking["usual"] == json.loads(kept.expected_precise)["items_mean"] > json.loads(kept.expected)["items_mean"]


@pytest.mark.parametrize("is_precise", [True, False], ids=["guarded", "control"])
def test_a_sheet_that_ended_with_the_decision_alone_decides_nothing(school, kept, is_precise):
    """A question was due and has no answer, so the sheet is to be repeated. The control: without a precision that very
    sheet is one whose end is known."""
    ends = AskingEnd.PRECISE if is_precise else AskingEnd.DECIDED
    campaign = school.launched(adapted=(school.versions["phq-9"].id,), asking_ends=ends)
    assert due(RAISED).count(None) > due(RAISED, PRECISE_PHQ).count(None) > 0
    assert submit(campaign, school.students[0], due(RAISED)).status == 200
    sheet = phq_sheet(school, school.students[0])
    assert (sheet.is_valid, sheet.short.is_known, len(sheet.flags)) == (
        (False, False, 0) if is_precise else (True, True, 1)
    )
    again = sheets_to_repeat(sheets_of_campaign(school.actor("psych"), campaign), ON)
    assert [row.student_id for row in again] == ([school.students[0].id] if is_precise else [])


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_the_door_refuses_what_was_not_due_for_the_precision(school, precise, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(submitting, "score_short", lambda plan, kept, raw, times, who: submitting.score_sheet(
            plan, raw, times))  # fmt: skip
    wrong = submit(precise, school.students[0], one_too_many(due(RAISED, PRECISE_PHQ)))
    assert (wrong.status == 422) == is_guarded
    if is_guarded:
        assert wrong.body["code"] == "not_as_asked"
        assert not AnswerSheet.objects.for_system(reason="test").exists()
        assert submit(precise, school.students[0], due(RAISED, PRECISE_PHQ)).status == 200


def test_the_result_says_the_precision_that_was_reached(school, precise):
    assert submit(precise, school.students[0], due(RAISED, PRECISE_PHQ)).status == 200
    assert submit(precise, school.students[1], due(CALM, PRECISE_PHQ)).status == 200
    told, calm = (phq_sheet(school, student).short for student in school.students[:2])
    known = ask_all(PRECISE_PHQ, RAISED).estimate
    assert (told.is_precise, told.error) == (True, f"{known.sd:.2f}")
    assert known.sd <= 0.4
    assert (told.reaches, told.chance >= 95, len(phq_sheet(school, school.students[0]).flags)) == (True, True, 1)
    assert (calm.asked, calm.is_precise, calm.is_exact) == (9, False, True)  # never so precise: asked all
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    page = client.get(reverse("screening:result", args=[school.students[0].id])).content.decode()
    assert f"{known.sd:.2f} 个标准差" in page
    assert "已达到计划要求的精度" in page


# Handing in.


def one_too_many(answers):
    spared = answers.index(None)
    return [0 if at == spared else code for at, code in enumerate(answers)]


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_sheet_that_was_not_asked_so_is_refused_and_the_right_one_taken(school, campaign, monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(submitting, "score_short", lambda plan, kept, raw, times, who: submitting.score_sheet(
            plan, raw, times))  # fmt: skip
    wrong = submit(campaign, school.students[0], one_too_many(due(CALM)))
    assert (wrong.status == 422) == is_guarded
    if not is_guarded:
        return
    assert (wrong.body["code"], wrong.body["detail"].split(":")[0]) == ("not_as_asked", "answers.phq-9")
    assert sitting_of(campaign, school.students[0]).state == "waiting"
    assert not AnswerSheet.objects.for_system(reason="test").exists()
    right = submit(campaign, school.students[0], due(CALM))
    assert submit(campaign, school.students[0], due(CALM)).body == right.body
    assert sitting_of(campaign, school.students[0]).receipt == right.body["receipt"]


def test_the_same_answers_handed_in_as_whole_are_another_sheet(school, campaign):
    assert submit(campaign, school.students[0], due(CALM)).status == 200
    assert submit(campaign, school.students[0], due(CALM), adapted=()).body == {"code": "changed"}


def test_a_flag_and_a_critical_answer_raise_the_signals_that_a_whole_sheet_would(school, campaign):
    submit(campaign, school.students[0], due(CALM))
    submit(campaign, school.students[1], due(RAISED))
    submit(campaign, school.students[2], due(CALM | {9: 1}))
    signals = {row.student_id: row for row in Signal.objects.for_system(reason="test")}
    assert set(signals) == {school.students[1].id, school.students[2].id}
    assert (signals[school.students[1].id].source, signals[school.students[2].id].urgency) == ("screening", "red")


def test_a_typed_sheet_is_whole(school, campaign):
    answers = {"phq-9": [2] * 8 + [0], "gad-7": [0] * 7}
    sitting = sitting_of(campaign, school.students[0])
    assert write_typed_sheet(sitting.id, answers, key="key-00000001", at=clock.now()).status == 200
    sheet = phq_sheet(school, school.students[0])
    assert (sheet.short, sheet.scores[0].value) == (None, "16")


# What is told.


def test_the_result_says_what_was_asked_and_how_surely_it_is_known(school, answered):
    calm, raised = (phq_sheet(school, student) for student in school.students[:2])
    asked = ask_all(PHQ, CALM).asked
    assert (calm.short.asked, calm.short.of, calm.short.reaches) == (len(asked), 9, False)
    assert calm.short.chance >= 99
    assert calm.scores == ()
    assert [item.number for item in calm.items if item.is_asked] == sorted(asked)
    assert (raised.short.reaches, raised.short.chance >= 95) == (True, True)
    assert len(raised.flags) == 1
    assert float(calm.short.low) <= float(calm.short.value) <= float(calm.short.high)


def test_the_page_says_it_in_words(school, answered):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(school.world.users["psych"])
    page = client.get(reverse("screening:result", args=[school.students[0].id])).content.decode()
    assert f"答了 9 题中的 {len(ask_all(PHQ, CALM).asked)} 题" in page
    assert "整卷作答也不会达到筛查线" in page
    assert page.count("未问到") == due(CALM).count(None)
    assert "没有作答" not in page


def test_a_question_passed_over_asks_for_the_sheet_again(school, campaign):
    submit(campaign, school.students[0], [None] * 9)
    sheet = phq_sheet(school, school.students[0])
    assert (sheet.is_valid, sheet.short.is_known, len(sheet.faults)) == (False, False, 9)
    psych = school.actor("psych")
    (row,) = sheets_to_repeat(sheets_of_campaign(psych, campaign), ON)
    assert (row.student_id, row.signs) == (school.students[0].id, ("not_scored",))


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_figures_count_whole_sheets_alone(school, answered, monkeypatch, is_guarded):
    """Also a short sheet that came to all questions stays out: who was asked them all is not one of all pupils."""
    submit(answered, school.students[3], due({n: n % 3 for n in range(1, 10)}))
    if not is_guarded:
        monkeypatch.setattr(answer_sheets.RawSheet, "is_short", False)
    sheets = raw_sheets(school.actor("psych"), answered)
    score = next(score for score in scores_of_campaign(answered) if score.key == "phq-9.total")
    if not is_guarded:
        with pytest.raises(KeyError):
            scores_on(score, sheets)
        return
    flags = next(row for row in figures_of(sheets, score.key, least=1).flags if "PHQ" in row.scale)
    assert (flags.sheets, flags.flagged) == (4, 1)  # a flag is judged on short sheets too
    figures = score_figures(score, sheets, least=1)
    assert (scores_on(score, sheets), figures.used, figures.short) == ([9.0], 1, 3)


def test_bands_are_counted_of_whole_sheets_and_the_others_beside(school, answered):
    sheets = sheets_of_campaign(school.actor("psych"), answered)
    shown = distribution_of(sheets, classes_of(answered), "phq-9.total", ON)
    assert (shown.pupils, shown.short, shown.ungraded) == (3, 2, 0)
    assert sum(sum(counts) for _label, counts in shown.by_grade) == 1


def test_the_summary_says_how_many_stand_in_no_table(school, answered):
    numbers = summary_of(school.actor("psych"), answered, clock.now(), ON)
    scale = next(each for each in numbers.scales if each.code == "phq-9")
    assert (scale.sheets, scale.short) == (3, None)  # a handful is not told


def test_an_export_tells_not_asked_from_missing(school, answered):
    request = ExportRequest(campaign=answered, purpose="care", requested_by=school.world.id_of("psych"))
    book = openpyxl.load_workbook(io.BytesIO(results_workbook(school.actor("psych"), request, clock.now())))
    rows = [[cell.value for cell in row] for row in book["phq-9"].iter_rows()]
    cells = sorted((row[4], row[5]) for row in rows if row[5] and row[0] != "班级")
    whole, *short = cells
    assert whole[0] == "9"
    assert all(value.startswith("估计 ") and "自适应作答，答了" in band for value, band in short)
    assert len(short) == 2


def test_changes_are_not_reckoned_from_estimates(school, answered):
    found = pupil_result(school.actor("psych"), school.students[0].id, ON + dt.timedelta(days=1))
    assert [change for change in found.changes if "PHQ" in change.title] == []
