"""Pages: who reaches which, in both languages, what they say, and that length costs no queries."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.screening.jobs.filling import fill_campaign
from xinqiao.care.screening.models import Campaign, ExportRequest
from xinqiao.care.screening.services.campaigns import close_campaign, create_campaign
from xinqiao.care.screening.services.exports import (
    CannotExport,
    approve_export,
    fetch_export,
    request_export,
)
from xinqiao.care.screening.spreadsheets import disarmed, workbook
from xinqiao.care.screening.tests.handing_in import hand_in, sitting_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students

LOW = {"phq-9": [0] * 9, "gad-7": [0] * 7}
FLAGGED = {"phq-9": [2, 2, 2, 2, 2, 2, 1, 0, 0], "gad-7": [1] * 7}


@pytest.fixture
def running(school) -> Campaign:
    campaign = school.launched()
    hand_in(campaign, school.students[0], LOW)
    hand_in(campaign, school.students[1], FLAGGED)
    return campaign


@pytest.fixture
def visit(school):
    """Return a function that fetches an address as someone: `visit("psych", url, lang="en")`."""

    def get(login: str, url: str, *, lang: str = "zh-hans", data: dict | None = None):
        client = Client(headers={"accept-language": lang})
        client.force_login(school.world.users[login])
        return client.get(url) if data is None else client.post(url, data)

    return get


def pages_of(campaign: Campaign, school) -> dict[str, str]:
    one = [campaign.pk]
    in_class = [campaign.pk, school.class_b.pk]
    return {
        "index": reverse("screening:index"),
        "campaign": reverse("screening:campaign", args=one),
        "progress": reverse("screening:progress", args=one),
        "class": reverse("screening:class", args=in_class),
        "seats": reverse("screening:seats", args=in_class),
        "class-file": reverse("screening:class-file", args=in_class),
        "levels": reverse("screening:levels", args=in_class),
        "new": reverse("screening:new"),
        "extend": reverse("screening:extend", args=one),
        "make-up": reverse("screening:make-up", args=one),
        "close": reverse("screening:close", args=one),
        "results": reverse("screening:results", args=one),
        "distribution": reverse("screening:distribution", args=one),
        "figures": reverse("screening:figures", args=one),
        "campaign-coverage": reverse("screening:campaign-coverage", args=one),
        "exports": reverse("screening:exports", args=one),
        "result": reverse("screening:result", args=[school.students[1].pk]),
        "coverage": reverse("screening:coverage"),
    }


FOLLOW = {"index": 200, "campaign": 200, "progress": 200, "class": 200}
STAFF = {
    "psych": {"seats": 200, "class-file": 200, "levels": 200, "new": 200, "extend": 200, "make-up": 200, "close": 200,
              "results": 200, "distribution": 200, "figures": 200, "campaign-coverage": 200, "exports": 200,
              "result": 200, "coverage": 200, **FOLLOW},
    "teacher": {"seats": 200, "class-file": 200, "levels": 200, **FOLLOW},
    "teacher_a": {**FOLLOW, "class": 404, "seats": 404, "class-file": 404, "levels": 404},
    "grade": {"levels": 200, **FOLLOW},
    "head": {"levels": 200, "campaign-coverage": 200, "coverage": 200, "exports": 200, **FOLLOW},
    "lead": {"campaign-coverage": 200, "coverage": 200, **FOLLOW},
    "officer": {"coverage": 200, "campaign-coverage": 404},
    "other_psych": {"index": 200, "new": 200, "coverage": 200},
}  # fmt: skip


@pytest.mark.parametrize("login", STAFF)
def test_who_reaches_which_page(running, school, visit, login):
    """What a role lacks altogether is 403; what it has elsewhere is 404 here."""
    allowed, elsewhere = STAFF[login], 404 if login == "other_psych" else 403
    for name, url in pages_of(running, school).items():
        assert (name, visit(login, url).status_code) == (name, allowed.get(name, elsewhere))


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(running, school, visit, lang):
    for name, url in pages_of(running, school).items():
        response = visit("psych", url, lang=lang)
        assert (name, response.status_code) == (name, 200)
        if name != "class-file":
            text = response.content.decode()
            assert " style=" not in text.replace("<svg", "")
            assert ("Handed in" in text) <= (lang == "en")


def test_the_class_teachers_pages_hold_no_score_answer_or_reason(running, school, visit):
    for name in ("campaign", "progress", "class", "levels", "index"):
        text = visit("teacher", pages_of(running, school)[name]).content.decode()
        for canary in ("中度", "is-orange", "is-red", "超过一半的日子", "阳性", "/pupils/"):
            assert (name, canary, canary in text) == (name, canary, False)


def test_control_the_psychology_teachers_page_holds_them(running, school, visit):
    text = visit("psych", pages_of(running, school)["result"]).content.decode()
    assert "超过一半的日子" in text
    assert "中度" in text


def test_the_leading_group_sees_counts_and_no_names(running, school, visit):
    text = visit("lead", pages_of(running, school)["class"]).content.decode()
    assert "欧阳思源" not in text
    assert "欧阳思源" in visit("teacher", pages_of(running, school)["class"]).content.decode()


def test_an_officer_sees_no_small_count_and_no_pupil(running, school, visit):
    text = visit("officer", reverse("screening:coverage")).content.decode()
    assert "学校1" in text
    assert "少于 5" in text
    assert "欧阳思源" not in text


def test_before_the_launch_the_page_says_what_is_missing_and_what_to_expect(school, visit):
    campaign = create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft())
    url = reverse("screening:campaign", args=[campaign.pk])
    text = visit("psych", url).content.decode()
    assert reverse("screening:launch", args=[campaign.pk]) in text
    DutyShift.objects.for_system(reason="test").update(cancelled_at=MONDAY_10)
    text = visit("psych", url).content.decode()
    assert reverse("screening:launch", args=[campaign.pk]) not in text
    assert "没有心理教师值班" in text
    refused = visit("psych", reverse("screening:launch", args=[campaign.pk]), data={})
    assert refused.status_code == 422
    head = visit("head", url).content.decode()
    assert reverse("screening:edit", args=[campaign.pk]) not in head
    assert visit("teacher", url).status_code == 404


def test_a_plan_is_made_launched_extended_and_closed_by_forms(school, visit):
    plan = {
        "name": "秋季测评", "grades": ["junior:2026"], "scales": [str(school.versions["phq-9"].id)],
        "opens_at": "2026-11-23T10:00", "closes_at": "2026-11-27T17:00", "form": str(school.form.id),
    }  # fmt: skip
    wrong = visit("psych", reverse("screening:new"), data={**plan, "closes_at": "2026-11-22T17:00"})
    assert wrong.status_code == 422
    assert "结束时间早于开始时间" in wrong.content.decode()
    made = visit("psych", reverse("screening:new"), data=plan)
    assert made.status_code == 302
    campaign = Campaign.objects.for_system(reason="test").get()
    edited = visit("psych", reverse("screening:edit", args=[campaign.pk]), data={**plan, "name": "改名"})
    assert edited.status_code == 302
    assert visit("psych", reverse("screening:launch", args=[campaign.pk]), data={}).status_code == 302
    assert sitting_of(campaign, school.students[0]).state == "waiting"
    later = visit("psych", reverse("screening:extend", args=[campaign.pk]), data={"until": "2026-11-28T17:00"})
    assert later.status_code == 302
    earlier = visit("psych", reverse("screening:extend", args=[campaign.pk]), data={"until": "2026-11-24T17:00"})
    assert earlier.status_code == 422
    excuse = reverse("screening:excuse", args=[campaign.pk, school.students[0].pk])
    sent = {"excuse": "unwell", "class_id": str(school.class_b.pk)}
    assert visit("psych", excuse, data=sent).url == reverse("screening:class", args=[campaign.pk, school.class_b.pk])
    assert sitting_of(campaign, school.students[0]).excuse == "unwell"
    readmit = reverse("screening:readmit", args=[campaign.pk, school.students[0].pk])
    assert visit("psych", readmit, data={}).status_code == 302
    round_2 = {"opens_at": "2026-11-24T08:00", "closes_at": "2026-11-25T17:00", "with_missing": "on"}
    assert visit("psych", reverse("screening:make-up", args=[campaign.pk]), data=round_2).status_code == 302
    closed = visit("psych", reverse("screening:close", args=[campaign.pk]), data={"excuse": "absent"})
    assert closed.status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "closed"


def test_a_changing_address_is_only_posted_to(running, visit):
    for name in ("launch", "discard"):
        assert visit("psych", reverse(f"screening:{name}", args=[running.pk])).status_code == 405


def test_the_seat_list_shows_codes_while_they_open_something(running, school, visit):
    url = pages_of(running, school)["seats"]
    text = visit("teacher", url).content.decode()
    assert f"/s/{school.class_b.window_code}" in text
    assert "<svg" in text
    assert "周海宁" in text
    assert AuditEvent.objects.filter(event="screening.seats.read").exists()
    close_campaign(running, actor=school.actor("psych"))
    closed = visit("teacher", url).content.decode()
    assert f"/s/{school.class_b.window_code}" not in closed


def test_a_seat_list_holds_each_waiting_pupils_own_code(school, visit):
    campaign = school.launched()
    sitting = sitting_of(campaign, school.students[0])
    (opened,) = open_sealed([sitting], "code")
    url = reverse("screening:seats", args=[campaign.pk, school.class_b.pk])
    code = opened["code"]
    assert f"{code[:4]} {code[4:]}" in visit("teacher", url).content.decode()
    hand_in(campaign, school.students[0], LOW)
    assert f"{code[:4]} {code[4:]}" not in visit("teacher", url).content.decode()


@pytest.mark.parametrize(
    "name", ["campaign", "progress", "class", "results", "levels", "distribution", "figures", "campaign-coverage"]
)
def test_more_rows_cost_no_more_queries(running, school, visit, name):
    url = pages_of(running, school)[name]
    visit("psych", url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        visit("psych", url)
    drafts = [StudentDraft(f"新生{n}", school.class_b, f"2026039{n:02d}") for n in range(20)]
    more = register_students(school.unit, drafts, clock.today())
    school.consent(more)
    fill_campaign(running, MONDAY_10)
    for student in more[:12]:
        hand_in(running, student, FLAGGED)
    visit("psych", url)
    with CaptureQueriesContext(connection) as many:
        visit("psych", url)
    assert len(many) == len(few)


def test_more_campaigns_cost_no_more_queries(running, school, visit):
    url = reverse("screening:index")
    with CaptureQueriesContext(connection) as few:
        visit("psych", url)
    for number in range(20):
        create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft(name=f"计划{number}"))
    with CaptureQueriesContext(connection) as many:
        visit("psych", url)
    assert len(many) == len(few)


def test_an_empty_list_says_what_to_do_first(school, visit):
    assert "还没有测评" in visit("psych", reverse("screening:index")).content.decode()
    assert reverse("screening:new") not in visit("teacher", reverse("screening:index")).content.decode()


# ---- taking results out


def test_few_pupils_need_no_second_person_and_the_file_is_marked_and_harmless(running, school, visit):
    url = reverse("screening:exports", args=[running.pk])
    assert visit("psych", url, data={"purpose": "care", "class_id": ""}).status_code == 302
    request = ExportRequest.objects.for_system(reason="test").get()
    assert (request.state, request.pupils) == ("approved", 2)
    fetched = visit("psych", reverse("screening:export-file", args=[request.pk]), data={})
    text = _text_of(fetched.content)
    for part in ("欧阳思源", "林若溪", "秋季测评", "13"):
        assert part in text
    assert AuditEvent.objects.filter(event="screening.export.fetched").count() == 1
    assert visit("psych2", reverse("screening:export-file", args=[request.pk]), data={}).status_code == 302
    assert AuditEvent.objects.filter(event="screening.export.fetched").count() == 1


def _text_of(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def test_many_pupils_need_a_second_person_and_the_link_expires(running, school, monkeypatch):
    monkeypatch.setattr("xinqiao.care.screening.services.exports.NAMED_PUPILS_ALONE", 1)
    asker, second = school.actor("psych"), school.actor("psych2")
    request = request_export(running, actor=asker, purpose="care")
    assert request.state == "waiting"
    for act, code in ((approve_export, "same_person"), (fetch_export, "not_approved")):
        with pytest.raises(CannotExport) as caught:
            act(request, actor=asker)
        assert caught.value.code == code
    approve_export(request, actor=second)
    assert fetch_export(request, actor=asker).pk == request.pk
    with pytest.raises(CannotExport) as caught:
        fetch_export(request, actor=second)
    assert caught.value.code == "not_yours"
    with clock.frozen(MONDAY_10 + dt.timedelta(hours=24)), pytest.raises(CannotExport) as caught:
        fetch_export(request, actor=asker)
    assert caught.value.code == "expired"


def test_nothing_is_taken_out_where_nobody_answered(school):
    campaign = school.launched()
    with pytest.raises(CannotExport) as caught:
        request_export(campaign, actor=school.actor("psych"), purpose="care")
    assert caught.value.code == "nobody_answered"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@cmd", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert disarmed(text) == f"'{text}"
    inside = _text_of(workbook([("表", ["列"], [[text]])], ["注"]))
    assert "<f>" not in inside


def test_control_an_ordinary_text_is_left_alone():
    assert disarmed("张伟") == "张伟"


def test_a_class_list_holds_no_result(running, school, visit):
    body = visit("teacher", pages_of(running, school)["class-file"]).content
    text = _text_of(body)
    assert "欧阳思源" in text
    assert "周海宁" in text
    assert "中度" not in text
