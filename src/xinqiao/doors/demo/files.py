"""Pupils' files of the demo city: growth plans of the classes with a teacher, family sections, and three requests."""

import datetime as dt

from xinqiao.care.archives.inventory import still_open
from xinqiao.care.archives.services.erasures import propose_erasure
from xinqiao.care.archives.services.plans import FamilyWords, PlanWords, write_family, write_plans
from xinqiao.care.archives.services.requests import (
    Asked,
    answer_request,
    ask_for_excerpt,
    decide_excerpt,
    record_request,
)
from xinqiao.doors.demo.acting import actor_of, days_ago
from xinqiao.doors.demo.cast import City, FilesSeed
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.people.models import Student

PLANNED_DAYS_AGO, LOOK_DAYS = 40, 75
ASKED_DAYS_AGO, ANSWERED_DAYS_AGO, ASKED_TOO_DAYS_AGO, DELETE_DAYS_AGO = 20, 18, 6, 3
EVERY = 5  # of a class every fifth pupil has no plan yet, so that the page shows who is without


def add_files(built: Built, city: City) -> None:
    """Plan the classes that have a teacher, fill some family sections, and let guardians ask at the first school."""
    for seed in city.staff:
        if seed.role == Role.CLASS_TEACHER and seed.login in built.users:
            _plan(built, seed.login, city.files)
    for seed in city.staff:
        if seed.role == Role.PSYCH_TEACHER and seed.login in built.users and built.students.get(seed.at):
            _tell(built.students[seed.at], actor_of(built, seed.login), city.files)
    first = city.register
    head = next((each.login for each in city.staff if each.role == Role.PRINCIPAL and each.at == first.at), "")
    if first.psych in built.users and head in built.users and len(built.students.get(first.at, ())) > 1:
        _ask(built.students[first.at], actor_of(built, first.psych), actor_of(built, head), city.files)


def _plan(built: Built, login: str, seed: FilesSeed) -> None:
    """A few different plans in one class, as a teacher writes them group by group."""
    actor = actor_of(built, login)
    unit = next((unit for unit in built.classes.values() if unit.path in {grant.place for grant in actor.grants}), None)
    pupils = [each for own in built.students.values() for each in own if unit is not None and each.place == unit.path]
    if unit is None or not pupils:
        return
    with clock.frozen(clock.now() - dt.timedelta(days=PLANNED_DAYS_AGO)):
        look_on = clock.today() + dt.timedelta(days=LOOK_DAYS)
        for turn, (strengths, aim) in enumerate(zip(seed.strengths, seed.aims, strict=False)):
            chosen = [each.id for number, each in enumerate(pupils) if number % EVERY == turn]
            if chosen:
                write_plans(unit, actor=actor, student_ids=chosen,
                            said=PlanWords(strengths, aim, seed.helps, look_on))  # fmt: skip


def _tell(students: list[Student], actor: Actor, seed: FilesSeed) -> None:
    for student, told in zip(students, seed.families, strict=False):
        words = FamilyWords(told.told_by, told.situation, told.upbringing, told.experience)
        write_family(student, actor=actor, said=words)


def _ask(students: list[Student], psych: Actor, head: Actor, seed: FilesSeed) -> None:
    """One request that was answered with an excerpt, and one that waits."""
    with days_ago(ASKED_DAYS_AGO):
        asked = Asked("see", "guardian", "person", clock.today(), seed.asked)
        request = record_request(students[0], actor=psych, asked=asked)
        excerpt = ask_for_excerpt(request, actor=psych, sections=["classes", "plan", "levels"], purpose=seed.purpose)
    with days_ago(ANSWERED_DAYS_AGO):
        decide_excerpt(excerpt, actor=head, is_yes=True)
        answer_request(request, actor=psych, outcome="partly", answer=seed.answer)
    with days_ago(ASKED_TOO_DAYS_AGO):
        asked = Asked("correct", "guardian", "phone", clock.today(), seed.asked_too)
        record_request(students[1], actor=psych, asked=asked)
    _ask_to_delete(students[2:], psych, seed)


def _ask_to_delete(students: list[Student], psych: Actor, seed: FilesSeed) -> None:
    """A request to delete; where nothing is open about a pupil the erasure is proposed and waits for the head."""
    chosen = next((each for each in reversed(students) if not still_open(each, new_id())), None)
    if not students:
        return
    with days_ago(DELETE_DAYS_AGO):
        asked = Asked("delete", "guardian", "letter", clock.today(), seed.asked_to_delete)
        request = record_request(chosen or students[-1], actor=psych, asked=asked)
        if chosen is not None:
            propose_erasure(request, actor=psych)
