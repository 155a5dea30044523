"""Erasing a pupil's texts: proposed, approved by another, called back or carried out, once and whole."""

import datetime as dt

import pytest
from django.apps import apps
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.archives import erasing, following, inventory
from xinqiao.care.archives.inventory import ELSEWHERE, GOES, STAYS, counted, ties_to_pupils
from xinqiao.care.archives.jobs.erasing import carry_out_erasures, end_sealed_names
from xinqiao.care.archives.models import Erasure, FileRequest
from xinqiao.care.archives.rows import every_erasure, every_request
from xinqiao.care.archives.services.erasures import approve_erasure, propose_erasure
from xinqiao.care.archives.tests.conftest import AIM, UPBRINGING, WISH
from xinqiao.care.archives.tests.everything import BELOW, LABELS, NOT_OF_A_PUPIL, Writing, readable
from xinqiao.care.archives.wording import open_words
from xinqiao.care.crisis.limbo import rooms
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.mailbox.models import PupilLetter, SealedName
from xinqiao.care.voices.models import ClassmateWorry
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import open_sealed, sealed_fields
from xinqiao.foundation.keys.models import KeySubject
from xinqiao.foundation.keys.store import forget_keys, new_key
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.hooks import Moved
from xinqiao.register.people.models import Guardian, Student, Tie

pytestmark = pytest.mark.django_db
WORD, OTHER = "𠮷鱻龘犇骉甲", "歘燚𬭎垚乙"
KEPT = {"archives.FileRequest.answer", "archives.FileRequest.words", "people.Consent.remark", "people.PupilPin.pin"}
DAY = dt.timedelta(days=1)


def text(response):
    return response.content.decode()


def rows(model):
    return model.objects.for_system(reason="test")


def again(student):
    return Student.objects.for_system(reason="test").get(pk=student.pk)


def approved(house, student):
    """A request to delete, and its erasure waiting for its day."""
    request = house.ask(student, kind="delete")
    erasure = propose_erasure(request, actor=house.world.actor("psych"))
    return approve_erasure(erasure, actor=house.world.actor("head"))


def run_after(erasure):
    with clock.frozen(erasure.runs_at):
        return carry_out_erasures(clock.now())


def test_every_model_is_decided_on():
    pointing = {model._meta.label for model, _name in ties_to_pupils()}
    assert pointing == {*GOES, *STAYS}, "a model that points to a pupil goes with an erasure or stays"
    sealed = {model._meta.label for model in apps.get_models() if sealed_fields(model)}
    decided = {*GOES, *LABELS, *BELOW, *NOT_OF_A_PUPIL}
    assert sealed <= decided, "sealed words are a pupil's, or said to be nobody's"
    assert set(ELSEWHERE) <= set(GOES)
    assert {label for _code, label, _open in inventory.OPEN} <= set(GOES)


def test_control_a_model_left_out_is_found(monkeypatch):
    monkeypatch.delitem(inventory.GOES, "crisis.Watch")
    with pytest.raises(AssertionError):
        test_every_model_is_decided_on()


def demand_erased(house):
    """Of a pupil at school only what stays can be read; another pupil's words are all there."""
    student, beside = house.world.students[:2]
    first = Writing(WORD, student)
    first.write_all()
    Writing(OTHER, beside, first).write_all()
    before, name = readable(OTHER), name_of(student)
    assert run_after(approved(house, student)) == 1
    assert set(readable(WORD)) == KEPT
    assert readable(OTHER) == before
    assert name_of(again(student)) == name, "the roster stays"
    assert counted(student) == dict.fromkeys(inventory.AREAS, 0)
    return student


def test_erased(house):
    student = demand_erased(house)
    erasure = every_erasure().get()
    assert (erasure.state, erasure.rows) == ("done", sum(1 for _ in inventory.going()) - 1)
    request = every_request().get(kind="delete")
    assert (request.state, request.answered_by) == ("granted", erasure.approved_by)
    with clock.frozen(erasure.runs_at):
        assert carry_out_erasures(clock.now()) == 0, "run twice, it erases once"
    assert again(student).status == "active"


