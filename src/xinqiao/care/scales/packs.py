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
from yaml.reader import ReaderError

from xinqiao.engines.scoring import Scale, ScaleFault, scale_from_mapping
from xinqiao.foundation.core.safe_yaml import LOADER

MAX_FILE_BYTES = 1_000_000
MAX_DEPTH = 50  # ours: the scales that ship go down to 8
MAX_NODES = 200_000  # ours: aliases written out; the largest that ships has 3,000


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

    Raises ScaleFault: `unreadable` (no such file, too large; too deep or not YAML: then with its line), `duplicate`
    (an entry that stands there twice, of which YAML would silently take the last), or the engine's own fault.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ScaleFault("file", "unreadable", "too_large")
        content = path.read_bytes()
    except OSError as error:
        raise ScaleFault("file", "unreadable", type(error).__name__) from error
    mapping, scale = _as_read(content)
    return PackFile(path, mapping, scale)


@lru_cache(maxsize=32)
def _as_read(content: bytes) -> tuple[Mapping[str, Any], Scale]:
    """Read the same content once: nobody changes what a file says."""
    mapping = mapping_of(content)
    return mapping, scale_from_mapping(mapping)


def mapping_of(content: bytes) -> dict[str, Any]:
    """What a scale file says, read as strictly but not yet as a scale. Raises ScaleFault."""
    mapping = _decoded(_text(content))
    if not isinstance(mapping, dict):
        raise ScaleFault("file", "unreadable", "not_a_mapping")
    return mapping


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScaleFault(f"line {line}", "unreadable", "UTF-8") from error


def _decoded(content: str) -> object:
    """What the YAML says. Raises ScaleFault: `unreadable` at its line, `duplicate` at its place."""
    try:
        _refuse_deep(content)
        loader = LOADER(content)
        root = loader.get_single_node()
        _refuse_vast(root)
        doubled = _entry_again(root)
        data = loader.construct_document(root) if root else None
    except ScaleFault:
        raise
    except yaml.MarkedYAMLError as error:
        raise ScaleFault(_line_of(error.problem_mark), "unreadable", type(error).__name__) from error
    except ReaderError as error:
        line = content.encode()[: error.position].count(b"\n") + 1
        raise ScaleFault(f"line {line}", "unreadable", "control character") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist, a number without end
        raise ScaleFault("file", "unreadable", type(error).__name__) from error
    if doubled:
        raise ScaleFault(doubled, "duplicate", doubled.rsplit(".", 1)[-1])
    return data


def _line_of(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else "file"


def _refuse_deep(content: str) -> None:
    """Refuse nesting that no scale needs: the loader goes down by recursion and would take the process with it."""
    depth = 0
    for event in yaml.parse(content, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ScaleFault(_line_of(event.start_mark), "unreadable", "too_deep")


def _refuse_vast(root: yaml.Node | None) -> None:
    """Refuse aliases that stand for more than a scale can hold, or for themselves."""
    sizes: dict[int, int] = {}

    def size_of(node: yaml.Node) -> int:
        if id(node) in sizes:
            if not sizes[id(node)]:
                raise ScaleFault(_line_of(node.start_mark), "unreadable", "alias of itself")
            return sizes[id(node)]
        sizes[id(node)] = 0  # being counted: whoever meets it again has met itself
        inner = node.value if isinstance(node, yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            inner = [each for pair in node.value for each in pair]
        size = 1 + sum(map(size_of, inner))
        if size > MAX_NODES:
            raise ScaleFault(_line_of(node.start_mark), "unreadable", "too_large")
        sizes[id(node)] = size
        return size

    if root is not None:
        size_of(root)


def _entry_again(root: yaml.Node | None) -> str:
    """The place of an entry that its mapping holds a second time, "" if there is none; aliases are gone into once."""
    waiting: list[tuple[str, yaml.Node | None]] = [("", root)]
    seen: set[int] = set()
    while waiting:
        place, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [(f"{place}[{n}]", entry) for n, entry in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            inner = [(f"{place}.{key.value}" if place else str(key.value), value) for key, value in node.value]
            names = [name for name, _value in inner]
            if len(set(names)) < len(names):
                return next(name for n, name in enumerate(names) if name in names[:n])
            waiting += inner
    return ""


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
