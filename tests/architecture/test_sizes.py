"""Functions and files stay small enough to be read, and are named for what they do."""

import ast
import re

from tests.architecture.allowed import LONG_FILES, LONG_FUNCTIONS, VAGUE_NAMES
from tests.architecture.source import Source, functions, planted, sources

LONGEST_FUNCTION, LONGEST_FILE = 60, 600
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|process|processor|handle|handler|misc|common)(_|$)")
# Names that frameworks give.
GIVEN = {"handle", "process_view", "process_response", "create_user"}


def long_functions(found: tuple[Source, ...]) -> dict[str, int]:
    return {
        f"{source.module}.{node.name}": node.end_lineno - node.lineno + 1
        for source in found
        for node in functions(source.tree)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }


def long_files(found: tuple[Source, ...]) -> dict[str, int]:
    return {s.module: s.text.count("\n") for s in found if s.text.count("\n") > LONGEST_FILE}


def vague_names(found: tuple[Source, ...]) -> set[str]:
    files = {source.module for source in found if VAGUE.search(source.path.stem)}
    named = {
        f"{source.module}.{node.name}"
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and VAGUE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower())
        and node.name not in GIVEN
    }
    return files | named


def check(found: set[str], allowed: dict[str, str]) -> None:
    assert found - set(allowed) == set()
    assert set(allowed) - found == set(), "allowed but no longer so: strike it from the list, which only shrinks"


def test_functions_are_short():
    check(set(long_functions(sources())), LONG_FUNCTIONS)


def test_files_are_short():
    check(set(long_files(sources())), LONG_FILES)


def test_names_say_something():
    check(vague_names(sources()), VAGUE_NAMES)


def test_control_planted_lengths_and_names_are_seen():
    body = "".join(f"    x{number} = {number}\n" for number in range(LONGEST_FUNCTION))
    assert long_functions((planted(f"def f():\n{body}"),))
    assert long_files((planted("x = 1\n" * (LONGEST_FILE + 1)),))
    assert vague_names((planted("def process_rows(): ...\nclass CaseManager: ..."),)) == {
        "xinqiao.care.planted.services.it.process_rows",
        "xinqiao.care.planted.services.it.CaseManager",
    }
    assert vague_names((planted("", "xinqiao.care.planted.utils"),))
