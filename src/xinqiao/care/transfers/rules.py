"""Why a file is not sent, taken in or sent back, and which part of it goes. Pure."""

from collections.abc import Sequence

NOBODY_CHOSEN, NO_SCHOOL, SAME_SCHOOL, NO_SUCH_CODE = "nobody_chosen", "no_school", "same_school", "no_such_code"
NOT_TO_DECIDE, CONSENT_REFUSED, NO_REASON = "not_to_decide", "consent_refused", "no_reason"
NOT_WAITING, NOT_TAKEN, NO_PUPIL = "not_waiting", "not_taken", "no_pupil"
GONE, NO_FORM, TOO_YOUNG = "gone", "no_form", "too_young"
CAME_WITH_LEVEL, CAME_WITH_CASE = "came_with_level", "came_with_case"  # what a signal about a newcomer rests on
CALLS_FOR_A_LOOK = ("red", "orange", "yellow")
AGAINST = ("refused", "withdrawn")


def chosen_sections(minimum: Sequence[str], by_consent: Sequence[str], consent: str | None) -> tuple[str, ...]:
    """Return the codes of sections that go: the least without asking, all by consent, nothing against a no.

    `consent` is what the decisions on handing over come to ("given", "refused", "withdrawn", "open", "not_needed"), or
    None where nobody was asked. Silence is no consent here, whatever the form says.
    """
    if consent in AGAINST:
        return ()
    return (*minimum, *by_consent) if consent == "given" else tuple(minimum)


def refusals_to_send(state: str, consent: str | None, *, has_school: bool, is_same: bool) -> list[str]:
    """Why one file cannot be sent."""
    if state not in ("owed", "returned"):
        return [NOT_TO_DECIDE]
    codes = [CONSENT_REFUSED] if consent in AGAINST else []
    if not has_school:
        return [*codes, NO_SCHOOL]
    return codes + ([SAME_SCHOOL] if is_same else [])


def refusals_to_keep(state: str, reason: str) -> list[str]:
    """Why it cannot be noted that a file is not handed over."""
    if state not in ("owed", "returned"):
        return [NOT_TO_DECIDE]
    return [] if reason.strip() else [NO_REASON]


def refusals_to_take(state: str, *, is_found: bool) -> list[str]:
    """Why a file that came cannot be taken in."""
    if state != "waiting":
        return [NOT_WAITING]
    return [] if is_found else [NO_PUPIL]


def refusals_to_decline(state: str, reason: str) -> list[str]:
    """Why a file that came cannot be sent back."""
    if state != "waiting":
        return [NOT_WAITING]
    return [] if reason.strip() else [NO_REASON]
