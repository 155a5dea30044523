"""Scale files as they ship (packs/scales/*.yaml) and as they are stored (the same thing as JSON)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from xinqiao.engines.scoring import Scale, ScaleFault, scale_from_mapping

MAX_FILE_BYTES = 1_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class PackFile:
    """A scale file that could be read: the raw mapping, and the scale it describes."""

    path: Path
    mapping: Mapping[str, Any]
    scale: Scale


def scale_folder() -> Path:
    """Where the shipped scale files lie."""
    return Path(settings.XINQIAO_PACKS) / "scales"


def shipped_files() -> list[Path]:
    """Return the shipped scale files in order of their names."""
    return sorted(scale_folder().glob("*.yaml"))


def read_pack(path: Path) -> PackFile:
    """Read one scale file.

    Raises ScaleFault: `unreadable` (no such file, too large, not YAML), or the engine's own fault with its place.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ScaleFault(path.name, "unreadable", "too_large")
        mapping = yaml.load(path.read_text("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a safe loader, in C where built
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScaleFault(path.name, "unreadable", type(error).__name__) from error
    if not isinstance(mapping, dict):
        raise ScaleFault(path.name, "unreadable", "not_a_mapping")
    return PackFile(path, mapping, scale_from_mapping(mapping))


def shipped_packs() -> Iterator[PackFile]:
    """Read every shipped scale file; raise ScaleFault at the first that cannot be read."""
    return (read_pack(path) for path in shipped_files())


def definition_text(mapping: Mapping[str, Any]) -> str:
    """Return a scale's mapping as stored: JSON in the file's own order, which is the order scores are shown in."""
    return json.dumps(mapping, ensure_ascii=False, separators=(",", ":"))


def digest_of(definition: str) -> str:
    """Return the SHA-256 of a stored definition, in hexadecimal."""
    return hashlib.sha256(definition.encode()).hexdigest()


@lru_cache(maxsize=256)
def scale_of_definition(definition: str) -> Scale:
    """Return the scale that a stored definition describes; kept, since definitions never change."""
    return scale_from_mapping(json.loads(definition))
