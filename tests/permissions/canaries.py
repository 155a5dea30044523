"""Planted values, one per kind and spot, and the search for them in whatever a response holds."""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

# Characters of CJK extension A: no page, name list or translation uses them.
RARE = "㐀㐁㐂㐃㐄㐅㐆㐇㐈㐉"
MARK = "QZ7"
# Kinds that are searched for as whole words, and however they are grouped.
GROUPED = (
    "pupil.number", "pupil.id_number", "pupil.pin", "pupil.code", "guardian.code", "guardian.phone",
    "staff.phone", "sheet.score", "letter.code", "referral.code",
)  # fmt: skip


@dataclass(frozen=True)
class Canary:
    """One planted value: `kind` is a line of canary_table.txt, `spot` whose it is."""

    kind: str
    spot: str
    value: str


def canary(kind: str, spot: str, kind_index: int, spot_index: int) -> Canary:
    """Make the value: names are of rare characters, numbers are long, prose carries a mark."""
    if kind.endswith(".name"):
        value = f"㛃{RARE[spot_index]}{'䶮䶴䶵䶳'[kind_index % 4]}"
    elif kind in ("pupil.id_number", "pupil.number", "guardian.phone", "staff.phone"):
        value = f"77{kind_index:02d}{spot_index:02d}0077013"
    elif kind == "sheet.score":
        value = f"7{spot_index}077"
    else:
        value = f"{MARK}{kind_index:02d}{spot_index:02d}X"
    return Canary(kind, spot, value)


def _grouped(value: str) -> re.Pattern[str]:
    """Match a value as a whole, also as `139 0000 0000` or `QZ70-900X`."""
    return re.compile(rf"(?<![0-9A-Za-z]){'[ -]?'.join(value)}(?![0-9A-Za-z])")


class Net:
    """All planted values, ready to be looked for."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.canaries = tuple(canaries)
        self._grouped = {c: _grouped(c.value) for c in self.canaries if c.kind in GROUPED}

    def found_in(self, text: str) -> set[Canary]:
        """Return the planted values that occur in a text; numbers and codes as a whole, however they are grouped."""
        flat = text.replace(" ", "").replace("-", "")
        near = {each for each in self.canaries if each.value in flat}
        return {each for each in near if each not in self._grouped or self._grouped[each].search(text)}

    def caught(self, response: Any) -> set[Canary]:
        """Return the planted values in the body (decoded, unzipped) and the headers of a response."""
        found: set[Canary] = set()
        for text in texts_of(response):
            found |= self.found_in(text)
        return found


def texts_of(response: Any) -> Iterator[str]:
    """Yield everything readable in a response: headers, cookies, body as it is and with its escapes undone."""
    yield from _unescaped("\n".join(f"{name}: {value}" for name, value in response.headers.items()))
    yield from _unescaped("\n".join(cookie.OutputString() for cookie in response.cookies.values()))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            for name in package.namelist():
                yield from _unescaped(package.read(name).decode("utf-8", "replace"))
    else:
        yield from _unescaped(body.decode("utf-8", "replace"))


def _unescaped(text: str) -> Iterator[str]:
    yield text
    if "&#" in text:
        yield html.unescape(text)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    if "%" in text:
        yield unquote(text)
