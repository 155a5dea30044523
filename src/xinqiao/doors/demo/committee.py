"""Committee members of the first school's class: appointed, their reports of the last weeks, and a worry that waits."""

import datetime as dt
import json

from xinqiao.care.voices import rules
from xinqiao.care.voices.models import ClassmateWorry, ClassReport, CommitteeSeat
from xinqiao.care.voices.services.committee import appoint_member
from xinqiao.care.voices.states import WorryState
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.actors import actor_for

APPOINTED_DAYS_AGO = 60


def add_committee(built: Built, city: City) -> None:
    """Seat two pupils of the class teacher's class and let the first of them report."""
    seed = city.committee
    if seed.teacher not in built.users:
        return
    teacher = actor_for(built.users[seed.teacher], clock.today())
    own = [s for s in built.students[seed.at] if teacher.can(Permission.COMMITTEE_EDIT, s.place)]
    with clock.frozen(clock.now() - dt.timedelta(days=APPOINTED_DAYS_AGO)):
        seats = [appoint_member(pupil, actor=teacher) for pupil in own[: seed.seats]]
    first = next((seat for seat in seats if isinstance(seat, CommitteeSeat)), None)
    if first is None:
        return
    reports = [_report(first, each.weeks_ago, each.answers) for each in seed.reports]
    if reports and seed.worry.about:
        _worry(reports[-1], city)


def _report(seat: CommitteeSeat, weeks_ago: int, answers: dict[str, str]) -> ClassReport:
    """As the intake would have written it, the class teacher told."""
    pupil, at = seat.student, clock.now() - dt.timedelta(days=7 * weeks_ago)
    key = new_id().hex
    report: ClassReport = ClassReport.objects.create(
        county_id=pupil.county_id, place=seat.place, student=pupil, class_id=seat.class_id, key_id=pupil.key_id,
        week_on=rules.monday_of(at.date()), answers=json.dumps(answers), key=key, digest=b"", receipt=key[-12:],
        reported_at=at, told_at=at,
    )  # fmt: skip
    return report


def _worry(report: ClassReport, city: City) -> None:
    seed = city.committee.worry
    ClassmateWorry.objects.create(
        county_id=report.county_id, place=report.place, report=report, student=report.student, key_id=report.key_id,
        about=seed.about, said=json.dumps([seed.kinds, seed.words], ensure_ascii=False), urgency="yellow",
        state=WorryState.OPEN, raised_at=report.reported_at,
    )  # fmt: skip
