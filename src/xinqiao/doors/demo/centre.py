"""The counselling centre of one school: rooms, a weekly pattern, the term written from it, and pupils for its hours."""

import datetime as dt
from decimal import Decimal

from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import Booking
from xinqiao.care.centre.rows import every_slot
from xinqiao.care.centre.services.bookings import book_slot, note_came, note_missed
from xinqiao.care.centre.services.rooms import OpeningDraft, RoomDraft, add_opening, add_room
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.waiting import wait_for_hour
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for

SET_UP_DAYS_AGO = 14


def add_centre(built: Built, city: City) -> None:
    """Set it up two weeks ago, and let pupils come, stay away, and have an hour ahead."""
    seed = city.centre
    if seed.at not in built.units or not {seed.keeper, seed.teacher} <= set(built.users):
        return
    school, at = built.units[seed.at], clock.now()
    keeper, teacher = (actor_for(built.users[login], clock.today()) for login in (seed.keeper, seed.teacher))
    sits = built.staff[seed.keeper].id
    with clock.frozen(at - dt.timedelta(days=SET_UP_DAYS_AGO)):
        rooms = {
            each.name: add_room(
                school, actor=keeper,
                draft=RoomDraft(each.name, each.zone, Decimal(str(each.area)), each.equipment, sits),
            )
            for each in seed.rooms
        }  # fmt: skip
        for line in seed.opening:
            for weekday in line.weekdays:
                start, end = dt.time.fromisoformat(line.start), dt.time.fromisoformat(line.end)
                draft = OpeningDraft(rooms[line.room].id, weekday, start, end, line.during, sits)
                add_opening(school, actor=keeper, draft=draft)
        try:
            write_term(school, actor=keeper)
        except CannotDo:  # loaded between the school years: the pattern stands, no term is there to be written
            return
    _let_pupils_come(built, city, keeper, teacher, at)


def _let_pupils_come(built: Built, city: City, keeper: Actor, teacher: Actor, at: dt.datetime) -> None:
    seed = city.centre
    school = built.units[seed.at]
    own = [s for s in built.students[seed.at] if teacher.can(Permission.BOOKING_MAKE, s.place)]
    slots = every_slot().filter(school_id=school.id).select_related("hour")
    past = list(slots.filter(end_at__lt=at).order_by("-start_at")[:2])
    ahead = list(slots.filter(start_at__gt=at).order_by("start_at")[:2])
    for pupil, slot, act in zip(own, past, (note_missed, note_came), strict=False):
        with clock.frozen(slot.start_at - dt.timedelta(hours=2)):
            row = book_slot(pupil, actor=teacher, slot_id=slot.id)
        if isinstance(row, Booking):
            with clock.frozen(slot.end_at):
                act(row, actor=keeper)
    for pupil, slot in zip(own[2:], ahead, strict=False):
        book_slot(pupil, actor=teacher, slot_id=slot.id, reason=seed.reason)
    for days, pupil in enumerate(own[4:6], start=1):  # two wait for an hour, one of them after school
        with clock.frozen(at - dt.timedelta(days=days)):
            wait_for_hour(pupil, actor=teacher, parts=("after_school",) if days == 1 else ())
