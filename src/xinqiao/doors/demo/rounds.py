"""A round through the first-year classes of one school: one list signed, one begun, and two without a class teacher."""

import datetime as dt

from xinqiao.care.rounds.models import RoundList
from xinqiao.care.rounds.opening import open_round
from xinqiao.care.rounds.pupils import pupils_at
from xinqiao.care.rounds.services.lists import note_nothing, sign_list
from xinqiao.doors.demo.cast import City
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.policy.selectors import parameters_for

OPENED_DAYS_BEFORE = 1
LOOKED_AT = 12


def add_round(built: Built, city: City) -> None:
    """Open it yesterday; what the calendar opens later is another occasion."""
    seed = city.round
    if seed.at not in built.units or seed.signs not in built.users:
        return
    school = built.units[seed.at]
    with clock.frozen(clock.now() - dt.timedelta(days=OPENED_DAYS_BEFORE)):
        parameters = parameters_for(school.path, clock.today())
        window = next(each for each in parameters.round_rules.windows if each.code == seed.window)
        with recording(system_actor("demo.load")):
            open_round(school, window, f"{built.dates.year}-1", parameters=parameters, at=clock.now())
        _go_through(built, seed.signs, is_signed=True)
        _go_through(built, seed.begins, is_signed=False)


def _go_through(built: Built, login: str, *, is_signed: bool) -> None:
    actor = actor_for(built.users[login], clock.today())
    row = RoundList.objects.visible_to(actor, Permission.ROUND_SIGN).first()
    if row is None:
        return
    pupils = list(pupils_at(row.place).order_by("id").values_list("pk", flat=True))
    note_nothing(row, actor=actor, student_ids=pupils if is_signed else pupils[:LOOKED_AT])
    if is_signed:
        sign_list(row, actor=actor)
