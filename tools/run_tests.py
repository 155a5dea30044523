"""Run the tests on the embedded database, then on PostgreSQL, and end with one summary line for both.

`python tools/run_tests.py`         everything; the second run leaves out what touches no database
`python tools/run_tests.py --fast`  the quick ones, on the embedded database only
`python tools/run_tests.py --prove` the long proofs at full length on both, with a JSON record
Words after `--` go to pytest as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import CHROMIUM, browser
from record import ROOT, write_record
from throwaway_postgres import GIVEN, CannotStartPostgres, throwaway_postgres

PROVE_OUT = "XINQIAO_PROVE_OUT"
DATABASE = "XINQIAO_TEST_DATABASE"  # what xinqiao.config.testing puts the tests on
QUICK = "not slow and not browser and not proof"
BYTECODE = ROOT / ".cache" / "bytecode"  # what is compiled once serves every process of every run
NO_DATABASE = ("src/xinqiao/engines", "tests/architecture")
ORDER = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning", "error")
SUMMARY = re.compile(r"^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.MULTILINE)
TAIL_BYTES = 65536


@dataclass(frozen=True)
class Outcome:
    """One run of pytest: database, exit code, counts by outcome, each test, and what the proofs counted."""

    database: str
    exit_code: int
    counts: Counter[str]
    seconds: float
    tests: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)


def counts_in(output: str) -> Counter[str] | None:
    """Return the counts of pytest's last summary line, or None if there is none."""
    found = SUMMARY.findall(output)
    if not found:
        return None
    pairs = (part.split(" ") for part in found[-1].split(", "))
    return Counter({word.removesuffix("s") if word != "passed" else word: int(number) for number, word in pairs})


def summary_line(outcomes: list[Outcome]) -> str:
    """Return one line in pytest's own form for all the runs together."""
    total: Counter[str] = sum((outcome.counts for outcome in outcomes), Counter())
    parts = [
        f"{total[word]} {word}{'s' if word in PLURAL and total[word] > 1 else ''}" for word in ORDER if total[word]
    ]
    text = f" {', '.join(parts) or 'no tests ran'} in {sum(outcome.seconds for outcome in outcomes):.2f}s "
    return text.center(80, "=")


PLURAL = ("warning", "error")


def teed(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, show its output as it comes, and return its exit code and the end of what it said."""
    tail = b""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        try:
            while piece := os.read(run.stdout.fileno(), TAIL_BYTES):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                tail = (tail + piece)[-TAIL_BYTES:]
        except BaseException as stop:
            # Told to stop: so are pytest, its workers and the servers they started, at once.
            os.killpg(run.pid, signal.SIGINT if isinstance(stop, KeyboardInterrupt) else signal.SIGTERM)
            raise
    return run.returncode, tail.decode("utf-8", "replace")


def tests_in(report: Path) -> list[dict[str, Any]]:
    """Return name, seconds and outcome of each test in a JUnit report."""
    if not report.exists():
        return []
    rows = []
    for case in ET.parse(report).getroot().iter("testcase"):
        bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        name = f"{case.get('classname')}.{case.get('name')}"
        rows.append({"test": name, "seconds": float(case.get("time") or 0), "outcome": bad[0] if bad else "passed"})
    return rows


def figures_in(path: Path) -> list[dict[str, Any]]:
    """Return what each proof counted (see tests/proofs/results.py)."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def run_pytest(database: str, url: str, arguments: list[str], extra: dict[str, str]) -> Outcome:
    """Run pytest against one database, with a temporary directory that is gone afterwards."""
    print(f"\n{f' {database} ':-^80}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="xinqiao-tests-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)  # the account of a cluster that a proof makes inside passes through, and reads nothing
        report, kept = Path(home) / "report.xml", Path(home) / "figures.jsonl"
        environment = {**os.environ, DATABASE: url, "TMPDIR": home, PROVE_OUT: str(kept), **extra}
        environment |= {"PYTHONPYCACHEPREFIX": str(BYTECODE), "PYTHONDONTWRITEBYTECODE": ""}  # empty: it is written
        found_browser = browser()
        if found_browser:
            environment[CHROMIUM] = found_browser
        command = [sys.executable, "-m", "pytest", "--color=no", f"--junitxml={report}", *arguments]
        exit_code, output = teed(command, environment)
        tests, figures = tests_in(report), figures_in(kept)
    shutil.rmtree(BYTECODE / home.lstrip("/"), ignore_errors=True)  # of what tests wrote themselves
    counts = counts_in(output)
    if counts is None or (exit_code and not counts["failed"] and not counts["error"]):
        counts = (counts or Counter()) + Counter(error=1)  # it broke off, or selected nothing
        exit_code = exit_code or 1
    return Outcome(database, exit_code, counts, time.monotonic() - began, tests, figures)


def on_postgres(arguments: list[str], extra: dict[str, str], *, durable: bool) -> Outcome:
    try:
        with throwaway_postgres(durable=durable) as url:
            return run_pytest("PostgreSQL", url, arguments, {**extra, GIVEN: url})
    except CannotStartPostgres as error:
        print(error, file=sys.stderr)
        return Outcome("PostgreSQL", 1, Counter(error=1), 0.0)


def runs(options: argparse.Namespace) -> list[Outcome]:
    """Do the runs that were asked for; a red first run does not keep the second from running."""
    workers = os.environ.get("XINQIAO_TEST_WORKERS", "2")
    shared = ["-n", workers, "--dist=loadgroup", *options.pytest]
    if options.fast:
        return [run_pytest("embedded database", "sqlite", ["-m", QUICK, *shared], {})]
    if options.prove:
        extra = {"XINQIAO_PROVE": "full"}
        first = run_pytest("embedded database", "sqlite", ["-m", "proof", *shared], extra)
        return [first, on_postgres(["-m", "proof", *shared], extra, durable=True)]
    pure = [f"--ignore={path}" for path in NO_DATABASE]
    first = run_pytest("embedded database", "sqlite", shared, {})
    return [first, on_postgres(["-m", "not browser", *pure, *shared], {}, durable=False)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests on both databases.")
    parser.add_argument("--fast", action="store_true", help="the quick tests, on the embedded database only")
    parser.add_argument("--prove", action="store_true", help="the long proofs at full length, with a JSON record")
    parser.add_argument("pytest", nargs="*", help="words for pytest, after --")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped
    outcomes = runs(options)
    if options.prove:
        content = [{**vars(outcome), "counts": dict(outcome.counts)} for outcome in outcomes]
        print(f"\nWritten: {write_record('prove', 'proofs', {'runs': content})}")
    print()
    for outcome in outcomes:
        said = ", ".join(f"{number} {word}" for word, number in outcome.counts.items())
        print(f"{outcome.database}: {said} ({outcome.seconds:.0f} s)")
    print(summary_line(outcomes), flush=True)
    return 1 if any(outcome.exit_code for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
