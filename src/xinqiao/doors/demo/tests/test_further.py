"""The plan of a school year and the staff list that the demo city leaves in the middle."""

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.staff_list import add_staff_list
from xinqiao.doors.demo.tree import add_staff, add_students, build_tree
from xinqiao.doors.demo.year import add_year_plan
from xinqiao.foundation.core import clock
from xinqiao.register.staffing.models import StaffLine
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.school import layout_of


def test_a_plan_and_a_list_wait_for_whoever_tries_it_out(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=2)
    add_year_plan(built)
    add_staff_list(built)
    turn = YearTurn.objects.for_system(reason="test").get()
    layout = layout_of(turn)[1]
    assert layout.faults == ()
    assert layout.opened
    matches = StaffLine.objects.for_system(reason="test").values_list("match", flat=True)
    assert sorted(matches) == ["doubt", "new", "new", "new", "refused"]
