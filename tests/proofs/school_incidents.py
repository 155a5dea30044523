"""What people do in an incident: the plan's lines in time, late or not at all, reports, pupils who were exposed.

It is called minutes after an incident was opened and every day from then on. As in `school_care`, what comes next is
read from the database, and when and how somebody does it is drawn from the seed and the thing itself.
"""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from tests.proofs.school_care import TEACHERS, CareDay, has_role_at
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.rows import every_exposure, every_incident, every_line, every_report
from xinqiao.care.incidents.services.caring import Found, expose_pupils, look_after, waive_care
from xinqiao.care.incidents.services.doing import (
    Done,
    add_action,
    ask_department,
    call_experts,
    settle_line,
    waive_line,
)
from xinqiao.care.incidents.services.opening import IncidentDraft, close_incident, open_incident
from xinqiao.care.incidents.services.reporting import (
    check_report,
    receive_report,
    send_report,
    waive_report,
    write_report,
)
from xinqiao.foundation.access.actors import Actor
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student

REASON = "a simulated year"
MINUTE = dt.timedelta(minutes=1)
# Of the time that something may take: in time, late, very late; and how often.
PACE = ((0.65, (0.1, 0.9)), (0.25, (1.1, 3.0)), (0.1, (4.0, 20.0)))
LATEST = dt.timedelta(minutes=600)  # a red clock climbs every half hour, and days of that are no school's
LATEST_OF_DAYS = dt.timedelta(days=12)
LOOKS_AT = (3, 8, 14, 25, 45, 75, 130, 200, 300, 480, 700, 900)  # minutes after it was opened
EXPOSED = {"hurt": 1, "witness": 2, "friend": 2, "classmate": 5}
EXPOSED_AFTER, CALLED_AFTER = 40 * MINUTE, 20 * MINUTE


