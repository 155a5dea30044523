"""Writing an iCalendar file (RFC 5545): lines of 75 octets, CRLF, escaped text, moments in UTC. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

OCTETS = 75  # RFC 5545, 3.1
PRODUCT = "-//XinQiao//Counselling centre//EN"


@dataclass(frozen=True)
class Event:
    """One stretch of time: aware moments, words and place as plain text. `is_busy`: it takes the person's time."""

    id: UUID
    start_at: dt.datetime
    end_at: dt.datetime
    words: str
    place: str
    is_busy: bool


def calendar_text(name: str, events: Iterable[Event], *, at: dt.datetime) -> str:
    """Return the whole file; `at` is the moment of writing."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{escaped(name)}"]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{event.id}", f"DTSTAMP:{moment(at)}", f"DTSTART:{moment(event.start_at)}",
            f"DTEND:{moment(event.end_at)}", f"SUMMARY:{escaped(event.words)}", f"LOCATION:{escaped(event.place)}",
            f"TRANSP:{'OPAQUE' if event.is_busy else 'TRANSPARENT'}", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def moment(at: dt.datetime) -> str:
    """Return an aware moment in UTC, as DATE-TIME of form 2."""
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return text as a TEXT value: backslash, semicolon, comma and line breaks written out, other controls left out."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    text = "\\n".join(text.splitlines())
    return "".join(sign for sign in text if sign == "\t" or sign.isprintable())


def folded(line: str) -> str:
    """Return a line in pieces of at most 75 octets, no character torn apart; each further piece begins with a blank."""
    pieces, piece, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    return "\r\n".join([*pieces, piece])