def test_control_with_the_key_kept_the_words_are_found(house, monkeypatch):
    monkeypatch.setattr(erasing, "destroy_keys", lambda keys: 0)
    with pytest.raises(AssertionError):
        demand_erased(house)


def demand_nothing_left(house):
    """Of a pupil who left nothing can be read but the request that asked; a sibling's guardian stays."""
    student = house.world.students[0]
    writing = Writing(WORD, student)
    writing.write_all()
    alone, shared = (guardian_of(house, each) for each in ([student], [student, house.world.students[1]]))
    erasure = approved(house, student)
    Student.objects.for_system(reason="test").filter(pk=student.pk).update(status="left", place=student.school_place)
    assert run_after(erasure) == 1
    assert readable(WORD) == []
    gone = again(student)
    assert (gone.status, gone.number_index, gone.birth_year, name_of(gone)) == ("nameless", None, None, "（已删除）")
    request = every_request().get(kind="delete")
    assert open_sealed([request], "words")[0]["words"] == WISH
    assert open_sealed([again_guardian(alone), again_guardian(shared)], "name") == [
        {"name": "（已删除）"}, {"name": "家长"},
    ]  # fmt: skip


def guardian_of(house, students):
    first = students[0]
    guardian = Guardian(county_id=first.county_id, place=first.school_place, key_id=new_key("guardian"), name="家长")
    guardian.save(force_insert=True)
    for each in students:
        Tie(student=each, county_id=each.county_id, place=each.place, kind="guardian", person_id=guardian.id,
            start_on=dt.date(2026, 9, 1)).save(force_insert=True)  # fmt: skip
    return guardian


def again_guardian(guardian):
    return Guardian.objects.for_system(reason="test").get(pk=guardian.pk)


def test_a_pupil_who_left_leaves_nothing(house):
    demand_nothing_left(house)


def test_control_with_the_key_kept_of_a_pupil_who_left(house, monkeypatch):
    monkeypatch.setattr(erasing, "destroy_keys", lambda keys: 0)
    with pytest.raises(AssertionError):
        demand_nothing_left(house)


def test_words_of_classmates_under_their_own_key_are_emptied(house):
    student, writer = house.world.students[:2]
    worry = Writing(OTHER, writer).make(ClassmateWorry)
    rows(ClassmateWorry).filter(pk=worry.pk).update(state="named", named=student)
    run_after(approved(house, student))
    worry = rows(ClassmateWorry).get(pk=worry.pk)
    assert open_sealed([worry], "about", "said") == [{"about": "（已删除）", "said": ""}]
    assert worry.named != student
    assert worry.key_id == again(writer).key_id


def letter_without_name(writer, state="closed"):
    closed = {"closed_at": clock.now(), "closed_by": new_id()} if state == "closed" else {}
    common = {"county_id": writer.county_id, "place": writer.school_place, "key_id": new_key("unit")}
    at = clock.now()
    letter = PupilLetter(channel="page", state=state, written_at=at, waits_since=at, told_at=at, **closed, **common)
    letter.save(force_insert=True)
    name = SealedName(letter=letter, who=writer.id.hex, **{**common, "key_id": new_key("unit")})
    name.save(force_insert=True)
    return name


def test_a_letter_without_a_name_loses_its_name_once_it_is_closed(house):
    """The letter itself stays: if it went with the pupil's texts, that would say who wrote it."""
    student, beside = house.world.students[:2]
    closed, waiting, others = (
        letter_without_name(student), letter_without_name(student, "answered"), letter_without_name(beside),
    )  # fmt: skip
    erasure = approved(house, student)
    assert end_sealed_names(clock.now()) == 0, "not before the erasure"
    run_after(erasure)
    with clock.frozen(erasure.runs_at + DAY):
        later = letter_without_name(student)
        assert end_sealed_names(clock.now()) == 1
        assert not rows(SealedName).filter(pk=closed.pk).exists()
        assert KeySubject.objects.get(pk=closed.key_id).destroyed_at
        assert rows(PupilLetter).filter(pk=closed.letter_id).exists()
        rows(PupilLetter).filter(pk=waiting.letter_id).update(
            state="closed", closed_at=clock.now(), closed_by=new_id()
        )  # fmt: skip
        assert end_sealed_names(clock.now()) == 1
        assert set(rows(SealedName).values_list("id", flat=True)) == {others.pk, later.pk}


