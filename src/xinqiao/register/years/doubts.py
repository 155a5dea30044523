"""What the floors above know that should be looked at before a school year turns: they register a source of it.

A source is given the school, who asks, the pupils who would graduate and the day; it answers with what that reader may
know, or with nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from xinqiao.foundation.access.actors import Actor
from xinqiao.register.orgs.models import Unit


@dataclass(frozen=True)
class Question:
    """What a source is asked about."""

    school: Unit
    actor: Actor
    leaving: frozenset[UUID]
    on: dt.date


@dataclass(frozen=True)
class Named:
    """A pupil whom a doubt names, with a word about why; the name is opened by whoever shows it."""

    student_id: UUID
    words: str


@dataclass(frozen=True)
class Doubt:
    """One thing to look at: a heading, what to do, and the pupils it is about."""

    tone: str
    title: str | Promise
    advice: str | Promise
    pupils: tuple[Named, ...] = ()
    url: str = ""
    url_words: str | Promise = ""


Source = Callable[[Question], Sequence[Doubt]]
_sources: dict[str, Source] = {}


def register_doubts(name: str, source: Source) -> None:
    """Add a source; once in `ready()` of the app that knows."""
    _sources[name] = source


def ask_all(question: Question) -> list[Doubt]:
    """Return what every source answers, in the order of their names."""
    return [doubt for name in sorted(_sources) for doubt in _sources[name](question)]
