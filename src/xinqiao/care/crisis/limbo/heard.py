"""Climbs of clocks that a room tells of by an event of its own: each reached somebody, on its rung, in time."""

from collections.abc import Iterator

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw, events_by


def unheard_climbs(raw: Raw, allowance: Allowance, *, kind: str, event: str, fact: str, code: str) -> Iterator[Fault]:
    """Yield a fault of a code for every climb about a row of a kind that no event tells as sent to somebody.

    The event names the row in a fact, and beside it `clock`, `rung` and how many messages were `sent`.
    """
    words = events_by(event, fact)
    for key in raw.others[kind]:
        own = words.get(key, ())
        for climb in raw.climbs.get(key, ()):
            is_heard = any(
                (each["clock"], each["rung"]) == (climb["kind"], climb["rung"])
                and each["sent"] and abs(each["at"] - climb["at"]) <= allowance.late
                for each in own
            )  # fmt: skip
            if not is_heard:
                yield Fault(code, kind, key, f"{climb['kind']} {climb['rung']}")
