"""Check every template: nothing inline, nothing from other hosts, forms that work without scripts, references down.

The first half reads templates as text; the second compiles them with the project's own engine and URLs.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from template_source import PACKAGE, TAG, VARIABLE, blanked, template_files, without_comments

if TYPE_CHECKING:
    from django.template.base import Node, Template
    from django.urls import URLResolver

ROOT = Path(__file__).resolve().parent.parent
SHARED = PACKAGE / "foundation/ui"
LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "xlink:href", "hx-get", "hx-post", "background"}
HREF_LOADS = {"link", "use", "image", "base"}
OTHER_HOST = re.compile(r"^\s*(?:https?:)?//|[\s,]https?://", re.IGNORECASE)
NEEDS_EVAL = re.compile(r"^\s*js(?:cript)?:|^\s*javascript:", re.IGNORECASE)
REFERENCE = re.compile(r"\{% *(?P<kind>extends|include) +(?P<target>[^\s%]+)")

BLOCK = re.compile(r"\{% *block +(?P<name>\w+) *%\}(?P<body>.*?)\{% *endblock(?: +\w+)? *%\}", re.DOTALL)
GIVEN = re.compile(r"\bas +(\w+) *%\}")

Attributes = dict[str, str | None]


@dataclass
class Form:
    """A form that is open while its inside is read."""

    is_working: bool


@dataclass
class MarkupReader(HTMLParser):
    """Reads one template and collects (line, complaint)."""

    findings: list[tuple[int, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def say(self, complaint: str) -> None:
        self.findings.append((self.getpos()[0], complaint))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: Attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form((attributes.get("method") or "").lower() == "post" and "action" in attributes))
        if tag == "style":
            self.say("<style>: put it in a style sheet")
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            self.say("inline <script>: put it in static/ui/behaviours and name it by data-behaviour")
        for name, value in attrs:
            self._judge(tag, name, value or "")
        self._judge_htmx(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.forms:
            self.forms.pop()

    def _judge(self, tag: str, name: str, value: str) -> None:
        if re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
            self.say(f"{name}=: inline handlers are refused by the content security policy")
        if name == "style":
            self.say("style=: use a class")
        if (name in LOADING or (name == "href" and tag in HREF_LOADS)) and OTHER_HOST.search(value):
            self.say(f"{name}={value!r}: pages load from this server only")
        if NEEDS_EVAL.search(value) and (name.startswith("hx-") or name in ("href", "src", "action", "formaction")):
            self.say(f"{name}={value!r}: scripts in attributes are refused by the content security policy")

    def _judge_htmx(self, tag: str, attributes: Attributes) -> None:
        for name in ("hx-put", "hx-patch", "hx-delete"):
            if name in attributes:
                self.say(f"{name}: a plain form cannot do it; use hx-post")
        if "hx-post" not in attributes:
            return
        in_working_form = bool(self.forms) and self.forms[-1].is_working
        if tag not in ("form", "button", "input") or not in_working_form:
            self.say("hx-post: must stand on a form with method=post and action, or on a button inside one")


def markup_findings(root: Path) -> Iterator[str]:
    """Yield what is wrong in the markup of every HTML template."""
    for path in template_files(root):
        if path.suffix not in (".html", ".svg"):
            continue
        reader = MarkupReader()
        reader.feed(blanked(path.read_text("utf-8")))
        reader.close()
        for line, complaint in reader.findings:
            yield f"{path.relative_to(root).as_posix()}:{line}: {complaint}"


# ---- References


def app_of(template: Path) -> Path:
    """Return the directory of the app that a template file belongs to."""
    return Path(*template.parts[: template.parts.index("templates")])


def name_of(template: Path) -> str:
    """Return the name by which the engine knows a template file."""
    return Path(*template.parts[template.parts.index("templates") + 1 :]).as_posix()


def _reference_fault(target: str, own: Path, owners: dict[str, set[Path]]) -> str | None:
    if target[0] not in "\"'":
        return None if own == SHARED else f"{target}: names its template by a variable; write the name"
    name = target.strip("\"'").partition("#")[0]
    apps = owners.get(name, set())
    if not apps or own in apps or SHARED in apps or not name:
        return None
    other = min(app.as_posix() for app in apps)
    return f"{name} belongs to {other}; a template refers to its own app or to {SHARED.as_posix()}"


def reference_findings(root: Path) -> Iterator[str]:
    """Yield each extends and include that leaves the app for anything but foundation/ui, and each name taken twice."""
    files = [path.relative_to(root) for path in template_files(root)]
    owners: dict[str, set[Path]] = {}
    for path in files:
        if name_of(path) in owners:
            yield f"{path.as_posix()}:1: another app has a template of the same name"
        owners.setdefault(name_of(path), set()).add(app_of(path))
    for path in files:
        source = without_comments((root / path).read_text("utf-8"))
        for tag in TAG.finditer(source):
            found = REFERENCE.match(tag.group())
            fault = _reference_fault(found["target"], app_of(path), owners) if found else None
            if fault:
                yield f"{path.as_posix()}:{source[: tag.start()].count(chr(10)) + 1}: {fault}"


# ---- Names given by {% … as name %}


def block_findings(root: Path) -> Iterator[str]:
    """Yield each name that one block is given and another reads: a block keeps its names, so there it is empty."""
    for path in template_files(root):
        source = without_comments(path.read_text("utf-8"))
        blocks = [(found.start(), found["name"], found["body"]) for found in BLOCK.finditer(source)]
        given = [(name, each) for _start, name, body in blocks for each in GIVEN.findall(body)]
        for start, name, body in blocks:
            own = set(GIVEN.findall(body))
            read = _read_in(body)
            for other, word in given:
                if other != name and word not in own and re.search(rf"(?<![\w.=]){word}(?![\w=])", read):
                    line = source[:start].count("\n") + 1
                    yield f"{path.relative_to(root).as_posix()}:{line}: {word}: given in block {other}, read in {name}"


def _read_in(body: str) -> str:
    """What the tags and variables of a block read, without their quoted words."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", " ".join(TAG.findall(body) + VARIABLE.findall(body)))


