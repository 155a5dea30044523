"""The supervisor: starts the parts, restarts what dies, stops all of them when told to."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xinqiao.foundation.core.supervision.children import Child, Part

LOOK_SECONDS = 0.2
END_SECONDS = 15.0
DEATHS_BEFORE_HEALTHY = 4
logger = logging.getLogger(__name__)


class CannotServe(RuntimeError):
    """A part dies again and again before it ever worked; the message names it."""


@dataclass
class Supervisor:
    """Keeps the parts running. `is_healthy` is asked until it first says yes, then `announce` is called once."""

    parts: Sequence[Part]
    is_healthy: Callable[[], bool]
    announce: Callable[[], None]
    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; raises CannotServe. Whatever happens, no process is left behind."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        self.children = [Child(part) for part in self.parts]
        is_announced = False
        try:
            while not self.stopping.is_set():
                self.look_after(time.monotonic(), is_starting=not is_announced)
                if not is_announced and all(child.is_running for child in self.children) and self.is_healthy():
                    self.announce()
                    is_announced = True
                self.stopping.wait(LOOK_SECONDS)
        finally:
            self.end_all()

    def look_after(self, at: float, *, is_starting: bool) -> None:
        """Start what should run and does not."""
        for child in self.children:
            if child.process is not None and not child.is_running:
                code = child.note_death(at)
                logger.error("%s ended with %s; death %s", child.part.name, code, child.deaths)
                if is_starting and child.deaths >= DEATHS_BEFORE_HEALTHY:
                    raise CannotServe(f"{child.part.name} does not start (exit code {code}); its own words are above.")
            if child.process is None and at >= child.start_at:
                child.start(at)

    def end_all(self) -> None:
        """Ask every part to end, wait, then kill what remains."""
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + END_SECONDS
        while any(child.is_running for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.kill_group()
