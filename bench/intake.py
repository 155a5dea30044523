"""Complete screenings a second: ticket, page, submit of a 100-item sheet, scored, sealed, durable, receipt.

Beside each run, in the same minute, the bare limit (see _bare.py). Prints one JSON object. Both databases: SQLite
always, PostgreSQL where --database or XINQIAO_TEST_POSTGRES names one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from xinqiao.care.sheets.tests.house import House, Server, built_house  # noqa: E402 - after the path

AT_ONCE = 100
SCALE, ITEMS = "mht", 100
TARGETS = {"sqlite": 500, "postgresql": 800}
P95_MS = 300
WEB_MIB = 250


def load(server: Server, pupils: list[dict[str, str]], seed: int) -> dict[str, Any]:
    """Run the generator in a process of its own."""
    task = {"port": server.port, "pupils": pupils, "scale": SCALE, "items": ITEMS, "at_once": AT_ONCE, "seed": seed}
    done = subprocess.run([sys.executable, HERE / "_pupils.py"], input=json.dumps(task), capture_output=True,
                          text=True, check=False)  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def resident_mib(server: Server) -> dict[str, float]:
    """Resident memory of the server's processes: the one that serves, and the one that watches it."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            group = os.getpgid(int(lines["Pid"]))
        except (OSError, KeyError, ValueError):
            continue
        if group == server.process.pid:
            found[int(lines["Pid"])] = int(lines["VmRSS"].split()[0]) / 1024
    watcher = found.pop(server.process.pid, 0.0)
    return {"web_mib": round(max(found.values(), default=watcher), 1), "watcher_mib": round(watcher, 1)}


def cpu_seconds(server: Server) -> float:
    """Processor time that the server's processes have used so far; a busy machine changes it less than the clock's."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == server.process.pid:  # process group
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def loaded(server: Server, pupils: list[dict[str, str]], seed: int) -> dict[str, Any]:
    """Run the generator and add what the server's processors did for one screening."""
    before = cpu_seconds(server)
    figures = load(server, pupils, seed)
    used = cpu_seconds(server) - before
    return figures | {"web_cpu_ms_per_screening": round(used / max(1, figures["screenings"]) * 1000, 3)}


def measure(name: str, server_url: str, rounds: int, pupils: int) -> dict[str, Any]:
    """Measure one database: each round ours, then the bare limit."""
    ours, bare, memory = [], [], {}
    with tempfile.TemporaryDirectory() as folder:
        arguments = {"pupils": pupils * rounds + 1, "scales": [SCALE], "placeholder": SCALE}
        with built_house(Path(folder) / "house", server_url, **arguments) as (house, seeded):
            spare = seeded["pupils"].pop()
            for n in range(rounds):
                mine = seeded["pupils"][n * pupils : (n + 1) * pupils]
                with house.serving() as server:
                    ours.append(loaded(server, mine, n))
                    memory = resident_mib(server)
                bare.append(bare_limit(house, seeded, spare, mine, n))
                print(f"{name} {n + 1}/{rounds}: {ours[-1]['screenings_per_second']}/s, "
                      f"bare {bare[-1]['screenings_per_second']}/s", file=sys.stderr)  # fmt: skip
    figures = median_of(ours) | memory
    return {"ours": figures, "bare_limit": median_of(bare), "rounds": {"ours": ours, "bare_limit": bare},
            "meets": verdict(name, figures)}  # fmt: skip


def bare_limit(house: House, seeded: Any, spare: dict[str, str], pupils: list[Any], seed: int) -> dict[str, Any]:
    """Serve the bare application on the same database."""
    facts = {"school": seeded["school"], "county_id": seeded["county_id"], "origin_id": seeded["origin_id"],
             "sitting": spare["sitting"], "student": spare["student"], "key": spare["student"]}  # fmt: skip
    path = house.home / "bare.json"
    path.write_text(json.dumps(facts))
    house.more = {"XINQIAO_BENCH_SEED": str(path), "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    with house.serving(app="_bare:app") as server:
        return loaded(server, pupils, seed)


def median_of(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def verdict(name: str, figures: dict[str, Any]) -> dict[str, bool]:
    """Which of the targets are met."""
    return {
        f"screenings_per_second >= {TARGETS[name]}": figures["screenings_per_second"] >= TARGETS[name],
        f"screening_ms_p95 <= {P95_MS}": figures["screening_ms_p95"] <= P95_MS,
        f"web_mib <= {WEB_MIB}": figures["web_mib"] <= WEB_MIB,
        "nothing refused": figures["refused"] == 0,
    }


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL server's URL, or sqlite; default: both")
    parser.add_argument("--quick", action="store_true", help="one small round")
    asked = parser.parse_args()
    rounds, pupils = (1, 1_000) if asked.quick else (5, 4_000)
    url = asked.database if asked.database != "sqlite" else ""
    url = url or ("" if asked.database else os.environ.get("XINQIAO_TEST_POSTGRES", ""))
    figures: dict[str, Any] = {"pupils_at_once": AT_ONCE, "items": ITEMS, "cpus": os.cpu_count(), "rounds": rounds}
    if asked.database in ("", "sqlite"):
        figures["sqlite"] = measure("sqlite", "", rounds, pupils)
    if url:
        figures["postgresql"] = measure("postgresql", url, rounds, pupils)
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
