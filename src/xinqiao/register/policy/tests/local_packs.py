"""A pack of one unit beside the shipped one, for tests of what follows the policy in force."""

from pathlib import Path

import yaml
from django.conf import settings as django_settings

SHIPPED = Path(django_settings.XINQIAO_PACKS)


def local_pack(name: str, unit_code: str, **parts) -> dict:
    """Return the body of a pack that binds one unit and says only what is given."""
    words = {"en": name, "zh-Hans": name}
    return {
        "id": name, "extends": "national-default", "version": "1", "title": words, "authority": words,
        "document": words, "in_force": {"from": "2026-09-01"}, "binds": {"units": [unit_code]},
        "sources": [], **parts,
    }  # fmt: skip


def consent_part(*, mode: str = "opt_in", guardian_below: int = 14, opt_out_from: int = 14) -> dict:
    """Return what a pack says about consent."""
    values = {"mode": mode, "guardian_below_age": guardian_below, "opt_out_from_age": opt_out_from}
    return {key: {"value": value, "source": ["ours"]} for key, value in values.items()}


def put_in_force(folder: Path, settings, *packs: dict) -> None:
    """Make some packs hold beside the shipped ones; called again, it replaces them."""
    (folder / "policy").mkdir(exist_ok=True)
    for old in (folder / "policy").glob("*.yaml"):
        old.unlink()
    if not (folder / "scales").exists():
        (folder / "scales").symlink_to(SHIPPED / "scales")
    for file in (SHIPPED / "policy").glob("*.yaml"):
        (folder / "policy" / file.name).write_bytes(file.read_bytes())
    for pack in packs:
        (folder / "policy" / f"{pack['id']}.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True), "utf-8")
    settings.XINQIAO_PACKS = str(folder)
