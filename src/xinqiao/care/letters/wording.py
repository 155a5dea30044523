"""Codes of letters in words that say what is wrong, where, and how to mend it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.care.letters.rules import LONGEST, MOST_PARAGRAPHS, Finding, WhyNot


def finding_words(finding: Finding) -> str:
    """Return what is wrong with a spot of a text, and how to mend it."""
    words = {
        "scale": _("“{found}” speaks of a scale or a result. Say instead what was agreed, or leave it for a talk."),
        "level": _("“{found}” is a level. A letter carries none: say what helps, or call."),
        "diagnosis": _("“{found}” sounds like a diagnosis, which a school does not make. Describe what you see."),
        "score": _("“{found}” looks like a score. Take it out."),
        "name": _(
            "“{found}” is a pupil's name. Write “your child” instead: whoever finds the code shall read no name."
        ),
        "unfilled": _("“{found}” is still to be filled in."),
        "doubtful": _("“{found}” is better said in a talk. Take it out, or confirm when you release."),
        "number": _("“{found}”: is this number something all may know? Take it out, or confirm when you release."),
        "long": _("{found} characters are too many for one page: {longest} at most."),
        "lines": _("{found} paragraphs are too many for one page: {most} at most."),
        "short": _("There are no words yet. Write at least a sentence."),
    }
    return words[finding.code].format(found=finding.found, longest=LONGEST, most=MOST_PARAGRAPHS)


def why_not_words(reason: WhyNot) -> str:
    """Return why something cannot be done, and what to do first."""
    counted = {
        "own_unread": ngettext(
            "{count} letter with own words was not read through by you as it stands now. Open it and confirm.",
            "{count} letters with own words were not read through by you as they stand now. Open them and confirm.",
            reason.count,
        ),
        "own_of_red": ngettext(
            "{count} letter with own words is for a pupil at red. Call the guardians and take the shared words.",
            "{count} letters with own words are for pupils at red. Call the guardians and take the shared words.",
            reason.count,
        ),
        "forbidden_words": ngettext(
            "{count} spot in the words may not stand in a letter. Mend it first.",
            "{count} spots in the words may not stand in a letter. Mend them first.",
            reason.count,
        ),
        "doubts": ngettext(
            "{count} spot in the words is better said in a talk. Take it out, or confirm it.",
            "{count} spots in the words are better said in a talk. Take them out, or confirm them.",
            reason.count,
        ),
        "call_first": ngettext(
            "{count} pupil of this class is at red. Confirm that the guardians were called; a letter is no call.",
            "{count} pupils of this class are at red. Confirm that the guardians were called; a letter is no call.",
            reason.count,
        ),
    }
    if reason.code in counted:
        return counted[reason.code].format(count=reason.count)
    return _plain(reason.code)


def _plain(code: str) -> str:
    words = {
        "not_ended": _("Letters are written once the screening has ended; until then they would tell who came first."),
        "of_register": _("Envelopes for those on the register alone would tell who is on it. Talk to the guardians."),
        "call_instead": _("This pupil is at red: call the guardians. A letter is too slow and too little."),
        "already_released": _("This letter is out already. Withdraw it first if its words are wrong."),
        "changed_meanwhile": _("The words were changed meanwhile. Read them again as they stand now."),
        "nothing_to_release": _("No letter of this class waits to be released."),
        "shared_unread": _(
            "You have not read through the words for everybody as they stand now. Open and confirm them."
        ),
        "cannot_withdraw": _(
            "This letter cannot be withdrawn: it is not out, or its guardians already ask for a talk."
        ),
        "settled_already": _("This talk was noted already."),
    }
    return words[code]


def all_why_not(reasons: Iterable[WhyNot]) -> str:
    """Return several reasons as sentences in a row."""
    return " ".join(why_not_words(reason) for reason in reasons)
