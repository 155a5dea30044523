"""A form in two copies: one to take along, one that is signed and stays. Every word comes from the caller."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TwoCopies:
    """The same words twice. `choices` are ticked and `lines` are filled in by hand on the copy that stays."""

    sender: str
    title: str
    take_along: str
    stays: str
    greeting: str
    paragraphs: tuple[str, ...]
    boxed_title: str
    boxed: tuple[tuple[str, str], ...]
    closing: str
    hotlines_label: str
    hotlines: tuple[str, ...]
    receipt: str
    choices: tuple[str, ...]
    lines: tuple[str, ...]
    footer: str
