"""Codes of the centre in words."""

import datetime as dt
from collections.abc import Sequence

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.centre import rules
from xinqiao.care.centre.states import BookingState, PartOfDay, WaitingState
from xinqiao.foundation.ui.templatetags.ui import at_clock, at_moment
from xinqiao.register.policy.emergency_packs import Named


def zone_fault_words(code: str) -> str:
    """Return what is missing about a kind of space, and how to mend it."""
    words = {
        rules.NO_ROOM: _("No such room is there. Add it, or say in another room's line what it serves for."),
        rules.NO_AREA: _("Its size is not known. Measure it and write the square metres."),
        rules.TOO_SMALL: _("It is smaller than asked for."),
        rules.TOO_LARGE: _("Its size lies outside of what is asked for."),
    }
    return words[code]


def kept_words(state: str) -> str:
    """Return what whoever booked for a pupil learns of it: that it stands, and whether it was kept. Nothing else."""
    return {
        BookingState.OPEN.value: _("Booked"), BookingState.CAME.value: _("Kept"),
        BookingState.MISSED.value: _("Not kept"), BookingState.SETTLED.value: _("Not kept"),
        BookingState.CANCELLED.value: _("Cancelled"), BookingState.MOVED.value: _("Moved to another time"),
    }[state]  # fmt: skip


def asked_words(state: str) -> str:
    """Return what whoever put a pupil on the waiting list learns of it: whether an hour was given. Nothing else."""
    if state == WaitingState.WAITING:
        return _("Waits for an hour")
    return _("An hour was given") if state == WaitingState.GIVEN else _("Ended without an hour")


def wish_words(weekdays: str, parts: str) -> str:
    """Return the days and times that suit a pupil who waits; "" where any does."""
    days = [str(WEEKDAYS_ABBR[int(each) - 1]) for each in weekdays]
    times = [str(PartOfDay(each).label) for each in parts.split()]
    return _(", ").join([*days, *times])


def refusal_words(code: str) -> str:
    """Return why something was not done, and how to mend it."""
    words = {
        rules.NO_ROOM: _("Room: it is not in use any more. Choose another one."),
        rules.NAME_TAKEN: _("Name: another room of the school has it. Choose another name."),
        rules.ROOM_IN_USE: _("The room still stands in the weekly pattern or in the roster. Take it out there first."),
        rules.OVERLAPS: _("Time: the room, or who sits there, has another line at this time. Change the hours."),
        rules.NO_TERM: _("No term is kept for this school. Write the terms into the school calendar first."),
        rules.NO_PATTERN: _("The weekly pattern has no line with somebody on duty. Add one first."),
        rules.PAST: _("Day: this time is over. Choose a later one."),
        rules.SITS_ELSEWHERE: _("Who sits there: this person sits somewhere else at that time. Choose another one."),
        rules.ROOM_TAKEN: _("Room: somebody sits there at that time. Choose another room or time."),
        rules.NOT_A_COUNSELLOR: _("Who sits there: this person is no psychology teacher of the school on that day."),
        rules.TAKEN: _("Time: somebody has just taken it. Choose one of the next ones."),
        rules.TOO_MANY: _("The pupil has as many bookings open as may be. Cancel or move one first."),
        rules.TOO_FAR: _("Time: it lies too far ahead. Choose an earlier one."),
        rules.NOT_AT_SCHOOL: _("The pupil is not at this school any more. Nothing was booked."),
        rules.NOT_YET: _("The hour has not begun yet. Note it when it has."),
        rules.NOT_OPEN: _("Something else was noted for this booking already. Load the page again."),
        rules.NO_WORDS: _("Say in a few words what came of asking after the pupil."),
        rules.SAME_TIME: _("Time: this is the time that the pupil has. Choose another one."),
        rules.IS_BOOKED: _("Pupils have booked this hour. Move their bookings, or hand the hour over to somebody."),
        rules.WAITS_NOT: _("The pupil is not on the waiting list any more. Load the page again."),
        rules.NO_REASON: _("Reason: nothing is written. Say in a few words why no hour is given."),
        rules.NO_TOPIC: _("What it was about: nothing is ticked that the list has. Tick one line at least."),
        rules.NOT_OVER: _("The hour is not over yet. Note it afterwards."),
        rules.SOMEBODY_CAME: _("A visit or a booking of this hour is written. Load the page again."),
        rules.DROPPED: _("This hour does not take place any more. Load the page again."),
    }
    return words[code]


def slot_words(start_at: dt.datetime, end_at: dt.datetime, room: str) -> str:
    """Return a slot as a reader chooses it: day, time and room."""
    return f"{at_moment(start_at)}–{at_clock(end_at)} · {room}"


def topic_words(known: Sequence[Named], codes: Sequence[str]) -> str:
    """Return what a talk was about, in words; a code that the pack has no more stands as it is."""
    language = get_language() or ""
    names = {topic.code: topic.name.in_language(language) for topic in known}
    return _(", ").join(names.get(code, code) for code in codes)
