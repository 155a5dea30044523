"""Codes of incidents in words."""

import json
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.care.incidents import rules


def name_in(names: str) -> str:
    """Return what the policy called something, in the reader's language, from the names kept with it."""
    known: dict[str, str] = json.loads(names)
    return known.get("en" if (get_language() or "").startswith("en") else "zh", "")


def words_phrase(details: Sequence[str]) -> str:
    """Return the words of whoever looked after a pupil."""
    return _("in the words of whoever looked after the pupil: {words}").format(words=" ".join(details))


def call_phrase(details: Sequence[str]) -> str:
    """Return the words of whoever took a call of the hotline."""
    return _("in a call of the hotline: {words}").format(words=" ".join(details))


def refusal_words(code: str) -> str:
    """Return why something was not saved, and how to mend it."""
    words = {
        rules.NO_SUCH_KIND: _("No kind of incident was chosen. Choose one of the list."),
        rules.AHEAD: _("The moment lies in the future. Choose now or an earlier moment."),
        rules.BEFORE_IT: _("The moment lies before the incident or before it was asked for. Choose a later one."),
        rules.NO_LEADER: _("Whoever leads must be principal, leading group or psychology teacher of the school."),
        rules.NO_OWNER: _("Whoever does it must be principal, leading group or psychology teacher of the school."),
        rules.NO_WORDS: _("A field is empty. Say it in a few words."),
        rules.TOO_LONG: _("That is too long. Shorten it."),
        rules.IS_CLOSED: _("The incident is closed. Nothing can be added."),
        rules.SETTLED: _("Somebody has noted this already. Load the page again."),
        rules.NOT_AT_SCHOOL: _("Somebody chosen is not at this school any more. Load the page again."),
        rules.NOBODY: _("Nobody is ticked. Tick the pupils."),
        rules.NO_SUCH_WORD: _("The list of what can be chosen has changed. Load the page again."),
        rules.NAMES_PUPIL: _("The text names a pupil of the incident. Write it without names."),
        rules.SAME_PERSON: _("Whoever wrote the report cannot be the second person. Ask a colleague."),
        rules.NOT_CHECKED: _("A second person has to look at this report first."),
        rules.CHANGED: _(
            "A colleague has changed the text meanwhile. Compare with what stands written now, and save again."
        ),
        rules.NOT_NOW: _("That cannot be done as it stands now. Load the page again."),
        rules.DAY_BEHIND: _("The day lies behind. Choose today or a later day."),
        rules.ALREADY_CALLED: _("The expert team is on its way already. Note its arrival first."),
        rules.LINES_OPEN: _(
            "Something in the plan, an answer, an arrival or an action still waits. Do it or say why not."
        ),
        rules.CARE_OPEN: _("Pupils who were exposed still wait to be looked after. Do it or say why not."),
        rules.REPORTS_OPEN: _("A report is not sent yet. Send it or say why not."),
        rules.OPINIONS_OPEN: _("Something that the public says still waits. Judge it, answer it, close it."),
        rules.DRAFTS_OPEN: _("A draft of a message is neither given out nor put aside. Do one of the two."),
        rules.GAPS_LEFT: _("The text still has gaps in brackets. Fill them or take them out, and save."),
        rules.NO_LINK: _("The link is no whole address of the web. Copy it from the browser; it has no blanks."),
        rules.HOTLINE_OPEN: _("The hotline is still open. End it first."),
        rules.JOINT_ACTIVE: _("The joint activation still runs. The bureau ends it first."),
        rules.BACKS_OPEN: _("Somebody still waits to be called back. Call back, or say why not."),
        rules.PARTS_OPEN: _("A partner still has to answer or to arrive. Note it, or say why it is not needed."),
        rules.NO_HOURS: _("The hours do not fit into one day. Choose a later end than beginning."),
        rules.TWICE: _("The same person cannot be the substitute. Choose somebody else, or nobody."),
        rules.NOT_ABLE: _("Whoever sits must be principal or psychology teacher of the school."),
        rules.MODE_ENDED: _("The hotline or the activation has ended. Nothing can be added."),
        rules.NO_REPORT: _("A joint activation begins from a report that the bureau has received. Receive it first."),
        rules.NO_PARTNER: _("This institution is not among the partners in force. Choose one of the list."),
        rules.NO_PEOPLE: _("Say how many people come: at least one."),
        rules.COMES_BEFORE: _("The arrival lies before it was asked for. Choose a later moment."),
        rules.NOT_REVIEWED: _("The review was not held yet. Hold it or say why not."),
    }
    return words[code]
