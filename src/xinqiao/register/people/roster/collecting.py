"""Python's garbage collector, out of the way: a roster is half a million small objects that none of it can free."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Collect nothing inside, and count what was made inside as permanent until it is dropped by reference count."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()


def thaw() -> None:
    """Let the collector look at everything again."""
    gc.unfreeze()
