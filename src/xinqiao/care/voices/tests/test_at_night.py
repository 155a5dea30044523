"""A pupil's red call at 23:40: the person on duty is told at once, and the clock runs through the night."""

import datetime as dt

import pytest

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Notice
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.voices import rules
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.policy.selectors import parameters_for

AT_NIGHT = dt.datetime(2026, 11, 23, 15, 40, tzinfo=dt.UTC)  # 23:40 in Shanghai


@pytest.mark.parametrize(("soon", "minutes"), [("now", 15), ("today", None)])
def test_red_is_told_at_night_and_runs_on(world, soon, minutes):
    pupil = world.students[0]
    with clock.frozen(AT_NIGHT):
        DutyShift.objects.create(
            county_id=world.school.shard_id, place=world.school.path, staff_id=world.id_of("psych"),
            role="psychology", start_at=AT_NIGHT - dt.timedelta(hours=1), end_at=AT_NIGHT + dt.timedelta(hours=8),
        )  # fmt: skip
        call, parameters = (
            rules.Call("self", soon, is_hurt=False, where="", words=""),
            parameters_for(pupil.place, clock.today()),
        )
        urgency = rules.urgency_of_call(call, parameters.help_button, usual=parameters.triage.asked_to_talk)
        origin = new_id()
        prepare_signal(
            student_id=pupil.id, county_id=pupil.county_id, place=pupil.place, key_id=pupil.key_id, source="student",
            urgency=urgency, evidence=50, basis=rules.reasons_of_call(call), origin_kind="call", origin_id=origin,
            once=f"call:{origin}", at=AT_NIGHT,
        ).save(force_insert=True)  # fmt: skip
        assert tell_new_signals(AT_NIGHT) == 1
    assert Notice.objects.for_system(reason="test").get().staff_id == world.id_of("psych")
    due = open_clocks().get(kind="acknowledge").due_at
    if minutes:
        assert due == AT_NIGHT + dt.timedelta(minutes=minutes)
    else:  # the control: what is not red waits for the school day
        assert due > AT_NIGHT + dt.timedelta(hours=20)
