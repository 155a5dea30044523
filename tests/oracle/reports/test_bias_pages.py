"""Every effect of every item on pages of figures, by sex and by stage, counted once more from the raw answers."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.oracle.psychometrics.test_bias import R, read
from tests.oracle.reports.expected import WORDS, titles
from tests.oracle.reports.reading import Told, told_by_page
from tests.oracle.reports.recount_bias import Item, bias
from tests.oracle.reports.region import publish_variants
from tests.oracle.scoring_oracle import SCALES
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.tests.conftest import School, build_school
from xinqiao.care.screening.tests.whole_school import hand_in_all, invented
from xinqiao.engines.psychometrics import bias as engine
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.services.units import ensure_class
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("report-oracle")]
PANEL = "Do the items mean the same to all?"
CODES = ("gad-7", "mht", "phq-9")
FEARED = next(each for each in SCALES["mht"].subscales if each.name == "fear").items[2]
MANY = 420  # of each sex and of each stage 210: enough by the policy
# Which item of which scale is answered higher by whom.
PLANTED = {("phq-9", 3): "female", ("phq-9", 7): "senior", ("gad-7", 2): "male", ("mht", FEARED): "female"}
ROUNDED = 0.00051
GROUPS = {"female": "Female", "male": "Male", "junior": "Junior secondary", "senior": "Senior secondary"}


@dataclass
class Answered:
    """A school of two stages that answered three scales: the answers of each pupil, and both groups of each."""

    school: School
    campaign: Campaign
    answers: dict[str, dict[Any, list[int]]]
    groups: dict[Any, dict[str, str]]


@pytest.fixture(scope="module")
def answered(django_db_setup, django_db_blocker, tmp_path_factory) -> Any:
    with django_db_blocker.unblock(), clock.frozen(MONDAY_10), transaction.atomic():
        yield build(tmp_path_factory.mktemp("scales"))
        transaction.set_rollback(True)


def build(folder: Path) -> Answered:
    """Build it; some answers are then turned up, so that items are biased."""
    school, groups = build_school(), {}
    publish_variants(folder)
    school.versions = {version.code: version for version in ScaleVersion.objects.filter(retired_at=None)}
    senior, _is_new = ensure_class(school.unit, "senior", 2026, 1)
    for stage, unit in (("junior", school.class_b), ("senior", senior)):
        drafts = [StudentDraft(f"新生{stage}{n}", unit, f"2{len(stage)}{stage[0]}{n:04d}",
                               sex="male" if n % 2 else "female") for n in range(MANY // 2)]  # fmt: skip
        students = register_students(school.unit, drafts, clock.today())
        school.consent(students)
        groups |= {student.id: {"sex": student.sex, "stage": stage} for student in students}
    pupils = sorted(Student.objects.for_system(reason="test").filter(pk__in=groups), key=lambda pupil: pupil.pk)
    campaign = school.launched(
        cohorts=(("junior", 2026), ("senior", 2026)), scale_ids=tuple(school.versions[code].id for code in CODES)
    )
    found = Answered(school, campaign, {}, groups)
    for seed, code in enumerate(CODES):
        sheets = _of_mht(pupils, seed) if code == "mht" else invented(school.versions[code], pupils, seed)
        _plant(code, sheets, groups)
        hand_in_all(campaign, school.versions[code], sheets)
        found.answers[code] = sheets
    return found


def _of_mht(pupils: list[Student], seed: int) -> dict[Any, list[int]]:
    """Yes or no by a burden of the pupil's; nobody lies so often that the sheet is void."""
    dice = np.random.default_rng(seed)
    lies = next(each for each in SCALES["mht"].subscales if each.name == "lie").items
    found = {}
    for pupil in pupils:
        row = (dice.normal() + dice.normal(size=100) > 0.4).astype(int).tolist()
        for item in lies:
            row[item - 1] = 0
        found[pupil.pk] = row
    return found


def _plant(code: str, sheets: dict[Any, list[int]], groups: dict[Any, dict[str, str]]) -> None:
    for (scale, item), group in PLANTED.items():
        for place, (pupil, sheet) in enumerate(sheets.items()):
            if scale == code and group in groups[pupil].values() and place % 6 < 5:
                sheet[item - 1] = min(SCALES[code].highest, sheet[item - 1] + 1)


def test_the_recount_agrees_with_r():
    for name in ("sex", "stage"):
        table, groups = read(name)
        found, rounds, is_stable = bias(table.answers, groups)
        for what in ("effect", "uniform", "chance"):
            assert [getattr(item, what) for item in found] == pytest.approx(R[name][what], abs=1e-6), (name, what)
        assert (rounds, is_stable) == (R[name]["rounds"], True)


# ---- the page against the recount


