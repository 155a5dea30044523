"""Every public function of a services module is a command, or stands in a list with its reason."""

import ast

from tests.architecture.allowed import PRIVATE_BODIES, SYSTEM_MANAGER_USERS
from tests.architecture.source import Source, functions, planted, sources

BARE_REASON_LENGTH = 8


def is_services(source: Source) -> bool:
    return "services" in source.module.split(".")[3:]


def commands_missing(found: tuple[Source, ...]) -> set[str]:
    """Public functions in services modules without @command."""
    missing = set()
    for source in found:
        if is_services(source):
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    names = {part.id for each in node.decorator_list for part in ast.walk(each) if is_name(part)}
                    if "command" not in names:
                        missing.add(f"{source.module}.{node.name}")
    return missing


def is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def test_every_public_service_is_a_command():
    found = commands_missing(sources())
    assert found - set(PRIVATE_BODIES) == set(), "decorate it with @command, or allow it with a reason"
    assert set(PRIVATE_BODIES) - found == set(), "allowed but gone or decorated: strike it from the list"


def test_control_a_planted_service_is_seen():
    text = "def close_case(case, *, actor):\n    pass\n"
    assert commands_missing((planted(text),)) == {"xinqiao.care.planted.services.it.close_case"}
    assert commands_missing((planted("@command(Permission.X)\n" + text),)) == set()


def commands_with_wrong_shape(found: tuple[Source, ...]) -> list[str]:
    """A command is verb_noun(subject, *, actor, …)."""
    wrong = []
    for source in found:
        for node in functions(source.tree):
            calls = [each.func.id for each in node.decorator_list if isinstance(each, ast.Call) and is_name(each.func)]
            if "command" in calls and not has_shape(node):
                wrong.append(f"{source.module}.{node.name}")
    return wrong


def has_shape(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return "_" in node.name and len(node.args.args) == 1 and "actor" in {each.arg for each in node.args.kwonlyargs}


def test_commands_have_one_shape():
    assert commands_with_wrong_shape(sources()) == []


def test_control_a_command_of_another_shape_is_seen():
    text = "@command(Permission.X)\ndef close_case(case, actor):\n    pass\n"
    assert commands_with_wrong_shape((planted(text),))


def told_reason(source: Source, node: ast.Call) -> str:
    """The reason given to a call: a string, or a constant of the same module."""
    given = next((each.value for each in node.keywords if each.arg == "reason"), None)
    if isinstance(given, ast.Name) and given.id.isupper():
        named = (each for each in source.tree.body if isinstance(each, ast.Assign | ast.AnnAssign))
        for each in named:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            if any(isinstance(target, ast.Name) and target.id == given.id for target in targets):
                given = each.value
                break
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def unreasoned(found: tuple[Source, ...]) -> list[str]:
    """Calls of for_system whose reason is absent, computed or too short to be one."""
    return [
        f"{source.where}:{node.lineno}"
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "for_system"
        if len(told_reason(source, node)) < BARE_REASON_LENGTH
    ]


def test_every_open_read_says_why():
    assert unreasoned(sources()) == []


def test_control_an_open_read_without_reason_is_seen():
    for text in ("X.objects.for_system()", "X.objects.for_system(reason='')", "X.objects.for_system(reason=why)"):
        assert unreasoned((planted(text),)), text


def users_of_the_system_manager(found: tuple[Source, ...]) -> set[str]:
    return {
        source.module
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "_system"
    }


def test_the_open_manager_is_used_by_nobody():
    assert users_of_the_system_manager(sources()) == set(SYSTEM_MANAGER_USERS)


def test_control_a_use_of_the_open_manager_is_seen():
    assert users_of_the_system_manager((planted("rows = Student._system.all()"),))


def commands_that_call_commands(found: tuple[Source, ...]) -> list[str]:
    """Commands share private bodies; one that calls another would be refused at run time."""
    names = {
        node.name
        for source in found
        for node in functions(source.tree)
        if any(
            isinstance(each, ast.Call) and is_name(each.func) and each.func.id == "command"
            for each in node.decorator_list
        )
    }
    wrong = []
    for source in found:
        for node in functions(source.tree):
            if node.name in names:
                called = {each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and is_name(each.func)}
                wrong += [f"{source.module}.{node.name} → {name}" for name in called & names]
    return wrong


def test_commands_call_no_commands():
    assert commands_that_call_commands(sources()) == []


def test_control_a_command_that_calls_one_is_seen():
    text = (
        "@command(P)\ndef close_case(case, *, actor):\n    open_case(case, actor=actor)\n"
        "@command(P)\ndef open_case(case, *, actor):\n    pass\n"
    )
    assert commands_that_call_commands((planted(text),))
