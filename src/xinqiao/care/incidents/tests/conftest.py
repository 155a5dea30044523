"""The small world under a frozen clock, and an incident as a principal opens it."""

import datetime as dt

import pytest
from django.conf import settings

from xinqiao.care.incidents.models import Exposure, Incident, IncidentLine, IncidentReport
from xinqiao.care.incidents.rows import every_exposure, every_incident, every_line, every_report
from xinqiao.care.incidents.services.caring import Found, expose_pupils, look_after, waive_care
from xinqiao.care.incidents.services.doing import Done, settle_line, waive_line
from xinqiao.care.incidents.services.opening import IncidentDraft, open_incident
from xinqiao.care.incidents.services.reporting import check_report, send_report, waive_report, write_report
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock, ids
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

WHAT = "课间在操场受伤，已送医院"
WHERE = "操场东侧"
SAID = "睡得不好，总想起那一幕"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "lead", "顾行之", Role.LEADING_GROUP, built.school, mail="lead@school.example")
    return built


def draft(world, **more) -> IncidentDraft:
    fields = {
        "once": ids.new_id(), "kind": "accident", "happened_at": clock.now() - 5 * MINUTE, "where": WHERE,
        "what": WHAT, "leader": world.id_of("head"),
    }  # fmt: skip
    return IncidentDraft(**{**fields, **more})


@pytest.fixture
def incident(world) -> Incident:
    return open_incident(world.school, actor=world.actor("head"), draft=draft(world))


@pytest.fixture
def people(world, incident):
    return People(world, incident)


class People:
    """What tests do in an incident."""

    def __init__(self, world: World, incident: Incident) -> None:
        self.world, self.incident = world, incident

    def actor(self, login="head"):
        return self.world.actor(login)

    def fresh(self) -> Incident:
        return every_incident().get(pk=self.incident.pk)

    def line(self, code="", kind="step") -> IncidentLine:
        return every_line().select_related("incident").get(incident=self.incident, kind=kind, code=code)

    def lines(self, kind="step") -> list[IncidentLine]:
        return list(every_line().filter(incident=self.incident, kind=kind).order_by("position"))

    def report(self, form="first") -> IncidentReport:
        return every_report().select_related("incident").get(incident=self.incident, form=form)

    def settle(self, line, words="已办", people="贺校长", at=None, login="head"):
        return settle_line(line, actor=self.actor(login), done=Done(at or clock.now(), people, words))

    def expose(self, *students, how="classmate") -> list[Exposure]:
        made = expose_pupils(self.incident, actor=self.actor(), students=students, how=how)
        assert isinstance(made, list)
        return made

    def found(self, finding="fine", words="", seen=()) -> Found:
        return Found(finding, clock.now(), tuple(seen), words)

    def care(self, row, login="teacher", **more):
        return look_after(row, actor=self.actor(login), found=self.found(**more))

    def settle_all(self) -> None:
        """Bring everything to an end: lines waived, pupils waived, reports sent or waived."""
        for line in every_line().filter(incident=self.incident, state="waiting").select_related("incident"):
            waive_line(line, actor=self.actor(), words="不适用")
        for row in every_exposure().filter(incident=self.incident, state="waiting"):
            waive_care(row, actor=self.actor(), words="由医院关怀")
        for report in every_report().filter(incident=self.incident, state="waiting"):
            waive_report(report, actor=self.actor(), words="误报")

    def send(self, form="follow-up"):
        report = self.report(form)
        write_report(report, actor=self.actor("psych"), text="学生在操场受伤，已送医。", after=report.version)
        if report.is_checked:
            check_report(self.report(form), actor=self.actor(), after=report.version + 1)
        return send_report(self.report(form), actor=self.actor(), to="县教育局", at=clock.now())


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.fixture
def modes(people):
    from xinqiao.care.incidents.tests.modes import Modes

    return Modes(people)
