"""Loaded by every Python of a journey's installation: moves the product's one clock, which then goes on by itself.

A screening needs a school day in term, and a test must not depend on the day on which it is run. Nothing of the product
knows of this file.
"""

import datetime as dt
import importlib.machinery
import os
import sys

CLOCK = "xinqiao.foundation.core.clock"
OFFSET = dt.timedelta(seconds=float(os.environ.get("JOURNEY_CLOCK_OFFSET_SECONDS", "0")))


class _ClockFinder:
    """Finds the clock's module like everybody else, and moves it once it is loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != CLOCK:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def load_and_move(module):
            load(module)
            read = module.now
            module.now = lambda: read() if module._frozen.get() else read() + OFFSET

        spec.loader.exec_module = load_and_move
        return spec


if OFFSET:
    sys.meta_path.insert(0, _ClockFinder())
