"""Requests of guardians and pupils: a clock, a written answer, an excerpt that a second person approves, the proof."""

import datetime as dt

import pytest
from django.urls import reverse

from xinqiao.care.archives import following, rules
from xinqiao.care.archives.errors import CannotFile
from xinqiao.care.archives.models import Excerpt, FileRequest
from xinqiao.care.archives.rows import every_excerpt, every_request
from xinqiao.care.archives.services.requests import answer_request, ask_for_excerpt, decide_excerpt
from xinqiao.care.archives.tests.conftest import AIM, UPBRINGING, WISH
from xinqiao.care.crisis.limbo import rooms
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.tests.test_limbo import unconstrained
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ANSWER = "已当面给家长看过，并打印了摘要"


def text(response):
    return response.content.decode()


def rows(model):
    return model.objects.for_system(reason="planted")


def codes():
    return {fault.code for fault in prove(clock.now()).faults}


def test_from_the_question_to_the_answer(house, sign_in, monkeypatch):
    student = house.world.students[0]
    house.family(student, told_by="pupil")
    house.plan(student)
    psych = sign_in("psych")
    new = reverse("archives:request-new", args=[student.id])
    body = {"kind": "see", "asked_by": "guardian", "way": "person", "asked_on": "2026-11-30", "words": WISH}
    early = psych.post(new, body)
    assert early.status_code == 422
    assert "还没有到" in text(early)
    assert WISH in text(early)
    assert psych.post(new, {**body, "asked_on": "2026-11-20"}).status_code == 302
    again = psych.post(new, {**body, "asked_on": "2026-11-20"})
    assert again.status_code == 422
    assert "已经提出" in text(again)
    request = every_request().get()
    assert (request.due_at - request.recorded_at).days >= 15, "fifteen school days of the pack"
    there = reverse("archives:request", args=[request.id])
    assert "心理档案" in text(psych.get(there))
    ask = reverse("archives:excerpt-ask", args=[request.id])
    assert psych.post(ask, {"sections": ["cases"], "purpose": "给家长"}).status_code == 422, "notes are never printed"
    assert psych.post(ask, {"sections": ["plan", "family", "levels"], "purpose": "家长了解情况"}).status_code == 302
    excerpt = every_excerpt().get()
    too_soon = psych.post(there, {"outcome": "granted", "answer": ANSWER})
    assert too_soon.status_code == 422
    assert "第二人审批" in text(too_soon)
    assert psych.post(reverse("archives:excerpt-approve", args=[excerpt.id])).status_code == 422, "not one's own"
    printing = reverse("archives:excerpt-pdf", args=[excerpt.id])
    assert psych.post(printing).status_code == 302
    head = sign_in("head")
    assert head.post(reverse("archives:excerpt-refuse", args=[excerpt.id]), {"reason": " "}).status_code == 422
    assert head.post(reverse("archives:excerpt-approve", args=[excerpt.id])).status_code == 302
    assert head.post(printing).status_code == 403
    printed = []
    monkeypatch.setattr(
        "xinqiao.care.archives.views.requests.pdf_of", lambda report, _at: printed.append(report) or b"%PDF"
    )
    assert sign_in("psych").post(printing).status_code == 200
    paper = str(printed)
    assert AIM in paper
    assert "家长了解情况" in printed[0].footer
    assert "不作诊断" in printed[0].watermark
    assert UPBRINGING not in paper, "what a pupil told does not go home"
    assert sign_in("psych").post(there, {"outcome": "granted", "answer": ANSWER}).status_code == 302
    listed = sign_in("head").get(reverse("archives:requests")).context
    assert (len(listed["waiting"]), len(listed["answered"]), listed["late"], listed["excerpts"]) == (0, 1, 0, 0)
    late = sign_in("head").post(there, {"outcome": "refused", "answer": "不"})
    assert late.status_code == 422
    assert "已经答复" in text(late)
    assert not rows(Deadline).filter(subject_id=request.id, met_at__isnull=True).exists()
    told = AuditEvent.objects.filter(event__startswith="archives.", subject_id=student.id)
    assert not [each for each in told if WISH in each.facts or ANSWER in each.facts]
    assert codes() == set()
    for login, status in (("teacher", 403), ("other_psych", 404), ("officer", 403)):
        assert sign_in(login).get(there).status_code == status