def rows_of(answered: Answered, code: str, score: str) -> tuple[list[Any], list[int], list[list[int]]]:
    """The pupils whose sheet counts, the items that vary, and the answers to them as the key reads them."""
    key = SCALES[code]
    measure = next(each for each in (*key.subscales, key.total) if each is not None and each.name == score)
    sheets = {pk: row for pk, row in answered.answers[code].items() if not _is_void(code, row)}
    turned = [
        [key.highest + key.lowest - row[item - 1] if item in key.reversed_items else row[item - 1]
         for item in measure.items] for row in sheets.values()
    ]  # fmt: skip
    kept = [at for at, column in enumerate(zip(*turned, strict=True)) if len(set(column)) > 1]
    return list(sheets), [measure.items[at] for at in kept], [[row[at] for at in kept] for row in turned]


def _is_void(code: str, row: list[int]) -> bool:
    """Seven of the lie scale's items void a sheet of MHT (its key, tests/oracle/scoring_oracle)."""
    if code != "mht":
        return False
    lie = next(each for each in SCALES[code].subscales if each.name == "lie")
    return sum(_turned(code, item, row[item - 1]) for item in lie.items) >= 7


def _turned(code: str, item: int, answer: int) -> int:
    key = SCALES[code]
    return key.highest + key.lowest - answer if item in key.reversed_items else answer


def page_of(answered: Answered, code: str, score: str) -> list[Told]:
    """What the panel of bias tells."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(answered.school.world.users["psych"])
    response = client.get(reverse("screening:figures", args=[answered.campaign.pk]), {"score": f"{code}.{score}"})
    assert response.status_code == 200
    told = told_by_page(response.content.decode(), WORDS)
    return [each for each in told if each.place[1] == PANEL and each.place[0] != "method"]


def wrong_with(told: list[Told], answered: Answered, code: str, score: str) -> list[str]:
    """What is wrong with every number of the panel; the sexes stand first, then the stages."""
    pupils, items, rows = rows_of(answered, code, score)
    cells = [each for each in told if each.place[0] == "cell"]
    said = [each for each in told if "answered higher by" in each.text]
    counts = [each for each in told if each.place[0] == "text" and each.numbers and each not in said]
    found, named = [], []
    for part, by in enumerate(("sex", "stage")):
        groups = [answered.groups[pupil][by] for pupil in pupils]
        right, _rounds, _is_stable = bias(rows, groups)
        here = cells[part * 3 * len(items) : (part + 1) * 3 * len(items)]
        found += _wrong_cells(here, items, right)
        many = [str(groups.count(name)) for name in sorted(set(groups))]
        found += [] if counts[part].numbers == many else [f"{by}: {counts[part].text}, counted {many}"]
        named += _named(titles(code).items, items, right)
    found += [] if [each.text for each in said] == named else [f"told {said}, found {named}"]
    if len(cells) != 6 * len(items) or len(counts) != 2:
        found.append(f"{len(cells)} cells of {len(items)} items, {counts}")
    return found


def _wrong_cells(told: list[Told], items: list[int], right: list[Item]) -> list[str]:
    expected = [(number, value) for number, item in zip(items, right, strict=True)
                for value in (item.effect, item.uniform, item.chance)]  # fmt: skip
    return [
        f"{each.place}: {each.text}, counted {value}" for each, (number, value) in zip(told, expected, strict=True)
        if each.place[3].split(" ")[0] != str(number) or not np.isclose(float(each.text), value, rtol=0, atol=ROUNDED)
    ]  # fmt: skip


def _named(texts: dict[int, str], items: list[int], right: list[Item]) -> list[str]:
    """The biased items in words, the largest effect first."""
    biased = [(number, item) for number, item in zip(items, right, strict=True) if item.size != "negligible"]
    return [
        f"Item {number} “{texts.get(number, f'wording {number}')}”: answered higher by {GROUPS[item.highest]} "
        f"{item.size}" for number, item in sorted(biased, key=lambda pair: -pair[1].effect)
    ]  # fmt: skip


SCORES = [("phq-9", "total"), ("gad-7", "total"), ("mht", "fear")]
if os.environ.get("XINQIAO_PROVE") == "full":
    SCORES += [("mht", "total"), *(("mht", each.name) for each in SCALES["mht"].subscales if each.name != "fear")]


@pytest.mark.parametrize(("code", "score"), SCORES)
def test_every_effect_of_every_item_is_counted(answered: Answered, code: str, score: str):
    assert wrong_with(page_of(answered, code, score), answered, code, score) == []


def test_what_was_planted_is_named(answered: Answered):
    words = " ".join(each.text for each in page_of(answered, "phq-9", "total"))
    assert "Item 3 “" in words
    assert words.count("answered higher by") == 2
    assert "answered higher by Female" in words
    assert "answered higher by Senior secondary" in words


CONTROLS = {
    "an effect that is off": ("_r_squared", lambda right: lambda *given: right(*given) * 1.05),
    "no purification": ("MOST_ROUNDS", lambda _right: 0),
    "another group named": ("_highest", lambda _right: lambda _fit, names: names[0]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_control_a_falsified_effect_is_found(answered: Answered, monkeypatch, name: str):
    attribute, falsified = CONTROLS[name]
    monkeypatch.setattr(engine, attribute, falsified(getattr(engine, attribute)))
    assert wrong_with(page_of(answered, "gad-7", "total"), answered, "gad-7", "total")