def test_what_is_open_is_named_and_stops_even_an_approved_one(house, care, sign_in):
    student = house.world.students[0]
    erasure = approved(house, student)
    Writing(WORD, student).make(Signal)
    rows(Signal).update(state="open", closed_at=None, outcome="")
    assert run_after(erasure) == 1
    assert every_erasure().get().state == "stopped"
    assert every_request().get().state == "open"
    assert AuditEvent.objects.filter(event="archives.erasure.stopped").count() == 1
    request = every_request().get()
    psych = sign_in("psych")
    page = text(psych.get(reverse("archives:request", args=[request.id])))
    assert "未关闭的信号" in page
    assert "提出删除" not in page
    again_ = psych.post(reverse("archives:erasure-propose", args=[request.id]))
    assert again_.status_code == 422
    assert "尚未办结：未关闭的信号" in text(again_)
    rows(Signal).update(state="closed", closed_at=clock.now(), outcome="nothing")
    assert psych.post(reverse("archives:erasure-propose", args=[request.id])).status_code == 302


@pytest.mark.parametrize(("code", "label", "condition"), inventory.OPEN, ids=[each[0] for each in inventory.OPEN])
def test_each_open_thing_can_be_asked(code, label, condition):
    """Each condition is one the model can answer, and has its words."""
    assert list(inventory.rows_of(apps.get_model(label)).filter(condition)) == []
    assert open_words(code)


def test_a_running_clock_stops_it(house):
    student = house.world.students[0]
    writing = Writing(WORD, student)
    signal = writing.make(Signal)
    clock_ = writing.make(Deadline)
    rows(Deadline).filter(pk=clock_.pk).update(subject_id=signal.id)
    request = house.ask(student, kind="delete")
    assert inventory.still_open(student, request.id) == [inventory.CLOCK]
    other = house.ask(student, kind="see")
    assert inventory.still_open(student, request.id) == [inventory.OTHER_REQUEST]
    assert inventory.still_open(student, other.id) == [inventory.OTHER_REQUEST]


def test_from_the_page_to_the_day(house, sign_in):
    student = house.world.students[0]
    house.family(student)
    request = house.ask(student, kind="delete")
    there = reverse("archives:request", args=[request.id])
    propose = reverse("archives:erasure-propose", args=[request.id])
    assert sign_in("teacher").post(propose).status_code == 403
    assert sign_in("other_psych").post(propose).status_code == 404
    assert sign_in("head").post(propose).status_code == 403
    psych = sign_in("psych")
    assert "1 条" in text(psych.get(there))
    assert psych.post(propose).status_code == 302
    assert psych.post(propose).status_code == 422, "a double click proposes once"
    erasure = every_erasure().get()
    approve, recall = (reverse(f"archives:erasure-{act}", args=[erasure.id]) for act in ("approve", "recall"))
    own = psych.post(approve)
    assert own.status_code == 422
    assert "须由他人审批" in text(own)
    early = psych.post(there, {"outcome": "granted", "answer": "已删除"})
    assert early.status_code == 422
    assert "删除正在办理中" in text(early)
    assert "待第二人审批" in text(psych.get(reverse("archives:requests")))
    head = sign_in("head")
    assert "批准删除" in text(head.get(there))
    assert head.post(approve).status_code == 302
    assert head.post(approve).status_code == 422
    assert head.post(recall).status_code == 302
    assert head.post(recall).status_code == 422
    erasure.refresh_from_db()
    assert (erasure.state, run_after(erasure)) == ("recalled", 0)
    assert readable(UPBRINGING), "called back: nothing was erased"
    psych = sign_in("psych")
    assert psych.post(propose).status_code == 302, "and can be proposed again"
    second = every_erasure().get(state="proposed")
    refuse = reverse("archives:erasure-refuse", args=[second.id])
    assert sign_in("head").post(refuse).status_code == 302
    assert sign_in("psych").post(propose).status_code == 302
    third = every_erasure().get(state="proposed")
    assert sign_in("head").post(reverse("archives:erasure-approve", args=[third.id])).status_code == 302
    third.refresh_from_db()
    assert (third.runs_at - third.approved_at).days == 7, "the pack's week"
    run_after(third)
    with clock.frozen(third.runs_at):
        assert readable(UPBRINGING) == []
        page = text(sign_in("psych").get(reverse("archives:file", args=[student.id])))
        assert "文字内容已删除" in page
        answered = text(sign_in("head").get(there))
        assert "全部心理文字内容已于" in answered
        assert not rows(Deadline).filter(subject_id=request.id, met_at__isnull=True).exists()
        told = AuditEvent.objects.filter(event__startswith="archives.", subject_id=student.id)
        assert not [each for each in told if UPBRINGING in each.facts]


