"""Pages of referrals in both languages, from a pupil's page to the end; PDF and FHIR; the cost of lists."""

import json

import pytest
from django.conf import settings
from django.db import connection
from django.shortcuts import redirect
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.care.crisis.models import Partner, Referral
from xinqiao.care.crisis.selectors.referrals import preview_of
from xinqiao.care.crisis.tests.referring import SEEN, WHY, build_referring
from xinqiao.engines.fhir import NotFhir, read_referral
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.people.registering import StudentDraft, register_students


@pytest.fixture
def refer(db):
    with clock.frozen(MONDAY_10):
        yield build_referring(build_world())


@pytest.fixture
def sign_in(refer, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(refer.world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, refer, language):
    referral, student = refer.sent(), refer.world.students[0].id
    draft = refer.written(1)
    client = sign_in("psych", language)
    pages = [("index", ()), ("counts", ()), ("partners", ()), ("partner-new", ()), ("pupil", (student,)),
             ("new", (student,)), ("one", (referral.id,)), ("one", (draft.id,)), ("edit", (draft.id,)),
             ("preview", (draft.id,)), ("keys", (referral.id,)), ("open", ())]  # fmt: skip
    for name, args in pages:
        assert client.get(reverse(f"referrals:{name}", args=args)).status_code == 200, name
    officer = sign_in("officer", language)
    assert officer.get(reverse("referrals:partner", args=[refer.partner.id])).status_code == 200


def test_from_a_pupils_page_to_a_sent_referral(sign_in, refer):
    client, student = sign_in("psych"), refer.world.students[0].id
    assert reverse("referrals:pupil", args=[student]) in client.get(f"/people/students/{student}/").content.decode()
    given = {"partner": str(refer.partner.id), "reason": WHY, "contact": "林若溪", "observed": SEEN, "shared": ["name"]}
    new = reverse("referrals:new", args=[student])
    wrong = client.post(new, {**given, "reason": "像是抑郁症"})
    assert wrong.status_code == 422
    assert "学校不作诊断" in wrong.content.decode()
    one = client.post(new, given).url
    referral = Referral.objects.for_system(reason="test").get()
    assert client.post(reverse("referrals:send", args=[referral.id])).status_code == 422
    assert client.get(one).status_code == 200
    client.post(reverse("referrals:family", args=[referral.id]), {"decision": "yes", "given_by": "guardian"})
    preview = reverse("referrals:preview", args=[referral.id])
    text = client.get(preview).content.decode()
    assert WHY in text
    assert SEEN not in text
    client.post(preview, {"shown": "0" * 64})
    assert refer.fresh(referral).state == "draft"
    client.post(preview, {"shown": preview_of(refer.fresh(referral)).digest})
    client.post(reverse("referrals:handed", args=[referral.id]))
    keys = client.post(reverse("referrals:send", args=[referral.id])).url
    assert keys == reverse("referrals:keys", args=[referral.id])
    shown = client.get(keys).content.decode()
    assert "#" in shown
    client.post(reverse("referrals:answer", args=[referral.id]), {"target": "declined", "reason": "full"})
    client.post(reverse("referrals:close", args=[referral.id]), {"reason": "sent_again", "words": ""})
    assert refer.fresh(referral).state == "closed"
    assert client.get(keys).status_code == 404
    assert "100" in client.get("/referrals/").content.decode()


def test_the_front_page_says_that_an_answer_waits(sign_in, refer):
    referral = refer.sent()
    Referral.objects.for_system(reason="test").update(is_unread=True)
    assert "1 份转介需要处理" in sign_in("psych").get("/").content.decode()
    sign_in("psych").post(reverse("referrals:read", args=[referral.id]))
    assert "份转介需要处理" not in sign_in("psych").get("/").content.decode()


def test_the_principal_reads_numbers_alone(sign_in, refer):
    referral = refer.sent()
    text = sign_in("head").get("/referrals/counts/").content.decode()
    for word in ("欧阳", WHY, "市心理卫生中心"):
        assert word not in text
    assert sign_in("head").get(reverse("referrals:one", args=[referral.id])).status_code == 403
    assert sign_in("teacher").get("/referrals/counts/").status_code == 403
    assert sign_in("other_psych").get(reverse("referrals:one", args=[referral.id])).status_code == 404
    assert AuditEvent.objects.filter(event="access.refused", subject_id=referral.id).count() == 2


def test_the_advice_is_printed_in_two_copies_and_read_as_an_event(sign_in, refer):
    referral = refer.written(advice="我们约好周五再通一次电话。")
    response = sign_in("psych").get(reverse("referrals:advice", args=[referral.id]))
    assert response.content[:4] == b"%PDF"
    assert response.content.count(b"/Type /Page\n") + response.content.count(b"/Type /Page ") in (0, 2)
    assert AuditEvent.objects.filter(event="crisis.referral.printed").count() == 1


def test_fhir_carries_what_was_previewed_and_reads_back(sign_in, refer):
    client = sign_in("psych")
    draft = refer.written(1)
    assert client.get(reverse("referrals:fhir", args=[draft.id])).status_code == 404  # nobody looked through it
    referral = refer.answered(refer.sent(shared=("name", "age", "sex")), "accepted")
    body = json.loads(client.get(reverse("referrals:fhir", args=[referral.id])).content)
    facts = read_referral(body)
    shown = dict(preview_of(refer.fresh(referral)).rows)
    assert (facts.id, facts.state, facts.name, facts.reason) == (str(referral.id), "accepted", "欧阳思源", WHY)
    assert {facts.name, facts.reason, facts.contact, facts.partner, facts.school} <= set(shown.values())
    assert (facts.observed, facts.family_phone, facts.family_name) == ("", "", "")
    text = json.dumps(body, ensure_ascii=False)
    for absent in (SEEN, "20260301", "七(3)"):
        assert absent not in text
    tasks = [entry["resource"] for entry in body["entry"]]
    assert [(each["resourceType"], each["status"]) for each in tasks] == [
        ("ServiceRequest", "active"), ("Task", "accepted"),
    ]  # fmt: skip
    with pytest.raises(NotFhir):
        read_referral({"resourceType": "Bundle", "entry": []})


def test_twenty_referrals_cost_no_more_queries_than_one(sign_in, refer):
    client, counts = sign_in("psych"), []
    refer.written()
    drafts = [StudentDraft(f"学生{n}", refer.world.class_a, f"2026019{n:02}") for n in range(19)]
    for students in ((), register_students(refer.world.school, drafts, clock.today())):
        for student in students:
            refer.world.students.append(student)
            refer.written(len(refer.world.students) - 1)
        client.get("/referrals/")
        with CaptureQueriesContext(connection) as made:
            client.get("/referrals/")
        counts.append(len(made))
    assert counts[1] <= counts[0]


TYPED = "家里说再想一想，明天回话"


def family_typed(refer):
    referral = refer.written()
    return referral, "family", {"decision": "", "given_by": "guardian", "words": TYPED}


def answer_typed(refer):
    referral = refer.sent()
    return referral, "answer", {"target": "declined", "reason": "", "day": "", "words": TYPED}


def end_typed(refer):
    referral = refer.sent()
    return referral, "withdraw", {"reason": "", "words": TYPED}


def send_typed(refer):
    referral = refer.ready(refer.written())
    refer.partner.left_on = clock.today()
    Partner.objects.for_system(reason="test").update(left_on=clock.today(), left_by=referral.written_by)
    return referral, "send", {"emergency": TYPED}


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])
@pytest.mark.parametrize("given", [family_typed, answer_typed, end_typed, send_typed])
def test_what_was_refused_is_shown_again_with_what_was_typed(sign_in, refer, monkeypatch, given, is_kept):
    referral, act, typed = given(refer)
    if not is_kept:
        monkeypatch.setattr(
            "xinqiao.care.crisis.views.referral_steps.referral_shown",
            lambda *_a: redirect("referrals:one", referral.id),
        )
    answer = sign_in("psych").post(reverse(f"referrals:{act}", args=[referral.id]), typed)

    def check():
        assert answer.status_code == 422
        assert TYPED in answer.content.decode()

    if is_kept:
        check()
    else:
        with pytest.raises(AssertionError):
            check()
    assert refer.fresh(referral).state == referral.state
