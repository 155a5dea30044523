"""Codes of the centre in words."""

from django.utils.translation import gettext as _

from xinqiao.care.centre import rules


def zone_fault_words(code: str) -> str:
    """Return what is missing about a kind of space, and how to mend it."""
    words = {
        rules.NO_ROOM: _("No such room is there. Add it, or say in another room's line what it serves for."),
        rules.NO_AREA: _("Its size is not known. Measure it and write the square metres."),
        rules.TOO_SMALL: _("It is smaller than asked for."),
        rules.TOO_LARGE: _("Its size lies outside of what is asked for."),
    }
    return words[code]


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
        rules.DROPPED: _("This hour does not take place any more. Load the page again."),
    }
    return words[code]
