"""What a pack says of files that go to the next school: as it is written, flattened, and as it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from msgspec import Meta

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.pack_parts import Length, Recipient, Sourced, Struct

Rungs = Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]
# What may go without asking says no score and no note: sections that have a form for printing.
Least = Literal["classes", "plan", "levels"]
Asked = Literal["family", "screening", "talks", "cases", "watches", "referrals", "leaves", "letters", "counselling"]


class Transfers(Struct, frozen=True):
    """Files at a change of school or stage. `minimum`: sections that go without asking, for care to go on;
    `by_consent`: those that go only where consent to handing over was given."""

    minimum: Sourced[list[Least]]
    by_consent: Sourced[list[Asked]]
    send_within: Sourced[Length]
    take_within: Sourced[Length]
    rungs: Sourced[Rungs]


@dataclass(frozen=True)
class TransferRules:
    """The same, flattened. `send_within` runs from the day a pupil left, `take_within` from a file's arrival until it
    is acknowledged; `ladder` is who hears of a file that rests, at the school where it rests."""

    minimum: tuple[str, ...]
    by_consent: tuple[str, ...]
    send_within: ClockRule
    take_within: ClockRule
    ladder: tuple[tuple[str, ...], ...]


def transfer_rules(part: Transfers) -> TransferRules:
    """Flatten the part of a pack."""
    return TransferRules(
        minimum=tuple(part.minimum.value),
        by_consent=tuple(part.by_consent.value),
        send_within=part.send_within.value.rule(),
        take_within=part.take_within.value.rule(),
        ladder=tuple(tuple(rung) for rung in part.rungs.value),
    )


def transfer_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "transfers.minimum": _("Goes to the next school without asking"),
        "transfers.by_consent": _("Goes to the next school only with consent"),
        "transfers.send_within": _("The file of a pupil who left is handed over within"),
        "transfers.take_within": _("A file that came is acknowledged within"),
        "transfers.rungs": _("Who hears of a file that rests"),
    }


def section_lines(codes: Sequence[str]) -> tuple[str, ...]:
    """Return sections of a file in words."""
    words = {
        "classes": _("Classes over time"), "plan": _("Growth plan"), "levels": _("Level and advice"),
        "family": _("Family, upbringing, experience"), "screening": _("Screening"), "talks": _("Talks"),
        "cases": _("Cases"), "watches": _("Kept in view"), "referrals": _("Referrals"),
        "leaves": _("Leave and return"), "letters": _("Letters to guardians"), "counselling": _("Counselling"),
    }  # fmt: skip
    return tuple(words[code] for code in codes)
