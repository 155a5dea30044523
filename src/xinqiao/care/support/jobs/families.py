"""Near the end of a term missing families become a task of each class; when the term is over, the task ends."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from xinqiao.care.support.following import people_hear
from xinqiao.care.support.owing import end_duty, missing_at, owe_class
from xinqiao.care.support.rows import every_duty, open_duties
from xinqiao.care.support.selectors.terms import due_day, terms_at
from xinqiao.care.support.states import DutyEnd, DutyKind
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.deadlines.kinds import CONTACT
from xinqiao.register.deadlines.services.clocks import hasten_climb
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_by_place


def keep_families(now: dt.datetime) -> int:
    """The scheduled job: owe what is due, end what is over, and let climb what nobody can do; return how many."""
    return owe_classes(now) + end_over(now) + hasten_holes(now)


def owe_classes(now: dt.datetime) -> int:
    """Make missing families a task of each class, once a term; return how many tasks are new."""
    return sum(_owe(*found, now) for found in list(_due(now)))


def _due(now: dt.datetime) -> Iterator[tuple[Unit, dt.date, dt.datetime, Parameters]]:
    """Each class whose term nears its end and which has no task of this term yet."""
    on = timezone.localtime(now).date()
    schools = list(Unit.objects.filter(kind__in=SCHOOL_KINDS, is_closed=False))
    places = [school.path for school in schools]
    rules, terms = parameters_by_place(places, on), terms_at(places, on)
    known = set(every_duty().filter(kind=DutyKind.TERM).values_list("class_id", "term_from"))
    for place, term in terms.items():
        family = rules[place].families
        due_on = due_day(term, family.due_days)
        if family.per_term and due_on - dt.timedelta(days=family.task_days) <= on:
            for unit in units_below(place, UnitKind.CLASS):
                if (unit.id, term[0]) not in known:
                    yield unit, term[0], end_of_day(due_on, zone()), rules[place]


def _owe(unit: Unit, term_from: dt.date, due_at: dt.datetime, parameters: Parameters, now: dt.datetime) -> bool:
    if not missing_at(unit.path, term_from, parameters.families.per_term):
        return False
    with recording(system_actor("support.families")):
        return owe_class(
            unit.id, unit.path, unit.shard_id, term_from, due_at=max(due_at, now), parameters=parameters, at=now
        )


def end_over(now: dt.datetime) -> int:
    """End the tasks of terms that are over; return how many."""
    on = timezone.localtime(now).date()
    duties = list(open_duties().filter(kind=DutyKind.TERM))
    terms = terms_at({duty.place for duty in duties}, on)
    ended = 0
    for duty in duties:
        if duty.place not in terms or terms[duty.place][0] != duty.term_from:
            with recording(system_actor("support.families")):
                ended += end_duty(duty, DutyEnd.OVER, at=now)
    return ended


def hasten_holes(now: dt.datetime) -> int:
    """Let climb what is owed where nobody of the first rung is there any more; return how many will."""
    on, hastened = timezone.localtime(now).date(), 0
    for duty in open_duties().filter(rung=0):
        if not people_hear(duty, 0, on):
            hastened += hasten_climb(CONTACT, duty.id, at=now, below_rung=1)
    return hastened
