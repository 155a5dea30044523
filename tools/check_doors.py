"""Check what a fresh clone relies on: locks without places, no file that names a machine, doors that exist.

Every function takes the root of a tree and returns its findings as "path:line: what is wrong".
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNTRACKED = {".git", ".venv", ".cache", "var", "node_modules", "vendor", "staticfiles", "__pycache__", "build", "dist"}
# In pieces, so that this file is not its own finding.
REGISTRY = re.compile(r"\b(?:files\.python" r"hosted|py" r"pi|registry\.npm" r"js|deb\.deb" r"ian)\.org\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wor[k]|far[m]|roo[t]|tm[p])/[\w.]")
PLACE_IN_LOCK = re.compile(r"^\s*(?:-i\b|-f\b|--(?!hash=))|://|\s@\s|(?:^|\s)\.{0,2}/\w")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)")
TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)
CALLED = re.compile(r"(?:`|^[ \t]*(?:\$ )?)make ([a-z][a-z-]*)")
GUIDES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/guides/*.md")
CI_DOORS = ["make check", "make test"]


def tracked_files(root: Path) -> list[Path]:
    """Return the files that are, or are about to be, under version control; without git, all but the ignored places."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "surrogateescape")
        return sorted(path for name in listed.split("\0") if name and (path := root / name).is_file())
    found = []
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if name not in UNTRACKED]
        found += [Path(directory) / name for name in files]
    return sorted(found)


def text_of(path: Path) -> str:
    """Return a file's text, or nothing if it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def lines_that_match(root: Path, pattern: re.Pattern[str], complaint: str) -> Iterator[str]:
    for path in tracked_files(root):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if pattern.search(line):
                yield f"{path.relative_to(root)}:{number}: {complaint}"


def registry_hosts(root: Path) -> list[str]:
    return list(
        lines_that_match(root, REGISTRY, "names the host of a package registry; the machine decides where from")
    )


def machine_paths(root: Path) -> list[str]:
    return list(lines_that_match(root, MACHINE_PATH, "holds a path of one machine; use a path relative to the root"))


def lock_places(root: Path) -> list[str]:
    """Lock files hold pins and hashes only; uv.lock, which records a host, is not kept."""
    findings = [
        f"{path.relative_to(root)}:{number}: a lock file holds pins and hashes only; run `make lock`"
        for path in sorted((root / "requirements").glob("*.lock"))
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if PLACE_IN_LOCK.search(line)
    ]
    kept = {path.name for path in tracked_files(root)}
    return findings + (["uv.lock:1: records the host of a registry; delete it"] if "uv.lock" in kept else [])


def unhashed_pins(root: Path) -> list[str]:
    """Each pin is followed by at least one hash."""
    findings = []
    for path in sorted((root / "requirements").glob("*.lock")):
        lines = [*text_of(path).splitlines(), ""]
        for number, line in enumerate(lines[:-1], 1):
            if PIN.match(line) and "--hash=sha256:" not in lines[number]:
                findings.append(
                    f"{path.relative_to(root)}:{number}: {line.split('==')[0]} has no hash; run `make lock`"
                )
    return findings


def front_end_lock(root: Path) -> list[str]:
    """Each package of package-lock.json has its integrity hash and no address."""
    path = root / "package-lock.json"
    if not path.exists():
        return ["package-lock.json:1: is missing; run `npm install --package-lock-only`"]
    packages: dict[str, dict[str, object]] = json.loads(text_of(path))["packages"]
    findings = []
    for name, package in packages.items():
        if name and "integrity" not in package:
            findings.append(f"package-lock.json:1: {name} has no integrity hash")
        if "resolved" in package:
            findings.append(f"package-lock.json:1: {name} records where it was downloaded from; see .npmrc")
    return findings


def stale_locks(root: Path) -> list[str]:
    """Each requirement of pyproject.toml is pinned, at a version that it allows."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads(text_of(root / "pyproject.toml"))
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    findings = []
    for name, wanted in (("run.lock", run), ("dev.lock", [*run, *project["dependency-groups"]["dev"]])):
        pins: dict[str, list[str]] = {}
        for line in text_of(root / "requirements" / name).splitlines():
            if pin := PIN.match(line):
                pins.setdefault(canonicalize_name(pin["name"]), []).append(pin["version"])
        for requirement in map(Requirement, wanted):
            versions = pins.get(canonicalize_name(requirement.name), [])
            if not versions or not all(requirement.specifier.contains(v, prereleases=True) for v in versions):
                findings.append(f"requirements/{name}:1: does not fit `{requirement}`; run `make lock`")
    return findings


def unknown_targets(root: Path) -> list[str]:
    """Each `make …` that a guide tells people to type is a target of the Makefile."""
    targets = set(TARGET.findall(text_of(root / "Makefile")))
    return [
        f"{path.relative_to(root)}:{number}: no target `{name}` in the Makefile"
        for pattern in GUIDES
        for path in sorted(root.glob(pattern))
        for number, line in enumerate(text_of(path).splitlines(), 1)
        for name in CALLED.findall(line)
        if name not in targets
    ]


def integration_script(root: Path) -> list[str]:
    """.ci/run opens the two doors and does nothing else, so that what it sees a developer can see."""
    path = root / ".ci/run"
    if not path.exists():
        return [".ci/run:1: is missing"]
    findings = [] if os.access(path, os.X_OK) else [".ci/run:1: is not executable"]
    lines = [line.strip() for line in text_of(path).splitlines()]
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    return findings + ([] if commands == CI_DOORS else [f".ci/run:1: calls {commands}, not {CI_DOORS}"])


CHECKS: tuple[Callable[[Path], list[str]], ...] = (
    registry_hosts,
    machine_paths,
    lock_places,
    unhashed_pins,
    front_end_lock,
    stale_locks,
    unknown_targets,
    integration_script,
)


def main() -> int:
    findings = [finding for check in CHECKS for finding in check(ROOT)]
    print("\n".join(findings) if findings else "Doors: locks, places, targets and the integration script are in order.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
