"""Whom a line of a staff list means. Pure: what is known is an argument. Nobody is guessed."""

from collections.abc import Iterable
from dataclasses import dataclass

SKIP, NEW = "skip", "new"


@dataclass(frozen=True, slots=True)
class Known:
    """A member of staff of the school who is still there, opened."""

    id: str
    name: str
    number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of who it is."""

    name: str
    number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """new, known (then `who` has one id), or doubt (then `who` has everybody it could be)."""

    match: str
    who: tuple[str, ...] = ()


def whom_it_means(said: Said, known: Iterable[Known]) -> Meant:
    """Return whom a line means.

    A number that the school knows means its bearer if the name agrees; under another name it is asked. Without a known
    number, name and telephone together mean one person. A name alone is never enough where something else differs or is
    not known on either side: it is asked.
    """
    some = list(known)
    bearers = [one for one in some if said.number and one.number == said.number]
    if bearers:
        is_same = len(bearers) == 1 and bearers[0].name == said.name
        return Meant("known" if is_same else "doubt", tuple(one.id for one in bearers))
    namesakes = [one for one in some if one.name == said.name]
    sure = [one for one in namesakes if said.phone and one.phone == said.phone and not (said.number and one.number)]
    if len(sure) == 1:
        return Meant("known", (sure[0].id,))
    possible = [one for one in namesakes if not _differs(said, one)]
    return Meant("doubt", tuple(one.id for one in possible)) if possible else Meant("new")


def _differs(said: Said, one: Known) -> bool:
    """Do both have a number, and not the same? Telephones change, numbers do not."""
    return bool(said.number and one.number and said.number != one.number)


def claimed_twice(claims: Iterable[tuple[int, str]]) -> tuple[int, int] | None:
    """Return the first two rows that mean the same person, from (row, id of the person); None where nobody is claimed
    twice. What is no person (new, skip, not answered) is claimed by nobody."""
    first: dict[str, int] = {}
    for row, who in claims:
        if who in ("", NEW, SKIP):
            continue
        if who in first:
            return first[who], row
        first[who] = row
    return None


def doubled(meant: Iterable[tuple[str, Meant]]) -> set[str]:
    """Return the lines that mean somebody whom an earlier line means already."""
    seen: set[str] = set()
    later = set()
    for line, one in meant:
        if one.match == "known":
            if one.who[0] in seen:
                later.add(line)
            seen.add(one.who[0])
    return later
