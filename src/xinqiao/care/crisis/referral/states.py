"""Enums of partner institutions and referrals, and the table of what a referral may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class PartnerKind(models.TextChoices):
    """What an institution is that pupils are referred to."""

    HOSPITAL = "hospital", _("Hospital")
    STATION = "station", _("County station")
    OTHER = "other", _("Other institution")


class ReferralState(models.TextChoices):
    """Where a referral stands."""

    DRAFT = "draft", _("Referral being written")
    READY = "ready", _("Ready to be sent")
    REFUSED = "refused", _("Family does not agree")
    SENT = "sent", _("Sent, not answered yet")
    ACCEPTED = "accepted", _("Accepted, no visit day yet")
    DECLINED = "declined", _("Declined")
    VISIT_DATED = "visit_dated", _("Visit day named")
    ATTENDED = "attended", _("Was at the institution")
    ADVICE = "advice", _("Advice has arrived")
    RETURNED = "returned", _("Back to the school")
    CLOSED = "closed", _("Referral closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the school")


class StepKind(models.TextChoices):
    """One dated thing in the story of a referral."""

    WRITTEN = "written", _("Written")
    HANDED = "handed", _("Advice handed to the guardians")
    AGREED = "agreed", _("The family agreed")
    REFUSED = "refused", _("The family did not agree")
    READY = "ready", _("Looked through as the institution will see it")
    SENT = "sent", _("Sent")
    OVERRIDDEN = "overridden", _("Sent without consent in an emergency")
    OPENED = "opened", _("Opened by the institution")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    VISIT_DATED = "visit_dated", _("First visit day named")
    ATTENDED = "attended", _("Was there")
    ADVICE = "advice", _("Advice for the pupil's safety")
    RETURNED = "returned", _("Back to the school")
    OVERDUE = "overdue", _("Overdue; those above were told")
    READ = "read", _("The answer was read at the school")
    SHUT = "shut", _("The family took its consent back; the link opens nothing")
    REOPENED = "reopened", _("The family agrees again; the link opens as before")
    CLOSED = "closed", _("Closed with a reason")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Way(models.TextChoices):
    """How an answer came."""

    LINK = "link", _("by the link")
    SCHOOL = "school", _("noted at the school")


class DeclineReason(models.TextChoices):
    """Why an institution does not take a referral."""

    FULL = "full", _("No place free at present")
    ELSEWHERE = "elsewhere", _("Another institution is the right one")
    MORE_NEEDED = "more_needed", _("Something is missing, please send again")
    OTHER = "other", _("Another reason")


class EndReason(models.TextChoices):
    """Why a referral is closed or withdrawn."""

    IN_CARE = "in_care", _("In care at the institution; the school stays in touch")
    BACK = "back", _("Back at the school, nothing further there")
    ELSEWHERE = "elsewhere", _("The family chose another institution")
    SENT_AGAIN = "sent_again", _("Referred anew")
    NOT_COMING = "not_coming", _("The family does not go; the school has talked to them again")
    NOT_NEEDED = "not_needed", _("No longer needed")


class Shared(models.TextChoices):
    """What an institution may be shown besides what it always is; each is chosen by itself."""

    NAME = "name", _("Name of the pupil")
    SEX = "sex", _("Sex")
    AGE = "age", _("Age in completed years")
    OBSERVED = "observed", _("What was observed")
    FAMILY_PHONE = "family_phone", _("Name and telephone of a guardian")


S, EDIT, HOLDER = ReferralState, Permission.REFERRAL_EDIT, ""

MOVES = (
    Move(S.READY, S.DRAFT, EDIT, "crisis.referral.written"),
    Move(S.REFUSED, S.DRAFT, EDIT, "crisis.referral.agreed"),
    Move(S.DRAFT, S.READY, EDIT, "crisis.referral.readied"),
    Move(S.REFUSED, S.READY, EDIT, "crisis.referral.readied"),
    Move(S.DRAFT, S.REFUSED, EDIT, "crisis.referral.refused"),
    Move(S.READY, S.REFUSED, EDIT, "crisis.referral.refused"),
    Move(S.READY, S.SENT, EDIT, "crisis.referral.sent"),
    Move(S.SENT, S.ACCEPTED, HOLDER, "crisis.referral.accepted"),
    Move(S.SENT, S.DECLINED, HOLDER, "crisis.referral.declined"),
    Move(S.ACCEPTED, S.VISIT_DATED, HOLDER, "crisis.referral.visit_dated"),
    Move(S.VISIT_DATED, S.VISIT_DATED, HOLDER, "crisis.referral.visit_dated"),
    Move(S.ACCEPTED, S.ATTENDED, HOLDER, "crisis.referral.attended"),
    Move(S.VISIT_DATED, S.ATTENDED, HOLDER, "crisis.referral.attended"),
    Move(S.ATTENDED, S.ADVICE, HOLDER, "crisis.referral.advised"),
    Move(S.ADVICE, S.ADVICE, HOLDER, "crisis.referral.advised"),
    Move(S.ATTENDED, S.RETURNED, HOLDER, "crisis.referral.returned"),  # a county station only
    Move(S.ADVICE, S.RETURNED, HOLDER, "crisis.referral.returned"),
    Move(S.ATTENDED, S.CLOSED, HOLDER, "crisis.referral.closed"),
    Move(S.ADVICE, S.CLOSED, HOLDER, "crisis.referral.closed"),
    Move(S.DECLINED, S.CLOSED, EDIT, "crisis.referral.closed"),
    Move(S.RETURNED, S.CLOSED, EDIT, "crisis.referral.closed"),
    *(Move(source, S.WITHDRAWN, EDIT, "crisis.referral.withdrawn")
      for source in (S.DRAFT, S.READY, S.REFUSED, S.SENT, S.ACCEPTED, S.VISIT_DATED)),
)  # fmt: skip
IN_PREPARATION = (S.DRAFT, S.READY, S.REFUSED)
# Those that link and code open; nothing is shown of any other.
WITH_INSTITUTION = (S.SENT, S.ACCEPTED, S.VISIT_DATED, S.ATTENDED, S.ADVICE)
ENDED = (S.CLOSED, S.WITHDRAWN)
# Who has the next move where no clock of its own says so: somebody at the school, or whoever sees the pupil there.
WAITS_FOR_SCHOOL = (S.DRAFT, S.READY, S.DECLINED, S.RETURNED)
IS_SEEN_THERE = (S.ATTENDED, S.ADVICE)
EVENTS = {move.target: move.event for move in MOVES}


def sources_of(target: ReferralState) -> list[str]:
    """Return the states from which a referral may come to `target`."""
    return list(sources_among(MOVES, target))


def answers_from(state: str, *, is_station: bool) -> list[ReferralState]:
    """Return what an institution may answer in a state; only a county station sends a pupil back to the school."""
    found = [move.target for move in MOVES if move.source == state and move.permission == HOLDER]
    return [target for target in dict.fromkeys(found) if is_station or target is not S.RETURNED]


def referral_diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/referral.md holds it."""
    return draw_moves(MOVES, [S.DRAFT], born="crisis.referral.written", ends=ENDED)
