"""What a pack says of a counselling centre, flattened for the program."""

from dataclasses import dataclass

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.centre_packs import Centre, ZoneRule
from xinqiao.register.policy.emergency_packs import Named


@dataclass(frozen=True)
class CentreRules:
    """The rules of a centre: hours in clock hours, sizes in m2, slots and pauses in minutes."""

    hours_a_day: float
    hours_a_week: float
    zones: tuple[ZoneRule, ...]
    slot_minutes: int
    pause_minutes: int
    ahead_days: int
    open_bookings: int
    missed_within: ClockRule
    missed_urgent_within: ClockRule
    missed_urgent_levels: tuple[str, ...]
    waiting_within: ClockRule
    waiting_urgent_within: ClockRule
    topics: tuple[Named, ...]
    reminded_days: tuple[int, ...]
    feed_an_hour: int

    def missed_rule(self, level: str) -> ClockRule:
        """Return within how long somebody looks after a pupil who did not come; `level` is the level of attention."""
        return self.missed_urgent_within if level in self.missed_urgent_levels else self.missed_within

    def waiting_rule(self, level: str) -> ClockRule:
        """Return how long a pupil waits for an hour at most; `level` is the level of attention."""
        return self.waiting_urgent_within if level in self.missed_urgent_levels else self.waiting_within


def centre_rules(rules: Centre) -> CentreRules:
    """Flatten a pack's section."""
    return CentreRules(
        hours_a_day=rules.hours_a_day.value,
        hours_a_week=rules.hours_a_week.value,
        zones=tuple(rules.zones.value),
        slot_minutes=rules.slot_minutes.value,
        pause_minutes=rules.pause_minutes.value,
        ahead_days=rules.ahead_days.value,
        open_bookings=rules.open_bookings.value,
        missed_within=rules.missed_within.value.rule(),
        missed_urgent_within=rules.missed_urgent_within.value.rule(),
        missed_urgent_levels=tuple(rules.missed_urgent_levels.value),
        waiting_within=rules.waiting_within.value.rule(),
        waiting_urgent_within=rules.waiting_urgent_within.value.rule(),
        topics=tuple(rules.topics.value),
        reminded_days=tuple(sorted(rules.reminded_days.value, reverse=True)),
        feed_an_hour=rules.feed_an_hour.value,
    )
