"""Every move of a member of the group and of a course is made and stands in the audit."""

import pytest

from xinqiao.care.counselling.course_rows import every_course
from xinqiao.care.counselling.rows import every_member
from xinqiao.care.counselling.services.courses import CourseDraft, end_course, open_course, take_course
from xinqiao.care.counselling.services.groups import admit_member, end_member, join_group
from xinqiao.care.counselling.states import COURSE_MOVES, MEMBER_MOVES
from xinqiao.foundation.audit.tests.walking import name_of, walk
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.people.services.students import end_enrolment

WALKED = (MEMBER_MOVES, COURSE_MOVES)


@pytest.mark.parametrize("move", MEMBER_MOVES, ids=name_of)
def test_every_move_of_a_member(world, sealed, move):
    psych, state = world.actor("psych"), lambda: every_member().get(staff_id=world.id_of("psych2")).state
    if move.source == "admitted":
        sealed.found()
    else:
        sealed.choose("psych", "psych2")
        for login in ("psych", "psych2"):
            join_group(world.school, actor=world.actor(login))
    acts = {
        "admitted": lambda: admit_member(sealed.member("psych2"), actor=psych, private=sealed.private("psych")),
        "waiting": lambda: sealed.choose("psych2"),
        "ended": lambda: end_member(sealed.member("psych2"), actor=psych),
    }
    walk(move, state, acts[str(move.target)])


@pytest.mark.parametrize("move", COURSE_MOVES, ids=name_of)
def test_every_move_of_a_course(world, move):
    psych, pupil = world.actor("psych"), world.students[0]
    course = open_course(pupil, actor=psych, draft=CourseDraft("pupil", clock.today(), "知情同意", is_shared=False))
    leave = lambda: end_staff(world.staff["psych"], actor=world.actor("security"), heir=world.staff["head"])  # noqa: E731
    if move.source == "waiting":
        leave()
    acts = {
        "counselling.course.orphaned": leave,
        "counselling.course.taken": lambda: take_course(course, actor=world.actor("psych2")),
        "counselling.course.ended": lambda: end_course(course, actor=psych, why="reached", effect="some"),
        "counselling.course.left": lambda: end_enrolment(pupil, actor=world.actor("psych2"), on=clock.today()),
    }
    walk(move, lambda: every_course().get(pk=course.pk).state, acts[move.event])
