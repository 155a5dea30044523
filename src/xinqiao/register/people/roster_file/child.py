"""The child's side, run as `python -m` with the file as standard input: puts limits on itself, then reads."""

import sys
from typing import BinaryIO

import msgspec

from xinqiao.engines.roster.sheets import UnreadableRoster
from xinqiao.register.people.roster_file.limits import Limits
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.sniffing import reader_for
from xinqiao.register.people.roster_file.wire import Writer


def main() -> None:
    """Reads standard input under the limits given as JSON in the first argument."""
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    limit_this_process(limits)
    read_file(sys.stdin.buffer, Writer(sys.stdout.buffer, Meter(limits)))


def limit_this_process(limits: Limits) -> None:
    """Memory and processor time by the system, no core dump, no file written. Not on Windows: there only the clock."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read_file(source: BinaryIO, writer: Writer) -> None:
    """Sends the file's sheets and a last word: `done`, or `refused` with the reason."""
    try:
        reader_for(source)(source, writer)
    except UnreadableRoster as refused:
        writer.refused(refused.code, refused.params)
    except MemoryError:
        writer.refused("too_much_memory", {})


if __name__ == "__main__":
    main()
