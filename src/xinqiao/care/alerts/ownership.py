"""Who else answers for a pupil's level: floors above register a question here; nobody lowers a level past them.

A registry without a payload, as in docs/hooks.md. Raising a level is never held up.
"""

from collections.abc import Callable
from uuid import UUID

IsKept = Callable[[UUID], bool]

_asked: list[IsKept] = []


def register_keeper(is_kept: IsKept) -> None:
    """Add a question: is this pupil's level decided elsewhere? Called in `ready()`."""
    if is_kept not in _asked:
        _asked.append(is_kept)


def is_kept_elsewhere(student_id: UUID) -> bool:
    """Is the pupil's level decided by people in another room, as in a case?"""
    return any(is_kept(student_id) for is_kept in _asked)
