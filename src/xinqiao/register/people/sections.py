"""Sections of a pupil's file: what each app has to tell of one pupil. Filled in `ready()`; the file asks them all.

An app offers a section with one line, `register_section(Section(…))`. It says who may read it (a permission, asked at
the pupil's place) and returns dated entries; it leaves no event of reading, the file writes one for all it shows.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.ui.wording import Text
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class Entry:
    """One dated thing, as the component `timeline` shows it. `next_on` is the day of what comes next of it, `next_what`
    says what that is; only of what still runs."""

    at: dt.datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = ""
    url: str = ""
    next_on: dt.date | None = None
    next_what: str = ""


Latest = Callable[[str], Mapping[UUID, dt.datetime]]


@dataclass(frozen=True)
class Section:
    """One section. `unless`: whoever holds that permission reads the same elsewhere in the file, in full.

    `empty` says what to do where there is nothing yet. `link` names a registered link to the app's own page of the
    pupil. `latest` returns of a school (by its place) when each pupil's newest entry was made. `printed` returns what
    of it may stand in an excerpt that leaves the school: no score, no answer, nothing a pupil told in confidence.
    """

    code: str
    title: Text
    order: int
    permission: Permission
    entries: Callable[[Actor, Student], Sequence[Entry]]
    empty: Text
    unless: Permission | None = None
    link: str = ""
    latest: Latest | None = None
    printed: Callable[[Actor, Student], Sequence[Entry]] | None = None

    def is_open_to(self, actor: Actor, place: str) -> bool:
        """May the actor read this section of a pupil at a place?"""
        return actor.can(self.permission, place) and not (self.unless and actor.can(self.unless, place))


class SectionTaken(ValueError):
    """Two apps offered a section under one code."""


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Offer a section. Raises SectionTaken where the code is another one's."""
    if section.code in _sections:
        raise SectionTaken(section.code)
    _sections[section.code] = section


def sections() -> tuple[Section, ...]:
    """Return all sections in the order of the file."""
    return tuple(sorted(_sections.values(), key=lambda each: (each.order, each.code)))
