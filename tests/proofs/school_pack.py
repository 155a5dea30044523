"""The policy of the simulated year: the shipped packs, and one for its school that orders cases to be filed."""

from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).parents[2] / "packs"
SCHOOL = "s1"


def write_packs(folder: Path) -> None:
    """Write the packs into a folder of the year's own. What is filed is what the pack of a province says."""
    (folder / "policy").mkdir(parents=True, exist_ok=True)
    for shipped in SHIPPED.iterdir():
        if shipped.name != "policy" and not (folder / shipped.name).exists():
            (folder / shipped.name).symlink_to(shipped)
    for file in (SHIPPED / "policy").glob("*.yaml"):
        (folder / "policy" / file.name).write_bytes(file.read_bytes())
    province = yaml.safe_load((SHIPPED / "policy" / "s1-province.yaml").read_text("utf-8"))
    words = {"en": "The school of the year", "zh-Hans": "模拟学年的学校"}
    own: dict[str, Any] = {
        "id": "year", "extends": "national-default", "version": "1", "title": words, "authority": words,
        "document": words, "in_force": {"from": "2026-08-01"}, "binds": {"units": [SCHOOL]}, "sources": [],
        "filings": {"orders": {key: province["filings"]["orders"][key] for key in ("value", "source")}},
    }  # fmt: skip
    (folder / "policy" / "year.yaml").write_text(yaml.safe_dump(own, allow_unicode=True), "utf-8")