def test_nobody_approves_the_own_excerpt_even_past_the_service(house):
    request = house.ask(house.world.students[0])
    psych = house.world.actor("psych")
    excerpt = ask_for_excerpt(request, actor=psych, sections=["plan"], purpose="给家长")
    with pytest.raises(CannotFile) as refused:
        decide_excerpt(excerpt, actor=psych, is_yes=True)
    assert refused.value.codes == (rules.SAME_PERSON,)
    with pytest.raises(CannotFile) as waits:
        answer_request(request, actor=psych, outcome="granted", answer=ANSWER)
    assert waits.value.codes == (rules.EXCERPT_WAITS,)


def live_past_the_day(house):
    """A request that nobody answers, until its clock has climbed."""
    request = house.ask(house.world.students[0])
    with clock.frozen(request.due_at):
        climb_due(clock.now())
    return request


def demand_late_is_told(house):
    """What is late is told on its rung, and the proof has nothing to say."""
    request = live_past_the_day(house)
    with clock.frozen(request.due_at):
        told = AuditEvent.objects.filter(event="archives.request.overdue")
        assert told.count() == 1
        assert codes() == set()


def test_a_request_that_is_late_climbs(house):
    demand_late_is_told(house)


def test_control_a_climb_that_nobody_hears_is_found(house, monkeypatch):
    monkeypatch.setattr(following, "send_neutral_word", lambda *_a, **_k: 0)
    with pytest.raises(AssertionError):
        demand_late_is_told(house)
    request = every_request().get()
    with clock.frozen(request.due_at):
        assert codes() == {"request_climb_to_nobody"}


def plant_waiting_excerpt(request):
    request.answer = "x"
    seal_rows([request])
    rows(FileRequest).filter(pk=request.pk).update(
        state="granted", answered_by=request.recorded_by, answered_at=request.recorded_at, answer=request.answer
    )
    rows(Deadline).filter(subject_id=request.id).update(met_at=request.recorded_at, next_climb_at=None)
    Excerpt(
        student_id=request.student_id, key_id=request.key_id, county_id=request.county_id, place=request.place,
        request=request, sections="plan", purpose="x", written_by=request.recorded_by, written_at=request.recorded_at,
    ).save(force_insert=True)  # fmt: skip


PLANTED = {
    "request_without_clock": lambda it: rows(Deadline).filter(subject_id=it.id).delete(),
    "request_due_put_off": lambda it: rows(FileRequest).filter(pk=it.id).update(due_at=it.due_at + DAY),
    "request_clock_wrong": lambda it: (
        rows(Deadline).filter(subject_id=it.id).update(original_due_at=it.due_at + DAY, due_at=it.due_at + DAY)
    ),
    "excerpt_waits_unseen": plant_waiting_excerpt,
    "clock_without_subject": lambda it: rows(Deadline).filter(subject_id=it.id).update(subject_id=ids.new_id()),
}


def test_the_proof_finds_every_planted_breakage(house, monkeypatch):
    students = iter(house.world.students)
    for number, (code, plant) in enumerate(PLANTED.items()):
        if number % 3 == 0:
            student = next(students)
        request = house.ask(student, kind=("see", "correct", "delete")[number % 3])
        assert code not in codes(), code
        plant(request)
        assert code in codes(), code
    monkeypatch.setattr(rooms, "_rooms", {})
    assert not codes() & {code for code in PLANTED if code.startswith(("request", "excerpt"))}


def test_the_proof_finds_an_answer_of_nobody(house):
    request = house.ask(house.world.students[0])
    unconstrained(lambda: rows(FileRequest).filter(pk=request.id).update(state="granted"))
    assert "request_answered_by_nobody" in codes()
