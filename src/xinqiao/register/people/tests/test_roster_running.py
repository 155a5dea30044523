"""An accepted import runs to its end: killed between chunks, taken over, resumed; its pages as plain forms."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xinqiao.foundation.access.actors import Actor, Forbidden, Grant, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.people import registering
from xinqiao.register.people.jobs.rosters import resume_rosters
from xinqiao.register.people.models import RosterPart, RosterRefusal, RosterRun, Student
from xinqiao.register.people.roster import planning, running
from xinqiao.register.people.roster.settling import settle
from xinqiao.register.people.roster.writing import prepare_chunk
from xinqiao.register.people.services.rosters import (
    CannotImport,
    accept_roster,
    apply_roster_chunk,
    cancel_roster,
    upload_roster,
)
from xinqiao.register.people.states import RosterState, roster_diagram
from xinqiao.register.people.tests.conftest import HEAD, PUPILS, counts, pupil, pupils_by_name

pytestmark = pytest.mark.django_db
CLOCKWORK = system_actor("roster import")
ROWS = [pupil(f"学生{a}{b}", f"2026{i:04d}", f"七({i // 9 + 1})班")
        for i, (a, b) in enumerate((a, b) for a in "天地玄黄宇" for b in "日月盈昃辰宿列张寒")]  # fmt: skip


class Killed(BaseException):
    """Stands for the process being gone: nothing catches it."""


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(planning, "CHUNK_PUPILS", 9)


def kill_after(chunks: int):
    done = []

    def progress(*_):
        done.append(1)
        if len(done) == chunks:
            raise Killed

    return progress


def uploaded(school, roster, rows=ROWS) -> RosterRun:
    body = roster(rows).read_bytes()
    return upload_roster(school, actor=CLOCKWORK, file_name="名册.csv", body=body, on=dt.date(2026, 11, 23))


def accepted(school, roster, rows=ROWS) -> RosterRun:
    run = running.check_roster(uploaded(school, roster, rows), actor=CLOCKWORK)
    return accept_roster(run, actor=CLOCKWORK)


def pupil_count() -> int:
    return Student.objects.for_system(reason="test").count()


def test_killed_between_chunks_it_resumes_and_nobody_is_there_twice(school, roster, small_chunks, capsys):
    run = accepted(school, roster)
    with pytest.raises(Killed):
        running.apply_roster(run, actor=CLOCKWORK, progress=kill_after(2))
    assert pupil_count() == 18
    call_command("roster", "resume", "--json")
    assert '"created": 45' in capsys.readouterr().out
    run.refresh_from_db()
    assert (run.state, run.created, run.unchanged, pupil_count()) == (RosterState.DONE, 45, 0, 45)
    call_command("roster", "resume")
    assert pupil_count() == 45


def test_a_chunk_that_fails_leaves_nothing_of_itself(school, roster, small_chunks, monkeypatch):
    run = accepted(school, roster)
    with pytest.raises(Killed):
        running.apply_roster(run, actor=CLOCKWORK, progress=kill_after(1))
    monkeypatch.setattr("xinqiao.register.people.registering.Prepared.write", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        running.apply_roster(run, actor=CLOCKWORK)
    run.refresh_from_db()
    assert (pupil_count(), run.created) == (9, 9)


def test_whoever_was_overtaken_stops_at_the_next_chunk(school, roster, small_chunks):
    run = accepted(school, roster)
    token = running.take_over(run)
    plan = planning.plan_roster(running.read_run(run))
    first, second = (
        prepare_chunk(chunk, settle(plan.read, chunk, run.counted_on), run.counted_on) for chunk in plan.chunks[:2]
    )
    apply_roster_chunk(run, actor=CLOCKWORK, read=plan.read, ready=first, token=token)
    running.take_over(run)
    with pytest.raises(CannotImport, match="lease_lost"):
        apply_roster_chunk(run, actor=CLOCKWORK, read=plan.read, ready=second, token=token)
    assert pupil_count() == 9


def test_somebody_registered_meanwhile_makes_it_plan_again(school, roster, imported, small_chunks, monkeypatch):
    run = accepted(school, roster)
    once = []

    def sneak(*_):
        if not once:
            once.append(1)
            imported(roster([ROWS[20]], name="other.csv"))

    running.apply_roster(run, actor=CLOCKWORK, progress=sneak)
    assert (pupil_count(), once) == (45, [1])


def test_the_clock_takes_up_what_lies_idle(school, roster, small_chunks):
    at = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    with clock.frozen(at):
        run = accepted(school, roster)
        with pytest.raises(Killed):
            running.apply_roster(run, actor=CLOCKWORK, progress=kill_after(1))
        assert resume_rosters(at) == 0
    later = at + dt.timedelta(minutes=3)
    with clock.frozen(later):
        assert resume_rosters(later) == 1
    assert pupil_count() == 45
    assert resume_rosters(later) == 0


def test_the_file_lies_sealed_and_is_wiped(school, roster):
    run = uploaded(school, roster, PUPILS)
    stored = b"".join(bytes(part.body) for part in RosterPart.objects.for_system(reason="test"))
    assert "欧阳思源".encode() not in stored
    cancel_roster(run, actor=CLOCKWORK)
    assert not RosterPart.objects.for_system(reason="test").exists()
    with pytest.raises(CannotImport, match="wrong_state"):
        accept_roster(run, actor=CLOCKWORK)


def test_only_who_may_import_here_may(school, roster):
    teacher = Actor(id=CLOCKWORK.id, grants=(Grant(Role.CLASS_TEACHER, school.path),))
    with pytest.raises(Forbidden):
        upload_roster(school, actor=teacher, file_name="r.csv", body=b"x", on=dt.date(2026, 11, 23))


# ---- pages


@pytest.fixture
def teacher(cast, client):
    client.force_login(cast.users["psych.songhu"])
    return client


def send(client, rows, head=HEAD):
    text = "\r\n".join(",".join(row) for row in [head, *rows])
    file = SimpleUploadedFile("七年级.csv", text.encode("gb18030"))
    unit = client.get(reverse("people:rosters")).context["units"][0]
    return client.post(reverse("people:rosters"), {"unit": unit.id, "on": "2026-11-23", "file": file}, follow=True)


def test_upload_difference_yes_result(cast, teacher):
    before = pupil_count()
    response = send(teacher, [pupil("新来的", "20267777", "七(3)班"), pupil("读不懂", "20267778", "某班")])
    page = response.context["page"]
    assert (page.row.state, page.row.counts.created, page.row.counts.rejected) == ("checked", 1, 1)
    text = response.content.decode()
    assert "新来的" in text
    assert "读不懂" in text
    assert pupil_count() == before
    response = teacher.post(reverse("people:roster-accept", args=[page.row.id]), follow=True)
    assert response.context["page"].row.state == "done"
    assert pupil_count() == before + 1
    assert "读不懂" in teacher.get(reverse("people:roster-waiting")).content.decode()
    again = teacher.post(reverse("people:roster-accept", args=[page.row.id]), follow=True)
    assert again.context["page"].row.state == "done"
    assert pupil_count() == before + 1


def test_no_means_nothing_is_written(cast, teacher):
    before = pupil_count()
    page = send(teacher, [pupil("新来的", "20267777", "七(3)班")]).context["page"]
    teacher.post(reverse("people:roster-cancel", args=[page.row.id]))
    assert pupil_count() == before
    assert not RosterPart.objects.for_system(reason="test").exists()


def test_an_unreadable_file_says_why(cast, teacher):
    response = send(teacher, [], head=["什么", "都不是"])
    page = response.context["page"]
    assert page.row.state == "failed"
    assert page.failure in response.content.decode()


def test_refused_rows_as_a_spreadsheet_without_formulas(cast, teacher):
    page = send(teacher, [pupil("=cmd()", "20267778", "七(3)班"), pupil("好名字", "20267779", "=1+1")]).context["page"]
    response = teacher.get(reverse("people:roster-refused", args=[page.row.id]))
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content) if response.streaming else response.content))
    inside = b"".join(book.read(name) for name in book.namelist() if "sheet" in name or "shared" in name.lower())
    assert b"<f>" not in inside
    assert "好名字".encode() in inside


def test_a_refused_row_is_struck_by_hand_once(cast, teacher):
    page = send(teacher, [pupil("读不懂", "20267778", "某班"), pupil("新来的", "20267777")]).context["page"]
    teacher.post(reverse("people:roster-accept", args=[page.row.id]))
    (refusal,) = RosterRefusal.objects.for_system(reason="test")
    for _ in range(2):
        teacher.post(reverse("people:roster-strike", args=[refusal.id]))
    assert "读不懂" not in teacher.get(reverse("people:roster-waiting")).content.decode()
    assert AuditEvent.objects.filter(event="people.roster.struck").count() == 1


def test_another_schools_teacher_finds_nothing(cast, teacher, client):
    page = send(teacher, [pupil("新来的", "20267777")]).context["page"]
    client.force_login(cast.users["psych.primary"])
    for name in ("roster", "roster-refused"):
        assert client.get(reverse(f"people:{name}", args=[page.row.id])).status_code == 404
    for name in ("roster-accept", "roster-cancel"):
        assert client.post(reverse(f"people:{name}", args=[page.row.id])).status_code == 404
    client.force_login(cast.users["class.songhu"])
    assert client.get(reverse("people:rosters")).status_code == 403


def test_the_part_that_changes_is_asked_for_alone(cast, teacher):
    page = send(teacher, [pupil("新来的", "20267777")]).context["page"]
    part = teacher.get(reverse("people:roster", args=[page.row.id]), headers={"HX-Request": "true"}).content.decode()
    assert 'id="roster-state"' in part
    assert "<html" not in part


def test_a_list_of_runs_costs_the_same_for_one_and_many(cast, teacher, django_assert_num_queries):
    send(teacher, [pupil("新来的", "20267777")])
    with CaptureQueriesContext(connection) as one:
        teacher.get(reverse("people:rosters"))
    for number in range(6):
        send(teacher, [pupil("新来的", f"2026777{number}")])
    with CaptureQueriesContext(connection) as many:
        teacher.get(reverse("people:rosters"))
    assert len(many) <= len(one)


def test_task_arguments_hold_the_runs_id_and_nothing_else(cast, teacher, monkeypatch):
    seen = []
    monkeypatch.setattr("xinqiao.register.people.views.rosters.compare_roster.__class__.enqueue",
                        lambda self, *args, **kwargs: seen.append((args, kwargs)))  # fmt: skip
    page = send(teacher, [pupil("新来的", "20267777")]).context["page"]
    assert seen == [((str(page.row.id),), {})]
    assert page.row.state == "uploaded"


def test_counts_are_seen_by_name(school, roster, imported):
    assert counts(imported(roster(PUPILS))[1])[0] == 3
    assert set(pupils_by_name()) == {"张伟", "欧阳思源", "㛃䶮"}


def test_the_drawing_of_its_states_is_that_of_the_code():
    drawing = Path(__file__).resolve().parents[5] / "docs/states/roster-run.md"
    assert f"```mermaid\n{roster_diagram()}\n```" in drawing.read_text("utf-8")


def test_sealing_is_done_before_the_transaction_begins(school, roster, small_chunks, monkeypatch):
    seen = []
    prepare = registering.prepare_students

    def watched(*args):
        seen.append(len(connection.savepoint_ids))
        return prepare(*args)

    monkeypatch.setattr("xinqiao.register.people.roster.writing.prepare_students", watched)
    outside = len(connection.savepoint_ids)
    running.apply_roster(accepted(school, roster), actor=CLOCKWORK)
    assert seen == [outside] * 5
    assert pupil_count() == 45
