"""Dealing pupils to mentors: whoever is near first, loads as equal as can be, brothers and sisters together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Pupil:
    """A pupil without a mentor: the class (by place), its stage, and the guardians by whom families are known."""

    id: UUID
    place: str
    stage: str
    guardians: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Mentor:
    """A teacher who may be given pupils: of which classes class teacher, over which places at work (a class, a grade,
    a stage or the school), in which stages ("" for all), and with how many pupils already."""

    id: UUID
    own_classes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    load: int = 0


@dataclass(frozen=True)
class Rules:
    """What the policy says; see `policy.family_rules.MentorRules`."""

    most: int
    own_class: bool
    siblings: bool


@dataclass
class _Table:
    """Loads while dealing. `base` is what everybody may have, `extra` how many may still have one more."""

    loads: dict[UUID, int]
    base: int
    extra: int
    most: int
    kept: dict[UUID, UUID] = field(default_factory=dict)

    def has_room(self, mentor: Mentor) -> bool:
        """May this mentor take one more without being ahead of the others?"""
        load = self.loads[mentor.id]
        return load < self.most and (load < self.base or (load == self.base and self.extra > 0))

    def give(self, pupil: Pupil, mentor_id: UUID) -> None:
        """Give a pupil to a mentor."""
        if self.loads[mentor_id] >= self.base:
            self.extra -= 1
        self.loads[mentor_id] += 1
        for guardian in pupil.guardians:
            self.kept.setdefault(guardian, mentor_id)


def deal(
    pupils: Iterable[Pupil], mentors: Sequence[Mentor], rules: Rules, kept: Mapping[UUID, UUID]
) -> dict[UUID, UUID]:
    """Return a mentor for each pupil, by id; whom nobody has room for is left out.

    `kept` says, by guardian, which mentor a brother or sister has. Whoever has pupils keeps them: only those given here
    are dealt, so that newcomers alone are dealt later by the same call.
    """
    waiting = sorted(pupils, key=lambda each: (each.place, each.id))
    if not mentors:
        return {}
    whole = sum(mentor.load for mentor in mentors) + len(waiting)
    base, extra = divmod(whole, len(mentors))
    ahead = sum(max(0, mentor.load - base) for mentor in mentors)
    loads = {mentor.id: mentor.load for mentor in mentors}
    table = _Table(loads, base, max(0, extra - ahead), rules.most, dict(kept))
    by_id, found = {mentor.id: mentor for mentor in mentors}, dict[UUID, UUID]()
    for wanted in (0, None):  # class teachers have first choice of their own class
        for pupil in waiting:
            chosen = _choice(pupil, by_id, table, rules, wanted) if pupil.id not in found else None
            if chosen is not None:
                table.give(pupil, chosen)
                found[pupil.id] = chosen
    return found


def _choice(
    pupil: Pupil, mentors: Mapping[UUID, Mentor], table: _Table, rules: Rules, wanted: int | None
) -> UUID | None:
    """Return who takes a pupil; with `wanted` only somebody at that distance, or a brother's or sister's mentor."""
    able = [
        each
        for each in mentors.values()
        if table.loads[each.id] < table.most and (rules.own_class or pupil.place not in each.own_classes)
    ]
    if not able:
        return None
    if rules.siblings:
        family = {table.kept[guardian] for guardian in pupil.guardians if guardian in table.kept}
        same = min((each.id for each in able if each.id in family), default=None)
        if same is not None:
            return same
    free = [each for each in able if table.has_room(each) and wanted in (None, _distance(each, pupil))]
    if not free and wanted is not None:
        return None
    if free:
        return min(free, key=lambda each: (_distance(each, pupil), table.loads[each.id], each.id)).id
    return min(able, key=lambda each: (table.loads[each.id], _distance(each, pupil), each.id)).id


def _distance(mentor: Mentor, pupil: Pupil) -> int:
    """The own class 0, the same grade or stage 1, the whole school 2, another stage 3."""
    if pupil.place in mentor.own_classes:
        return 0
    if pupil.stage in mentor.stages or any(pupil.place.startswith(place) for place in mentor.places):
        return 1
    return 2 if "" in mentor.stages else 3
