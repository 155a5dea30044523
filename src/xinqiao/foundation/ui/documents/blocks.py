"""What a report is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["plain", "soft", "warning"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `soft` in small grey letters, `warning` in a box."""

    text: str
    tone: Tone = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    texts: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Grid:
    """A table: the first column names the row, the others hold numbers as text. Rows are as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    is_numeric: bool = True
    kind: Literal["grid"] = "grid"

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows, each cell with its column's name."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Bars:
    """Stacked bars of shares: `series` are (label, tone) as charts take them, rows (label, counts in that order); a row
    without counts says `hidden` instead of a bar. `first` names what a row is."""

    title: str
    first: str
    series: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...] | None], ...]
    hidden: str
    kind: Literal["bars"] = "bars"

    @property
    def drawn(self) -> list[tuple[str, tuple[int, ...]]]:
        """The rows that have a bar."""
        return [(label, counts) for label, counts in self.rows if counts is not None]

    @property
    def without(self) -> list[str]:
        """The labels of rows that have none."""
        return [label for label, counts in self.rows if counts is None]


Block: TypeAlias = Paragraph | Bullets | Grid | Bars


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A whole document. `facts` (label, value) stand under the title, `footer` on every page, and so does
    `watermark`, where there is one, large and pale behind the words."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    watermark: str = ""
