"""Courses of counselling at one school, agreed, with a goal each; a note needs a sentence that a person chooses."""

import datetime as dt

from xinqiao.care.counselling.services.courses import CourseDraft, open_course, set_goal
from xinqiao.care.counselling.states import Signed
from xinqiao.care.counselling.wording import agreement_lines
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for


def add_counselling(built: Built, city: City) -> None:
    """Open them a few days ago; the page of sealed notes is not set up yet."""
    seed = city.counselling
    if seed.at not in built.units or seed.psych not in built.users:
        return
    psych = built.users[seed.psych]
    with clock.frozen(clock.now() - dt.timedelta(days=seed.days_before)):
        actor, on = actor_for(psych, clock.today()), clock.today()
        draft = CourseDraft(Signed.PUPIL, on, "\n".join(agreement_lines()), is_shared=False)
        for pupil, goal in zip(reversed(built.students[seed.at]), seed.goals, strict=False):
            set_goal(open_course(pupil, actor=actor, draft=draft), actor=actor, words=goal)
