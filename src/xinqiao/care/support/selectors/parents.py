"""How parents were taught: the sessions of the reader's places, and each class against what the policy asks a term."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao.care.support.models import ParentSession
from xinqiao.care.support.selectors.contacts import topic_names
from xinqiao.care.support.selectors.terms import terms_at
from xinqiao.care.support.states import SessionKind, SessionWay
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, units_by_id, units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.policy.selectors import parameters_by_place

MOST_ROWS = 100
KINDS = (*SCHOOL_KINDS, UnitKind.GRADE, UnitKind.CLASS)


@dataclass(frozen=True)
class SessionRow:
    """One session as a page shows it."""

    held_on: dt.date
    title: str
    kind: str
    way: str
    topic: str
    unit: str
    led_by: str
    families: int
    invited: int


@dataclass(frozen=True)
class TaughtRow:
    """One class this term: sessions for its parents (its own, its grade's, its school's), of how many asked for."""

    name: str
    sessions: int
    asked: int

    @property
    def is_missing(self) -> bool:
        """Is something still asked for?"""
        return self.sessions < self.asked


def units_to_teach(actor: Actor) -> list[Unit]:
    """Return the schools, grades and classes for whose parents the actor notes sessions."""
    return units_for(actor, Permission.PARENTS_EDIT, *KINDS)


def session_rows(actor: Actor, on: dt.date) -> list[SessionRow]:
    """Return the newest sessions at the actor's places. They name nobody but who led them."""
    own = ParentSession.objects.visible_to(actor, Permission.PARENTS_EDIT)
    rows = list(own.order_by("-held_on", "-id")[:MOST_ROWS])
    units = units_by_id({row.unit_id for row in rows})
    topics = topic_names(rows[0].place, on) if rows else {}
    return [
        SessionRow(
            row.held_on, row.title, str(SessionKind(row.kind).label), str(SessionWay(row.way).label),
            topics.get(row.topic, row.topic), name_on(units[row.unit_id], on) if row.unit_id in units else "",
            row.led_by, row.families, row.invited,
        )
        for row in rows
    ]  # fmt: skip


def taught_rows(actor: Actor, on: dt.date) -> list[TaughtRow]:
    """Return each class of the actor's against what the policy asks this term, those with something missing first."""
    classes = units_for(actor, Permission.PARENTS_EDIT, UnitKind.CLASS)
    places = [unit.path for unit in classes]
    terms, rules = terms_at(places, on), parameters_by_place(places, on)
    held = _held_over(places, min((term[0] for term in terms.values()), default=on))
    rows = [
        TaughtRow(
            name_on(unit, on),
            sum(covers(place, unit.path) and terms[unit.path][0] <= day for place, day in held),
            rules[unit.path].families.sessions_per_term,
        )
        for unit in classes
        if unit.path in terms
    ]
    return sorted(rows, key=lambda row: not row.is_missing)


def _held_over(places: Sequence[str], since: dt.date) -> list[tuple[str, dt.date]]:
    """Where and when parents were taught: a class also counts what its school or grade held for all."""
    rows = ParentSession.objects.for_system(reason="sessions counted for classes that the actor was found to teach")
    found = rows.filter(held_on__gte=since).values_list("place", "held_on")
    return [(place, day) for place, day in found if any(covers(place, each) for each in places)]
