"""Import a county's roster of 100,000 pupils in 40 schools as `xinqiao roster import` does, and print JSON.

Measured are time and rows a second, the peak memory of the importing process and its reader together, and how long
another writer had to wait meanwhile; then the same file again, which changes nothing. Beside it the bare limit of the
same minutes: the same rows of the same tables, read back and inserted ready-made in the same batches, with no file,
no comparing and no sealing.

    python bench/roster.py [--rows 100000] [--schools 40] [--skip-postgres]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GIVEN = "XINQIAO_TEST_POSTGRES"
HEAD = [
    "学校",
    "姓名",
    "学籍号",
    "学号",
    "身份证号",
    "性别",
    "班级",
    "监护人姓名",
    "与学生关系",
    "联系电话",
    "是否住校",
    "民族",
]
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN_NAMES = "子涵雨轩宇浩然欣怡梓晨诗琪佳宁思远明辉嘉懿瑞霖安若溪知行书瑶语桐景"
TABLES = ("keys_keysubject", "people_student", "people_enrolment", "people_pupilpin", "people_guardian", "people_tie")
BATCH = 500
CLASS_SIZE = 50
MOST_SECONDS, MOST_MIB = 60, 512


def make_roster(path: Path, rows: int, schools: int) -> None:
    """Write the file; everybody in it is drawn from a seeded generator and does not exist."""
    import xlsxwriter

    from xinqiao.engines.roster.numbers import check_character

    draw = random.Random(2026)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    per_school = -(-rows // schools)
    for row in range(rows):
        school, place = divmod(row, per_school)
        born = f"{2011 + draw.randrange(3)}{draw.randrange(1, 13):02d}{draw.randrange(1, 28):02d}"
        body = f"35{school % 100:02d}{place // 1000:02d}{born}{place % 1000:03d}"
        number = body + check_character(body)
        class_ = place // CLASS_SIZE
        name = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN_NAMES) for _ in range(2))
        sheet.write_row(row + 1, 0, [
            f"第{school + 1}中学", name, f"G{number}", f"2026{row:06d}", number,
            "男" if int(number[16]) % 2 else "女", f"{'七八九'[class_ % 3]}({class_ // 3 + 1})班",
            draw.choice(SURNAMES) + "建国", "父亲", f"139{draw.randrange(10**8):08d}", "是", "汉族",
        ])  # fmt: skip
    book.close()


def xinqiao(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "xinqiao.config.command_line", *arguments], env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip


def run(environment: dict[str, str], *arguments: str) -> None:
    process = xinqiao(environment, *arguments)
    process.communicate()
    if process.returncode:
        raise SystemExit(f"xinqiao {' '.join(arguments)} ended with {process.returncode}")


def rss_mib(pid: int) -> float:
    """Memory of a process and its children, in MiB."""
    total = 0
    for one in (pid, *children(pid)):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total / 2**20


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Neighbour(threading.Thread):
    """Another writer, who wants to write ten times a second; how long it waits is noted."""

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self._home, self._is_sqlite = Path(environment["XINQIAO_HOME"]), "XINQIAO_DATABASE" not in environment
        self.waits_ms: list[float] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        if not self._is_sqlite:
            return
        from pysqlite3 import dbapi2

        database = dbapi2.connect(self._home / "xinqiao.sqlite3", timeout=30, isolation_level=None)
        while not self.stopping.wait(0.1):
            began = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
            self.waits_ms.append((time.perf_counter() - began) * 1000)
        database.close()


def imported(environment: dict[str, str], path: Path) -> dict[str, Any]:
    """Import the file and measure."""
    neighbour, peak = Neighbour(environment), 0.0
    neighbour.start()
    began = time.perf_counter()
    process = xinqiao(environment, "roster", "import", str(path), "--unit", "bench-county", "--json")
    while process.poll() is None:
        peak = max(peak, rss_mib(process.pid))
        time.sleep(0.05)
    seconds = time.perf_counter() - began
    neighbour.stopping.set()
    neighbour.join()
    assert process.stdout is not None
    body = json.loads(process.stdout.read())
    counts = {name: body[name] for name in ("created", "updated", "moved", "unchanged", "missing")}
    figures = {"seconds": round(seconds, 1), "peak_mib": round(peak), "exit_code": process.returncode, **counts}
    if neighbour.waits_ms:
        waits = sorted(neighbour.waits_ms)
        figures["neighbour_waits_ms"] = {"p95": round(waits[int(len(waits) * 0.95)]), "longest": round(waits[-1])}
    return figures | {"rows_a_second": round((counts["created"] + counts["unchanged"]) / seconds)}


def prepare(environment: dict[str, str], schools: int) -> None:
    """Keys, tables and the county's schools."""
    run(environment, "keys", "create")
    run(environment, "migrate", "--verbosity", "0")
    code = (
        "import django; django.setup()\n"
        "from xinqiao.register.orgs.services.units import build_unit\n"
        "county = build_unit(None, 'county', 'bench-county', 'county'); county.save(force_insert=True)\n"
        f"for n in range({schools}):\n"
        "    build_unit(county, 'school', f'bench-{n}', f'第{n + 1}中学', stages='junior').save(force_insert=True)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)


def bare(source: dict[str, str], target: dict[str, str], rows: int) -> dict[str, Any]:
    """Insert the very rows of the import, ready-made, into fresh tables."""
    run(target, "keys", "create")
    run(target, "migrate", "--verbosity", "0")
    code = (
        "import json, sys, time\n"
        "import django; django.setup()\n"
        "from django.db import connection, transaction\n"
        f"tables, batch = {TABLES!r}, {BATCH}\n"
        "from pysqlite3 import dbapi2\n"
        f"origin = dbapi2.connect({str(Path(source['XINQIAO_HOME']) / 'xinqiao.sqlite3')!r})\n"
        "readers = {t: origin.execute(f'SELECT * FROM {t}') for t in tables}\n"
        "marks = {t: ', '.join(['%s'] * len(readers[t].description)) for t in tables}\n"
        "connection.ensure_connection()\n"
        "seconds = 0.0\n"
        "while True:\n"
        "    some = {t: readers[t].fetchmany(batch) for t in tables}\n"
        "    if not any(some.values()): break\n"
        "    began = time.perf_counter()\n"
        "    with transaction.atomic(), connection.cursor() as cursor:\n"
        "        connection.check_constraints = lambda *a, **k: None\n"
        "        for t in tables:\n"
        "            if some[t]: cursor.executemany(f'INSERT INTO {t} VALUES ({marks[t]})', some[t])\n"
        "    seconds += time.perf_counter() - began\n"
        "print(json.dumps(seconds))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=target, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    seconds = float(done.stdout)
    return {"seconds": round(seconds, 1), "rows_a_second": round(rows / seconds)}


def environment_of(home: Path, **more: str) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINQIAO_")}
    source = str(ROOT / "src")
    return kept | {
        "XINQIAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xinqiao.config.settings", "PYTHONPATH": source, **more,
    }  # fmt: skip


def verdict(figures: dict[str, Any]) -> dict[str, bool]:
    """Which of the targets are met by the first import, on each database; they are for 100,000 rows."""
    return {
        f"{database}: {name} <= {limit}": figures[database]["import"][name] <= limit
        for database in ("embedded", "postgres")
        if database in figures
        for name, limit in (("seconds", MOST_SECONDS), ("peak_mib", MOST_MIB))
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--schools", type=int, default=40)
    options.add_argument("--skip-postgres", action="store_true")
    asked = options.parse_args()
    sys.path.insert(0, str(ROOT / "src"))
    figures: dict[str, Any] = {"rows": asked.rows, "schools": asked.schools, "processors": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="xinqiao-bench-") as folder:
        path = Path(folder) / "roster.xlsx"
        make_roster(path, asked.rows, asked.schools)
        figures["file_mib"] = round(path.stat().st_size / 2**20, 1)
        embedded = environment_of(Path(folder) / "embedded")
        prepare(embedded, asked.schools)
        figures["embedded"] = {"import": imported(embedded, path)}
        limit = bare(embedded, environment_of(Path(folder) / "bare"), asked.rows)
        figures["embedded"] |= {"bare_insert": limit, "same_file_again": imported(embedded, path)}
        given = os.environ.get(GIVEN)
        if given and not asked.skip_postgres:
            from xinqiao.care.sheets.tests.house import own_database

            with own_database(given) as url:
                server = environment_of(Path(folder) / "server", XINQIAO_DATABASE=url)
                prepare(server, asked.schools)
                figures["postgres"] = {"import": imported(server, path)}
    figures["meets"] = verdict(figures)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
