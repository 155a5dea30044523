"""A plan of the coming school year, begun by the head of the first school and left in the middle."""

import datetime as dt

from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.years.rules import entry_grades
from xinqiao.register.years.school import read_school
from xinqiao.register.years.services.turns import begin_turn, change_plan

SCHOOL, HEAD, NEW_TEACHER = "songhu-junior", "head.songhu", "subject.songhu"


def add_year_plan(built: Built) -> None:
    """Begin the plan: one class more enters, and a class of the new year has its teacher."""
    if SCHOOL not in built.units or HEAD not in built.users:
        return
    head, on = actor_for(built.users[HEAD], today()), dt.date(school_year_of(today()) + 1, 9, 1)
    turn = begin_turn(built.units[SCHOOL], actor=head, on=on)
    entering = entry_grades(read_school(built.units[SCHOOL], on).facts, turn.starts_in)
    change_plan(turn, actor=head, section="entry", values={grade: n + 1 for grade, n in entering.items()})
    if NEW_TEACHER in built.staff:
        first = f"{next(iter(entering))}:1"
        change_plan(turn, actor=head, section="teachers", values={first: str(built.staff[NEW_TEACHER].id)})