# ---- Compiling


def url_names(resolver: URLResolver, namespace: str = "") -> dict[str, list[list[str]]]:
    """Return every URL name with its namespaces, and the parameter names of each of its patterns."""
    names: dict[str, list[list[str]]] = {}
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            patterns = resolver.reverse_dict.getlist(name)
            names[f"{namespace}{name}"] = [parameters for way in patterns for _form, parameters in way[0]]
    for inner, (_prefix, nested) in resolver.namespace_dict.items():
        names |= url_names(nested, f"{namespace}{inner}:")
    return names


def url_fault(node: Node, names: dict[str, list[list[str]]]) -> str | None:
    """Return why a {% url %} would not resolve, or None; names held in variables are left to the page's own test."""
    view_name = getattr(node, "view_name").var  # noqa: B009  # URLNode declares no types
    if not isinstance(view_name, str):
        return None
    if view_name not in names:
        return f"{{% url '{view_name}' %}}: there is no such URL"
    keywords, positions = set(getattr(node, "kwargs", {})), len(getattr(node, "args", []))
    fits = any(set(way) == keywords if keywords else len(way) == positions for way in names[view_name])
    return None if fits else f"{{% url '{view_name}' %}}: takes {names[view_name]}"


def compiled(path: Path, source: str) -> Template:
    """Compile a template with the project's engine; raises TemplateSyntaxError."""
    from django.template import Origin, Template, engines
    from django.template.backends.django import DjangoTemplates

    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    name = name_of(path)
    return Template(source, Origin(str(path), name), name, backend.engine)


def _missing_templates(place: Path, template: Template) -> Iterator[str]:
    """Yield each include or extends whose template no loader finds."""
    from django.template import TemplateDoesNotExist
    from django.template.loader_tags import ExtendsNode, IncludeNode

    for node in template.nodelist.get_nodes_by_type((ExtendsNode, IncludeNode)):  # type: ignore[arg-type]  # a tuple works too
        expression = getattr(node, "parent_name" if isinstance(node, ExtendsNode) else "template")
        name = getattr(expression, "var", None)
        if isinstance(name, str):
            try:
                template.engine.get_template(name)
            except TemplateDoesNotExist:
                yield f"{place.as_posix()}:{getattr(node.token, 'lineno', 1)}: there is no template {name!r}"


def compile_findings(root: Path, paths: Iterable[Path], names: dict[str, list[list[str]]]) -> Iterator[str]:
    """Yield each template that does not compile and each {% url %} that does not resolve."""
    from django.template import TemplateSyntaxError
    from django.template.defaulttags import URLNode

    for path in paths:
        place = path.relative_to(root)
        try:
            template = compiled(place, path.read_text("utf-8"))
        except TemplateSyntaxError as error:
            token = getattr(error, "token", None)
            yield f"{place.as_posix()}:{getattr(token, 'lineno', 1)}: {error}"
            continue
        for node in template.nodelist.get_nodes_by_type(URLNode):
            fault = url_fault(node, names)
            if fault:
                yield f"{place.as_posix()}:{getattr(node.token, 'lineno', 1)}: {fault}"
        yield from _missing_templates(place, template)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
    import django
    from django.urls import get_resolver

    django.setup()
    findings = [*markup_findings(ROOT), *reference_findings(ROOT), *block_findings(ROOT)]
    findings += compile_findings(ROOT, template_files(ROOT), url_names(get_resolver()))
    print("\n".join(findings) if findings else "Templates: nothing inline, every reference and URL resolves.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
