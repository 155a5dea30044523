"""What a run came to, as JSON for its sealed column: counts, and who is meant, up to a few hundred of each kind."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from xinqiao.register.people.roster.planning import Chunk
from xinqiao.register.people.roster.settling import Revision, Settlement
from xinqiao.register.people.roster.wanted import Note, ReadRoster, Refusal, Wanted

MOST_NAMED = 300
MOST_REFUSED = 2000
_HALF_SHOWN = ("id_number", "national_number")

Cohort = list[Any]


@dataclass
class Counts:
    """How many pupils of a file are created, updated, moved, left alone; how many of the unit are missing from it."""

    created: int = 0
    updated: int = 0
    moved: int = 0
    unchanged: int = 0
    missing: int = 0
    rejected: int = 0

    def add(self, settled: Settlement) -> None:
        """Count one settled chunk."""
        self.created += len(settled.newcomers)
        self.updated += settled.updated_count
        self.moved += len(settled.moved)
        self.unchanged += settled.unchanged


@dataclass
class Outcome:
    """Counts with names. A class is [stage, entry year, number, primary years]; `refused` are refusals as dicts."""

    counts: Counts = field(default_factory=Counts)
    created: list[dict[str, Any]] = field(default_factory=list)
    updated: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, chunk: Chunk, settled: Settlement) -> None:
        """Note one settled chunk."""
        self.counts.add(settled)
        for wanted in settled.newcomers[: max(0, MOST_NAMED - len(self.created))]:
            self.created.append({"name": wanted.row.name, "class": _cohort(chunk, wanted), "row": wanted.row.row})
        for one in settled.revised:
            listed = self.moved if one.is_moving else self.updated
            if len(listed) < MOST_NAMED:
                listed.append(_revised(chunk, one))

    def add_refused(self, refused: Sequence[Refusal]) -> None:
        """Note refused rows; a row with several faults counts once."""
        self.counts.rejected = len({(one.sheet, one.row) for one in refused})
        self.refused = [as_dict(one) for one in refused[:MOST_REFUSED]]

    def add_notes(self, read: ReadRoster) -> None:
        """Note what was said about the file."""
        self.notes = [{"code": note.code, "params": dict(note.params)} for note in read.notes]

    def as_json(self) -> str:
        """Return it as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """Read what was stored."""
        body = json.loads(text)
        return cls(counts=Counts(**body.pop("counts")), **body)


def as_dict(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as it is stored."""
    return {
        "sheet": refusal.sheet, "row": refusal.row, "column": refusal.column, "code": refusal.code,
        "params": dict(refusal.params), "said": dict(refusal.said),
    }  # fmt: skip


def refusals_of(stored: Iterable[dict[str, Any]]) -> list[Refusal]:
    """Return stored refusals."""
    return [Refusal(**one) for one in stored]


def notes_of(stored: Iterable[dict[str, Any]]) -> list[Note]:
    """Return stored notes."""
    return [Note(**one) for one in stored]


def _cohort(chunk: Chunk, wanted: Wanted) -> Cohort:
    return [*wanted.cohort, chunk.school.primary_years]


def _revised(chunk: Chunk, one: Revision) -> dict[str, Any]:
    changes = [[c.field, _shown(c.field, c.old), _shown(c.field, c.new)] for c in one.changes]
    changes += [["guardian", "", c.draft.name] for c in one.guardians]
    return {
        "name": one.opened["name"], "class": _cohort(chunk, one.wanted), "row": one.wanted.row.row,
        "from": one.student.place if one.is_moving else "", "changes": changes,
    }  # fmt: skip


def _shown(name: str, value: Any) -> Any:
    """Identity numbers are shown by their last four characters: enough to see that one changed."""
    return f"…{value[-4:]}" if name in _HALF_SHOWN and isinstance(value, str) else value
