"""Local norms: of whom they are, every number once more from raw rows, what they may never do, and who may see them."""

import datetime as dt
import json
import math
import re
from dataclasses import replace
from statistics import NormalDist, mean, stdev

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from xinqiao.care.alerts.models import Signal
from xinqiao.care.scales import norming
from xinqiao.care.scales.models import LocalNorm
from xinqiao.care.scales.norm_selectors import norm_units, readable_norms
from xinqiao.care.scales.norming import draft_norm
from xinqiao.care.scales.selectors import plan_for
from xinqiao.care.scales.services.norms import CannotPublishNorm, publish_norm, retire_norm
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors import norm_sheets, results
from xinqiao.care.screening.selectors.norm_sheets import answered_at
from xinqiao.care.screening.selectors.results import pupil_result
from xinqiao.care.screening.services.campaigns import close_campaign
from xinqiao.care.screening.tests.test_figures import plain_text
from xinqiao.care.screening.tests.whole_school import enrol, hand_in_all, invented
from xinqiao.care.sheets.models import AnswerSheet, Paper
from xinqiao.care.sheets.scoring import result_text, score_sheet
from xinqiao.care.sheets.services.sittings import open_sittings
from xinqiao.engines.scoring import pack_answers
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed

MANY, GROUP, LINE, YEAR = 60, 20, 5, 2026
FAST, WITHDREW, GAPS = slice(0, 3), 3, slice(4, 10)
SYSTEM = system_actor("test")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Groups of twenty, so that a test needs no hundreds of pupils; everything else as the policy states it."""
    asked = norming.parameters_for

    def parameters(place, on):
        found = asked(place, on)
        return replace(found, norm_rules=replace(found.norm_rules, group_sheets=GROUP))

    monkeypatch.setattr(norming, "parameters_for", parameters)


@pytest.fixture
def answered(school):
    """A screening that is over, of 60 pupils: three answered too fast, one withdrew, six left questions out."""
    version = school.versions["phq-9"]
    students = enrol(school, MANY)
    rows = {key: list(codes) for key, codes in invented(version, students, 3).items()}
    for student in students[GAPS]:
        rows[student.id][:3] = [None] * 3
    campaign = school.launched(scale_ids=(version.id,))
    hand_in_all(campaign, version, rows, fast=[student.id for student in students[FAST]])
    close_campaign(campaign, actor=school.actor("psych"))
    school.consent([students[WITHDREW]], "withdrawn")
    return campaign, students, rows


def drafted(school, unit=None, actor=SYSTEM):
    return draft_norm(actor, unit or school.unit, school.versions["phq-9"], YEAR)


def published(school, unit=None):
    unit = unit or school.unit
    return publish_norm(unit, actor=SYSTEM, draft=drafted(school, unit))


def scores_by_sex(answered) -> dict[str, list[int]]:
    """The sums of those who count, from the raw rows."""
    _campaign, students, rows = answered
    out = {s.id for s in (*students[FAST], students[WITHDREW], *students[GAPS])}
    return {
        sex: [sum(rows[s.id]) for n, s in enumerate(students) if n % 2 == odd and s.id not in out]
        for sex, odd in (("female", 0), ("male", 1))
    }


# ---- plain code, which knows nothing of the engine


def joined(scores) -> list[tuple[int, int, int]]:
    lines, low, count = [], None, 0
    for score in sorted(set(scores)):
        low = score if low is None else low
        count += scores.count(score)
        if count >= LINE:
            lines.append((low, score, count))
            low, count = None, 0
    if low is not None:
        start, _high, before = lines.pop()
        lines.append((start, max(scores), before + count))
    return lines


def expected_line(scores, line) -> list[str]:
    low, high, count = line
    n, ends = len(scores), joined(scores)
    share = (len([x for x in scores if x < low]) + count / 2) / n
    z = 1.959963984540054
    # the two roots P of (P - share)^2 = z^2 P (1 - P) / n
    a, b, c = 1 + z * z / n, -(2 * share + z * z / n), share * share
    root = math.sqrt(b * b - 4 * a * c)
    t = [
        "" if x is None else f"{50 + 10 * (x - round(mean(scores), 1)) / round(stdev(scores), 1):.0f}"
        for x in (None if line == ends[0] and low < high else low, None if line == ends[-1] and low < high else high)
    ]
    told = "≤ " + str(high) if line == ends[0] else "≥ " + str(low) if line == ends[-1] else spread(str(low), str(high))
    rank = 100 * share
    return [
        told, str(count), "< 1" if rank < 1 else "> 99" if rank > 99 else f"{rank:.0f}",
        f"{100 * (-b - root) / (2 * a):.0f}–{100 * (-b + root) / (2 * a):.0f}", spread(*t),
        f"{50 + 10 * NormalDist().inv_cdf(share):.0f}",
    ]  # fmt: skip


def spread(low, high) -> str:
    if low == high:
        return low
    return f"≤ {high}" if not low else f"≥ {low}" if not high else f"{low}–{high}"


def check_page(text, by_sex) -> None:
    for title, scores in (("Girls · Junior", by_sex["female"]), ("Boys · Junior", by_sex["male"])):
        panel = next(part for part in text.split("<section") if title in part)
        shown = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", panel, re.DOTALL))
        assert shown == {"Pupils": str(len(scores)), "Mean score": f"{mean(scores):.1f}", "SD": f"{stdev(scores):.1f}"}
        body = panel[panel.index("<tbody") :]
        found = [
            [plain_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
        ]
        assert found == [expected_line(scores, line) for line in joined(scores)]
        assert all(int(row[1]) >= LINE for row in found)


def client_of(school, login="psych") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(school.world.users[login])
    return client


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


# ---- of whom, and every number


def test_every_number_on_the_page_follows_from_raw_rows(school, answered):
    client = client_of(school)
    of = f"{school.versions['phq-9'].id}.{YEAR}"
    query = {"unit": str(school.unit.id), "of": of}
    assert of in page(client, "scales:norms")
    before = page(client, "scales:norm-new", **query)
    assert "≤" not in before  # no table before it is published
    digest = re.search(r'name="digest" value="(\w{64})"', before)[1]
    response = client.post(reverse("scales:norm-new"), {**query, "digest": digest}, follow=True)
    text, by_sex = response.content.decode(), scores_by_sex(answered)
    assert [len(scores) for scores in by_sex.values()] == [25, 25]
    check_page(text, by_sex)
    assert "<dt>Not scored: too many answers missing</dt><dd>6</dd>" in text
    assert "<dt>Answered too fast to be read</dt><dd>fewer than 5</dd>" in text
    assert "<dt>Consent was withdrawn, or is no longer enough</dt><dd>fewer than 5</dd>" in text
    kept = LocalNorm.objects.get()
    assert (kept.sheets, kept.number, kept.school_year) == (50, 1, YEAR)
    by_sex["female"][7] += 1
    with pytest.raises(AssertionError):
        check_page(text, by_sex)  # control: another answer by one child is another page


def test_a_pupil_counts_once_and_only_in_what_is_over(school, answered, monkeypatch):
    _campaign, students, _rows = answered
    version = school.versions["phq-9"]
    assert answered_at([school.unit.path]) == [(version.id, YEAR)]
    again = school.launched(name="冬季测评", scale_ids=(version.id,), closes_at=clock.now() + dt.timedelta(days=5))
    hand_in_all(again, version, {student.id: [3] * 9 for student in students[20:40]})
    first = drafted(school)
    assert first.file.sheets == 50  # the one that runs is not looked at
    close_campaign(again, actor=school.actor("psych"))
    second = drafted(school)
    assert second.file.groups == first.file.groups
    assert second.file.left_out["another_sheet"] == 20
    monkeypatch.setattr(norm_sheets, "_consented", lambda campaign, sheets: {sheet.student_id for sheet in sheets})
    assert drafted(school).file.sheets == 51  # control: without asking for consent one more would count


def test_a_second_paper_is_not_looked_at(school, answered):
    """Only those flagged answer it, so it would make everybody look worse."""
    campaign, students, _rows = answered
    before = drafted(school).file
    origin, paper = new_id(), Paper.objects.for_system(reason="test").get(pk=campaign.paper_id)
    Campaign.objects.for_system(reason="test").filter(pk=campaign.pk).update(gate_origin_id=origin)
    (sitting,) = open_sittings(
        origin, paper, [students[50]], opens_at=campaign.opens_at, closes_at=campaign.closes_at, round_number=1
    ).sittings
    scored = score_sheet(plan_for(school.versions["phq-9"].id), pack_answers([3] * 9), None)
    sheet = AnswerSheet.objects.create(
        county_id=sitting.county_id, place=sitting.place, sitting=sitting, student=students[50], origin_id=origin,
        key_id=sitting.key_id, scale_code="phq-9", scale_id=school.versions["phq-9"].id,
        answers=pack_answers([3] * 9), result=result_text(scored), submitted_at=clock.now(),
    )  # fmt: skip
    assert drafted(school).file == before
    AnswerSheet.objects.for_system(reason="test").filter(pk=sheet.pk).update(origin_id=campaign.id)
    assert drafted(school).file != before  # control: the screening's own sheet would count


def test_what_the_scale_itself_makes_void_is_left_out(school, answered, monkeypatch):
    assert "void" not in drafted(school).file.left_out
    told = norm_sheets.read_result
    monkeypatch.setattr(norm_sheets, "read_result", lambda text: {**told(text), "valid": False})
    assert drafted(school).file.left_out == {"no_consent": None, "not_scored": 6, "void": 53}


def test_an_estimate_is_no_score(school, answered, monkeypatch):
    told = norm_sheets.read_result
    before = drafted(school).file.sheets
    monkeypatch.setattr(norm_sheets, "read_result", lambda text: {**told(text), "short": {}})
    assert before > 0
    assert drafted(school).file.sheets == 0


def test_a_sign_that_sick_children_show_too_leaves_nobody_out(school, answered):
    rules = norming.parameters_for(school.unit.path, clock.today()).norm_rules
    assert rules.left_out_signs == ("too_fast",)
    every = norm_sheets.norm_sheets(school.versions["phq-9"], school.unit.path, YEAR, rules)
    kept = norm_sheets.norm_sheets(
        school.versions["phq-9"], school.unit.path, YEAR, replace(rules, left_out_signs=())
    )  # fmt: skip
    assert [len([s for s in each if s.why_out == "too_fast"]) for each in (every, kept)] == [3, 0]


# ---- what it may never do


def test_a_norm_stands_beside_the_band_and_changes_nothing(school, answered, monkeypatch):
    campaign, students, rows = answered
    pupil = students[40]
    psych = school.actor("psych")

    def seen():
        with override("en"):
            found = pupil_result(psych, pupil.id, clock.today())
        bare = [replace(s, scores=tuple(replace(line, local=None) for line in s.scores)) for s in found.sheets]
        sheets = AnswerSheet.objects.for_system(reason="test").filter(origin_id=campaign.id)
        signals = Signal.objects.for_system(reason="test").count()
        return bare, signals, found.signal_id, found.level, open_sealed(list(sheets.order_by("id")), "result")

    before = seen()
    assert "percentile rank" not in page(client_of(school), "screening:result", pupil.id)
    norm = published(school)
    assert seen() == before
    text = page(client_of(school), "screening:result", pupil.id)
    told = plain_text(re.search(r'<span data-local="total">(.*?)</td>', text, re.DOTALL)[1])
    scores = scores_by_sex(answered)["female"]
    line = next(each for each in joined(scores) if each[0] <= sum(rows[pupil.id]) <= each[1])
    _scores, _count, rank, interval, *_t = expected_line(scores, line)
    assert told.startswith(f"percentile rank {rank} ({interval}) of 25 pupils: Girls · Junior")
    assert told.endswith("学校1, 2026–2027, norm 1")
    assert reverse("scales:norm", args=[norm.id]) in text
    monkeypatch.setattr(results, "with_local", lambda student, rows, faces: [replace(f, scores=()) for f in faces])
    assert seen() != before  # control: a norm that touched the scores would be seen


def test_where_nothing_may_be_said_nothing_is(school, answered):
    _campaign, students, _rows = answered
    published(school)
    client = client_of(school)
    assert "data-local" not in page(client, "screening:result", students[4].id)  # not scored
    assert "data-local" in page(client, "screening:result", students[0].id)  # too fast, and scored
    norm = LocalNorm.objects.get()
    retire_norm(norm, actor=school.actor("psych"))
    assert "data-local" not in page(client, "screening:result", students[0].id)
    assert "No longer in force" in page(client, "scales:norm", norm.id)


def test_no_pupil_and_no_guardian_reads_a_norm():
    for role in (Role.STUDENT, Role.GUARDIAN, Role.COMMITTEE_MEMBER):
        held = ROLE_PERMISSIONS[role]
        assert not held & {Permission.SCALE_READ, Permission.NORM_EDIT, Permission.RESULT_FULL}
    assert Permission.SCALE_READ in ROLE_PERMISSIONS[Role.CLASS_TEACHER]  # control: the table says yes to others


def test_a_published_norm_never_changes(school, answered):
    norm = published(school)
    for change in ({"definition": "{}"}, {"sheets": 7}, {"place": "x/"}, {"published_by": school.unit.id}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            LocalNorm.objects.filter(pk=norm.pk).update(**change)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        norm.delete()
    retire_norm(norm, actor=SYSTEM)
    assert isinstance(retire_norm(norm, actor=SYSTEM), Unchanged)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        LocalNorm.objects.filter(pk=norm.pk).update(retired_at=None)


# ---- when it is refused


def test_too_few_too_close_and_too_few_schools(school, answered, monkeypatch):
    unit, county = school.unit, school.world.county
    assert drafted(school, county).why_not == (("few_schools", "1:3"),)
    assert [code for code, _ in drafted(school, school.world.other_school).why_not] == ["few_sheets"]
    with pytest.raises(CannotPublishNorm, match="few_schools"):
        published(school, county)
    assert isinstance(published(school), LocalNorm)
    assert isinstance(published(school), Unchanged)
    _campaign, students, _rows = answered
    school.consent([students[12]], "withdrawn")  # looked at again, the difference would be one child
    assert drafted(school).why_not == (("too_close", f"1:{GROUP}"),)
    with pytest.raises(CannotPublishNorm, match="too_close"):
        published(school)
    assert "differ by only 1 sheets" in page(
        client_of(school), "scales:norm-new", unit=unit.id, of=f"{school.versions['phq-9'].id}.{YEAR}"
    )
    asked = norming.parameters_for

    def of_one_school(place, on):
        found = asked(place, on)
        return replace(found, norm_rules=replace(found.norm_rules, schools=1))

    monkeypatch.setattr(norming, "parameters_for", of_one_school)
    assert drafted(school, county).why_not == (("too_close", f"1:{GROUP}"),)  # held against the school's own
    monkeypatch.setattr(norming, "_nested", lambda unit, version, file: [])
    assert drafted(school).why_not == ()  # control: without the comparison it would be published
    assert LocalNorm.objects.count() == 1


def test_a_newer_one_takes_the_place_and_the_former_stays(school, answered):
    first = published(school)
    more = enrol(school, 2 * GROUP, first=MANY)
    version = school.versions["phq-9"]
    campaign = school.launched(name="补测", scale_ids=(version.id,))
    hand_in_all(campaign, version, invented(version, more, 5))
    close_campaign(campaign, actor=school.actor("psych"))
    second = published(school)
    first.refresh_from_db()
    assert (second.number, second.sheets, first.retired_at) == (2, 90, clock.now())
    text = page(client_of(school), "scales:norms")
    assert text.index(str(second.id)) < text.index("Formerly in force") < text.index(str(first.id))
    assert page(client_of(school), "scales:norm", first.id)


def test_what_was_seen_is_what_is_published(school, answered):
    client = client_of(school)
    query = {"unit": str(school.unit.id), "of": f"{school.versions['phq-9'].id}.{YEAR}"}
    stale = client.post(reverse("scales:norm-new"), {**query, "digest": "0" * 64})
    assert (stale.status_code, LocalNorm.objects.count()) == (422, 0)
    assert "The sheets have changed meanwhile" in stale.content.decode()


# ---- who


def test_a_school_is_read_by_nobody_above_and_made_by_nobody_beside(school, answered):
    norm = published(school)
    officer, stranger = client_of(school, "officer"), client_of(school, "other_psych")
    for client in (officer, stranger):
        assert client.get(reverse("scales:norm", args=[norm.id])).status_code == 404
        assert client.post(reverse("scales:norm-retire", args=[norm.id])).status_code == 404
        query = {"unit": str(school.unit.id), "of": f"{school.versions['phq-9'].id}.{YEAR}"}
        assert client.get(reverse("scales:norm-new"), query).status_code == 302
    assert client_of(school, "teacher").get(reverse("scales:norm", args=[norm.id])).status_code == 200
    assert client_of(school, "teacher").get(reverse("scales:norm-new")).status_code == 403
    assert norm_units(school.actor("officer")) == [school.world.county]
    assert readable_norms(school.actor("officer")) == []
    with pytest.raises(Forbidden):
        publish_norm(school.world.other_school, actor=school.actor("psych"), draft=drafted(school))


def test_each_act_leaves_its_event(school, answered):
    norm = published(school)
    retire_norm(norm, actor=school.actor("psych"))
    events = AuditEvent.objects.filter(event__startswith="scales.norm").order_by("id")
    assert [row.event for row in events] == ["scales.norm.drafted", "scales.norm.published", "scales.norm.retired"]
    facts = [json.loads(row.facts) for row in events]
    assert (facts[0]["sheets"], facts[1]["sheets"], facts[2]["number"]) == (60, 50, 1)
    assert all(row.place == school.unit.path and row.county_id == school.unit.county_id for row in events)


def test_a_list_costs_the_same_for_one_norm_and_many(school, answered):
    published(school)
    client = client_of(school)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            page(client, "scales:norms")
        return len(asked)

    norm = LocalNorm.objects.get()

    def add(number):
        LocalNorm.objects.create(
            version=norm.version, place=norm.place, number=number, school_year=2025, sheets=9, retired_at=clock.now(),
            definition=norm.definition, digest=f"{number}", published_at=norm.published_at,
        )  # fmt: skip

    add(2)
    cost()
    one = cost()
    for number in range(3, 13):
        add(number)
    assert cost() == one


def test_the_command_line_says_the_same(school, answered, capsys):
    from django.core.management import call_command

    call_command("scale", "norms", "phq-9", "--unit", school.unit.code, "--publish", "--json")
    told = json.loads(capsys.readouterr().out)
    assert [(group["sex"], group["n"]) for group in told["draft"]["groups"]] == [("female", 25), ("male", 25)]
    assert "scores" not in told["draft"]["groups"][0]
    lines = told["in_force"]["norm"]["groups"][0]["scores"]["total"]["lines"]
    assert [tuple(line) for line in lines] == joined(scores_by_sex(answered)["female"])
    with pytest.raises(SystemExit) as end:
        call_command("scale", "norms", "phq-9", "--unit", school.world.county.code, "--publish")
    assert end.value.code == 1