class Incidents:
    """The incidents of a school at the moment of a day."""

    def __init__(self, day: CareDay) -> None:
        self.day, self.at = day, day.at
        self.school = Unit.objects.get(code="s1")

    def open(self, number: int, leader: str) -> None:
        """Open one; done before the process was killed, it changes nothing."""
        kind = random.Random(f"{self.day.seed}:kind:{number}").choice(("self-harm", "accident", "violence", "missing"))
        draft = IncidentDraft(
            once=uuid5(NAMESPACE_OID, f"{self.day.seed}:incident:{number}"), kind=kind, where="操场东侧",
            happened_at=self.at - 2 * MINUTE, what="课间发生，已有老师在场", leader=self.day.staff(leader),
        )  # fmt: skip
        open_incident(self.school, actor=self.day.actor("head"), draft=draft)

    def work(self) -> None:
        """Do in each open one what somebody gets round to by now."""
        for incident in every_incident().filter(state="open").order_by("opened_at", "pk"):
            self._begin(incident)
            for line in self._due(every_line().filter(incident=incident, state="waiting").select_related("incident")):
                self._settle(line)
            for row in self._due(every_exposure().filter(incident=incident, state="waiting")):
                self._care(row)
            for report in every_report().filter(incident=incident).select_related("incident").order_by("position"):
                self._report(incident, report)
            self._go_on(incident)
        sent = every_report().filter(state="sent").select_related("incident")
        for report in sent.order_by("sent_at", "pk"):
            if self.at - report.sent_at > self.day.chance(report.incident.once, report.form, "seen") * 3 * LATEST:
                receive_report(report, actor=self.day.actor("officer"))

    def _due(self, rows: Any) -> Iterator[Any]:
        """Those of some rows with `due_at` that somebody has got round to."""
        for row in rows.order_by("due_at", "pk"):
            began = row.began_at if isinstance(row, IncidentLine) else row.added_at
            if self._is_time(began, row.due_at, self._name(row)):
                yield row

    def _name(self, row: IncidentLine | Exposure) -> str:
        """What is drawn for, the same in every life of the year."""
        if isinstance(row, Exposure):
            return f"{row.incident.once}:{row.student_id}"
        return f"{row.incident.once}:{row.kind}:{row.code}"

    def _is_time(self, began: dt.datetime, due: dt.datetime, name: str) -> bool:
        rng = random.Random(f"{self.day.seed}:pace:{name}")
        low, high = rng.choices([span for _, span in PACE], [chance for chance, _ in PACE])[0]
        longest = (due - began) + (LATEST if due - began < dt.timedelta(days=1) else LATEST_OF_DAYS)
        return bool(self.at >= began + min(rng.uniform(low, high) * (due - began), longest))

    def _begin(self, incident: Incident) -> None:
        """Once the first minutes are over: departments asked, experts called out, and who was exposed."""
        head, since = self.day.actor("head"), self.at - incident.opened_at
        if since >= CALLED_AFTER and self.day.chance(incident.once, "ask") < 0.7:
            once = uuid5(incident.once, "ask")
            ask_department(incident, actor=head, once=once, department="health", words="请派人到校会商")
        if since >= CALLED_AFTER and self.day.chance(incident.once, "call") < 0.6:
            call_experts(incident, actor=head, once=uuid5(incident.once, "call"), words="请专家组到校")
        if since < EXPOSED_AFTER:
            return
        pupils = list(
            Student.objects.for_system(reason=REASON)
            .filter(status="active", place__startswith=self.school.path)
            .order_by("created_at", "pk")
        )
        random.Random(f"{self.day.seed}:exposed:{incident.once}").shuffle(pupils)
        for how, count in EXPOSED.items():
            few, pupils = pupils[:count], pupils[count:]
            if few and not every_exposure().filter(incident=incident, how=how).exists():
                expose_pupils(incident, actor=head, students=few, how=how)

    def _settle(self, line: IncidentLine) -> None:
        head = self.day.actor("head")
        if line.kind in ("step", "ask") and self.day.chance(self._name(line), "waived") < 0.1:
            waive_line(line, actor=head, words="情况不适用，已由值班领导确认")
            return
        at = max(self.at - MINUTE, line.began_at)
        settle_line(line, actor=head, done=Done(at, "值班领导、班主任", "已经办好"))

    def _care(self, row: Exposure) -> None:
        """Most are fine, some give cause for worry, a few are looked after elsewhere."""
        drawn = self.day.chance(self._name(row), "found")
        if drawn < 0.1:
            waive_care(row, actor=self.day.actor("head"), words="由医院继续关怀")
            return
        found = (
            Found("worry", self.at, (), "睡得不好，总想起那一幕") if drawn < 0.35 else Found("fine", self.at, (), "")
        )
        look_after(row, actor=self._carer(row), found=found)

    def _carer(self, row: Exposure) -> Actor:
        if row.by == "psychology_teachers":
            return self.day.actor("psych")
        place = row.student.place
        return next(each for each in map(self.day.actor, TEACHERS) if has_role_at(each, place))

    def _report(self, incident: Incident, report: IncidentReport) -> None:
        """Written, looked at by a second person where the policy asks for it, and sent; one is sometimes not needed."""
        name = f"{incident.once}:{report.form}"
        if report.state not in ("waiting", "written", "checked"):
            return
        if not self._is_time(incident.opened_at, report.due_at, name):
            return
        if report.form == "follow-up" and self.day.chance(name, "waived") < 0.2:
            waive_report(report, actor=self.day.actor("head"), words="首报已说明，无新情况")
            return
        if report.state == "waiting":
            text = "课间发生，已送医并联系家长，现场平稳。"
            write_report(report, actor=self.day.actor("psych"), text=text, after=report.version)
            if self.day.chance(name, "rests") < 0.3:  # and is left until somebody looks again
                return
        if report.is_checked and self._report_now(report).state == "written":
            check_report(report, actor=self.day.actor("head"), after=self._report_now(report).version)
        send_report(report, actor=self.day.actor("head"), to="县教育局", at=self.at)

    def _report_now(self, report: IncidentReport) -> IncidentReport:
        return every_report().get(pk=report.pk)

    def _go_on(self, incident: Incident) -> None:
        """After the review one thing is to be mended; when nothing waits, the incident is closed."""
        head, lines = self.day.actor("head"), every_line().filter(incident=incident)
        is_reviewed = lines.filter(kind="review", state="done").exists()
        if is_reviewed and not lines.filter(kind="action").exists():
            once, until = uuid5(incident.once, "action"), self.day.on + dt.timedelta(days=10)
            add_action(incident, actor=head, once=once, words="操场东侧装护栏", owner=self._mender(), until=until)
        elif is_reviewed:
            with suppress(CannotDo):  # something still waits
                close_incident(incident, actor=head, words="已处置完毕，学生平稳，整改落实")

    def _mender(self) -> UUID:
        return self.day.staff("deputy")
