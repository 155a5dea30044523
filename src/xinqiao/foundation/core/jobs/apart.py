"""Doing the same for many, each apart: one that fails keeps no other waiting."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from xinqiao.foundation.core.jobs.running import trail


def each_apart(ids: Iterable[UUID], act: Callable[[UUID], int], *, log: logging.Logger, words: str) -> tuple[int, int]:
    """Act on each in order, in whatever transaction `act` opens; return the sum of what it returned, and the failures.

    A failure is logged by id and place, with `words` that say what was not done, never by its message. The job raises
    an error of its own where any failed, so that its mark shows it.
    """
    done = failed = 0
    for each in ids:
        try:
            done += act(each)
        except Exception as error:  # noqa: BLE001 - one must not keep the others waiting
            log.error("%s: %s: %s", each, words, trail(error))
            failed += 1
    return done, failed
