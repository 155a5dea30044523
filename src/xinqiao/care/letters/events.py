"""The events of letters, as sentences of the audit. None of them tells what a letter said."""

from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.audit.events import declare_events

CHANGES = {
    "letters.mailing.written": _("{actor} wrote the words for all guardians of a screening"),
    "letters.mailing.read": _("{actor} read through the words for all guardians of a screening"),
    "letters.mailing.prepared": _("{actor} prepared letters to the guardians of {pupils} pupils"),
    "letters.letter.written": _("{actor} wrote own words to the guardians of a pupil"),
    "letters.letter.shared": _("{actor} gave up own words to the guardians of a pupil"),
    "letters.letter.read": _("{actor} read through own words to the guardians of a pupil"),
    "letters.letters.released": _("{actor} released the letters of a class to the guardians of {pupils} pupils"),
    "letters.letters.handed_over": _("{actor} noted that letters were handed over: {pupils} pupils"),
    "letters.letter.withdrawn": _("{actor} withdrew a letter to guardians"),
    "letters.letter.opened": _("A letter to guardians was opened with its code"),
    "letters.letter.confirmed": _("It was confirmed with its code that a letter to guardians was read"),
    "letters.letter.answered": _("A talk was asked for with the code of a letter to guardians"),
    "letters.letter.settled": _("{actor} talked to guardians who had asked for it"),
    "letters.worry.told": _("A guardian told the school a worry with the code of a letter"),
    "letters.worry.told_again": _("A guardian told the school the same worry again with the code of a letter"),
    "letters.code.locked": _("A letter to guardians was locked after wrong codes"),
}

READINGS = {
    "letters.words.read": _("{actor} looked at words to the guardians of a pupil"),
    "letters.letters.printed": _("{actor} printed letters to the guardians of {pupils} pupils"),
    "letters.class.read": _("{actor} read how the letters of a class stand ({pupils} pupils)"),
    "letters.wishes.read": _("{actor} read which guardians ask for a talk ({pupils} pupils)"),
}


def declare() -> None:
    """Declare them; called once in `ready()`."""
    declare_events(CHANGES)
    declare_events(READINGS, reading=True)
