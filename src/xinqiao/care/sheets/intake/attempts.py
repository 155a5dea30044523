"""Wrong entries, counted in memory: per class code, and per class code and number whether or not such a pupil exists.

Known pupils are counted in the database as well, so that a restart does not open the lock. Addresses are never
counted: sixty pupils sit behind one.
"""

from collections import OrderedDict, deque

FAILURES_TO_LOCK = 5
LOCK_SECONDS = 600.0
WINDOW_FAILURES = 60
WINDOW_SECONDS = 60.0
KEPT = 20_000
TALLY_SECONDS = 3600.0


class Attempts:
    """Counts for one process; used by one thread. Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, deque[float]] = OrderedDict()
        self._unknown: OrderedDict[tuple[str, bytes], tuple[int, float]] = OrderedDict()

    def seconds_locked(self, window: str, at: float) -> int:
        """Return for how long this class code takes no entry at all; 0 if it does."""
        failures = self._windows.get(window)
        while failures and failures[0] <= at - WINDOW_SECONDS:
            failures.popleft()
        if not failures or len(failures) < WINDOW_FAILURES:
            return 0
        return max(1, round(failures[0] + WINDOW_SECONDS - at))

    def seconds_unknown_locked(self, window: str, number: bytes, at: float) -> int:
        """Return for how long this number, which no pupil has, is told that it is locked: as a real one would be."""
        count, until = self._unknown.get((window, number), (0, 0.0))
        return max(1, round(until - at)) if count >= FAILURES_TO_LOCK and until > at else 0

    def count_failure(self, window: str, at: float) -> None:
        """Count one wrong entry of a class code."""
        self._windows.setdefault(window, deque(maxlen=WINDOW_FAILURES)).append(at)
        self._windows.move_to_end(window)
        if len(self._windows) > KEPT:
            self._windows.popitem(last=False)

    def count_unknown(self, window: str, number: bytes, at: float) -> None:
        """Count one wrong entry of a number that no pupil has."""
        key = (window, number)
        count, until = self._unknown.pop(key, (0, 0.0))
        if count >= FAILURES_TO_LOCK and until <= at:
            count = 0
        self._unknown[key] = (count + 1, at + LOCK_SECONDS)
        if len(self._unknown) > KEPT:
            self._unknown.popitem(last=False)


class Tally:
    """How often something was done with a class code within the last hour, kept in memory alone; used by one thread."""

    def __init__(self) -> None:
        self._done: OrderedDict[str, deque[float]] = OrderedDict()

    def is_full(self, window: str, most: int, at: float) -> bool:
        """Was it done as often as is taken?"""
        done = self._done.get(window)
        while done and done[0] <= at - TALLY_SECONDS:
            done.popleft()
        return done is not None and len(done) >= most

    def count(self, window: str, at: float) -> None:
        """Count it once."""
        self._done.setdefault(window, deque()).append(at)
        self._done.move_to_end(window)
        if len(self._done) > KEPT:
            self._done.popitem(last=False)
