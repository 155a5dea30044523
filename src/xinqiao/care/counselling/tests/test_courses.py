"""A course from its agreement to its end: who reads its notes, what a thief of everything reads, what risk starts."""

import datetime as dt
import json
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.counselling import leaving
from xinqiao.care.counselling.course_rows import every_course, every_draft, every_note, every_session
from xinqiao.care.counselling.course_rules import NOT_RUNNING
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.models import Course, Draft, Goal, Progress, SealedNote
from xinqiao.care.counselling.notes import Note
from xinqiao.care.counselling.rows import own_key_of
from xinqiao.care.counselling.selectors import counts as counting
from xinqiao.care.counselling.selectors.courses import courses_for, sessions_of
from xinqiao.care.counselling.services.courses import (
    CourseDraft,
    end_course,
    hand_over_course,
    open_course,
    take_course,
)
from xinqiao.care.counselling.services.noting import SessionDraft, amend_note, keep_note, save_draft
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed, sealed_fields
from xinqiao.register.accounts.hooks import staff_left
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.people.services.students import end_enrolment

SECRET = "父亲打了她，她整夜不敢睡"
WHOLE = Note(process=SECRET, analysis="害怕回家", countermeasure="安全约定", effect="稍安心", risk="none")


def agreed(**more):
    return CourseDraft(
        **{"signed": "pupil", "signed_on": clock.today(), "agreement": "知情同意", "is_shared": False, **more}
    )


def held(**more):
    first = {"key": uuid4(), "held_on": clock.today(), "minutes": 50, "form": "individual", "progress": {}}
    return SessionDraft(**{**first, **more})


@pytest.fixture
def course(world, sealed):
    """psych counsels the first pupil, alone; one note is kept."""
    sealed.found()
    opened = open_course(world.students[0], actor=world.actor("psych"), draft=agreed())
    keep_note(opened, actor=world.actor("psych"), draft=held(), note=WHOLE)
    return opened


def fresh(course):
    return every_course().select_related("student").get(pk=course.pk)


def said(world, sealed, login, course) -> list[str]:
    """What somebody reads of a course with their sentence: the process of each session's newest note."""
    opened = (own_key_of(world.id_of(login)), sealed.private(login))
    rows = sessions_of(world.actor(login), fresh(course), opened)
    return [row.notes[0].note.process if row.notes[0].note else "" for row in rows]


