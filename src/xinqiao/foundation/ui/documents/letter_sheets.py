"""Letters as PDF: one page each, all with the same frame, so that no letter looks different from another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterSheet:
    """One page. `outside` (whose it is) stands on the strip that is folded outwards; `code` is printed large."""

    outside: str
    title: str
    paragraphs: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class LetterFrame:
    """What all pages share, in the reader's language. `qr` is an SVG of the address."""

    sender: str
    fold: str
    greeting: str
    closing: str
    how: str
    address: str
    code_label: str
    until: str
    hotlines_label: str
    hotlines: tuple[str, ...]
    footer: str
    qr: str
