"""An empty demo installation in processes of its own: the intake's connection would not see the suite's database."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Installation:
    """Where it lives."""

    home: Path

    def run(self, *words: str, module: str = "xinqiao.config.command_line") -> "subprocess.CompletedProcess[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XINQIAO_")}
        told = {
            "XINQIAO_HOME": str(self.home), "XINQIAO_DATABASE": "sqlite", "XINQIAO_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "xinqiao.config.testing_settings",
        }  # fmt: skip
        command = [sys.executable, "-m", module, *words]
        return subprocess.run(command, env=kept | told, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("demo-city") / "home"
    home.mkdir()
    for words in (("keys", "create"), ("migrate", "--noinput", "--verbosity", "0")):
        done = Installation(home).run(*words)
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def installation(migrated_home, tmp_path) -> Installation:
    """One that is migrated and holds nothing."""
    return Installation(Path(shutil.copytree(migrated_home, tmp_path / "home")))
