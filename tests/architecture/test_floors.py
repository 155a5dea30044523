"""Imports, foreign keys and template references point down; a new app declares its floor."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import PACKAGE, ROOT

FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_contracts():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-4000:]


def test_control_planted_back_edges_and_an_undeclared_app_go_red(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "src" / "xinqiao", ignore=shutil.ignore_patterns("static", "__pycache__"))
    house = tmp_path / "src" / "xinqiao"
    plant(house / "foundation" / "keys" / "planted.py", "from xinqiao.register.people import models")
    plant(house / "foundation" / "core" / "planted.py", "from xinqiao.foundation.audit import recording")
    plant(house / "care" / "alerts" / "planted.py", "from xinqiao.care.scales import models")
    plant(house / "engines" / "planted.py", "from django.db import models")
    plant(house / "care" / "newcomer" / "__init__.py", "")
    told = lint(tmp_path)
    assert told.returncode == 1
    for words in (
        "xinqiao.foundation.keys.planted -> xinqiao.register",
        "xinqiao.foundation.core.planted -> xinqiao.foundation.audit",
        "xinqiao.care.alerts.planted -> xinqiao.care.scales",
        "xinqiao.engines.planted -> django",
        "newcomer",
    ):
        assert words in told.stdout, words


def plant(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", "utf-8")


def heights() -> dict[str, int]:
    """Height of each app, from the contracts: wings first, floors within a wing."""
    wings, inner = FLOORS[0]["layers"], {}
    for contract in FLOORS[1:]:
        for container in contract.get("containers", []):
            for level, layer in enumerate(reversed(contract["layers"])):
                for name in re.findall(r"\w+", layer):
                    inner[f"{container}.{name}"] = level
    found = {}
    for level, wing in enumerate(reversed(wings)):
        for path in (PACKAGE / wing.strip("()")).glob("*/__init__.py"):
            module = f"xinqiao.{wing.strip('()')}.{path.parent.name}"
            found[module] = 100 * level + inner.get(module, 0)
    return found


def height_of(module: str) -> int | None:
    """Height of the app that a module belongs to; None for third parties."""
    return heights().get(".".join(module.split(".")[:3]))


def upward_keys(rows: list[tuple[str, str, str]]) -> list[str]:
    """Return the foreign keys (model's module, field, target's module) that point up."""
    found = []
    for module, name, target in rows:
        own, other = height_of(module), height_of(target)
        if own is not None and other is not None and other > own:
            found.append(f"{module} {name} → {target}")
    return found


def foreign_keys() -> list[tuple[str, str, str]]:
    return [
        (model.__module__, f"{model._meta.label}.{field.name}", field.related_model.__module__)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


def test_foreign_keys_point_down():
    assert upward_keys(foreign_keys()) == []


def test_control_a_key_that_points_up_is_seen():
    assert upward_keys([("xinqiao.register.people.models", "x", "xinqiao.care.alerts.models.signal")])
    assert len(foreign_keys()) > 15


COMMON = {"orgs", "policy", "accounts", "scales"}


def keys_over_the_shard_line(rows: list[tuple[str, str, str]]) -> list[str]:
    """No foreign key from a county's row to a common one, or back."""
    found = []
    for module, name, target in rows:
        if height_of(module) is None or height_of(target) is None:
            continue
        if (module.split(".")[2] in COMMON) != (target.split(".")[2] in COMMON):
            found.append(f"{name} → {target}")
    return found


def test_no_foreign_key_crosses_the_shard_line():
    assert keys_over_the_shard_line(foreign_keys()) == []


def test_control_a_key_over_the_shard_line_is_seen():
    assert keys_over_the_shard_line([("xinqiao.care.sheets.models", "x", "xinqiao.register.orgs.models.unit")])


REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([\w/.-]+)[\"']")
URL = re.compile(r"{%\s*url\s+[\"'](\w+):[\w-]+[\"']")


def upward_references(app: str, text: str, floors: dict[str, int]) -> list[str]:
    """Return what a template of an app refers to that stands higher: templates, and URLs (use a door instead)."""
    names = [name.split("/")[0] for name in REFERENCE.findall(text)] + URL.findall(text)
    return [name for name in names if floors.get(name, -1) > floors[app]]


def floors_by_label() -> dict[str, int]:
    return {module.rpartition(".")[2]: height for module, height in heights().items()}


def test_templates_refer_down():
    floors, found = floors_by_label(), []
    for path in PACKAGE.glob("*/*/templates/**/*.html"):
        app = path.relative_to(PACKAGE).parts[1]
        found += [f"{path.relative_to(ROOT)} → {name}" for name in upward_references(app, path.read_text(), floors)]
    assert found == []


@pytest.mark.parametrize("text", ["{% include 'alerts/queue.html' %}", '{% url "alerts:queue" %}'])
def test_control_a_template_that_refers_up_is_seen(text):
    floors = floors_by_label()
    assert upward_references("people", text, floors) == ["alerts"]
    assert upward_references("alerts", text, floors) == []
