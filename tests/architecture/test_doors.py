"""The doors of a fresh clone: this tree passes each check, and each check finds what is planted for it."""

import importlib
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = "pyp" + "i.org"
HOME = "/ro" + "ot/"
HASH = "    --hash=sha256:" + "0" * 64


def tool(name):
    """Import a script of tools/ as bare Python would run it."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


doors = tool("check_doors")
translations = tool("check_translations")
templates = tool("check_templates")
run_tests = tool("run_tests")
front_end = tool("front_end")
lock = tool("lock")


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


GOOD_PROJECT = """[build-system]
requires = []
[project]
dependencies = ["django>=5.2,<5.3"]
[dependency-groups]
dev = ["ruff"]
"""
GOOD_TREE = {
    "Makefile": "check:\n\ttrue\ntest:\n\ttrue\n",
    "README.md": "Run `make test`.\n",
    ".ci/run": "#!/usr/bin/env bash\nset -e\nmake check\nmake test\n",
    "pyproject.toml": GOOD_PROJECT,
    "requirements/run.lock": f"django==5.2.1 \\\n{HASH}\n",
    "requirements/dev.lock": f"django==5.2.1 \\\n{HASH}\nruff==0.9 ; sys_platform == 'linux' \\\n{HASH}\n",
    "package-lock.json": '{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}',
    "src/page.py": "ADDRESS = 'https://example.org/work/1'\n",
}


@pytest.fixture
def tree(tmp_path):
    plant(tmp_path, GOOD_TREE)
    (tmp_path / ".ci/run").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("check", doors.CHECKS, ids=lambda check: check.__name__)
def test_this_tree_and_a_good_tree_pass(check, tree):
    assert check(ROOT) == []
    assert check(tree) == []


@pytest.mark.parametrize(
    ("check", "name", "text"),
    [
        ("registry_hosts", "docs/guide.md", f"fetched from {HOST} once\n"),
        ("machine_paths", "src/page.py", f"HOME = '{HOME}data'\n"),
        ("machine_paths", "docs/guide.md", f"cd {HOME}clone\n"),
        ("lock_places", "requirements/run.lock", f"--index-url x\ndjango==5.2.1 \\\n{HASH}\n"),
        ("lock_places", "requirements/run.lock", "django @ file:///wheels/django.whl\n"),
        ("lock_places", "requirements/run.lock", "-e ./here\n"),
        ("lock_places", "uv.lock", "version = 1\n"),
        ("unhashed_pins", "requirements/run.lock", f"asgiref==3\ndjango==5.2.1 \\\n{HASH}\n"),
        ("unhashed_pins", "requirements/run.lock", "django==5.2.1"),
        ("front_end_lock", "package-lock.json", '{"packages": {"a": {}}}'),
        ("front_end_lock", "package-lock.json", '{"packages": {"a": {"integrity": "x", "resolved": "y"}}}'),
        ("stale_locks", "pyproject.toml", GOOD_PROJECT.replace("5.2,<5.3", "6.0")),
        ("stale_locks", "pyproject.toml", GOOD_PROJECT.replace('"ruff"', '"ruff", "mypy"')),
        ("unknown_targets", "README.md", "Run `make coffee`.\n"),
        ("unknown_targets", "CONTRIBUTING.md", "    make tea\n"),
        ("integration_script", ".ci/run", "make check\nmake test\ncurl somewhere\n"),
        ("integration_script", ".ci/run", "make test\n"),
    ],
)
def test_what_is_planted_is_found(tree, check, name, text):
    plant(tree, {name: text})
    findings = getattr(doors, check)(tree)
    assert [finding.partition(":")[0] for finding in findings] != []
    assert all(":" in finding for finding in findings)


def test_ignored_places_are_not_read(tree):
    plant(tree, {"var/log.txt": HOST, ".venv/x.py": HOST, "node_modules/a.js": HOST})
    assert doors.registry_hosts(tree) == []


def test_a_resolved_file_loses_its_places_and_nothing_else_may_stay():
    pin = f"django==5.2.1 \\\n{HASH}\n"
    assert lock.without_places(f"# made by x\n--index-url https://{HOST}/simple\n{pin}") == pin
    with pytest.raises(ValueError, match="neither a pinned requirement"):
        lock.without_places("django>=5\n")


def test_a_style_sheet_loads_only_itself():
    inside = "a{background:url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\")}"
    assert front_end.self_contained(f"{inside}\n/*# sourceMappingURL=a.css.map */", name="a.css") == f"{inside}\n"
    for loading in (
        "@import 'https://fonts.example/x.css';",
        "a{src:url(https://cdn.example/x.woff)}",
        "a{src:url(x.png)}",
    ):
        with pytest.raises(front_end.LoadsFromElsewhere):
            front_end.self_contained(loading, name="a.css")


# ---- Translations

GETTEXT = "from django.utils.translation import gettext as _, ngettext\nfrom django.utils import translation\n"
USES = (
    GETTEXT
    + '"""心桥"""\n# 七(3)班\na = _("Hello {name}")\nb = ngettext("%(n)d pupil", "%(n)d pupils", 2)\n'
    + 'c = translation.pgettext("verb", "Close")\nd = _("Write it like 七(3)班.")\n'
)
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
ENTRIES = {
    "hello": 'msgid "Hello {name}"\nmsgstr "{name}，你好"\n\n',
    "pupils": 'msgid "%(n)d pupil"\nmsgid_plural "%(n)d pupils"\nmsgstr[0] "%(n)d 名学生"\n\n',
    "close": 'msgctxt "verb"\nmsgid "Close"\nmsgstr "关闭"\n\n',
    "greet": 'msgid "Good morning, %(name)s"\nmsgstr "%(name)s，早上好"\n\n',
    "write": 'msgid "Write it like 七(3)班."\nmsgstr "请写成 七(3)班。"\n\n',
    "save": 'msgid "Save"\nmsgstr "保存"\n\n',
}
PAGE = (
    "{% load i18n %}{# 注 #}{% comment %}中{% endcomment %}<p title=\"{{ _('Save') }}\">{% translate 'Save' %}</p>"
    "\n<p>{% blocktranslate trimmed %}\n  Good morning,\n  {{ name }}\n{% endblocktranslate %}</p>"
)
APP = "src/xinqiao/care/a"
CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"


def translated_tree(root, **changed):
    entries = "".join({**ENTRIES, **{key: value for key, value in changed.items() if key in ENTRIES}}.values())
    plant(root, {f"{APP}/views.py": USES, f"{APP}/templates/a/page.html": PAGE, f"{APP}/{CATALOGUE}": HEADER + entries})
    return root


def test_a_translated_tree_passes(tmp_path):
    assert translations.findings_in(translated_tree(tmp_path)) == []


@pytest.mark.parametrize(
    ("key", "entry", "complaint"),
    [
        ("hello", "", "has no entry"),
        ("greet", "", "has no entry"),
        ("close", 'msgid "Close"\nmsgstr "关闭"\n\n', "has no entry"),
        ("save", 'msgid "Save"\nmsgstr ""\n\n', "has no translation"),
        ("save", '#, fuzzy\nmsgid "Save"\nmsgstr "保存"\n\n', "marked fuzzy"),
        ("hello", 'msgid "Hello {name}"\nmsgstr "你好"\n\n', "placeholders"),
        ("pupils", 'msgid "%(n)d pupil"\nmsgid_plural "%(n)d pupils"\nmsgstr[0] "%(m)d 名"\n\n', "placeholders"),
        ("save", ENTRIES["save"] + 'msgid "Sing"\nmsgstr "唱"\n\n', "used nowhere"),
    ],
)
def test_a_fault_in_a_catalogue_is_found(tmp_path, key, entry, complaint):
    findings = translations.findings_in(translated_tree(tmp_path, **{key: entry}))
    assert any(complaint in finding for finding in findings), findings


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("src/xinqiao/care/b/" + CATALOGUE, HEADER + 'msgid "Save"\nmsgstr "存"\n', "translated otherwise"),
        (f"{APP}/rows.py", 'label = "保存"\n', "Chinese in the source"),
        (f"{APP}/rows.py", GETTEXT + 'label = _("保存")\n', "Chinese in the source"),
        (f"{APP}/static/a.js", 'const label = "保存";\n', "Chinese in the source"),
        (f"{APP}/templates/a/b.html", "<p>保存</p>", "Chinese in the source"),
        (f"{APP}/templates/a/b.html", "<p>Save it</p>", "outside {% translate %}"),
        (f"{APP}/templates/a/b.html", '<input placeholder="Name">', "outside {% translate %}"),
        (f"{APP}/more.py", GETTEXT + 'a = _(f"Hello {name}")\n', "composed at run time"),
        ("tools/translations_allowlist.txt", "src/*.py | 保存 | why\n", "nothing needs this row"),
        ("tools/translations_allowlist.txt", "src/*.py | no reason\n", "a row is"),
    ],
)
def test_what_escapes_gettext_is_found(tmp_path, name, text, complaint):
    plant(translated_tree(tmp_path), {name: text})
    findings = translations.findings_in(tmp_path)
    assert any(complaint in finding for finding in findings), findings


def test_the_allowlist_lets_a_named_text_through(tmp_path):
    plant(translated_tree(tmp_path), {f"{APP}/rows.py": 'a = "保存"\n'})
    plant(tmp_path, {"tools/translations_allowlist.txt": f"{APP}/rows.py | 保存 | a header as schools write it\n"})
    assert translations.findings_in(tmp_path) == []


# ---- Templates

FORM = '<form method="post" action="{% url "a:x" %}" hx-post="{% url "a:x" %}"><button hx-post="x">a</button></form>'
DATA = '<script type="application/json">{}</script><script src="{% static "a.js" %}" type="module"></script>'
MARKUP = f'{FORM}\n{DATA}<a href="https://example.org/" {{% if a %}}hidden{{% endif %}}>b</a>{{# onclick= #}}'


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (MARKUP, None),
        ("<script>alert()</script>", "inline <script>"),
        ('<p onclick="x()">', "onclick"),
        ('<p hx-on:click="x()">', "hx-on"),
        ('<p\n style="color: {{ c }}">', "style="),
        ("<style>p{}</style>", "<style>"),
        ('<script src="https://cdn.example/x.js"></script>', "this server only"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "this server only"),
        ('<a href="javascript:x()">', "scripts in attributes"),
        ('<div hx-post="/x">', "hx-post"),
        ('<button hx-post="/x">', "hx-post"),
        ('<form hx-post="/x">', "hx-post"),
        ('<form method="post" action="/x"></form><button hx-post="/x">', "hx-post"),
        ('<button hx-delete="/x">', "hx-delete"),
    ],
)
def test_markup(tmp_path, markup, complaint):
    plant(tmp_path, {f"{APP}/templates/a/page.html": markup})
    findings = list(templates.markup_findings(tmp_path))
    assert all(complaint in finding for finding in findings) if complaint else findings == []
    assert bool(findings) == bool(complaint)


@pytest.mark.parametrize(
    ("reference", "is_allowed"),
    [
        ('{% extends "ui/base.html" %}', True),
        ('{% include "a/row.html#cell" with x=1 %}', True),
        ('{% include "account/login.html" %}', True),
        ('{# {% include "b/page.html" %} #}', True),
        ('{% include "b/page.html" %}', False),
        ('{% extends "b/page.html" %}', False),
        ("{% include row_template %}", False),
    ],
)
def test_references_point_to_the_own_app_or_to_ui(tmp_path, reference, is_allowed):
    plant(
        tmp_path,
        {
            f"{APP}/templates/a/page.html": reference,
            f"{APP}/templates/a/row.html": "",
            "src/xinqiao/care/b/templates/b/page.html": "",
            "src/xinqiao/foundation/ui/templates/ui/base.html": "",
        },
    )
    assert (list(templates.reference_findings(tmp_path)) == []) == is_allowed


@pytest.mark.parametrize(
    ("tag", "is_good"),
    [
        ("{% url 'set_language' %}", True),
        ("{% url name %}", True),
        ("{% include 'ui/base.html' %}", True),
        ("{% url 'no:such-page' %}", False),
        ("{% url 'set_language' 3 %}", False),
        ("{% include 'no/such.html' %}", False),
        ("{% if %}", False),
    ],
)
def test_compiled_references(tmp_path, tag, is_good):
    page = tmp_path / APP / "templates/a/page.html"
    plant(tmp_path, {f"{APP}/templates/a/page.html": f"{{% load i18n %}}\n{tag}"})
    names = {"set_language": [[]]}
    assert (list(templates.compile_findings(tmp_path, [page], names)) == []) == is_good


@pytest.mark.parametrize(
    ("content", "is_good"),
    [
        ("{% url 'x' as up %}<a href=\"{{ up }}\">", True),
        ("{% submit_row _('up') other %}", True),
        ("{# {{ up }} #}{{ page.up }}{% include 'a/b.html' with up=1 %}", True),
        ('<a href="{{ up }}">', False),
        ("{% submit_row _('Save') up %}", False),
    ],
)
def test_a_block_reads_only_the_names_it_was_given(tmp_path, content, is_good):
    top = "{% block crumbs %}{% url 'x' as up %}{% crumb up %}{% endblock %}"
    plant(tmp_path, {f"{APP}/templates/a/page.html": f"{top}\n{{% block content %}}{content}{{% endblock %}}"})
    findings = list(templates.block_findings(tmp_path))
    assert (findings == []) == is_good
    assert all("page.html:2: up: given in block crumbs, read in content" in finding for finding in findings)


# ---- The two runs of the tests as one


@pytest.mark.parametrize(
    ("output", "counts"),
    [
        ("== 2 failed, 3 passed, 1 skipped in 1.20s ==\n", {"failed": 2, "passed": 3, "skipped": 1}),
        ("x\n1 passed, 2 warnings, 2 errors in 61.02s (0:01:01)\n", {"passed": 1, "warning": 2, "error": 2}),
        ("no tests ran in 0.01s\n", None),
        ("killed", None),
    ],
)
def test_the_summary_of_pytest_is_read(output, counts):
    assert run_tests.counts_in(output) == counts


def test_one_line_sums_both_runs_up():
    outcomes = [
        run_tests.Outcome("a", 0, Counter(passed=3, skipped=1), 1.5),
        run_tests.Outcome("b", 1, Counter(passed=2, failed=1, error=2), 2.0),
    ]
    assert run_tests.summary_line(outcomes).strip("= ") == "1 failed, 5 passed, 1 skipped, 2 errors in 3.50s"
