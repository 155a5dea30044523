"""The product's source as trees, for tests that walk it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "xinqiao"


@dataclass(frozen=True)
class Source:
    """One file: dotted module name, text, tree."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT)) if self.path.is_relative_to(ROOT) else self.path.name


def read_source(path: Path, package: Path = PACKAGE) -> Source:
    parts = path.relative_to(package.parent).with_suffix("").parts
    text = path.read_text("utf-8")
    return Source(path, ".".join(parts).removesuffix(".__init__"), text, ast.parse(text))


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every module of the product but tests and migrations."""
    return tuple(
        read_source(path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations", "__pycache__"} & set(path.parts)
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every import as (module, name); name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def planted(text: str, module: str = "xinqiao.care.planted.services.it") -> Source:
    """A source that is not on disk, for controls."""
    return Source(Path(f"{module.rpartition('.')[2]}.py"), module, text, ast.parse(text))
