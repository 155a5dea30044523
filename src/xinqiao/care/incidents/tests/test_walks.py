"""Every move of an incident, its lines, its exposed pupils and its reports is made and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.rows import every_exposure, every_line
from xinqiao.care.incidents.services.caring import waive_care
from xinqiao.care.incidents.services.doing import waive_line
from xinqiao.care.incidents.services.opening import close_incident
from xinqiao.care.incidents.services.reporting import (
    check_report,
    receive_report,
    send_report,
    waive_report,
    write_report,
)
from xinqiao.care.incidents.states import CARE_MOVES, INCIDENT_MOVES, LINE_MOVES, REPORT_MOVES, ReportState
from xinqiao.care.incidents.tests.conftest import SAID
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk, way_to
from xinqiao.foundation.core import clock

WALKED = (INCIDENT_MOVES, LINE_MOVES, CARE_MOVES, REPORT_MOVES)
ALL = [move for table in WALKED for move in table]
WITHOUT_CHECK = (ReportState.WRITTEN, ReportState.SENT)
WHO = {
    "incidents.report.written": "psych",
    "incidents.report.received": "officer",
    "incidents.aftercare.done": "teacher",
}


def who(people, move):
    return people.actor(WHO.get(move.event, "head"))


def incident(people, move):
    """An incident is closed once its review was held and nothing of it waits."""
    people.settle(people.line(kind="review"), words="家长电话名单要每学期核对")
    people.settle_all()
    act = lambda: close_incident(people.fresh(), actor=who(people, move), words="学生已返校")  # noqa: E731
    walk(move, lambda: people.fresh().state, act, by=who(people, move), of=people.incident.id)


def line(people, move):
    row = people.lines()[0]
    act = {
        "done": lambda: people.settle(row),
        "waived": lambda: waive_line(row, actor=who(people, move), words="不适用"),
    }[str(move.target)]
    walk(move, lambda: every_line().get(pk=row.pk).state, act, by=who(people, move), of=people.incident.id)


def care(people, move):
    (row,) = people.expose(people.world.students[0])
    act = {
        "fine": lambda: people.care(row),
        "worry": lambda: people.care(row, finding="worry", words=SAID),
        "waived": lambda: waive_care(row, actor=who(people, move), words="由医院关怀"),
    }[str(move.target)]
    walk(move, lambda: every_exposure().get(pk=row.pk).state, act, by=who(people, move), of=row.student_id)


def make_report(people, form, move):
    row, actor = people.report(form), who(people, move)
    {
        "written": lambda: write_report(row, actor=actor, text=f"第{row.version + 1}稿", after=row.version),
        "checked": lambda: check_report(row, actor=actor, after=row.version),
        "sent": lambda: send_report(row, actor=actor, to="县教育局", at=clock.now()),
        "received": lambda: receive_report(row, actor=actor),
        "waived": lambda: waive_report(row, actor=actor, words="续报中已说明"),
    }[str(move.target)]()


def report(people, move):
    """Without a second person goes only the first report; the others are looked at."""
    is_checked = (move.source, move.target) != WITHOUT_CHECK
    form = "follow-up" if is_checked else "first"
    table = [each for each in REPORT_MOVES if (each.source, each.target) != WITHOUT_CHECK]
    for before in way_to(table, "waiting", move.source):
        make_report(people, form, before)
    act = lambda: make_report(people, form, move)  # noqa: E731
    walk(move, lambda: people.report(form).state, act, by=who(people, move), of=people.incident.id)


def walk_of(people, move):
    """The check of one move: by whom, and about the incident or the exposed pupil."""
    for table, check in ((INCIDENT_MOVES, incident), (LINE_MOVES, line), (CARE_MOVES, care), (REPORT_MOVES, report)):
        if type(move.source) is type(table[0].source):
            check(people, move)


@pytest.mark.parametrize("move", ALL, ids=lambda move: f"{move.event.split('.')[1]}-{name_of(move)}")
def test_every_move_of_an_incident_and_its_parts(people, move):
    walk_of(people, move)


@pytest.mark.parametrize("move", ALL, ids=lambda move: f"{move.event.split('.')[1]}-{name_of(move)}")
def test_control_without_its_event_the_same_walk_is_red(people, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(people, move)


def test_control_a_move_that_the_services_refuse_is_red(people):
    (waived,) = (m for m in REPORT_MOVES if (m.source, m.target) == (ReportState.CHECKED, ReportState.WAIVED))
    with pytest.raises(CannotDo):
        walk_of(people, replace(waived, source=ReportState.SENT))
