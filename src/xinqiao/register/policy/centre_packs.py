"""What a pack says of a school's counselling centre: how long it is open, its rooms, its hours. No Django here."""

from typing import Annotated, Literal

from msgspec import Meta

from xinqiao.register.policy.emergency_packs import Named
from xinqiao.register.policy.pack_parts import Count, Length, Minutes, Sourced, Struct, UrgencyCode

Zone = Literal["reception", "individual", "group", "development"]
Hours = Annotated[float, Meta(gt=0, le=60)]
SquareMetres = Annotated[float, Meta(gt=0, le=1000)]


class ZoneRule(Struct, frozen=True, omit_defaults=True):
    """A kind of space that a centre has at least one of; its size in m2 where the source gives one."""

    zone: Zone
    at_least: SquareMetres | None = None
    at_most: SquareMetres | None = None


class Centre(Struct, frozen=True):
    """The counselling centre: opening, spaces, the hours that can be booked, and what follows when nobody came.

    `hours_a_day` holds on every school day, `hours_a_week` in a week without a holiday. `reminded_days` are the days
    before a booked hour on which staff are reminded of it; `waiting_within` is how long a pupil waits for an hour at
    most, the shorter one for the levels of `missed_urgent_levels`; `feed_an_hour` how often a calendar may be fetched.
    """

    hours_a_day: Sourced[Hours]
    hours_a_week: Sourced[Hours]
    zones: Sourced[Annotated[list[ZoneRule], Meta(min_length=1)]]
    slot_minutes: Sourced[Minutes]
    pause_minutes: Sourced[Annotated[int, Meta(ge=0, le=120)]]
    ahead_days: Sourced[Count]
    open_bookings: Sourced[Annotated[int, Meta(ge=1, le=9)]]
    missed_within: Sourced[Length]
    missed_urgent_within: Sourced[Length]
    missed_urgent_levels: Sourced[list[UrgencyCode]]
    waiting_within: Sourced[Length]
    waiting_urgent_within: Sourced[Length]
    topics: Sourced[Annotated[list[Named], Meta(min_length=1)]]
    reminded_days: Sourced[Annotated[list[Count], Meta(min_length=1)]]
    feed_an_hour: Sourced[Annotated[int, Meta(ge=1, le=3600)]]
