"""See to it that the machine has what the tests need beyond Python: a browser, a Chinese font, a PostgreSQL.

Root on Debian gets the missing packages by apt-get; anybody else is told what to install, and why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from throwaway_postgres import GIVEN, server_programs

CHROMIUM = "XINQIAO_CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


@dataclass(frozen=True)
class Need:
    """Something outside Python: how to see that it is there, the Debian packages, and what it is for."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    purpose: str


def browser() -> str | None:
    """Return the path of Chromium, or of what XINQIAO_CHROMIUM names, or None."""
    given = os.environ.get(CHROMIUM)
    if given:
        return given if os.access(given, os.X_OK) else None
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister:
        return bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())
    return any(path for root in FONTS if root.is_dir() for path in root.rglob("*CJK*"))


def has_postgres() -> bool:
    return bool(os.environ.get(GIVEN)) or server_programs() is not None


NEEDS = (
    Need("Chromium", lambda: browser() is not None, ("chromium",), f"the browser journeys (or name one in {CHROMIUM})"),
    Need("a Chinese font", has_chinese_font, ("fonts-noto-cjk",), "screenshots that show characters, not boxes"),
    Need("PostgreSQL", has_postgres, ("postgresql",), f"the second run of the tests (or give a database in {GIVEN})"),
)


def install(packages: list[str]) -> None:
    """Install Debian packages as root; whether it worked is seen by looking again."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} with apt-get …", flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "--quiet", *command], env=environment, capture_output=True, check=False)
        if done.returncode != 0:
            print(done.stdout.decode(errors="replace")[-2000:], done.stderr.decode(errors="replace")[-2000:])


def main() -> int:
    missing = [need for need in NEEDS if not need.is_there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([package for need in missing for package in need.packages])
        missing = [need for need in missing if not need.is_there()]
    for need in missing:
        print(f"Missing: {need.name}, for {need.purpose}.", file=sys.stderr)
    if missing:
        packages = " ".join(package for need in missing for package in need.packages)
        print(f"On Debian, as root: apt-get install --no-install-recommends {packages}", file=sys.stderr)
        print("Without them, `make test-fast` runs the quick tests on the embedded database.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
