"""Codes of transfers in words."""

from django.utils.translation import gettext as _

from xinqiao.care.alerts.states import Level
from xinqiao.care.alerts.wording import register_reason
from xinqiao.care.transfers import rules
from xinqiao.care.transfers.rules import CAME_WITH_CASE, CAME_WITH_LEVEL
from xinqiao.engines.triage import Reason


def refusal_words(code: str) -> str:
    """Return why an act was refused, and how to mend it."""
    return {
        rules.NOBODY_CHOSEN: _("Files: none is ticked. Tick at least one."),
        rules.NO_SCHOOL: _("Next school: for a ticked pupil the register knows none. Choose one, or type its code."),
        rules.SAME_SCHOOL: _("Next school: that is the school which was left. Choose another one."),
        rules.NO_SUCH_CODE: _("School code: no open school has it. Ask the next school for its code."),
        rules.NOT_TO_DECIDE: _("One of the files was decided on meanwhile. Open the page again and tick anew."),
        rules.CONSENT_REFUSED: _("For a ticked pupil handing over was refused. Untick it, and say why it is kept."),
        rules.NO_REASON: _("Reason: it is empty. Say why in a sentence."),
        rules.NOT_WAITING: _("One of the files was taken in, sent back or called back meanwhile. Open the page again."),
        rules.NOT_TAKEN: _("One of the files is not taken in yet, or acknowledged already. Open the page again."),
        rules.NO_PUPIL: _("Pupil: nobody at this school has this number. Enrol the pupil first, or type another."),
        rules.GONE: _("One of the files is not of this school any more. Open the page again and tick anew."),
        rules.NO_FORM: _("No consent form for handing files over is published. Publish one on the page Consent."),
        rules.TOO_YOUNG: _("Who decided: at this age the guardian decides. Ask the guardian."),
    }[code]


FIELDS = {
    rules.NOBODY_CHOSEN: "picked", rules.NO_SCHOOL: "school", rules.SAME_SCHOOL: "school", rules.NO_SUCH_CODE: "code",
    rules.NO_REASON: "reason", rules.NO_PUPIL: "number", rules.TOO_YOUNG: "given_by", rules.CONSENT_REFUSED: "picked",
}  # fmt: skip


def register_reasons() -> None:
    """Say to alerts how the reasons of signals about pupils who came read."""
    register_reason(CAME_WITH_LEVEL, _level_words)
    register_reason(CAME_WITH_CASE, lambda _reason: _("the school before had an open case"))


def _level_words(reason: Reason) -> str:
    level = Level(reason.details[0]).label if reason.details else ""
    return _("the school before had set: {level}").format(level=level)
