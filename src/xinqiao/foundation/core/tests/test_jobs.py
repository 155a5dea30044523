"""Jobs: when they are due, what a failure leaves, tasks of dead workers."""

import datetime as dt
import json
import os
import subprocess
import sys
import threading
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from xinqiao.foundation.core import schedule
from xinqiao.foundation.core.jobs import tasks
from xinqiao.foundation.core.jobs.marks import job_states, mark_good
from xinqiao.foundation.core.jobs.running import Runner, Timetable
from xinqiao.foundation.core.jobs.tenure import AdvisoryTenure, FileTenure, TenureLost, tenure
from xinqiao.foundation.core.jobs.ticker import Ticker
from xinqiao.foundation.core.jobs.worker import set_failed_quietly
from xinqiao.foundation.core.models import Change, JobMark
from xinqiao.foundation.core.schedule import BadJob, Job, register_job

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def no_jobs(monkeypatch):
    monkeypatch.setattr(schedule, "_jobs", {})


def job(name="test.do_it", every_seconds=10.0, run=lambda now: 1):
    return Job(name, run=run, every_seconds=every_seconds)


@pytest.mark.parametrize("bad", [job(name="nodot"), job(name="a." + "x" * 80), job(every_seconds=0)])
def test_bad_jobs_are_refused(bad, no_jobs):
    with pytest.raises(BadJob):
        register_job(bad)


def test_a_name_is_given_once(no_jobs):
    one = job()
    register_job(one)
    register_job(one)
    assert schedule.jobs() == {"test.do_it": one}
    with pytest.raises(BadJob):
        register_job(job(every_seconds=11))


def test_a_job_is_due_at_its_pace_and_never_twice_at_once():
    table = Timetable({"a.b": job("a.b", 10), "c.d": job("c.d", 3)})
    assert [each.name for each in table.due(100.0)] == ["a.b", "c.d"]
    assert table.due(101.0) == []
    assert table.seconds_to_next(102.5) == pytest.approx(0.5)
    table.running.add("c.d")
    assert table.due(104.0) == []
    table.running.clear()
    assert [each.name for each in table.due(150.0)] == ["a.b", "c.d"], "late jobs run once"
    assert table.due(150.0) == []


def fail(now):
    raise ValueError("王小明 G510104")


@pytest.mark.django_db
def test_a_failure_is_logged_and_marked_without_its_message(caplog):
    runner = Runner()
    assert runner.run(job(run=fail), 0.0) is None
    mark = JobMark.objects.get(name="test.do_it")
    assert mark.finished_at is None
    assert mark.outcome.startswith("builtins.ValueError at test_jobs.fail:")
    told = caplog.text + mark.outcome
    assert "王小明" not in told
    assert "G510104" not in told


@pytest.mark.django_db
def test_a_recovery_is_marked_at_once_and_a_quick_job_marks_seldom():
    runner, quick = Runner(), job(every_seconds=0.5)
    assert runner.run(quick, 0.0) == 1
    first = JobMark.objects.get().started_at
    runner.run(quick, 1.0)
    assert JobMark.objects.get().started_at == first
    runner.run(job(run=fail), 2.0)
    assert not job_states()[0].is_well
    assert job_states()[0].finished_at is not None, "the last good end stays"
    runner.run(quick, 3.0)
    assert job_states()[0].is_well
    runner.run(quick, 3.0 + 31)
    assert JobMark.objects.get().started_at > first


@pytest.mark.django_db
def test_a_failure_that_goes_on_is_told_once_a_minute(caplog):
    runner = Runner()
    for second in range(90):
        runner.run(job(run=fail), float(second))
    assert caplog.text.count("failed") == 2


@pytest.mark.django_db
def test_one_failing_job_does_not_stop_the_others(no_jobs):
    register_job(job("a.fail", run=fail))
    register_job(job("b.work", run=lambda now: 7))
    assert Ticker(Held()).run_once() == {"a.fail": None, "b.work": 7}


class Held:
    """A tenure that never ends."""

    def take(self):
        return True

    def renew(self, at):
        return


class Lost(Held):
    def renew(self, at):
        raise TenureLost("gone")


def test_a_ticker_without_its_right_ends(no_jobs):
    with pytest.raises(TenureLost):
        Ticker(Lost()).run()


def test_a_slow_job_delays_no_other(no_jobs, monkeypatch):
    release, done, stopping = threading.Event(), threading.Event(), threading.Event()
    register_job(job("a.slow", run=lambda now: int(release.wait(20))))
    register_job(job("b.quick", run=lambda now: int(done.set() or True), every_seconds=0.1))
    monkeypatch.setattr("xinqiao.foundation.core.jobs.ticker.Ticker._run_aside", lambda self, each: each.run(NOW))
    ticker = Ticker(Held(), stopping)
    thread = threading.Thread(target=ticker.run)
    thread.start()
    assert done.wait(10)
    assert ticker.timetable.running == {"a.slow"} or "a.slow" in ticker.timetable.running
    release.set()
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


def test_of_two_tickers_one_works(tmp_path):
    one, other = FileTenure(tmp_path / "lock"), FileTenure(tmp_path / "lock")
    assert one.take()
    assert not other.take()
    one.renew(0.0)
    one.release()
    assert other.take()
    (tmp_path / "lock").unlink()
    with pytest.raises(TenureLost):
        other.renew(0.0)
    other.release()


