"""Letters of a class as PDF: the same frame on every page, whatever the words."""

import datetime as dt
import io
from collections.abc import Sequence

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.letters.codes import grouped
from xinqiao.care.letters.selectors.letters import PrintedLetter, paragraphs_of
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.ui.documents import LetterFrame, LetterSheet, letters_pdf
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.selectors import parameters_for


def printed(letters: Sequence[PrintedLetter], school: Unit, address: str, at: dt.datetime) -> bytes:
    """Return the letters as PDF, a page each, in the order given; `address` is the guardians' door."""
    sheets = [
        LetterSheet(
            outside=_("To the guardians of {name} · {class_name}").format(name=each.name, class_name=each.class_name),
            title=each.title, paragraphs=paragraphs_of(each.words), code=grouped(each.code),
        )
        for each in letters
    ]  # fmt: skip
    return letters_pdf(_frame(letters[0], school, address), sheets, at)


def _frame(first: PrintedLetter, school: Unit, address: str) -> LetterFrame:
    language = get_language() or ""
    lines = parameters_for(school.path, today()).hotlines
    return LetterFrame(
        sender=school.name, fold=_("fold here, name outside"), greeting=_("Dear parents and guardians,"),
        closing=_("The psychology teacher of the school"),
        how=_("Tell us that you have read this, or ask us to call you: open this address and type the code."),
        address=address, code_label=_("Code of this letter, for you only"),
        until=_("opens until {day}").format(day=day_words(first.until)),
        hotlines_label=_("When it is urgent, do not wait for the school. Call at any hour:"),
        hotlines=tuple(f"{line.number}  {line.name.in_language(language)}: {line.for_.in_language(language)}"
                       for line in lines),
        footer=_("Every family whose child took part gets a letter; all letters look the same."),
        qr=_qr(address),
    )  # fmt: skip


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, scale=4, border=1)
    return drawn.getvalue().decode()
