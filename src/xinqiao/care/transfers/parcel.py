"""What travels: who the pupil is, from where, the level, and dated lines by section. Its JSON is sealed."""

import datetime as dt

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One dated entry of a section."""

    at: dt.datetime
    title: str
    text: str = ""
    who: str = ""


class Part(msgspec.Struct, frozen=True):
    """One section with its entries, oldest first."""

    code: str
    title: str
    lines: tuple[Line, ...] = ()


class Parcel(msgspec.Struct, frozen=True):
    """A file on its way. `level` is the level of risk in force when it left ("" for none), `has_case` says that a case
    was running; both call for a look at the next school. `birth` is a date in ISO form, or ""."""

    name: str
    sex: str
    birth: str
    school: str
    left_on: dt.date
    level: str = ""
    has_case: bool = False
    parts: tuple[Part, ...] = ()


def parcel_text(parcel: Parcel) -> str:
    """Return a parcel as JSON."""
    return msgspec.json.encode(parcel).decode()


def read_parcel(text: str) -> Parcel:
    """Return the parcel that JSON holds. Raises msgspec.ValidationError where it is none."""
    return msgspec.json.decode(text, type=Parcel)
