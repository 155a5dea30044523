"""Reports name no pupil, a second person looks at them, the bureau receives them; drills are kept."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.incidents import facts, rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.rows import every_drill, every_report
from xinqiao.care.incidents.selectors.incidents import count_rows
from xinqiao.care.incidents.selectors.reports import composed, report_for
from xinqiao.care.incidents.services.drills import DrillDraft, note_drill
from xinqiao.care.incidents.services.reporting import (
    check_report,
    receive_report,
    send_report,
    waive_report,
    write_report,
)
from xinqiao.care.incidents.tests.conftest import WHAT, WHERE
from xinqiao.care.incidents.tests.test_plan import running
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids


def test_a_report_is_composed_of_counts_and_moments(people):
    people.expose(*people.world.students)
    people.settle(people.line("guardians"), people="欧阳先生", words="电话中很激动")
    text = composed(people.report())
    for words in (WHERE, WHAT, "3"):
        assert words in text
    for words in ("欧阳", "激动", "张伟"):
        assert words not in text


def a_report_names_no_pupil(people):
    """The check: neither when it is written, nor when somebody was put on the map since."""
    people.expose(people.world.students[0])
    report = people.report()
    with pytest.raises(CannotDo, match=rules.NAMES_PUPIL):
        write_report(report, actor=people.actor(), text="欧阳 思源受伤", after=0)
    assert every_report().get(pk=report.pk).state == "waiting"
    write_report(report, actor=people.actor(), text="张伟受伤", after=0)
    people.expose(people.world.students[2])
    with pytest.raises(CannotDo, match=rules.NAMES_PUPIL):
        send_report(people.report(), actor=people.actor(), to="县教育局", at=clock.now())


def test_a_report_that_names_a_pupil_is_refused(people):
    a_report_names_no_pupil(people)


def test_control_without_the_guard_the_name_would_go_out(people, monkeypatch):
    monkeypatch.setattr(facts, "names_of_exposed", lambda incident: [])
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        a_report_names_no_pupil(people)


def needs_a_second_person(people):
    """The check: where the policy asks for it, the writer cannot be the second person, and nothing goes before."""
    report = people.report("follow-up")
    write_report(report, actor=people.actor("psych"), text="续报", after=0)
    with pytest.raises(CannotDo, match=rules.SAME_PERSON):
        check_report(people.report("follow-up"), actor=people.actor("psych"), after=1)
    assert people.report("follow-up").state == "written"
    with pytest.raises(CannotDo, match=rules.NOT_CHECKED):
        send_report(people.report("follow-up"), actor=people.actor("psych"), to="县教育局", at=clock.now())


def test_a_second_person_looks_at_it_where_the_policy_says_so(people):
    needs_a_second_person(people)
    check_report(people.report("follow-up"), actor=people.actor(), after=1)
    assert isinstance(check_report(people.report("follow-up"), actor=people.actor(), after=1), Unchanged)
    send_report(people.report("follow-up"), actor=people.actor("psych"), to="县教育局", at=clock.now())
    assert people.report("follow-up").state == "sent"
    assert not running(people.report("follow-up").id)


def test_control_without_the_rule_the_writer_could_be_the_second(people, monkeypatch):
    monkeypatch.setattr(rules, "refusal_to_check", lambda state, *, written_by, by: "")
    with pytest.raises((AssertionError, IntegrityError)), transaction.atomic():
        needs_a_second_person(people)


def test_what_was_changed_is_looked_at_again_and_two_writers_do_not_overwrite_each_other(people):
    report = people.report("follow-up")
    write_report(report, actor=people.actor("psych"), text="甲", after=0)
    with pytest.raises(CannotDo, match=rules.CHANGED):
        write_report(report, actor=people.actor("lead"), text="乙", after=0)
    with pytest.raises(CannotDo, match=rules.CHANGED):
        check_report(people.report("follow-up"), actor=people.actor(), after=0)
    check_report(people.report("follow-up"), actor=people.actor(), after=1)
    write_report(people.report("follow-up"), actor=people.actor("psych"), text="丙", after=1)
    kept = people.report("follow-up")
    assert (kept.state, kept.checked_by, kept.version) == ("written", None, 2)


def test_the_first_report_goes_without_a_second_person_and_the_bureau_receives_it(people):
    report = people.report()
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        send_report(report, actor=people.actor(), to="县教育局", at=clock.now())
    officer = people.actor("officer")
    assert report_for(officer, report.id, Permission.INCIDENT_RECEIVE) is None  # nothing before it is sent
    people.send("first")
    assert report_for(officer, report.id, Permission.INCIDENT_RECEIVE) is not None
    with pytest.raises(Forbidden):
        receive_report(people.report(), actor=people.actor())
    receive_report(people.report(), actor=officer)
    assert isinstance(receive_report(people.report(), actor=officer), Unchanged)
    assert people.report().state == "received"
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        write_report(people.report(), actor=people.actor(), text="改", after=1)


def a_gap_is_seen(people):
    """The check: a report that is late stands as a gap before the bureau, and one that was sent does not."""
    people.send("first")
    with clock.frozen(people.report("follow-up").due_at + dt.timedelta(minutes=1)):
        (row,) = count_rows(people.actor("officer"), clock.now())
    assert [each.is_gap for each in row.reports] == [False, True, False]
    assert (row.school, row.kind) == ("学校1", "重大意外事故")


def test_the_bureau_sees_the_gap_and_no_pupil(people):
    people.expose(people.world.students[0])
    a_gap_is_seen(people)
    (row,) = count_rows(people.actor("officer"), clock.now())
    assert not any(word in repr(row) for word in ("欧阳", WHAT, WHERE))


def test_control_a_gap_that_nobody_counts_is_not_seen(people, monkeypatch):
    from xinqiao.care.incidents.selectors import incidents

    monkeypatch.setattr(incidents, "REPORT_OPEN", ())
    with pytest.raises(AssertionError):
        a_gap_is_seen(people)


def test_a_report_can_be_waived_with_a_reason_and_not_after_it_went(people):
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        waive_report(people.report("final"), actor=people.actor(), words=" ")
    waive_report(people.report("final"), actor=people.actor(), words="续报中已说明")
    assert not running(people.report("final").id)
    people.send("first")
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        waive_report(people.report(), actor=people.actor(), words="不用")


def test_the_database_refuses_what_was_sent_without_a_second_person(people):
    rows = every_report().filter(pk=people.report("follow-up").pk)
    write_report(people.report("follow-up"), actor=people.actor(), text="续报", after=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="sent", sent_at=clock.now(), sent_to="县教育局")


def test_a_drill_is_kept_once(world):
    once = ids.new_id()
    draft = DrillDraft(once, clock.today(), "学生走失", "领导小组、班主任", "电话名单过期两处")
    for _click in range(2):
        note_drill(world.school, actor=world.actor("psych"), draft=draft)
    assert every_drill().count() == 1
    later = DrillDraft(ids.new_id(), clock.today() + dt.timedelta(days=1), "学生走失", "全体", "无")
    with pytest.raises(CannotDo, match=rules.AHEAD):
        note_drill(world.school, actor=world.actor("psych"), draft=later)
    with pytest.raises(Forbidden):
        note_drill(world.school, actor=world.actor("teacher"), draft=draft)
