"""What a session must show to stay open: the browser it began in, its age, and that its owner is still there.

The marks live in the session. A session of a browser that changed its User-Agent is as good as stolen: it ends.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

MARKS = "xinqiao_presence"
LIFETIME = dt.timedelta(hours=8)  # security paper: a working day at most
IDLE = dt.timedelta(minutes=30)  # ours: long enough for a talk's notes, short enough for an empty desk
TOUCH_EVERY = dt.timedelta(minutes=1)  # a session row is written at most once a minute
CONFIRMED_FOR = dt.timedelta(minutes=10)  # ours: how long a password counts as just typed
CONFIRMED_FOR_SENDING = dt.timedelta(minutes=30)  # a form opened in time may be filled in slowly


@dataclass(frozen=True)
class Marks:
    """What is known of a session; moments are aware."""

    agent: str
    begun_at: dt.datetime
    seen_at: dt.datetime
    confirmed_at: dt.datetime
    has_factor: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is kept in the session."""
        return {
            "agent": self.agent, "begun_at": self.begun_at.isoformat(), "seen_at": self.seen_at.isoformat(),
            "confirmed_at": self.confirmed_at.isoformat(), "has_factor": self.has_factor,
        }  # fmt: skip


def read_marks(kept: Any) -> Marks | None:
    """Return the marks of a session, or None where there are none yet."""
    if not isinstance(kept, dict):
        return None
    moments = {name: dt.datetime.fromisoformat(kept[name]) for name in ("begun_at", "seen_at", "confirmed_at")}
    return Marks(agent=kept["agent"], has_factor=bool(kept["has_factor"]), **moments)


def agent_digest(request: HttpRequest) -> str:
    """Return a digest of the browser's name; coarse on purpose, since addresses change in a school's network."""
    return hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()[:32]


def fresh_marks(request: HttpRequest, at: dt.datetime) -> Marks:
    """Return the marks of a session that begins now in this browser."""
    return Marks(agent=agent_digest(request), begun_at=at, seen_at=at, confirmed_at=at)


def reason_to_end(marks: Marks, agent: str, at: dt.datetime) -> str:
    """Return why the session must end: other_browser or too_old; "" if it may go on. Idleness is asked apart."""
    if marks.agent != agent:
        return "other_browser"
    return "too_old" if at - marks.begun_at >= LIFETIME else ""


def is_idle(marks: Marks, at: dt.datetime) -> bool:
    """Has nobody been there for half an hour?"""
    return at - marks.seen_at >= IDLE


def keep_marks(request: HttpRequest, marks: Marks) -> None:
    """Write the marks into the session."""
    request.session[MARKS] = marks.as_json()


def marks_of(request: HttpRequest) -> Marks | None:
    """Return the marks of the request's session."""
    return read_marks(request.session.get(MARKS))
