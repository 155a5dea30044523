"""What other rooms know that stands against the end of a case: an open referral, for one.

Each registers a function from a case to a code ("" for nothing) and the words of its code.
"""

from collections.abc import Callable
from typing import Any

from xinqiao.care.crisis.models import Case

Ask = Callable[[Case], str]

_asked: dict[str, tuple[Ask, Any]] = {}


def register_obstacle(code: str, ask: Ask, words: Any) -> None:
    """Add an obstacle; called in `ready()`."""
    _asked[code] = (ask, words)


def obstacles_of(case: Case) -> tuple[str, ...]:
    """Return the codes of what stands against the end of a case."""
    return tuple(code for code in (ask(case) for ask, _words in _asked.values()) if code)


def obstacle_words(code: str) -> str:
    """Return what an obstacle is called; empty for a code that nobody registered."""
    return str(_asked[code][1]) if code in _asked else ""
