"""Run each benchmark in bench/ and keep its JSON with the commit it was measured on.

A benchmark is a script that prints one JSON object on its standard output and talks on its standard error. It finds a
durable PostgreSQL of its own in XINQIAO_TEST_POSTGRES. Names after the command choose benchmarks; none means all.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from record import ROOT, write_record
from throwaway_postgres import GIVEN, CannotStartPostgres, throwaway_postgres


def chosen(names: list[str]) -> list[Path]:
    """Return the scripts to run: all whose name does not begin with an underscore, or those that were named."""
    scripts = sorted(path for path in (ROOT / "bench").glob("*.py") if not path.name.startswith("_"))
    unknown = set(names) - {path.stem for path in scripts}
    if unknown:
        sys.exit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(p.stem for p in scripts)}")
    return [path for path in scripts if not names or path.stem in names]


def measure(script: Path, postgres_url: str) -> bool:
    """Run one benchmark and keep what it prints; False if it failed or printed no JSON object."""
    print(f"\n{f' {script.stem} ':-^80}", flush=True)
    environment = {**os.environ, GIVEN: postgres_url}
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, cwd=ROOT, env=environment, check=False)
    text = done.stdout.decode("utf-8", "replace")
    print(text, end="")
    try:
        figures = json.loads(text)
    except ValueError:
        print(f"{script.name} printed no JSON (exit code {done.returncode}).", file=sys.stderr)
        return False
    path = write_record(
        "bench", script.stem, {"benchmark": script.stem, "exit_code": done.returncode, "figures": figures}
    )
    print(f"Written: {path}")
    return done.returncode == 0


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped
    scripts = chosen(sys.argv[1:])
    if not scripts:
        sys.exit("There is no benchmark in bench/.")
    try:
        with throwaway_postgres(durable=True) as url:
            good = [measure(script, url) for script in scripts]
    except CannotStartPostgres as error:
        sys.exit(str(error))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
