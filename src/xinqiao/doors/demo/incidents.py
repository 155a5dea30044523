"""Incidents of one school: one that runs with a class looked after, one closed with its review, and a drill."""

import datetime as dt
from uuid import UUID, uuid5

from xinqiao.care.incidents.models import Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.rows import every_exposure, every_line, every_report
from xinqiao.care.incidents.services.caring import Found, expose_pupils, look_after
from xinqiao.care.incidents.services.doing import Done, add_action, ask_department, settle_line, waive_line
from xinqiao.care.incidents.services.drills import DrillDraft, note_drill
from xinqiao.care.incidents.services.opening import IncidentDraft, close_incident, open_incident
from xinqiao.care.incidents.services.reporting import check_report, receive_report, send_report, write_report
from xinqiao.care.incidents.states import CareState, LineKind, LineState
from xinqiao.doors.demo.cast import City, IncidentSeed, IncidentsSeed
from xinqiao.doors.demo.modes import open_modes
from xinqiao.doors.demo.saying import WhatIsSaid
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Student

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
RUNS_SINCE, CLOSED_SINCE, DRILL_SINCE = 45 * MINUTE, 60 * DAY, 30 * DAY
LOOKED_AFTER = 5


def add_incidents(built: Built, city: City) -> None:
    """Write them as the school's people would have, at their own time."""
    seed = city.incidents
    if seed.at not in built.units or seed.teacher not in built.users:
        return
    story = _School(built, seed)
    with clock.frozen(clock.now() - CLOSED_SINCE):
        story.lead_to_its_end(seed.closed)
    with clock.frozen(clock.now() - DRILL_SINCE):
        note_drill(
            story.school, actor=story.psych, draft=DrillDraft(
                uuid5(story.school.id, "drill"), clock.today(), seed.drill.scenario, seed.drill.people,
                seed.drill.found,
            ),
        )  # fmt: skip
    with clock.frozen(clock.now() - RUNS_SINCE):
        running = story.let_run(seed.running, seed.worry)
    open_modes(running, seed, head=story.head, psych=story.psych, bureau=story.bureau, about=story.mates[-1])


class _School:
    """One school and its people."""

    def __init__(self, built: Built, seed: IncidentsSeed) -> None:
        self.school: Unit = built.units[seed.at]
        self.head, self.psych, self.teacher, self.bureau = (
            actor_for(built.users[each], clock.today()) for each in (seed.head, seed.psych, seed.teacher, seed.bureau)
        )
        self.said = WhatIsSaid(self.head, self.psych)
        (place,) = [grant.place for grant in self.teacher.grants]
        self.mates = [each for each in built.students[seed.at] if each.place == place]

    def let_run(self, seed: IncidentSeed, worry: str) -> Incident:
        """An incident of today: its first steps, the class on the map, some looked after, the first report sent."""
        made = self._open(seed, minutes_before=10)
        self._settle(made, seed, self.head)
        hurt, *others = self.mates
        self._expose(made, [hurt], "hurt")
        self._expose(made, others, "classmate")
        self._ask(made, seed)
        with clock.frozen(clock.now() + 25 * MINUTE):
            for number, row in enumerate(every_exposure().filter(incident=made, by="class_teacher")[:LOOKED_AFTER]):
                is_worry = number == LOOKED_AFTER - 1
                self._care(row.id, self.teacher, worry if is_worry else "")
            self._report(made, "first", seed)
        self.said.let_run(made, seed)
        return made

    def lead_to_its_end(self, seed: IncidentSeed) -> None:
        """An incident of some weeks ago, with everything settled and reviewed."""
        made = self._open(seed, minutes_before=20)
        with clock.frozen(clock.now() + 4 * MINUTE):
            self._settle(made, seed, self.psych)
            self._expose(made, self.mates[:4], "dormitory")
            self._ask(made, seed)
            self._report(made, "first", seed)
        self.said.lead_to_its_end(made, seed)
        with clock.frozen(clock.now() + 90 * MINUTE):
            for row in every_exposure().filter(incident=made):
                self._care(row.id, self.psych, "")
            for line in every_line().filter(incident=made, kind=LineKind.ASK):
                self._done(line, seed.answered, seed.answered_by)
            self._report(made, "follow-up", seed)
        with clock.frozen(clock.now() + 5 * DAY):
            self._done(every_line().get(incident=made, kind=LineKind.REVIEW), seed.review, seed.reviewed_by)
            until, once = clock.today() + 20 * DAY, uuid5(made.id, "action")
            add_action(made, actor=self.head, once=once, words=seed.action, owner=self.psych.person_id, until=until)
            self._report(made, "final", seed)
        with clock.frozen(clock.now() + 15 * DAY):
            for line in every_line().filter(incident=made, state=LineState.WAITING):
                self._done(line, seed.action_done, self.psych.name)
            close_incident(made, actor=self.head, words=seed.end)

    def _open(self, seed: IncidentSeed, *, minutes_before: int) -> Incident:
        made = open_incident(
            self.school, actor=self.head, draft=IncidentDraft(
                uuid5(self.school.id, seed.kind), seed.kind, clock.now() - minutes_before * MINUTE, seed.where,
                seed.what, self.head.person_id,
            ),
        )  # fmt: skip
        assert isinstance(made, Incident)
        return made

    def _settle(self, made: Incident, seed: IncidentSeed, by: Actor) -> None:
        """What the seed says was done; in a closed one the rest has a reason."""
        for line in every_line().filter(incident=made, kind=LineKind.STEP).order_by("position"):
            if line.code in seed.done:
                settle_line(line, actor=by, done=Done(clock.now(), seed.done[line.code], ""))
            elif seed.end:
                waive_line(line, actor=by, words=seed.not_done)

    def _done(self, line: IncidentLine, words: str, people: str) -> None:
        settle_line(line, actor=self.head, done=Done(clock.now(), people, words))

    def _expose(self, made: Incident, students: list[Student], how: str) -> None:
        if students:  # the smallest city has one pupil a class
            expose_pupils(made, actor=self.psych, students=students, how=how)

    def _care(self, exposure_id: UUID, by: Actor, worry: str) -> None:
        row = every_exposure().get(pk=exposure_id)
        finding = CareState.WORRY if worry else CareState.FINE
        look_after(row, actor=by, found=Found(finding.value, clock.now(), (), worry))

    def _ask(self, made: Incident, seed: IncidentSeed) -> None:
        ask_department(made, actor=self.head, once=uuid5(made.id, "ask"), department="police", words=seed.asked)

    def _report(self, made: Incident, form: str, seed: IncidentSeed) -> None:
        def report() -> IncidentReport:
            return every_report().select_related("incident").get(incident=made, form=form)

        write_report(report(), actor=self.psych, text=seed.report, after=0)
        if report().is_checked:
            check_report(report(), actor=self.head, after=1)
        send_report(report(), actor=self.psych, to=seed.sent_to, at=clock.now())
        receive_report(report(), actor=self.bureau)
