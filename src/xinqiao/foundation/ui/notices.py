"""The JSON that the behaviour `poll-notices` reads, as values, so that the endpoint and the page cannot disagree."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

MAX_POLL_SECONDS = 15  # a red notice is on the screen within 60 s of the tick: 15 s of polling leaves 45 s for the rest


@dataclass(frozen=True)
class Notice:
    """One urgent thing that waits for this reader. `title` holds no D3-D6 data: a projector may show it."""

    id: str
    title: str
    url: str
    urgency: str
    minutes_left: int | None = None
    is_acknowledged: bool = False


@dataclass(frozen=True)
class NoticeFeed:
    """All urgent notices of one reader."""

    notices: Sequence[Notice]

    def as_json(self) -> dict[str, Any]:
        """`{"waiting": n, "notices": [{"id", "title", "url", "urgency", "minutes_left", "is_acknowledged"}]}`."""
        return {
            "waiting": sum(not notice.is_acknowledged for notice in self.notices),
            "notices": [asdict(notice) for notice in self.notices],
        }