def everything_stored(tables) -> bytes:
    """A dump of some tables, every column of every row."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for r in cursor for v in r]
    return b"\n".join(found)


def check_a_thief_reads_nothing() -> None:
    """With a dump of the database and the master key: no text of a note, not even under the outer seal."""
    tables = [table for table in connection.introspection.table_names() if not table.startswith("sqlite_")]
    stored = everything_stored(tables)
    for model in (SealedNote, Draft, Goal, Progress):
        rows = list(model.objects.for_system(reason="a thief with the master key looks"))
        for field in sealed_fields(model):
            opened = [each[field.name] or b"" for each in open_sealed(rows, field.name)]
            stored += b"\n".join(each if isinstance(each, bytes) else each.encode() for each in opened)
    for row in BrowserSession.objects.all():
        stored += json.dumps(row.get_decoded(), ensure_ascii=False).encode()
    assert SECRET.encode() not in stored
    assert "安全约定".encode() not in stored


def test_a_thief_of_database_and_master_key_reads_no_note_and_no_draft(world, sealed, course, sign_in):
    save_draft(course, actor=world.actor("psych"), key=uuid4(), typed={"process": SECRET})
    client = sign_in("psych")
    client.post(reverse("counselling:open"), {"words": sealed.words("psych")})
    page = client.get(reverse("counselling:course", args=[course.id])).content.decode()
    assert SECRET in page, "the control: it is in there for who holds the sentence"
    check_a_thief_reads_nothing()


def test_control_notes_without_the_inner_box_would_be_read(world, sealed, course, monkeypatch):
    monkeypatch.setattr(
        "xinqiao.care.counselling.services.noting.sealed_note", lambda _version, note, _id: note.process.encode()
    )
    keep_note(course, actor=world.actor("psych"), draft=held(), note=WHOLE)
    with pytest.raises(AssertionError):
        check_a_thief_reads_nothing()


def test_only_who_is_on_the_course_comes_near_it_and_others_leave_a_line(world, sealed, course, sign_in):
    there = reverse("counselling:course", args=[course.id])
    for login, status in (("psych2", 404), ("other_psych", 404), ("head", 403), ("officer", 403), ("teacher", 403),
                          ("security", 403)):  # fmt: skip
        client = sign_in(login)
        assert client.get(there).status_code == status, login
    assert AuditEvent.objects.filter(event="access.refused").count() == 6
    assert course.id not in {row.id for rows in courses_for(world.actor("psych2")).values() for row in rows}
    for act in (
        lambda: keep_note(course, actor=world.actor("psych2"), draft=held(), note=WHOLE),
        lambda: hand_over_course(course, actor=world.actor("psych2"), to=world.id_of("psych2")),
    ):
        with pytest.raises(Forbidden):
            act()
    every_course().filter(pk=course.pk).update(is_shared=True)
    assert sign_in("psych2").get(there).status_code == 200, "the course says that the group reads it"
    assert said(world, sealed, "psych2", course) == [SECRET]
    assert reverse("counselling:write", args=[course.id]) not in sign_in("psych2").get(there).content.decode()


def check_handed_over(world, sealed, course) -> None:
    """The heir reads old and new notes, whoever left neither."""
    cached = sealed.private("psych"), own_key_of(world.id_of("psych"))
    end_staff(world.staff["psych"], actor=world.actor("security"), heir=world.staff["psych2"])
    assert fresh(course).counsellor == world.id_of("psych2")
    keep_note(fresh(course), actor=world.actor("psych2"), draft=held(), note=Note(process="新的一次"))
    assert sorted(said(world, sealed, "psych2", course)) == sorted([SECRET, "新的一次"])
    rows = sessions_of(world.actor("psych2"), fresh(course), (cached[1], cached[0]))
    assert not any(note.note for row in rows for note in row.notes), "what a session still held opens nothing"


def test_the_heir_of_who_leaves_reads_everything_and_who_left_nothing(world, sealed, course):
    check_handed_over(world, sealed, course)


def test_control_a_share_that_stays_is_read_with_what_a_session_held(world, sealed, course, monkeypatch):
    kept = [each for each in staff_left._receivers if each is not leaving.close_for_leavers]
    monkeypatch.setattr(staff_left, "_receivers", kept)
    with pytest.raises(AssertionError):
        check_handed_over(world, sealed, course)


def test_without_an_heir_a_course_waits_under_a_clock_climbs_and_is_taken(world, sealed, course, frozen, sign_in):
    end_staff(world.staff["psych"], actor=world.actor("security"), heir=world.staff["head"])  # who counsels nobody
    assert (fresh(course).state, fresh(course).counsellor) == ("waiting", None)
    assert prove(frozen).faults == ()
    clocks = Deadline.objects.for_system(reason="a test looks").filter(kind="counselling_heir")
    due = clocks.get().due_at
    with clock.frozen(due):
        climb_due(due)
    assert AuditEvent.objects.filter(event="counselling.course.overdue").count() == 1
    assert [row.id for row in courses_for(world.actor("psych2"))["waiting"]] == [course.id]
    assert "有 1 项辅导暂无咨询师" in sign_in("psych2").get("/").content.decode()
    take_course(course, actor=world.actor("psych2"))
    with pytest.raises(CannotCounsel):
        take_course(course, actor=world.actor("psych2"))
    assert said(world, sealed, "psych2", course) == [SECRET]
    assert clocks.get().met_at is not None


@pytest.mark.parametrize(
    ("code", "breaks"),
    [
        ("course_led_by_nobody", lambda rows: rows.update(counsellor=uuid4())),
        ("course_waits_without_clock",
         lambda rows: rows.update(state="waiting", counsellor=None, orphaned_at=clock.now())),
        ("course_ended_without_reason",
         lambda rows: rows.update(state="ended", end_reason="other", ended_on=clock.today())),
    ],
)  # fmt: skip
def test_the_proof_that_nothing_waits_unseen_finds_an_orphaned_course(course, frozen, code, breaks):
    assert prove(frozen).faults == ()
    breaks(every_course().filter(pk=course.pk))
    assert [fault.code for fault in prove(frozen).faults] == [code]


def test_a_note_with_risk_is_a_signal_in_the_same_step_that_holds_no_word_of_it(world, sealed, course):
    draft = held()
    note = Note(process=SECRET, risk="acute", risk_words="说到了方法")
    keep_note(course, actor=world.actor("psych"), draft=draft, note=note)
    assert isinstance(keep_note(course, actor=world.actor("psych"), draft=draft, note=note), Unchanged), (
        "a double click"
    )
    signal = Signal.objects.for_system(reason="a test looks").get()
    assert (signal.urgency, signal.source, signal.told_at is not None) == ("red", "counsellor", True)
    assert open_sealed([signal], "basis")[0]["basis"] == '[["counselling_risk", "", []]]'
    assert every_session().filter(course=course).count() == 2


def test_an_amended_note_keeps_what_it_said_and_completeness_is_counted_without_reading(world, sealed, course):
    session = every_session().select_related("course__student").get()
    psych = world.actor("psych")
    with pytest.raises(CannotCounsel):
        amend_note(session, actor=psych, note=Note(process="改过"), number=2)
    amend_note(session, actor=psych, note=Note(process="改过", why="记错了"), number=2)
    with pytest.raises(CannotCounsel):  # somebody else's second version is not written over
        amend_note(session, actor=psych, note=Note(process="又改", why="记错了"), number=2)
    (row,) = sessions_of(psych, course, (own_key_of(psych.staff_id), sealed.private("psych")))
    assert [(each.number, each.note.process, each.note.why) for each in row.notes] == [
        (2, "改过", "记错了"), (1, SECRET, ""),
    ]  # fmt: skip
    assert row.filled == 1
    assert every_note().count() == 2


def test_counts_tell_nothing_of_a_handful_and_the_head_finds_no_name(world, sealed, course, sign_in):
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(3)]
    for student in (world.students[1], *register_students(world.school, drafts, clock.today())):
        psych = world.actor("psych")
        assert counting.counts_of(world.school, clock.today())[0].pupils is None
        keep_note(open_course(student, actor=psych, draft=agreed()), actor=psych, draft=held(), note=WHOLE)
    year, before = counting.counts_of(world.school, clock.today())
    assert (year.pupils, year.sessions, year.complete, before.pupils) == (5, 5, 5, None)
    page = sign_in("head").get(reverse("counselling:counts")).content.decode()
    assert "欧阳思源" not in page
    assert sign_in("head").get(reverse("counselling:index")).status_code == 403


def test_an_end_needs_a_reason_and_nothing_is_written_after_it(world, sealed, course):
    psych = world.actor("psych")
    save_draft(course, actor=psych, key=uuid4(), typed={"process": "草"})
    for wrong in ({"why": "left", "effect": "some"}, {"why": "reached", "effect": ""}):
        with pytest.raises(CannotCounsel):
            end_course(course, actor=psych, **wrong)
    end_course(course, actor=psych, why="reached", effect="much")
    assert not every_draft().exists()
    with pytest.raises(CannotCounsel) as error:
        keep_note(course, actor=psych, draft=held(), note=WHOLE)
    assert error.value.code == NOT_RUNNING
    again = open_course(world.students[0], actor=psych, draft=agreed(signed="both"))
    end_enrolment(world.students[0], actor=psych, on=clock.today())
    assert (fresh(again).state, fresh(again).end_reason) == ("ended", "left")
    assert Course.objects.for_system(reason="a test looks").count() == 2


def test_from_the_roster_to_a_note_and_a_curve_on_the_pages(world, sealed, sign_in, frozen):
    client, student = sign_in("psych"), world.students[0]
    begin = reverse("counselling:begin", args=[student.id])
    assert begin in client.get(reverse("people:student", args=[student.id])).content.decode()
    assert "必须告知能提供保护的人" in client.get(begin).content.decode()
    assert client.post(begin, {"signed_on": "2026-11-23"}).status_code == 422
    later = client.post(begin, {"signed": "pupil", "signed_on": "2026-11-30"})
    assert (later.status_code, "这一天还没到" in later.content.decode()) == (422, True)
    client.post(begin, {"signed": "pupil", "signed_on": "2026-11-23"})
    course = every_course().get()
    there, write = (reverse(f"counselling:{name}", args=[course.id]) for name in ("course", "write"))
    assert client.get(begin).url == there
    client.post(reverse("counselling:goal", args=[course.id]), {"words": "睡得着"})
    goal = Goal.objects.for_system(reason="a test looks").get()
    typed = {"key": str(uuid4()), "held_on": "2026-11-23", "minutes": "45", "form": "online", "risk": "none",
             "process": SECRET, f"goal-{goal.id}": "3"}  # fmt: skip
    refused = client.post(write, typed)
    assert (refused.status_code, SECRET in refused.content.decode()) == (422, True), "what was typed is kept"
    assert "没有人能阅读" in refused.content.decode()
    sealed.found()
    assert (
        client.post(reverse("counselling:draft", args=[course.id]), typed, headers={"X-Draft": "1"}).status_code == 204
    )
    draft = f"{write}?draft={typed['key']}"
    assert draft in client.get(there).content.decode()
    assert "keys/open" in client.get(draft).url, "a draft is sealed as a note is"
    client.post(reverse("counselling:open"), {"words": sealed.words("psych")})
    assert SECRET in client.get(draft).content.decode()
    assert client.post(write, typed).url == there
    client.post(write, {**typed, "key": str(uuid4()), f"goal-{goal.id}": "7"})
    page = client.get(there).content.decode()
    assert SECRET in page
    assert "3 → 7" in page
    assert AuditEvent.objects.filter(event="counselling.notes.read").count() == 1
    session = every_session().order_by("id").first()
    amend = reverse("counselling:amend", args=[session.id])
    assert SECRET in client.get(amend).content.decode()
    client.post(amend, {"number": "2", "why": "补充", "risk": "none", "process": "补充后"})
    assert "补充后" in client.get(there).content.decode()
    for name in ("hand-over", "end"):
        assert client.get(reverse(f"counselling:{name}", args=[course.id])).status_code == 200
    english = sign_in("psych", "en")
    with clock.frozen(frozen + dt.timedelta(minutes=1)):
        assert "Course of counselling" in english.get(there).content.decode()