def test_pages_of_what_was_erased_open_and_say_so(house, sign_in):
    """The nameless row holds the counts; whoever comes to it by a list sees the neutral word. That no page of any app
    fails is proved by tests/permissions/test_erased.py."""
    student = house.world.students[0]
    house.family(student)
    house.plan(student)
    assert run_after(approved(house, student)) == 1
    nameless = Student.objects.for_system(reason="test").get(status="nameless")
    psych = sign_in("psych")
    for who in (student, nameless):
        for name in ("archives:file", "archives:access"):
            for more in ("", "?show=timeline"):
                response = psych.get(reverse(name, args=[who.id]) + more)
                assert response.status_code == 200, name
                assert AIM not in text(response)
    assert "（已删除）" in text(psych.get(reverse("archives:file", args=[nameless.id])))
    assert codes_of_files() == set()


def codes_of_files():
    return {
        fault.code for fault in prove(clock.now()).faults if fault.code.startswith(("request", "excerpt", "erasure"))
    }


def of(erasure):
    return rows(Erasure).filter(pk=erasure.pk)


PLANTED = {
    "erasure_waits_unseen": lambda it: rows(FileRequest).filter(pk=it.request_id).update(
        state="refused", answered_by=it.proposed_by, answered_at=it.approved_at, answer=it.request.words
    ),
    "erasure_not_carried_out": lambda it: of(it).update(runs_at=clock.now() - DAY),
    "erasure_not_answered": lambda it: of(it).update(state="done", ended_at=clock.now(), rows=1),
}  # fmt: skip


@pytest.mark.parametrize("code", PLANTED)
def test_the_proof_finds_every_planted_breakage(house, monkeypatch, code):
    erasure = approved(house, house.world.students[0])
    assert codes_of_files() == set()
    PLANTED[code](erasure)
    assert code in codes_of_files()
    monkeypatch.setattr(rooms, "_rooms", {})
    assert codes_of_files() == set()


def test_it_follows_the_pupil_to_another_school(house):
    student = house.world.students[0]
    erasure = approved(house, student)
    other = house.world.other_school if hasattr(house.world, "other_school") else None
    place = other.path if other else "zz/"
    Student.objects.for_system(reason="test").filter(pk=student.pk).update(school_place=place)
    following.follow_pupils([Moved(student.id, student.county_id, student.place, place, is_at_school=True,
                                   on=clock.today())])  # fmt: skip
    erasure.refresh_from_db()
    assert erasure.place == place


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("at", ["under_new_key", "_hand_over", "_empty_elsewhere", "destroy_keys"])
def test_killed_anywhere_nothing_has_happened(house, monkeypatch, at):
    student = house.world.students[0]
    first = Writing(WORD, student)
    first.write_all()
    erasure, before = approved(house, student), readable(WORD)

    def killed(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(erasing, at, killed)
        with pytest.raises(Killed):
            run_after(erasure)
    forget_keys()
    assert readable(WORD) == before
    assert run_after(erasure) == 1
    assert set(readable(WORD)) == KEPT
