"""The hand-kept tables: expected.txt (page × role × relation) and canary_table.txt (data × role × reach).

Grammar of expected.txt, line by line:

    # remark
    group NAME: role@reach role@reach …
    family TITLE | data class | why
    admits role@reach group …          whom the family's pages admit, and how far
    GET|POST|BOTH route [kwarg=object …] [?query] [+field=value …]     a POST sends the fields, or nothing

`reach` is the widest ring around the role's own unit in which the page opens: nowhere < class < grade < school <
county < city < province < anywhere. A role that is not admitted gets 403; one that is, but not so far, gets 404.
`role@reach=STATUS` says what it gets inside its reach instead of the page; so does `everyone=STATUS`.
`public` admits everyone, signed in or not; `everyone` whoever is signed in.

An object written `~campaign` is carried along and does not decide how far a role must reach; `own_class/campaign` is
that of one spot whatever spot is visited (crossed: one's own campaign with somebody else's class); `=word` is itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
REACHES = ("nowhere", "class", "grade", "school", "county", "city", "province", "anywhere")
ANONYMOUS, NO_ROLE = "anonymous", "no_role"


class Misspelt(ValueError):
    """A line of a table cannot be read; the message names it."""


@dataclass
class Family:
    """Pages that open to the same people for the same reason."""

    title: str
    data_class: str
    why: str
    admits: dict[str, str] = field(default_factory=dict)
    is_public: bool = False
    everyone: str = ""

    def reach_of(self, role: str) -> str | None:
        """How far the role gets; None where it is not admitted at all."""
        if self.is_public or (self.everyone and role != ANONYMOUS):
            return "anywhere"
        said = self.admits.get(role)
        return said.split("=")[0] if said else None

    def instead_of(self, role: str) -> str:
        """The status that the role gets inside its reach instead of the page; empty for the page itself."""
        return (self.everyone or self.admits.get(role, "")).partition("=")[2]


@dataclass(frozen=True)
class Row:
    """One route and method of a family; `objects` says which thing each URL argument is."""

    route: str
    method: str
    family: Family
    objects: dict[str, str]
    query: str
    body: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        crossed = " crossed" if any("/" in thing for thing in self.objects.values()) else ""
        return f"{self.method} {self.route}{'?' + self.query if self.query else ''}{crossed}"

    @property
    def things(self) -> tuple[str, ...]:
        """The objects of a spot that decide how far a role must reach."""
        return tuple(thing for thing in self._all_things() if not thing.startswith("~") and "/" not in thing)

    @property
    def is_of_a_spot(self) -> bool:
        """Does the address name anything that differs from spot to spot?"""
        return any("/" not in thing for thing in self._all_things())

    def _all_things(self) -> list[str]:
        braced = [part.split("}", 1)[0] for part in self.query.split("{")[1:]]
        return [*(thing for thing in self.objects.values() if not thing.startswith("=")), *braced]


def _lines(name: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        text = line.split("#", 1)[0].strip()
        if text:
            yield number, text


def _admitted(words: list[str], groups: dict[str, dict[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        if word in groups:
            found |= groups[word]
            continue
        role, _, reach = word.partition("@")
        if reach.split("=")[0] not in REACHES:
            raise Misspelt(f"{word}: neither a group nor role@reach")
        found[role] = reach
    return found


def read_expected(name: str = "expected.txt") -> list[Row]:
    """Read the table of pages; raise Misspelt with the line."""
    groups: dict[str, dict[str, str]] = {}
    family, rows = None, []
    for number, text in _lines(name):
        word, _, rest = text.partition(" ")
        try:
            if word == "group":
                title, _, members = rest.partition(":")
                groups[title.strip()] = _admitted(members.split(), groups)
            elif word == "family":
                family = Family(*(part.strip() for part in rest.split("|")))
            elif family is None:
                raise Misspelt("no family yet")
            elif word == "admits":
                _admit(family, rest.split(), groups)
            elif word in ("GET", "POST", "BOTH"):
                rows += _rows(word, rest.split(), family)
            else:
                raise Misspelt(word)
        except (Misspelt, TypeError) as error:
            raise Misspelt(f"{name}:{number}: {error}") from error
    return rows


def _admit(family: Family, words: list[str], groups: dict[str, dict[str, str]]) -> None:
    family.is_public = "public" in words
    family.everyone = next((word for word in words if word.startswith("everyone")), "")
    family.admits |= _admitted([w for w in words if w not in ("public", family.everyone)], groups)


def _rows(word: str, rest: list[str], family: Family) -> Iterator[Row]:
    objects = dict(part.split("=", 1) for part in rest[1:] if part[0] not in "?+")
    body = dict(part[1:].split("=", 1) for part in rest[1:] if part.startswith("+"))
    query = next((part[1:] for part in rest[1:] if part.startswith("?")), "")
    for method in ("GET", "POST") if word == "BOTH" else (word,):
        yield Row(rest[0], method, family, objects, query, body)


def read_canary_table(name: str = "canary_table.txt") -> dict[str, dict[str, str]]:
    """Read who may meet which planted value: `kind | data class | admits, or - for nobody | why`."""
    groups: dict[str, dict[str, str]] = {}
    found: dict[str, dict[str, str]] = {}
    for number, text in _lines(name):
        if text.startswith("group "):
            title, _, members = text[6:].partition(":")
            groups[title.strip()] = _admitted(members.split(), groups)
            continue
        kind, _data_class, admits, why = (part.strip() for part in text.split("|"))
        if not why:
            raise Misspelt(f"{name}:{number}: say why")
        for each in kind.split():
            found[each] = _admitted([word for word in admits.split() if word != "-"], groups)
    return found
