"""What a pack says of the mailbox: as it is written, flattened, and as it reads on the policy's page."""

from dataclasses import dataclass
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from msgspec import Meta

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.pack_parts import Count, Length, Recipient, Sourced, Struct

Rungs = Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]


class Mailbox(Struct, frozen=True):
    """Letters of pupils: within how long they are answered, what an urgent one is, how a sealed name is opened, and how
    many letters and words are taken in an hour."""

    answer_within: Sourced[Length]
    urgent: Sourced[Literal["red"]]
    urgent_within: Sourced[Length]
    decide_within: Sourced[Length]
    confirm_within: Sourced[Length]
    second_rungs: Sourced[Rungs]
    letters_an_hour: Sourced[Count]
    words_an_hour: Sourced[Count]


@dataclass(frozen=True)
class MailboxRules:
    """The same, flattened. `decide_within` is for a request to open a name, `confirm_within` for one that was opened to
    save a life; `ladder` is who hears of both, `letters_an_hour` are those of one class code."""

    answer_within: ClockRule
    urgent: str
    urgent_within: ClockRule
    decide_within: ClockRule
    confirm_within: ClockRule
    ladder: tuple[tuple[str, ...], ...]
    letters_an_hour: int
    words_an_hour: int


def mailbox_rules(rules: Mailbox) -> MailboxRules:
    """Flatten what a pack says of the mailbox."""
    return MailboxRules(
        answer_within=rules.answer_within.value.rule(),
        urgent=rules.urgent.value,
        urgent_within=rules.urgent_within.value.rule(),
        decide_within=rules.decide_within.value.rule(),
        confirm_within=rules.confirm_within.value.rule(),
        ladder=tuple(tuple(rung) for rung in rules.second_rungs.value),
        letters_an_hour=rules.letters_an_hour.value,
        words_an_hour=rules.words_an_hour.value,
    )


def mailbox_label_words() -> dict[str, str]:
    """Return what each value is called, by its path in the pack."""
    return {
        "mailbox.answer_within": _("A letter is answered within"),
        "mailbox.urgent": _("A letter that does not wait is"),
        "mailbox.urgent_within": _("A letter that does not wait is taken up within"),
        "mailbox.decide_within": _("A second person decides on opening a name within"),
        "mailbox.confirm_within": _("A name opened to save a life is looked at by a second person within"),
        "mailbox.second_rungs": _("Who is asked as the second person"),
        "mailbox.letters_an_hour": _("Letters of one class in an hour, at most"),
        "mailbox.words_an_hour": _("Words written on to one letter in an hour, at most"),
    }