@pytest.mark.django_db
def test_on_postgresql_the_lock_belongs_to_the_session():
    if connection.vendor != "postgresql":
        assert isinstance(tenure(), FileTenure)
        return
    held, found = AdvisoryTenure(), []
    assert held.take()
    held.renew(0.0)

    def try_aside():
        found.append(AdvisoryTenure().take())
        connection.close()

    thread = threading.Thread(target=try_aside)
    thread.start()
    thread.join()
    assert found == [False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    with pytest.raises(TenureLost):
        held.renew(100.0)


def running_task(worker_ids, started_at=NOW - dt.timedelta(minutes=10)):
    return DBTaskResult.objects.create(
        status="RUNNING", started_at=started_at, args_kwargs={"args": [], "kwargs": {}}, task_path="x.y",
        worker_ids=worker_ids, backend_name="default", run_after=NOW, exception_class_path="", traceback="",
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("worker_ids", "beats", "status"),
    [
        (["w1"], {}, "READY"),
        (["w1"], {"w1": 1}, "RUNNING"),
        (["w1"], {"w1": 9}, "READY"),
        (["w1", "w2"], {"w1": 1}, "READY"),
        (["w1", "w2"], {"w2": 1}, "RUNNING"),
        (["w1", "w2", "w3"], {}, "FAILED"),
        (["w1", "w2", "w3"], {"w3": 1}, "RUNNING"),
    ],
)
def test_a_task_of_a_dead_worker_goes_back_and_after_three_is_given_up(worker_ids, beats, status):
    task = running_task(worker_ids)
    for worker_id, minutes in beats.items():
        tasks.beat(worker_id, NOW - dt.timedelta(minutes=minutes))
    assert tasks.reap_tasks(NOW) == (status != "RUNNING")
    task.refresh_from_db()
    assert task.status == status
    assert (task.exception_class_path == tasks.WORKER_LOST) is (status == "FAILED")


@pytest.mark.django_db
def test_a_task_just_begun_is_left_alone():
    running_task(["w1"], started_at=NOW - dt.timedelta(seconds=20))
    assert tasks.reap_tasks(NOW) == 0


@pytest.mark.django_db
def test_a_failed_task_keeps_no_message():
    task = running_task(["w1"])
    try:
        fail(NOW)
    except ValueError as error:
        set_failed_quietly(task, error)
    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "王小明" not in task.traceback
    assert "fail" in task.traceback


@pytest.mark.django_db
def test_control_the_library_would_keep_the_message():
    task = running_task(["w1"])
    try:
        fail(NOW)
    except ValueError as error:
        task.set_failed(error)
    task.refresh_from_db()
    assert "王小明" in task.traceback


@pytest.mark.django_db
def test_old_sessions_tasks_and_marks_go():
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - dt.timedelta(seconds=1))
    Session.objects.create(session_key="new", session_data="", expire_date=NOW + dt.timedelta(hours=1))
    assert tasks.forget_old_sessions(NOW) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    old = running_task(["w1"])
    DBTaskResult.objects.filter(pk=old.pk).update(status="SUCCESSFUL", finished_at=NOW - dt.timedelta(days=15))
    kept = running_task(["w1"])
    tasks.beat("w1", NOW - dt.timedelta(days=20))
    mark_good("audit.seal_events", NOW - dt.timedelta(days=20), NOW - dt.timedelta(days=20))
    assert tasks.forget_old_tasks(NOW) == 2
    assert list(DBTaskResult.objects.values_list("pk", flat=True)) == [kept.pk]
    assert list(JobMark.objects.values_list("name", flat=True)) == ["audit.seal_events"]


@pytest.mark.slow
def test_the_ticker_as_a_process_runs_jobs_and_ends_when_told(own_installation):
    environment, command = own_installation
    with subprocess.Popen([*command, "ticker"], env=environment, stderr=subprocess.PIPE) as one:
        lock = threading.Event()
        for _ in range(100):
            told = run(environment, command, "ticker", "--once")
            if told.returncode != 0:
                break
            lock.wait(0.1)
        assert "Another ticker" in told.stderr or "另一个" in told.stderr
        one.terminate()
        assert one.wait(20) == 0
    done = json.loads(run(environment, command, "ticker", "--once").stdout)
    assert done["audit.seal_events"] is not None
    assert done["core.reap_tasks"] == 0


def run(environment, command, *words):
    return subprocess.run([*command, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def own_installation(tmp_path):
    """An installation of its own on the embedded database, with keys and tables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XINQIAO_", "DJANGO_"))}
    environment = {**kept, "XINQIAO_HOME": str(tmp_path / uuid.uuid4().hex)}
    command = [sys.executable, "-m", "xinqiao.config.command_line"]
    assert run(environment, command, "keys", "create").returncode == 0
    told = run(environment, command, "migrate", "--noinput", "-v0")
    assert told.returncode == 0, told.stderr
    return environment, command


@pytest.mark.django_db
def test_changes_that_nobody_claimed_are_forgotten_after_a_fortnight():
    for days in (1, 13, 15, 400):
        Change.objects.create(topic="test.changed", at=NOW - dt.timedelta(days=days))
    assert tasks.forget_old_changes(NOW) == 2
    assert Change.objects.count() == 2
    assert tasks.forget_old_changes(NOW) == 0
