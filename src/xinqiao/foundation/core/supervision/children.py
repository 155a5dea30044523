"""One supervised process: how it is started, and how nothing of it is left behind."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 60.0


@dataclass(frozen=True)
class Part:
    """What one process runs; `environment` is added to ours."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def ends_with_parent(parent: int) -> Callable[[], None]:
    """Return what a child runs before its program: it is told to end when the supervisor dies, however it dies."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    return prepare


@dataclass
class Child:
    """A part and its process. Moments are seconds of a monotonic clock."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, at: float) -> None:
        """Start the process in a session of its own, so that a terminal's Ctrl+C reaches only the supervisor."""
        self.process = subprocess.Popen(  # noqa: S603 - the command is ours, without a shell
            self.part.command,
            env={**os.environ, **self.part.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=ends_with_parent(os.getpid()),
        )
        self.started_at = at

    def note_death(self, at: float) -> int:
        """Clear what the dead process left, set when to start again; return its exit code."""
        assert self.process is not None
        code = self.process.returncode
        self.kill_group()
        self.deaths = 1 if at - self.started_at > STEADY_SECONDS else self.deaths + 1
        self.start_at = at + min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (self.deaths - 1))
        self.process = None
        return code

    def ask_to_end(self) -> None:
        """Ask the process to end; it tells its own children."""
        if self.process is not None and self.is_running:
            self.process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """Kill whatever is left of the process and its children."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
