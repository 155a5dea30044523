"""Where figures and proofs are kept: JSON under the data directory, outside git, each with the commit it speaks of."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=ROOT, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def circumstances() -> dict[str, Any]:
    """Return what a figure means nothing without: the commit, whether the tree differs from it, and the machine."""
    commit = _git("rev-parse", "HEAD") or None
    return {
        "commit": commit,
        "differs_from_commit": bool(_git("status", "--porcelain")) if commit else None,
        "written_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
    }


def write_record(kind: str, name: str, content: dict[str, Any]) -> Path:
    """Write `content` with its circumstances to <data directory>/<kind>/<time>-<commit>-<name>.json."""
    around = circumstances()
    home = Path(os.environ.get("XINQIAO_HOME") or ROOT / "var")
    stamp = around["written_at"].replace("-", "").replace(":", "")
    path = home / kind / f"{stamp}-{(around['commit'] or 'uncommitted')[:12]}-{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**around, **content}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
