"""The one place that reads the time. Everything below the edge takes `now` or `today` as an argument."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_frozen: ContextVar[dt.datetime | None] = ContextVar("xinqiao_frozen_time", default=None)


def now() -> dt.datetime:
    """Return the aware current moment, or the frozen one inside `frozen`."""
    return _frozen.get() or dt.datetime.now(dt.UTC)  # noqa: TID251 - the clock itself


def today() -> dt.date:
    """Return today's date where the installation stands (TIME_ZONE)."""
    return timezone.localtime(now()).date()


@contextmanager
def frozen(at: dt.datetime) -> Iterator[dt.datetime]:
    """Hold the clock at an aware moment, for tests and simulations."""
    token = _frozen.set(at)
    try:
        yield at
    finally:
        _frozen.reset(token)
