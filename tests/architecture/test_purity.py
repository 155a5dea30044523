"""What must be pure is pure; time comes from the clock alone; hooks are written down."""

import ast
import re
import subprocess
import sys

from tests.architecture.allowed import CLOCK_READERS
from tests.architecture.source import PACKAGE, ROOT, Source, imported, planted, sources
from xinqiao.foundation.core.hooks import Hook

PURE_FILES = {"states", "rules"}
# A text enum of choices is a name for a column's values, nothing of the database.
PURE_FROM_DJANGO = {("django.db", "models"), ("django.utils.translation", "gettext_lazy")}
CHOICES = {"TextChoices", "IntegerChoices"}
NOW = re.compile(
    r"\b(datetime|date|dt\.datetime|dt\.date)\.(now|today|utcnow)\(|\btime\.time\(|timezone\.(now|localdate)\("
)


def is_pure_file(source: Source) -> bool:
    return source.path.stem in PURE_FILES and not source.module.startswith("xinqiao.engines")


def impurities(source: Source) -> list[str]:
    """Imports of a pure file other than the standard library, numpy and other pure files."""
    found = []
    for module, name in imported(source.tree):
        top = module.split(".")[0]
        is_ours = module.startswith(("xinqiao.engines", "xinqiao.foundation.access.permissions"))
        is_pure_sibling = module.startswith("xinqiao.") and module.rpartition(".")[2] in PURE_FILES | {"moves"}
        if (
            top in sys.stdlib_module_names | {"numpy"}
            or is_ours
            or is_pure_sibling
            or (module, name) in PURE_FROM_DJANGO
        ):
            continue
        found.append(f"{source.where}: {module}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "models":
            found += [] if node.attr in CHOICES else [f"{source.where}: models.{node.attr}"]
    return found


def test_states_and_rules_are_pure():
    pure = [source for source in sources() if is_pure_file(source)]
    assert len(pure) >= 5
    assert [fault for source in pure for fault in impurities(source)] == []


def test_control_impure_rules_are_seen():
    for text in ("from django.db import connection", "from xinqiao.care.alerts.models import Signal", "import httpx"):
        assert impurities(planted(text, "xinqiao.care.planted.rules")), text
    assert impurities(planted("from django.db import models\nx = models.CharField()", "xinqiao.care.planted.states"))


def clock_readers(found: tuple[Source, ...]) -> set[str]:
    return {source.module for source in found if NOW.search(source.text)}


def test_time_is_read_in_one_place():
    assert clock_readers(sources()) == set(CLOCK_READERS)


def test_control_another_reader_of_the_time_is_seen():
    for text in ("at = dt.datetime.now(dt.UTC)", "day = date.today()", "at = timezone.now()", "at = time.time()"):
        assert clock_readers((planted(text),)), text


def declared_hooks() -> dict[str, str]:
    """Every hook by name, with the module that declares it."""
    found = {}
    for source in sources():
        for node in ast.walk(source.tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Hook.__name__
            if is_call and node.args and isinstance(node.args[0], ast.Constant):
                found[node.args[0].value] = source.module
    return found


def listed_hooks(text: str) -> dict[str, str]:
    """Hooks as docs/hooks.md lists them: | `Name` | `module` | …"""
    return dict(re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", text, re.MULTILINE))


def test_hooks_are_listed():
    assert listed_hooks((ROOT / "docs" / "hooks.md").read_text("utf-8")) == declared_hooks()


def test_control_an_unlisted_hook_is_seen():
    assert listed_hooks("| `A` | `xinqiao.a` | x |\n") == {"A": "xinqiao.a"}
    assert listed_hooks("") != declared_hooks()


def test_every_app_says_what_it_owns():
    for path in PACKAGE.glob("*/*/apps.py"):
        text = ast.get_docstring(ast.parse((path.parent / "__init__.py").read_text("utf-8")))
        assert text, f"{path.parent.relative_to(ROOT)}/__init__.py says in two sentences what the app owns"


def inline_styles_and_scripts(text: str) -> list[str]:
    """What the content security policy would refuse."""
    return re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=[\"']", text)


def test_templates_hold_no_inline_script_or_style():
    found = {
        str(path.relative_to(ROOT)): faults
        for path in PACKAGE.rglob("templates/**/*.html")
        if (faults := inline_styles_and_scripts(path.read_text("utf-8")))
    }
    assert found == {}


def test_control_inline_is_seen():
    for text in ("<script>x</script>", "<p style='x'>", "<style>", '<a onclick="x">'):
        assert inline_styles_and_scripts(text)
    assert not inline_styles_and_scripts('<script src="/static/x.js"></script>')


SERVING = (
    "import django; django.setup(); from xinqiao.config import urls, wsgi; "
    "from xinqiao.care.sheets.intake.routes import Routes; from xinqiao.care.sheets.intake.writer import Writer"
)
TELL = "; import sys; print('scipy' in sys.modules)"


def loads_scipy(statements: str) -> bool:
    """Whether a fresh process has loaded scipy after these statements."""
    done = subprocess.run([sys.executable, "-c", statements + TELL], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def test_what_serves_does_not_load_scipy():
    assert not loads_scipy(SERVING)


def test_control_scipy_in_what_serves_would_be_seen():
    assert loads_scipy("import xinqiao.engines.psychometrics")
